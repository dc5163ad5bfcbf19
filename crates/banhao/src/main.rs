//! The program: command line, configuration, wiring. What it serves is decided in the crates below.

mod commands;
mod config;
mod demo;
mod fault;
mod installation;
mod serve;
mod usage;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{ArgAction, FromArgMatches, Parser, Subcommand, error::ErrorKind};

use crate::{
    commands::{bpmn, check, definitions, dmn, verify},
    config::{Config, Listen, Place},
    fault::Fault,
    installation::Installation,
};

/// Pages, records and process states are many small pieces of short life.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 办好 Banhao：一次办好政务服务平台 / one-visit government services
#[derive(Debug, Parser)]
#[command(name = "banhao", version, arg_required_else_help = true, disable_help_flag = true, disable_version_flag = true)]
struct Cli {
    /// 显示帮助 / Show help
    #[arg(short, long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本 / Show the version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 一条命令运行示范城市洪湖 / Everything in one go, with the demonstration city
    Demo(Listen),
    /// 运行一套安装 / Serve an installation
    Serve(Listen),
    /// 升级数据库结构 / Bring the database up to this version
    Migrate,
    /// 校验定义文件夹，显示差异，载入 / Check a folder of definitions, show what would change, load it
    Import {
        /// 文件夹 / Folder
        folder: PathBuf,
        /// 只校验，不载入 / Only check
        #[arg(long)]
        check: bool,
        /// 不询问 / Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// 把定义写回文本文件 / Write the definitions back as text
    Export {
        /// 空文件夹 / An empty folder
        folder: PathBuf,
    },
    /// 证明没有记录被改动 / Prove that no record was changed, dropped or reordered
    Verify {
        /// 只核验一张存证回执（不需要数据库） / Only one receipt; needs no database
        #[arg(long, value_name = "FILE", requires = "key")]
        receipt: Option<PathBuf>,
        /// 账本公钥（文本或文件） / Public key of the ledger, as text or file
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
    /// 流程文件：校验、读写、画图、试运行 / Process files: check, round trip, draw, run
    #[command(subcommand)]
    Bpmn(bpmn::Act),
    /// 决策文件：校验、作出决策 / Decision files: check, evaluate
    #[command(subcommand)]
    Dmn(dmn::Act),
    /// 用文字说明配置或安装有什么问题 / Say what is wrong with an installation, in words
    Check,
    /// 设置工作人员口令（从标准输入读取） / Set the password of a member of staff, read from standard input
    Password {
        /// 登录名 / Sign-in name
        login: String,
    },
}

/// Prints a line for the person at the terminal, or for the program that reads it. One that has read enough (`banhao … | head`) is no fault.
pub(crate) fn say(text: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{text}")
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        tracing::warn!(%error, "what should be said cannot be written");
    }
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BANHAO_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let cli = match usage::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            say(error.render().to_string().trim_end());
            return ExitCode::SUCCESS;
        }
        // As clap has it: help when nothing at all was said, and 2 for a command that is not right.
        Err(error) if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && std::env::args_os().len() == 1 => {
            complain(&error.render());
            return ExitCode::from(2);
        }
        Err(error) => {
            complain(&usage::mistake(&error));
            return ExitCode::from(2);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no runtime");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            complain(&fault);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "this is where the program complains")]
fn complain(fault: &impl std::fmt::Display) {
    eprintln!("{fault}");
}

async fn run(cli: Cli) -> Result<(), Fault> {
    match cli.command {
        Command::Demo(listen) => {
            let config = Config::decide(&cli.place, Some(&listen))?;
            let listener = serve::bind(&config).await?;
            let (installation, _) = Installation::open(&config).await?;
            let sign_ins = demo::prepare(&installation, &config.store.data_dir).await?;
            serve::serve(&config, &installation, listener, || welcome(&config, &sign_ins)).await
        }
        Command::Serve(listen) => {
            let config = Config::decide(&cli.place, Some(&listen))?;
            let listener = serve::bind(&config).await?;
            let (installation, _) = Installation::open(&config).await?;
            installation.follow_staff().await?;
            serve::serve(&config, &installation, listener, || say(&format!("办好 Banhao  {}", config.public_url))).await
        }
        Command::Migrate => {
            let (_, report) = Installation::open(&Config::decide(&cli.place, None)?).await?;
            for step in &report.applied {
                say(step);
            }
            say(&format!("已执行 {0} 步。 {0} step(s) applied.", report.applied.len()));
            Ok(())
        }
        Command::Import { folder, check, yes } => {
            let (installation, _) = Installation::open(&Config::decide(&cli.place, None)?).await?;
            definitions::import(&installation, &folder, definitions::ImportOptions { check, yes }).await
        }
        Command::Export { folder } => {
            let (installation, _) = Installation::open(&Config::decide(&cli.place, None)?).await?;
            definitions::export(&installation, &folder).await
        }
        Command::Verify { receipt: Some(path), key } => verify::receipt(&path, &verify::key(key.as_deref().unwrap_or_default())?),
        Command::Verify { receipt: None, key } => {
            let (installation, _) = Installation::open(&Config::decide(&cli.place, None)?).await?;
            let key = key.as_deref().map(verify::key).transpose()?;
            verify::database(&installation, key).await
        }
        Command::Bpmn(act) => bpmn::bpmn(&act),
        Command::Dmn(act) => dmn::dmn(&act),
        Command::Check => {
            let config = Config::decide(&cli.place, None)?;
            let (installation, _) = Installation::open(&config).await?;
            check::check(&config, &installation).await
        }
        Command::Password { login } => {
            let (installation, _) = Installation::open(&Config::decide(&cli.place, None)?).await?;
            let mut password = String::new();
            std::io::stdin().read_line(&mut password).map_err(|error| Fault::system("标准输入 / standard input", &error))?;
            banhao_identity::set_staff_password(&installation.store, &login, password.trim_end_matches(['\r', '\n'])).await?;
            say("口令已设置。 The password is set.");
            Ok(())
        }
    }
}

fn welcome(config: &Config, sign_ins: &[demo::SignIn]) {
    let mut text = format!("\n办好 Banhao  洪湖示范 / demonstration city Honghu\n\n  {}\n\n", config.public_url);
    for entry in sign_ins {
        text.push_str(&format!("  {:<14} {:<12} {:<16} {}\n", entry.path, entry.login, entry.password, entry.role));
    }
    text.push_str("\n  运行态势 cockpit: /screens/cockpit   组件 components: /design   按 Ctrl-C 结束 / Ctrl-C to stop\n");
    say(&text);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn options_of_the_same_name_do_not_get_into_each_others_way() {
        Cli::command().debug_assert();
        let Command::Bpmn(bpmn::Act::Run { data, .. }) =
            Cli::try_parse_from(["banhao", "bpmn", "run", "a.bpmn", "--data", r#"{"a": 1}"#]).unwrap().command
        else {
            unreachable!("the command is as it was written")
        };
        assert_eq!(data, r#"{"a": 1}"#);
        assert!(Cli::try_parse_from(["banhao", "dmn", "eval", "a.dmn", "--data", "{}"]).is_ok());
        assert!(Cli::try_parse_from(["banhao", "bpmn", "run", "a.bpmn"]).is_ok());
        assert_eq!(Cli::try_parse_from(["banhao", "demo", "--data", "/x"]).unwrap().place.data.as_deref(), Some("/x"));
    }
}
