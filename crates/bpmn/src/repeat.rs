//! Activities done more than once (BPMN 2.0.2, 10.3.8 Loop Characteristics), and signing together (会签 and its kin), which is the
//! same thing with words of the office.

/// How an activity is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeat {
    /// One after the other as long as a condition holds.
    Loop {
        /// Whether the condition is looked at before the first time (`testBefore`).
        before: bool,
        /// FEEL expression; goes on for ever up to the maximum when missing.
        condition: Option<String>,
        /// Most rounds (`loopMaximum`).
        maximum: Option<u32>,
    },
    /// Once for each of several.
    Many(Many),
}

/// Once for each of several (`multiInstanceLoopCharacteristics`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// One after the other instead of all at once.
    pub sequential: bool,
    /// FEEL expression: how many.
    pub cardinality: Option<String>,
    /// FEEL expression: a list, one for each of its items.
    pub collection: Option<String>,
    /// Variable that holds the item inside.
    pub item: Option<String>,
    /// FEEL expression looked at each time one is done; when it holds, the others are withdrawn.
    pub completion: Option<String>,
    /// Set when people sign together.
    pub sign: Option<Sign>,
}

/// How several people sign (`banhao:sign` on a user task).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Who has to.
    pub mode: SignMode,
    /// Whether the first disagreement settles it (`banhao:veto`).
    pub veto: bool,
}

/// Who has to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignMode {
    /// 会签: all of them, at the same time.
    All,
    /// 或签: whoever comes first.
    Any,
    /// 依次签: all of them, one after the other.
    Turn,
    /// 票签: at least this share has to agree.
    Vote {
        /// Numerator.
        of: u32,
        /// Denominator.
        out_of: u32,
    },
}
