//! `banhao import` and `banhao export`: definitions as text, checked, compared, loaded, written back.

use std::{
    io::{IsTerminal, Write},
    path::Path,
};

use banhao_catalogue::{
    CatalogueError,
    folder::{DefinitionProblem, Severity},
    versions::{Change, Diff},
};
use banhao_kernel::actor::Actor;

use crate::{fault::Fault, installation::Installation, say};

/// What to do with a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportOptions {
    /// Only check, change nothing.
    pub check: bool,
    /// Do not ask.
    pub yes: bool,
}

fn told(problems: &[DefinitionProblem]) {
    for problem in problems {
        let mark = if problem.severity == Severity::Error { "错误 error" } else { "提醒 warning" };
        let field = if problem.field.is_empty() { String::new() } else { format!(" {}", problem.field) };
        say(&format!("{}:{}:{field} [{mark} {}]\n    {}\n    {}", problem.file, problem.line, problem.code, problem.zh, problem.en));
    }
}

fn shown(diff: &Diff) {
    for file in &diff.files {
        let mark = match file.change {
            Change::Added => "+",
            Change::Changed => "~",
            Change::Removed => "-",
        };
        say(&format!("{mark} {}  (+{} -{})", file.path, file.lines_added, file.lines_removed));
        if !file.unified.is_empty() {
            say(&file.unified);
        }
    }
}

/// Checks a folder, shows what would change, asks, loads.
///
/// # Errors
/// Every mistake in the folder with file, line and field is printed; then the command fails and nothing is changed.
pub async fn import(installation: &Installation, folder: &Path, options: ImportOptions) -> Result<(), Fault> {
    let definitions = banhao_catalogue::folder::read(folder);
    if let Err(problems) = &definitions {
        told(problems);
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        return Err(Fault::new(
            format!("{} 中有 {errors} 处错误，什么都没有改变。改正后再试。", folder.display()),
            format!("{errors} mistake(s) in {}; nothing was changed. Correct them and try again.", folder.display()),
        ));
    }
    let diff = banhao_catalogue::diff(&installation.store, folder).await?;
    if diff.is_empty() {
        say("没有变化。 Nothing to change.");
        return Ok(());
    }
    shown(&diff);
    if options.check {
        say("校验通过（未载入）。 Checked; nothing was loaded.");
        return Ok(());
    }
    if !options.yes && !asked()? {
        say("未载入。 Nothing was loaded.");
        return Ok(());
    }
    match banhao_catalogue::import(&installation.store, folder, Actor::System).await {
        Ok(report) => {
            told(&report.warnings);
            installation.follow_staff().await?;
            say(&format!(
                "已载入第 {} 版：新增 {}，更新 {}，移除 {}，未变 {}。 Loaded as revision {}: {} added, {} changed, {} removed, {} unchanged.",
                report.revision,
                report.added.len(),
                report.changed.len(),
                report.removed.len(),
                report.unchanged,
                report.revision,
                report.added.len(),
                report.changed.len(),
                report.removed.len(),
                report.unchanged
            ));
            Ok(())
        }
        Err(CatalogueError::Definitions(problems)) => {
            told(&problems);
            Err(CatalogueError::Definitions(problems).into())
        }
        Err(error) => Err(error.into()),
    }
}

fn asked() -> Result<bool, Fault> {
    if !std::io::stdin().is_terminal() {
        return Err(Fault::new("没有终端可以询问；确认无误请加 --yes。", "There is no terminal to ask; add --yes to load."));
    }
    let refused = |error| Fault::system("终端 / terminal", &error);
    let mut out = std::io::stdout();
    out.write_all("载入以上变化? Load these changes? [y/N] ".as_bytes()).and_then(|()| out.flush()).map_err(refused)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(refused)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "是"))
}

/// Writes the definitions back into an empty folder.
///
/// # Errors
/// When the folder is not empty or cannot be written.
pub async fn export(installation: &Installation, folder: &Path) -> Result<(), Fault> {
    let files = banhao_catalogue::export(&installation.store, folder).await?;
    say(&format!("已写出 {files} 个文件到 {0}。 {files} files written to {0}.", folder.display()));
    Ok(())
}
