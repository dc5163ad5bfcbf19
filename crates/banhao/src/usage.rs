//! How the command line speaks: help and mistakes in both languages. Of a mistake clap knows what it is and where; the words are ours.

use clap::{
    CommandFactory, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{Cli, fault::Fault};

/// How help is laid out.
pub(crate) const LAYOUT: &str = "{about-section}\n用法 / Usage: {usage}\n\n{all-args}{after-help}";

/// The command with headings in both languages, also in its commands.
pub(crate) fn command() -> clap::Command {
    bilingual(Cli::command())
}

fn bilingual(command: clap::Command) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let mut command = command.help_template(LAYOUT).subcommand_help_heading("命令 / Commands").disable_help_subcommand(true);
    command = command.mut_args(|argument| {
        let heading = if argument.is_positional() { "参数 / Arguments" } else { "选项 / Options" };
        argument.help_heading(heading)
    });
    for name in names {
        command = command.mut_subcommand(name, bilingual);
    }
    command
}

fn said(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join("、")),
        other => Some(other.to_string()),
    }
}

/// What is wrong with a command as it was typed, and what to do.
pub(crate) fn mistake(error: &Error) -> Fault {
    let argument = said(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = said(error, ContextKind::InvalidValue).unwrap_or_default();
    let (mut zh, mut en) = match error.kind() {
        ErrorKind::UnknownArgument => {
            (format!("没有“{argument}”这个选项或参数。"), format!("There is no option or argument “{argument}”."))
        }
        ErrorKind::InvalidSubcommand => {
            let name = said(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            (format!("没有“{name}”这个命令。"), format!("There is no command “{name}”."))
        }
        ErrorKind::MissingRequiredArgument => (format!("缺少：{argument}。"), format!("Missing: {argument}.")),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ("没有写要做什么。".to_owned(), "It does not say what to do.".to_owned())
        }
        ErrorKind::InvalidValue if value.is_empty() => (format!("{argument} 后面缺少内容。"), format!("{argument} needs a value.")),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            (format!("“{value}”不能用于 {argument}。"), format!("“{value}” cannot be used for {argument}."))
        }
        ErrorKind::ArgumentConflict => {
            let other = said(error, ContextKind::PriorArg).unwrap_or_default();
            if other.is_empty() || other == argument {
                (format!("{argument} 只能写一次。"), format!("{argument} can be given only once."))
            } else {
                (format!("{argument} 不能和 {other} 一起用。"), format!("{argument} cannot be used together with {other}."))
            }
        }
        ErrorKind::InvalidUtf8 => ("命令行里有不是 UTF-8 的文字。".to_owned(), "The command line has text that is not UTF-8.".to_owned()),
        _ => {
            let detail = error.to_string();
            (format!("命令写得不对：{detail}"), format!("The command is not right: {detail}"))
        }
    };
    let choices = said(error, ContextKind::ValidValue).filter(|choices| !choices.is_empty());
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(near) = near.into_iter().find_map(|kind| said(error, kind)) {
        zh += &format!("是不是想写“{near}”？");
        en += &format!(" Did you mean “{near}”?");
    } else if let Some(choices) = choices {
        zh += &format!("可以写：{choices}。");
        en += &format!(" It can be: {}.", choices.replace('、', ", "));
    }
    Fault::new(format!("{zh}用法见 banhao --help。"), format!("{en} See banhao --help."))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use clap::FromArgMatches;

    use super::*;

    fn told(line: &str) -> String {
        let matches = command().try_get_matches_from(line.split(' '));
        let error = matches.and_then(|matches| Cli::from_arg_matches(&matches)).unwrap_err();
        mistake(&error).to_string()
    }

    #[test]
    fn mistakes_are_told_in_both_languages_with_what_was_meant() {
        for (line, zh, en) in [
            ("banhao serv", "没有“serv”这个命令。是不是想写“serve”？", "no command “serv”"),
            ("banhao bpmn chek a.bpmn", "没有“chek”这个命令。是不是想写“check”？", "“chek”"),
            ("banhao serve --lisen x", "没有“--lisen”这个选项或参数。是不是想写“--listen”？", "no option or argument “--lisen”"),
            ("banhao serve --listen here", "“here”不能用于 --listen <ADDR>。", "“here” cannot be used"),
            ("banhao serve --listen", "--listen <ADDR> 后面缺少内容。", "--listen <ADDR> needs a value."),
            ("banhao import", "缺少：<FOLDER>。", "Missing: <FOLDER>."),
            ("banhao verify --receipt a", "缺少：--key <KEY>。", "Missing: --key <KEY>."),
            ("banhao check --data a --data b", "只能写一次", "only once"),
            ("banhao bpmn", "没有写要做什么。", "what to do"),
        ] {
            let told = told(line);
            assert!(told.contains(zh) && told.contains(en) && told.contains("banhao --help"), "{line}: {told}");
            assert!(!told.contains("error:"), "{line}: {told}");
        }
    }

    #[test]
    fn help_is_in_both_languages_everywhere() {
        fn look(command: &mut clap::Command, seen: &mut usize) {
            *seen += 1;
            let help = command.render_long_help().to_string();
            for line in help.lines().map(str::trim).filter(|line| !line.is_empty()) {
                let english = ["Usage:", "Commands:", "Options:", "Arguments:", "Print help", "Print version"];
                assert!(!english.iter().any(|words| line.starts_with(words)), "{}: {line}", command.get_name());
            }
            for argument in command.get_arguments() {
                let text = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(text.contains(" / ") && !text.is_ascii(), "{} {}: {text}", command.get_name(), argument.get_id());
                let chinese = text.split(" / ").next().unwrap_or_default();
                assert!(!chinese.contains([',', ';', '(', ')']), "half-width signs in Chinese: {text}");
            }
            for below in command.get_subcommands_mut() {
                let about = below.get_about().map(ToString::to_string).unwrap_or_default();
                assert!(about.contains(" / ") && !about.is_ascii(), "{}: {about}", below.get_name());
                look(below, seen);
            }
        }
        let mut all = command();
        all.build();
        let mut seen = 0;
        look(&mut all, &mut seen);
        assert!(seen > 14, "{seen} commands");
    }
}
