//! Runners that live, are slow, die and seem to die: what one has in hand is another's as soon as it is dead and not before, and
//! whatever happens the effect is kept once.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use banhao_store::{DatabaseUrl, JobError, Runner, Store, facts, jobs};
use banhao_testbed::{Bed, On, both_databases};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{fact, jobs::leave, sql, subject};

/// Does the job `once`: states the number that is given, after the gate has opened, in the transaction that ends the job.
fn runner(store: Store, number: i64, gate: watch::Receiver<bool>, begun: Arc<AtomicUsize>) -> Runner {
    Runner::new(store).on("once", move |store, job| {
        let (mut gate, begun) = (gate.clone(), Arc::clone(&begun));
        async move {
            begun.fetch_add(1, Ordering::SeqCst);
            gate.wait_for(|open| *open).await.map_err(JobError::from_error)?;
            let done = store.write(move |tx| {
                Box::pin(async move {
                    tx.state(fact(job.subject, number));
                    tx.finish(&job).await
                })
            });
            done.await.map_err(JobError::from_error)
        }
    })
}

async fn stated(bed: &Bed, subject: Uuid) -> Vec<i64> {
    facts::of(bed.store.read(), subject).await.unwrap().iter().map(|fact| fact.body["n"].as_i64().unwrap()).collect()
}

async fn until_begun(begun: &AtomicUsize) {
    while begun.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
}

/// What another sees when the sign of life of all processes is gone.
async fn all_seem_dead(bed: &Bed) {
    match &bed.config.database {
        DatabaseUrl::Sqlite(path) => {
            let folder = path.with_extension("db-runners");
            for file in std::fs::read_dir(folder).unwrap() {
                std::fs::remove_file(file.unwrap().path()).unwrap();
            }
        }
        DatabaseUrl::Postgres(_) => {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'banhao runner' AND datname = current_database()";
            sql(&bed.store, end).await.unwrap();
        }
    }
}

both_databases!(&[], a_slow_runner_that_lives_keeps_its_job, |bed: Bed| async move {
    let (subject, other) = (subject(&bed), bed.again().await);
    leave(&bed.store, "once", subject, 1).await;
    let ((open, gate), (_always, opened)) = (watch::channel(false), watch::channel(true));
    let (begun, taken) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let slow = runner(bed.store.clone(), 1, gate, Arc::clone(&begun)).start();
    until_begun(&begun).await;
    let quick = runner(other, 2, opened, Arc::clone(&taken));
    for _ in 0..20 {
        bed.clock.advance(Duration::from_secs(86_400));
        assert!(!quick.run_due().await.unwrap(), "taken from somebody who lives");
    }
    open.send_replace(true);
    slow.stop().await;
    assert_eq!((stated(&bed, subject).await, taken.load(Ordering::SeqCst)), (vec![1], 0));
});

both_databases!(&[], one_that_is_let_go_of_with_a_job_in_hand_is_followed, |bed: Bed| async move {
    let subject = subject(&bed);
    leave(&bed.store, "once", subject, 1).await;
    let ((_never, gate), (_always, opened)) = (watch::channel(false), watch::channel(true));
    let (begun, taken) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let first = runner(bed.store.clone(), 1, gate, Arc::clone(&begun));
    tokio::select! {
        _ = first.run_due() => unreachable!("the gate stays shut"),
        () = until_begun(&begun) => {}
    }
    drop(first);
    let second = runner(bed.store.clone(), 2, opened, Arc::clone(&taken));
    while taken.load(Ordering::SeqCst) == 0 {
        second.run_due().await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(stated(&bed, subject).await, [2]);
});

both_databases!(&[], who_seems_dead_is_followed_and_its_late_effect_is_not_kept, |bed: Bed| async move {
    let (subject, other) = (subject(&bed), bed.again().await);
    leave(&bed.store, "once", subject, 1).await;
    let ((open, gate), (_always, opened)) = (watch::channel(false), watch::channel(true));
    let (begun, taken) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let slow = runner(bed.store.clone(), 1, gate, Arc::clone(&begun));
    // No more looks by this one: a started runner would show again that it lives.
    let late = tokio::spawn(async move { slow.run_due().await });
    until_begun(&begun).await;
    all_seem_dead(&bed).await;
    let quick = runner(other, 2, opened, Arc::clone(&taken));
    // The server may take a moment to end the session.
    while taken.load(Ordering::SeqCst) == 0 {
        quick.run_due().await.unwrap();
        tokio::task::yield_now().await;
    }
    open.send_replace(true);
    late.await.unwrap().unwrap();
    assert_eq!(stated(&bed, subject).await, [2]);
    assert_eq!(jobs::waiting(&bed.store).await.unwrap(), 0);
});

#[tokio::test]
async fn a_session_that_broke_off_comes_back_before_anybody_takes_the_job() {
    let bed = Bed::new(On::Postgres, &[]).await;
    let (subject, other) = (subject(&bed), bed.again().await);
    leave(&bed.store, "once", subject, 1).await;
    let ((open, gate), (_always, opened)) = (watch::channel(false), watch::channel(true));
    let (begun, taken) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let slow = Arc::new(runner(bed.store.clone(), 1, gate, Arc::clone(&begun)));
    let same = Arc::clone(&slow);
    let late = tokio::spawn(async move { same.run_due().await });
    until_begun(&begun).await;
    all_seem_dead(&bed).await;
    // Its next look shows it again: the number is the same. The server may still hold the old session for a moment.
    while slow.run_due().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(!runner(other, 2, opened, Arc::clone(&taken)).run_due().await.unwrap());
    open.send_replace(true);
    late.await.unwrap().unwrap();
    assert_eq!((stated(&bed, subject).await, taken.load(Ordering::SeqCst)), (vec![1], 0));
}

/// Starts the other process and waits until it has the job.
fn other_process(bed: &Bed) -> Child {
    let database = match &bed.config.database {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    // Built with the tests: examples/job_in_hand.rs.
    let program = std::env::current_exe().unwrap().parent().unwrap().with_file_name("examples").join("job_in_hand");
    let mut child = Command::new(program).arg(database).arg(&bed.config.data_dir).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("the job is in hand")), "the other process did not take the job");
    child
}

both_databases!(&[], a_killed_process_is_followed_at_once, |bed: Bed| async move {
    let subject = subject(&bed);
    leave(&bed.store, "once", subject, 1).await;
    let mut other = other_process(&bed);
    let ((_always, opened), taken) = (watch::channel(true), Arc::<AtomicUsize>::default());
    let mine = runner(bed.store.clone(), 2, opened, Arc::clone(&taken));
    for _ in 0..5 {
        bed.clock.advance(Duration::from_secs(86_400));
        assert!(!mine.run_due().await.unwrap(), "taken from a process that lives");
    }
    // As a power cut: nothing is tidied up.
    other.kill().unwrap();
    other.wait().unwrap();
    while taken.load(Ordering::SeqCst) == 0 {
        mine.run_due().await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(stated(&bed, subject).await, [2]);
    assert_eq!(jobs::waiting(&bed.store).await.unwrap(), 0);
});
