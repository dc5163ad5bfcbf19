//! What a command says when it cannot do what it should: in Chinese and English, with what to do next.

use std::{io::ErrorKind, path::Path};

use banhao_kernel::problem::Problem;
use banhao_texts::{Lang, problem};

/// A failure of a command.
#[derive(Debug)]
pub struct Fault {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}", self.zh, self.en)
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// A failure in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// A mistake in the configuration file.
    pub fn config(path: &Path, detail: &str) -> Self {
        let path = path.display();
        Self::new(format!("配置文件 {path} 有误：{detail}"), format!("The configuration file {path} is wrong: {detail}"))
    }

    /// Something the operating system refused: a path, or words for it in both languages with a slash between.
    pub fn system(what: &str, error: &std::io::Error) -> Self {
        let (zh, en) = what.split_once(" / ").unwrap_or((what, what));
        let refusal = refusal(error.kind()).map_or_else(|| format!("操作系统不允许（{error}）"), str::to_owned);
        Self::new(format!("{zh}：{refusal}。"), format!("{en}: {error}"))
    }
}

/// What the operating system says, in Chinese, where there are words for it.
fn refusal(kind: ErrorKind) -> Option<&'static str> {
    let words = match kind {
        ErrorKind::NotFound => "没有这个文件或文件夹，请检查路径",
        ErrorKind::PermissionDenied => "没有读写权限",
        ErrorKind::AlreadyExists => "已经存在",
        ErrorKind::IsADirectory => "这是文件夹，应当是文件",
        ErrorKind::NotADirectory => "这是文件，应当是文件夹",
        ErrorKind::InvalidData => "内容不是 UTF-8 文本",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::ReadOnlyFilesystem => "磁盘只读",
        ErrorKind::AddrInUse => "地址已被占用，请用 --listen 换一个端口",
        ErrorKind::AddrNotAvailable => "本机没有这个地址",
        ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => "对方已关闭",
        _ => return None,
    };
    Some(words)
}

impl<E: Into<Problem> + std::fmt::Display> From<E> for Fault {
    fn from(error: E) -> Self {
        let detail = error.to_string();
        let told = error.into();
        let words = |lang| {
            let text = problem(lang, &told);
            format!("{} {} {}", text.title, text.text, text.remedy)
        };
        Self::new(format!("{}\n  ({detail})", words(Lang::ZhCn)), words(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_refuses_is_told_in_both_languages() {
        let error = std::io::Error::from(ErrorKind::NotFound);
        let fault = Fault::system("a.bpmn", &error);
        assert!(fault.zh.starts_with("a.bpmn：没有这个文件") && fault.en.starts_with("a.bpmn: "), "{fault}");
        let fault = Fault::system("标准输入 / standard input", &error);
        assert!(fault.zh.starts_with("标准输入：") && fault.en.starts_with("standard input: "), "{fault}");
    }
}
