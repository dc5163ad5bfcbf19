//! A private PostgreSQL for the tests: own folder, free port, gone afterwards – also when the tests fail or are interrupted.

use std::{
    fs::{self, File},
    net::TcpListener,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    failure::{Failure, Outcome, ask, shown},
    workspace::Workspace,
};

/// Name of the superuser.
const SUPERUSER: &str = "banhao";
/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; stops and removes its folder when dropped.
pub struct Server {
    process: Child,
    folder: PathBuf,
    url: String,
    socket: Option<String>,
}

/// Longest folder for the server's socket: the whole path has to fit into 107 bytes.
const SOCKET_FOLDER: usize = 85;

impl Server {
    /// Makes a database in a new folder and starts a server on it: fast, for tests.
    pub fn start(workspace: &Workspace) -> Outcome<Self> {
        // Tests look at what a commit means to other sessions, not at what a power failure leaves.
        Self::start_with(workspace, &["fsync=off", "full_page_writes=off", "synchronous_commit=off"])
    }

    /// The same with commits that survive a power failure, for measuring.
    pub fn start_durable(workspace: &Workspace) -> Outcome<Self> {
        Self::start_with(workspace, &["fsync=on", "full_page_writes=on", "synchronous_commit=on"])
    }

    fn start_with(workspace: &Workspace, settings: &[&str]) -> Outcome<Self> {
        let programs = programs().ok_or_else(|| Failure::new("PostgreSQL is not installed").remedy("apt-get install postgresql"))?;
        let account = Account::choose()?;
        let folder = account.folder(workspace)?;
        let data = folder.join("data");
        let mut initdb = account.command(&programs.join("initdb"), &folder);
        initdb.args(["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]).arg("-D").arg(&data);
        if ask(&mut initdb).is_none() {
            let failure = Failure::new(format!("a database for the tests cannot be made in {}", folder.display()));
            return Err(failure.remedy(format!("run it by hand and see: {}", shown(&initdb))));
        }
        // Another program may take the port in between; then another one is tried.
        let mut last = None;
        for _ in 0..3 {
            match Self::serve(&programs, &account, &folder, &data, settings) {
                Ok(server) => return Ok(server),
                Err(failure) => last = Some(failure),
            }
        }
        Err(last.expect("three attempts failed"))
    }

    fn serve(programs: &Path, account: &Account, folder: &Path, data: &Path, settings: &[&str]) -> Outcome<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let log = folder.join("server.log");
        let mut command = account.command(&programs.join("postgres"), folder);
        command.arg("-D").arg(data).args(["-h", "127.0.0.1", "-p"]).arg(port.to_string());
        for setting in settings.iter().chain(&["max_connections=300"]) {
            command.args(["-c", setting]);
        }
        let sockets = folder.to_str().filter(|path| path.len() <= SOCKET_FOLDER && !path.contains([',', '"', '%', ' ']));
        command.args(["-c", &format!("unix_socket_directories={}", sockets.unwrap_or_default())]);
        let output = File::create(&log)?;
        let process = command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).spawn()?;
        let url = format!("postgres://{SUPERUSER}@127.0.0.1:{port}/postgres");
        let socket = sockets.map(|path| format!("postgres://{SUPERUSER}@{}:{port}/postgres", path.replace('/', "%2F")));
        let mut server = Self { process, folder: folder.to_owned(), url, socket };
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if server.process.try_wait()?.is_some() {
                break;
            }
            let mut ready = Command::new(programs.join("pg_isready"));
            if ask(ready.args(["-h", "127.0.0.1", "-d", "postgres", "-U", SUPERUSER, "-p"]).arg(port.to_string())).is_some() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(50));
        }
        let said = fs::read_to_string(&log).unwrap_or_default();
        Err(Failure::new(format!("PostgreSQL did not start:\n{said}")))
    }

    /// Address of a superuser's connection.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same through the server's socket; none where its folder has too long a path.
    pub fn socket(&self) -> Option<&str> {
        self.socket.as_deref()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is waited for.
        let asked = ask(Command::new("kill").arg("-INT").arg(self.process.id().to_string()));
        let start = Instant::now();
        while asked.is_some() && start.elapsed() < Duration::from_secs(20) && matches!(self.process.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        if matches!(self.process.try_wait(), Ok(None)) {
            eprintln!("PostgreSQL did not stop in time; it is killed.");
            drop(self.process.kill());
            drop(self.process.wait());
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

/// The folder with Debian's server programs, newest version first, or those on the path.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let newest = versions
        .filter(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .max_by_key(|folder| folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()));
    newest.or_else(|| ask(Command::new("pg_config").arg("--bindir")).map(PathBuf::from).filter(|folder| folder.join("initdb").is_file()))
}

/// Who runs the server: PostgreSQL refuses to run as root.
enum Account {
    Ourselves,
    Other { user: u32, group: u32 },
}

impl Account {
    fn choose() -> Outcome<Self> {
        if fs::metadata("/proc/self")?.uid() != 0 {
            return Ok(Self::Ourselves);
        }
        let id = |what: &str, name: &str| ask(Command::new("id").args([what, name])).and_then(|text| text.parse().ok());
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some(Self::Other { user: id("-u", name)?, group: id("-g", name)? }))
            .ok_or_else(|| Failure::new("PostgreSQL does not run as root, and there is neither a user postgres nor nobody"))
    }

    /// A command as that user, in a folder it can enter. It is told to stop when we die, whatever we die of.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command.arg("--pdeathsig=INT");
        if let Self::Other { user, group } = self {
            command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
        }
        command.arg("--").arg(program).current_dir(folder);
        command
    }

    /// A new folder of this run: in the target folder, or, where the server's user cannot enter that (somebody's home), in the
    /// system's folder for temporary files. Folders that runs left behind which were killed are removed.
    fn folder(&self, workspace: &Workspace) -> Outcome<PathBuf> {
        let us = fs::metadata("/proc/self")?.uid();
        for base in [workspace.target().join("test-postgres"), std::env::temp_dir().join(format!("banhao-test-postgres-{us}"))] {
            fs::create_dir_all(&base)?;
            if fs::symlink_metadata(&base)?.uid() != us {
                return Err(Failure::new(format!("{} belongs to somebody else", base.display())));
            }
            remove_left_behind(&base);
            let folder = base.join(std::process::id().to_string());
            fs::create_dir_all(&folder)?;
            if let Self::Other { user, group } = self {
                chown(&folder, Some(*user), Some(*group))?;
            }
            let mut may_write = self.command(Path::new("test"), Path::new("/"));
            if ask(may_write.arg("-w").arg(&folder)).is_some() {
                return Ok(folder);
            }
            fs::remove_dir_all(&folder)?;
        }
        Err(Failure::new("no folder was found that PostgreSQL's user may write in"))
    }
}

fn remove_left_behind(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        if !Path::new("/proc").join(entry.file_name()).exists() && fs::remove_dir_all(entry.path()).is_err() {
            eprintln!("{} was left behind by an earlier run and could not be removed.", entry.path().display());
        }
    }
}
