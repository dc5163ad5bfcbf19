//! What a matter's decisions are used for: the table `[decisions]` of `matter.toml`, naming decisions of `decisions.dmn`.

use super::Bilingual;

/// Which decision answers which question about an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionUse {
    /// 是否适用: whether this matter is the right one.
    pub applies: Option<String>,
    /// 需要的材料: keys of the materials that are needed.
    pub materials: Option<String>,
    /// 收费: what is charged.
    pub fees: Option<String>,
    /// 自动受理: whether the platform accepts at submission.
    pub acceptance: Option<String>,
    /// Why the platform may accept by itself: the law or local rule.
    pub acceptance_basis: Option<Bilingual>,
    /// What to do instead when the matter does not apply.
    pub instead: Option<Bilingual>,
    /// Names of inputs and the answers they stand for (`form.KEY`, `q.KEY`).
    pub inputs: Vec<(String, String)>,
}

impl DecisionUse {
    /// The decisions that are named, each with the field it is named in.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("decisions.applies", &self.applies),
            ("decisions.materials", &self.materials),
            ("decisions.fees", &self.fees),
            ("decisions.acceptance", &self.acceptance),
        ];
        all.into_iter().filter_map(|(field, name)| Some((field, name.as_deref()?)))
    }
}
