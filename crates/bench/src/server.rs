//! The program itself as a child process.

use std::{
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Outcome, http::Client};

/// How long the program may take to answer, and to stop.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server, killed when dropped.
pub struct Server {
    child: Child,
    /// Its port.
    pub port: u16,
    /// From start to the first page.
    pub first_answer: Duration,
}

impl Server {
    /// Starts `banhao demo` and waits for its first page. What it says goes to `server.log` in the folder.
    pub async fn start(program: &Path, data: &Path, database: Option<&str>) -> Outcome<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let log = File::create(data.join("server.log"))?;
        let mut command = Command::new(program);
        command.arg("demo").arg("--data").arg(data).args(["--listen", &format!("127.0.0.1:{port}")]);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let start = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Self { child, port, first_answer: Duration::ZERO };
        while start.elapsed() < PATIENCE {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("the program stopped ({status}); see {}", data.join("server.log").display()).into());
            }
            if let Ok(mut client) = Client::connect(port, "").await
                && client.get("/").await?.status == 200
            {
                server.first_answer = start.elapsed();
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err("the program did not answer in time".into())
    }

    /// Resident memory in megabytes.
    pub fn resident(&self) -> Outcome<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }

    /// Asks it to stop and waits.
    pub async fn stop(mut self) -> Outcome {
        let asked = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        let start = Instant::now();
        while asked.success() && start.elapsed() < PATIENCE {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err("the program did not stop when asked".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}
