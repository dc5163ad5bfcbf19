//! Words for what is different, in both languages, and the sentences made of them.

use super::{Change, ChangeKind, Detail, Field, Part, RepeatWord, Said, TriggerWord};
use crate::{repeat::SignMode, words::Words};

/// Which language changes are told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeWords {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl ChangeWords {
    /// Word for what happened; for what did not change when nothing did.
    #[must_use]
    pub fn kind(self, kind: Option<ChangeKind>) -> &'static str {
        self.of(match kind {
            Some(ChangeKind::Added) => ("新增", "added"),
            Some(ChangeKind::Removed) => ("删去", "removed"),
            Some(ChangeKind::Changed) => ("改动", "changed"),
            None => ("未变", "unchanged"),
        })
    }

    fn of(self, (zh, en): (&'static str, &'static str)) -> &'static str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

impl Change {
    /// The change as one line, such as “改动：审查 (review) · 名称：“审核” → “审查””.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        let mut text = format!("{}{}{}", words.changes.kind(Some(self.kind)), words.colon, self.title(words));
        for (at, detail) in self.details.iter().enumerate() {
            text.push_str(if at == 0 { " · " } else { words.semicolon });
            text.push_str(&detail.text(words));
        }
        text
    }

    /// What it is about, such as “审查 (review)” or “流向 审查 → 决定”.
    #[must_use]
    pub fn title(&self, words: &Words) -> String {
        match self.part {
            Part::Process => format!("{} {}", words.changes.of(("流程", "process")), self.name),
            Part::Flow => format!("{} {}", words.changes.of(("流向", "flow")), self.name),
            Part::Node if self.name == self.element => self.name.clone(),
            Part::Node => format!("{} ({})", self.name, self.element),
        }
    }
}

impl Detail {
    /// The property in words, such as “名称：“审核” → “审查””.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        let (from, to) = (self.from_text(words), self.to_text(words));
        format!("{}{}{from} → {to}", self.field_text(words), words.colon)
    }

    /// Name of the property.
    #[must_use]
    pub fn field_text(&self, words: &Words) -> String {
        match &self.field {
            Field::Attribute(name) => attribute(name).map_or_else(|| name.clone(), |pair| words.changes.of(pair).to_owned()),
            other => words.changes.of(field(other)).to_owned(),
        }
    }

    /// What it was, in words.
    #[must_use]
    pub fn from_text(&self, words: &Words) -> String {
        value(self.from.as_ref(), words)
    }

    /// What it is, in words.
    #[must_use]
    pub fn to_text(&self, words: &Words) -> String {
        value(self.to.as_ref(), words)
    }
}

fn value(said: Option<&Said>, words: &Words) -> String {
    let of = |pair| words.changes.of(pair).to_owned();
    match said {
        None => of(("无", "none")),
        Some(Said::Text(text) | Said::Element { name: text, .. }) => format!("“{text}”"),
        Some(Said::Kind(kind)) => words.kind(*kind).to_owned(),
        Some(Said::Flag(true)) => of(("是", "yes")),
        Some(Said::Flag(false)) => of(("否", "no")),
        Some(Said::Trigger(word)) => of(trigger(*word)),
        Some(Said::Repeat(word)) => match word {
            RepeatWord::Sign(SignMode::Vote { of: share, out_of }) => format!("{} {share}/{out_of}", of(repeat(*word))),
            word => of(repeat(*word)),
        },
    }
}

fn field(field: &Field) -> (&'static str, &'static str) {
    match field {
        Field::Id => ("编号", "id"),
        Field::Name => ("名称", "name"),
        Field::Kind => ("种类", "kind"),
        Field::Documentation => ("说明", "explanation"),
        Field::Attribute(_) => ("属性", "attribute"),
        Field::Extensions => ("扩展内容", "extensions"),
        Field::Inside => ("所在子流程", "inside subprocess"),
        Field::Lane => ("所在泳道", "lane"),
        Field::AttachedTo => ("附在", "attached to"),
        Field::Trigger => ("触发方式", "trigger"),
        Field::TriggerText => ("触发内容", "what triggers"),
        Field::Correlation => ("消息对应的办件", "case the message is for"),
        Field::Interrupting => ("中断原环节", "interrupts"),
        Field::ForCompensation => ("只用于补偿", "only for compensation"),
        Field::UndoneBy => ("由谁撤销", "undone by"),
        Field::Repeat => ("办理方式", "how often"),
        Field::Times => ("次数", "number"),
        Field::Collection => ("名单", "list"),
        Field::Item => ("名单变量", "variable of the item"),
        Field::RepeatCondition => ("重复或结束条件", "condition of the repetition"),
        Field::Veto => ("一票否决", "one veto settles it"),
        Field::Decision => ("决策表", "decision"),
        Field::Result => ("结果变量", "variable of the result"),
        Field::Called => ("调用的流程", "called process"),
        Field::Performer => ("写明办理人", "names a performer"),
        Field::Condition => ("条件", "condition"),
        Field::Default => ("默认流向", "default"),
        Field::Source => ("起点", "from"),
        Field::Target => ("终点", "to"),
        Field::Order => ("判断次序", "order of the conditions"),
    }
}

fn attribute(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name.strip_prefix("banhao:")? {
        "act" => ("办理动作", "action"),
        "post" => ("办理岗位", "post"),
        "organisation" => ("办理部门", "department"),
        "days" => ("办理期限（工作日）", "time limit in working days"),
        "allow" => ("允许的操作", "operations offered"),
        "return-to" => ("可退回到", "may be returned to"),
        "return-then" => ("退回后", "after a return"),
        "sign" => ("签署方式", "how it is signed"),
        "veto" => ("一票否决", "one veto settles it"),
        "signers" => ("签署人名单", "signers"),
        "share" => ("通过比例", "share needed"),
        "decision" => ("决策表", "decision"),
        "result" => ("结果变量", "variable of the result"),
        "working" => ("按工作日计", "counts working days"),
        "correlation" => ("消息对应的办件", "case the message is for"),
        _ => return None,
    })
}

fn trigger(word: TriggerWord) -> (&'static str, &'static str) {
    match word {
        TriggerWord::Message => ("消息", "message"),
        TriggerWord::Date => ("到达日期", "date"),
        TriggerWord::Duration => ("经过时间", "after some time"),
        TriggerWord::Cycle => ("定期", "again and again"),
        TriggerWord::Signal => ("信号", "signal"),
        TriggerWord::Condition => ("条件成立", "condition"),
        TriggerWord::Error => ("错误", "error"),
        TriggerWord::Escalation => ("上报", "escalation"),
        TriggerWord::Compensation => ("补偿", "compensation"),
        TriggerWord::Link => ("连接", "link"),
        TriggerWord::Terminate => ("终止", "terminate"),
    }
}

fn repeat(word: RepeatWord) -> (&'static str, &'static str) {
    match word {
        RepeatWord::LoopBefore => ("循环（先判断）", "loop, condition first"),
        RepeatWord::LoopAfter => ("循环（后判断）", "loop, condition last"),
        RepeatWord::Parallel => ("多份同时办", "for each, all at once"),
        RepeatWord::Sequential => ("多份依次办", "for each, in turn"),
        RepeatWord::Sign(SignMode::All) => ("会签", "signed by all"),
        RepeatWord::Sign(SignMode::Any) => ("或签", "signed by any one"),
        RepeatWord::Sign(SignMode::Turn) => ("依次签", "signed in turn"),
        RepeatWord::Sign(SignMode::Vote { .. }) => ("票签", "signed by vote"),
    }
}
