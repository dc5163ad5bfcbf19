//! What can be wrong with an expression.

use banhao_kernel::problem::{Problem, ProblemKind};

/// An expression that cannot be read or evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeelError {
    /// Nothing there.
    #[error("the expression is empty")]
    Empty,
    /// Longer or deeper than a rule has reason to be.
    #[error("the expression is too long or too deeply nested: {0}")]
    TooComplex(&'static str),
    /// Something that rules may not use.
    #[error("not allowed in an expression: {0}")]
    Forbidden(&'static str),
    /// Not FEEL.
    #[error("not a FEEL expression: {0}")]
    Syntax(String),
    /// The value is of another type than is needed.
    #[error("the expression gives {found}, {expected} is needed")]
    Type {
        /// What is needed.
        expected: &'static str,
        /// What came out.
        found: String,
    },
    /// More work than a rule has reason to do.
    #[error("evaluating takes too much work: loops within loops, or values that grow")]
    TooMuchWork,
    /// The evaluator failed.
    #[error("the expression could not be evaluated: {0}")]
    Evaluation(String),
}

impl FeelError {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "feel-empty",
            Self::TooComplex(_) => "feel-too-complex",
            Self::Forbidden(_) => "feel-forbidden",
            Self::Syntax(_) => "feel-syntax",
            Self::Type { .. } => "feel-type",
            Self::TooMuchWork => "feel-too-much-work",
            Self::Evaluation(_) => "feel-evaluation",
        }
    }

    /// What the parser says, without its own name.
    pub(crate) fn syntax(said: &str) -> Self {
        Self::Syntax(said.trim_start_matches("<ParserError> ").trim_start_matches("<LexerError> ").to_owned())
    }

    /// External (Java, PMML) functions.
    pub(crate) const EXTERNAL: &'static str = "external functions";
    /// Functions of one's own.
    pub(crate) const FUNCTION: &'static str = "functions of one's own";
    /// What depends on when it is asked.
    pub(crate) const CLOCK: &'static str = "now() and today()";
    /// What may never end.
    pub(crate) const LOOP: &'static str = "loops over a range of numbers";
    /// What could hide something.
    pub(crate) const COMMENT: &'static str = "comments";

    /// In Chinese, with what to write instead.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "表达式是空的。".to_owned(),
            Self::TooComplex(limit) => format!("表达式太长或者嵌套太深（{limit}），请拆成几条。"),
            Self::Forbidden(what) => {
                let what = match *what {
                    Self::EXTERNAL => "外部函数（external）",
                    Self::FUNCTION => "自定义函数（function）",
                    Self::CLOCK => " now() 和 today()",
                    Self::LOOP => "数字区间上的循环",
                    Self::COMMENT => "注释",
                    other => other,
                };
                format!("表达式里不能用{what}：规则只能按填写的内容得出结果。")
            }
            Self::Syntax(detail) => format!("不是正确的 FEEL 表达式：{detail}"),
            Self::Type { expected, found } => {
                format!("表达式应当得出 {expected}，得到的是 {found}。")
            }
            Self::TooMuchWork => "表达式的计算量太大（多重循环，或者值越滚越大），请简化。".to_owned(),
            Self::Evaluation(detail) => format!("表达式算不出结果：{detail}"),
        }
    }
}

impl From<FeelError> for Problem {
    fn from(error: FeelError) -> Self {
        Self::new(error.code(), ProblemKind::Internal).with_arg("detail", error.to_string())
    }
}
