//! What the tests need beyond Rust: Debian packages, npm and pip packages. Installs what is missing and says so; says what to do
//! when that fails.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome, ask, run},
    postgres,
    workspace::Workspace,
};

/// Node older than this is too old for the browser driver.
const NODE: u32 = 18;

/// What the scenario tests use.
pub fn for_scenarios(workspace: &Workspace) -> Outcome<PathBuf> {
    let mut packages = Vec::new();
    if std::env::var_os("BANHAO_TEST_POSTGRES").is_none() && postgres::programs().is_none() {
        packages.push("postgresql");
    }
    // To read and draw the papers with other people's programs.
    if !runs("pdfsig", "-v") || !runs("pdftoppm", "-v") {
        packages.push("poppler-utils");
    }
    if ask(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_none() {
        packages.push("python3-venv");
    }
    debian(&packages)?;
    python(workspace, &PAPERS)
}

/// Other people's engines, to compare ours with: tests/engines with its npm packages, and a Python with SpiffWorkflow.
pub struct Engines {
    /// Node.
    pub node: PathBuf,
    /// The interpreter of the virtual environment with SpiffWorkflow.
    pub python: PathBuf,
    /// tests/engines, where the runners and `node_modules` are.
    pub folder: PathBuf,
}

/// What comparing with other engines uses.
pub fn for_engines(workspace: &Workspace) -> Outcome<Engines> {
    let mut packages = node_packages();
    if ask(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_none() {
        packages.push("python3-venv");
    }
    debian(&packages)?;
    let node = node()?;
    npm(workspace, "tests/engines")?;
    let python = python(workspace, &ENGINES)?;
    Ok(Engines { node, python, folder: workspace.path("tests/engines") })
}

/// What the browser tests use; gives the browser, or nothing when the driver has its own.
pub fn for_browser(workspace: &Workspace) -> Outcome<Option<PathBuf>> {
    debian(&node_packages())?;
    node()?;
    npm(workspace, "tests/browser")?;
    if let Some(browser) = browser() {
        return Ok(Some(browser));
    }
    // Ubuntu's package of that name is only a pointer to a snap, which does not run in a container: hence the second way.
    if debian(&["chromium"]).is_ok()
        && let Some(browser) = browser()
    {
        return Ok(Some(browser));
    }
    eprintln!("There is no Chromium package that runs here; letting the browser driver fetch its own.");
    let driver = workspace.path("tests/browser/node_modules/playwright-core/cli.js");
    let root = am_root();
    let fetch = |arguments: &[&str]| run(Command::new("node").arg(&driver).args(arguments));
    if root { fetch(&["install", "--with-deps", "chromium"]) } else { fetch(&["install", "chromium"]) }
        .map_err(|failure| Failure::new(failure.to_string()).remedy("install Chromium or Chrome and set BANHAO_CHROMIUM to its path"))?;
    Ok(None)
}

/// A Chromium that starts.
fn browser() -> Option<PathBuf> {
    std::env::var_os("BANHAO_CHROMIUM")
        .into_iter()
        .chain(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(Into::into))
        .find(|name| runs(name, "--version"))
        .and_then(|name| on_path(Path::new(&name)))
}

fn on_path(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return Some(program.to_owned());
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn runs(program: impl AsRef<OsStr>, argument: &str) -> bool {
    ask(Command::new(program).arg(argument)).is_some()
}

/// The Debian packages of Node that are missing.
fn node_packages() -> Vec<&'static str> {
    let mut packages = Vec::new();
    if node_version().is_none() {
        packages.push("nodejs");
    }
    if !runs("npm", "--version") {
        packages.push("npm");
    }
    packages
}

/// A Node that is new enough.
fn node() -> Outcome<PathBuf> {
    match (node_version(), on_path(Path::new("node"))) {
        (Some(version), Some(path)) if version >= NODE => Ok(path),
        (found, _) => {
            let found = found.map_or("none".to_owned(), |version| version.to_string());
            Err(Failure::new(format!("these tests need Node {NODE} or newer; found {found}"))
                .remedy("install a newer Node, for instance from https://nodejs.org"))
        }
    }
}

fn node_version() -> Option<u32> {
    ask(Command::new("node").arg("--version"))?.trim_start_matches('v').split('.').next()?.parse().ok()
}

fn am_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|ours| ours.uid() == 0)
}

/// Installs Debian (or Ubuntu) packages.
fn debian(packages: &[&str]) -> Outcome {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    eprintln!("The tests need Debian packages that are not installed: {names}. Installing them.");
    let by_hand = |failure: Failure| {
        failure.remedy(format!(
            "as root: apt-get update && apt-get install --no-install-recommends {names}; then run this again. \
             `cargo xtask test --only fmt`, `--only clippy` and `--only hygiene` need nothing."
        ))
    };
    let apt = |arguments: &[&str]| {
        let mut command = if am_root() { Command::new("apt-get") } else { Command::new("sudo") };
        if !am_root() {
            // Never asks for a password: in the middle of a test run nobody is there to answer.
            command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        run(command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    if !runs("apt-get", "--version") {
        return Err(by_hand(Failure::new(format!("this is not Debian or Ubuntu; install what corresponds to {names}"))));
    }
    if let Err(failure) = apt(&["update", "--quiet=2"]) {
        eprintln!("{failure}\nGoing on with the package lists that are here.");
    }
    let mut install = vec!["install", "--yes", "--quiet=2", "--no-install-recommends"];
    install.extend(packages);
    apt(&install).map_err(by_hand)
}

/// The npm packages of a folder of tests, exactly as locked.
fn npm(workspace: &Workspace, tests: &str) -> Outcome {
    let folder = workspace.path(tests);
    let lock = fs::read(folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    eprintln!("Installing npm packages ({tests}/package-lock.json).");
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))
        .map_err(|failure| failure.remedy(format!("see whether the npm registry can be reached: cd {tests} && npm ci")))?;
    Ok(fs::write(installed, lock)?)
}

/// A virtual environment of Python in the target folder.
struct Environment {
    folder: &'static str,
    requirements: &'static str,
}

/// Checks signed papers.
const PAPERS: Environment = Environment { folder: "test-venv", requirements: "tests/papers/requirements.txt" };
/// Runs processes; apart from the other because its licence (LGPL) keeps it in a process of its own anyway.
const ENGINES: Environment = Environment { folder: "engines-venv", requirements: "tests/engines/requirements.txt" };

/// A Python with the packages of an environment; gives its interpreter.
fn python(workspace: &Workspace, environment: &Environment) -> Outcome<PathBuf> {
    let requirements = workspace.path(environment.requirements);
    let venv = workspace.target().join(environment.folder);
    let (interpreter, installed) = (venv.join("bin/python"), venv.join("installed-requirements.txt"));
    let wanted = fs::read(&requirements)?;
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) && runs(&interpreter, "--version") {
        return Ok(interpreter);
    }
    eprintln!("Installing Python packages ({}) into {}.", environment.requirements, venv.display());
    let by_hand = |failure: Failure| {
        failure.remedy(format!(
            "see whether pip works: python3 -m venv {0} && {0}/bin/pip install -r {1}",
            venv.display(),
            requirements.display()
        ))
    };
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv)).map_err(by_hand)?;
    let mut pip = Command::new(&interpreter);
    run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements)).map_err(by_hand)?;
    fs::write(installed, wanted)?;
    Ok(interpreter)
}
