//! Threads of their own for typesetting and signing. On a busy machine they give way: whoever waits for a page is served first, and
//! papers are made with what is left.

use std::{panic::AssertUnwindSafe, thread};

use tokio::sync::oneshot;

use crate::error::PaperError;

/// How far these threads give way (`nice`): in contention they get about a tenth of what a thread that answers requests gets.
const GIVES_WAY: i32 = 10;

/// The threads; they end when it is dropped.
#[derive(Debug)]
pub struct Press {
    pool: rayon::ThreadPool,
}

impl Press {
    /// Starts half as many threads as there are cores, at least one.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn start() -> Result<Self, PaperError> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads((cores / 2).max(1))
            .thread_name(|number| format!("press-{number}"))
            .start_handler(|_| {
                // Where it is not allowed, papers are made at the ordinary pace.
                #[cfg(target_os = "linux")]
                if rustix::process::nice(GIVES_WAY).is_err() {
                    tracing::warn!("typesetting cannot give way to requests here");
                }
            })
            .build()
            .map_err(|error| PaperError::Press(error.to_string()))?;
        Ok(Self { pool })
    }

    /// How many papers are made at the same time.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Does something on these threads.
    ///
    /// # Errors
    /// When it panicked.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PaperError> {
        let (done, answer) = oneshot::channel();
        self.pool.spawn(move || {
            // Nobody may wait for the answer any more: then it is not needed.
            let _ = done.send(std::panic::catch_unwind(AssertUnwindSafe(work)));
        });
        match answer.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(_)) | Err(_) => Err(PaperError::Press("the work panicked".to_owned())),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_on_threads_that_give_way() {
        let press = Press::start().unwrap();
        let (name, nice) = press
            .run(|| {
                let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
                let nice = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(16).unwrap().parse::<i32>().unwrap();
                (thread::current().name().unwrap().to_owned(), nice)
            })
            .await
            .unwrap();
        let own = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let own = own.rsplit_once(')').unwrap().1.split_whitespace().nth(16).unwrap().parse::<i32>().unwrap();
        assert!(name.starts_with("press-"));
        assert_eq!(nice, (own + GIVES_WAY).min(19));
    }

    #[tokio::test]
    async fn a_panic_is_told_and_the_next_paper_is_made() {
        let press = Press::start().unwrap();
        let told = press.run(|| panic!("a template gone wild")).await;
        assert!(matches!(told, Err::<(), _>(PaperError::Press(_))));
        assert_eq!(press.run(|| 7).await.unwrap(), 7);
    }
}
