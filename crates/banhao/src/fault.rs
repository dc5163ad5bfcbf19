//! What a command says when it cannot do what it should: in Chinese and English, with what to do next.

use std::path::Path;

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
        Self::new(format!("配置文件 {path} 有误:{detail}"), format!("The configuration file {path} is wrong: {detail}"))
    }

    /// Something the operating system refused.
    pub fn system(what: &str, error: &std::io::Error) -> Self {
        Self::new(format!("{what}:{error}"), format!("{what}: {error}"))
    }
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
