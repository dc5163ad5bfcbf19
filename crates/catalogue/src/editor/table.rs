//! The table itself: what a row says, in the office's words, and what it keeps for itself so that reading and writing give the same
//! process again. No XML here.

use std::collections::{BTreeMap, BTreeSet};

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 受理.
    Accept,
    /// 审查.
    Review,
    /// 现场核查 and the like.
    Inspect,
    /// 决定.
    Decide,
    /// 制证, by the platform.
    Make,
    /// 出件送达.
    Deliver,
    /// 等待来件: goes on when a message comes in.
    Message,
    /// 规则: a decision table is asked.
    Rule,
}

impl Kind {
    /// All kinds, in the order of a process.
    pub const ALL: [Self; 8] =
        [Self::Accept, Self::Review, Self::Inspect, Self::Decide, Self::Make, Self::Deliver, Self::Message, Self::Rule];

    /// Stable word; for steps with an act the word of `banhao:act`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::Inspect => "inspect",
            Self::Decide => "decide",
            Self::Make => "make",
            Self::Deliver => "deliver",
            Self::Message => "message",
            Self::Rule => "rule",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether people do it.
    #[must_use]
    pub const fn is_human(self) -> bool {
        matches!(self, Self::Accept | Self::Review | Self::Inspect | Self::Decide | Self::Deliver)
    }

    /// Whether several departments may sign it, and it can be returned to.
    #[must_use]
    pub const fn is_examination(self) -> bool {
        matches!(self, Self::Review | Self::Inspect)
    }

    /// Whether it may be gone past when its time is over: what makes a paper of its own may not.
    #[must_use]
    pub const fn may_lapse(self) -> bool {
        matches!(self, Self::Review | Self::Inspect | Self::Message)
    }

    /// Whether it may depend on a condition.
    #[must_use]
    pub const fn may_depend(self) -> bool {
        !matches!(self, Self::Accept | Self::Decide)
    }

    /// Post that usually does it.
    #[must_use]
    pub const fn usual_post(self) -> &'static str {
        match self {
            Self::Accept => "acceptor",
            Self::Review | Self::Inspect => "reviewer",
            Self::Decide => "decider",
            Self::Deliver => "exit-clerk",
            Self::Make | Self::Message | Self::Rule => "",
        }
    }
}

/// Where a row stands with regard to the one above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// After everything above is done.
    #[default]
    After,
    /// At the same time as the one above (同时进行): a branch of its own.
    Beside,
    /// In the branch of the one above, after it.
    Behind,
}

impl Place {
    /// All.
    pub const ALL: [Self; 3] = [Self::After, Self::Beside, Self::Behind];

    /// Stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::After => "after",
            Self::Beside => "beside",
            Self::Behind => "behind",
        }
    }

    /// The place with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.as_str() == word)
    }
}

/// An element of the drawing that the table implies: a gateway, an end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Id in the file; empty until [`StepTable::settle`] gives one.
    pub id: String,
    /// Name, or empty.
    pub name: String,
}

impl Named {
    /// With a name.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self { id: id.to_owned(), name: name.to_owned() }
    }
}

/// When a step is done, or when it is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// FEEL expression.
    pub when: String,
    /// It says when the step is left out (否则办) instead of when it is done.
    pub leaves_out: bool,
    /// The question on the drawing.
    pub gate: Named,
    /// On the way to the step.
    pub yes: String,
    /// On the way past it.
    pub no: String,
}

/// How departments sign together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signing {
    /// `all`, `any`, `turn`, `vote`.
    pub mode: String,
    /// Keys of the departments.
    pub signers: Vec<String>,
    /// FEEL expression that gives the departments, in place of the list.
    pub expression: String,
    /// Share that has to agree, of a vote: `2/3`.
    pub share: String,
    /// The first disagreement settles it.
    pub veto: bool,
}

/// Who holds the step is reminded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reminder {
    /// After so many working days.
    pub days: u16,
    /// Again and again, each time after so many.
    pub again: bool,
    /// Ids of the timer, of the reminding, of the end of it.
    pub ids: [String; 3],
}

/// What happens when a step is not done in time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeOut {
    /// After so many working days.
    pub days: u16,
    /// Id of the row it goes on with; none: the next.
    pub to: Option<String>,
    /// Id of the timer.
    pub id: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Id in the file; running cases know the step by it.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// Word of the post that does it; empty for steps nobody does.
    pub post: String,
    /// Key of the organisation (联办部门); none: the matter's own.
    pub organisation: Option<String>,
    /// Time limit in working days.
    pub days: Option<u16>,
    /// Special procedure of the matter that it is.
    pub special: Option<String>,
    /// When it is done.
    pub condition: Option<Condition>,
    /// Departments that sign.
    pub sign: Option<Signing>,
    /// Office operations that are offered; none: all of them.
    pub allow: Option<BTreeSet<String>>,
    /// Where it may be returned to: `start`, `previous`, ids of rows; none: wherever the engine allows.
    pub return_to: Option<Vec<String>>,
    /// Whether a returned step comes straight back; none: who returns it says.
    pub straight: Option<bool>,
    /// Reminding.
    pub reminder: Option<Reminder>,
    /// Going on by itself.
    pub time_out: Option<TimeOut>,
    /// Name of the message that is waited for.
    pub message: String,
    /// Decision that is asked.
    pub decision: String,
    /// Variable that gets the answer.
    pub result: String,
    /// Explanation.
    pub note: String,
    /// Where ways meet before it (somebody's time-out leads here).
    pub before: Option<Named>,
    /// Where ways meet behind it (it can be left out or gone past).
    pub after: Option<Named>,
    /// Where the branches begin that start with this row, and where they meet.
    pub branches: Option<(Named, Named)>,
}

impl Row {
    /// A row of which nothing else is known.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, kind: Kind) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            kind,
            place: Place::After,
            post: kind.usual_post().to_owned(),
            organisation: None,
            days: None,
            special: None,
            condition: None,
            sign: None,
            allow: None,
            return_to: None,
            straight: None,
            reminder: None,
            time_out: None,
            message: String::new(),
            decision: String::new(),
            result: String::new(),
            note: String::new(),
            before: None,
            after: None,
            branches: None,
        }
    }
}

/// Names and ids of what every process has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Start.
    pub start: Named,
    /// “受理吗？”
    pub acceptance: Named,
    /// Label of the way on.
    pub accepted: String,
    /// Label of the way out.
    pub not_accepted: String,
    /// End when it was not accepted.
    pub turned_away: Named,
    /// “准予吗？”
    pub decision: Named,
    /// Label of the way when it is granted.
    pub grant: String,
    /// Label of the way when it is refused.
    pub refuse: String,
    /// End when it was granted.
    pub granted: Named,
    /// End when it was refused.
    pub refused: Named,
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            start: Named::new("received", "收到申请"),
            acceptance: Named::new("accepted_or_not", "受理吗？"),
            accepted: "受理".to_owned(),
            not_accepted: "不予受理".to_owned(),
            turned_away: Named::new("not_accepted", "不予受理"),
            decision: Named::new("granted_or_not", "准予吗？"),
            grant: "准予".to_owned(),
            refuse: "不予".to_owned(),
            granted: Named::new("granted", "办结（准予）"),
            refused: Named::new("refused", "办结（不予）"),
        }
    }
}

/// Part of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// From acceptance to decision.
    Main,
    /// When it was granted.
    Granted,
    /// When it was refused.
    Refused,
}

impl Section {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Main, Self::Granted, Self::Refused];

    /// Stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }

    /// The section with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.as_str() == word)
    }
}

/// A process as a table of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTable {
    /// Id of the process.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What every process has.
    pub frame: Frame,
    /// From acceptance to decision.
    pub main: Vec<Row>,
    /// When it was granted.
    pub granted: Vec<Row>,
    /// When it was refused.
    pub refused: Vec<Row>,
}

/// Most rows of a table.
pub const MAX_ROWS: usize = 200;

impl StepTable {
    /// The shortest process: accept, decide, make, deliver.
    #[must_use]
    pub fn shortest(id: &str, name: &str) -> Self {
        let mut table = Self {
            id: id.to_owned(),
            name: name.to_owned(),
            frame: Frame::default(),
            main: vec![Row::new("accept", "受理", Kind::Accept), Row::new("decide", "决定", Kind::Decide)],
            granted: vec![Row::new("make_result", "制证", Kind::Make), Row::new("deliver_result", "出件送达", Kind::Deliver)],
            refused: vec![Row::new("deliver_refusal", "送达不予决定书", Kind::Deliver)],
        };
        table.settle();
        table
    }

    /// The rows of a section.
    #[must_use]
    pub fn rows_of(&self, section: Section) -> &[Row] {
        match section {
            Section::Main => &self.main,
            Section::Granted => &self.granted,
            Section::Refused => &self.refused,
        }
    }

    pub(super) fn rows_of_mut(&mut self, section: Section) -> &mut Vec<Row> {
        match section {
            Section::Main => &mut self.main,
            Section::Granted => &mut self.granted,
            Section::Refused => &mut self.refused,
        }
    }

    /// All rows with their section.
    pub fn rows(&self) -> impl Iterator<Item = (Section, &Row)> {
        Section::ALL.into_iter().flat_map(|section| self.rows_of(section).iter().map(move |row| (section, row)))
    }

    /// The row with this id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows().map(|(_, row)| row).find(|row| row.id == id)
    }

    /// The row an element of the drawing belongs to: the step itself, or what the table implies around it.
    #[must_use]
    pub fn row_of(&self, element: &str) -> Option<&Row> {
        let belongs = |row: &Row| {
            row.id == element
                || [&row.before, &row.after].into_iter().flatten().any(|named| named.id == element)
                || row.branches.as_ref().is_some_and(|(split, join)| split.id == element || join.id == element)
                || row.condition.as_ref().is_some_and(|condition| condition.gate.id == element)
                || row.reminder.as_ref().is_some_and(|reminder| reminder.ids.iter().any(|id| id == element))
                || row.time_out.as_ref().is_some_and(|time_out| time_out.id == element)
        };
        self.rows().map(|(_, row)| row).find(|row| belongs(row))
    }

    /// Rows that a time-out may lead to: later ones of the main part that stand alone or begin branches.
    #[must_use]
    pub fn later(&self, id: &str) -> Vec<&Row> {
        let Some(at) = self.main.iter().position(|row| row.id == id) else { return Vec::new() };
        if is_in_group(&self.main, at) {
            return Vec::new();
        }
        self.main[at + 1..].iter().filter(|row| row.place == Place::After).collect()
    }

    /// Steps a row may be returned to: examinations above it.
    #[must_use]
    pub fn earlier(&self, id: &str) -> Vec<&Row> {
        let Some(at) = self.main.iter().position(|row| row.id == id) else { return Vec::new() };
        self.main[..at].iter().filter(|row| row.kind.is_examination()).collect()
    }

    /// Gives ids to what has none, and takes away what nothing needs: gateways where ways meet, branches of one.
    pub fn settle(&mut self) {
        self.settle_ids();
        for section in Section::ALL {
            let rows = self.rows_of_mut(section);
            settle_places(rows);
            settle_time_outs(rows, section);
        }
        let targets: BTreeSet<String> = self.main.iter().filter_map(|row| row.time_out.as_ref()?.to.clone()).collect();
        let mut ids = Ids::of(self);
        for section in Section::ALL {
            let heads: Vec<bool> = (0..self.rows_of(section).len()).map(|at| is_head(self.rows_of(section), at)).collect();
            for (row, is_head) in self.rows_of_mut(section).iter_mut().zip(heads) {
                ids.settle(row, is_head, targets.contains(&row.id));
            }
        }
        ids.frame(&mut self.frame);
    }

    /// Ids that cannot stand in a file, or stand in it twice, are given anew.
    fn settle_ids(&mut self) {
        let mut seen = BTreeSet::new();
        let mut renamed = Vec::new();
        for section in Section::ALL {
            for row in self.rows_of_mut(section) {
                if !is_id(&row.id) || seen.contains(&row.id) {
                    row.id = free(row.kind.as_str(), |id| seen.contains(id));
                    renamed.push(row.id.clone());
                }
                seen.insert(row.id.clone());
            }
        }
        if !is_id(&self.id) {
            "process".clone_into(&mut self.id);
        }
    }
}

/// Whether a text can be an id in a file.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let mut letters = text.chars();
    text.chars().count() <= 100
        && letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
}

/// The first of `stem`, `stem_2`, `stem_3` … that is not taken.
pub(super) fn free(stem: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut id = stem.to_owned();
    let mut number = 1;
    while taken(&id) {
        number += 1;
        id = format!("{stem}_{number}");
    }
    id
}

/// The rows from one that stands after everything to the next such: a step, or branches.
pub(super) fn groups(rows: &[Row]) -> Vec<&[Row]> {
    let mut groups = Vec::new();
    let mut begin = 0;
    for at in 1..=rows.len() {
        if at == rows.len() || rows[at].place == Place::After {
            if at > begin {
                groups.push(&rows[begin..at]);
            }
            begin = at;
        }
    }
    groups
}

/// Whether a row begins branches.
fn is_head(rows: &[Row], at: usize) -> bool {
    (at == 0 || rows[at].place == Place::After)
        && rows[at + 1..].iter().take_while(|row| row.place != Place::After).any(|row| row.place == Place::Beside)
}

/// Whether a row stands in branches.
pub(super) fn is_in_group(rows: &[Row], at: usize) -> bool {
    rows[at].place != Place::After || is_head(rows, at)
}

fn settle_places(rows: &mut [Row]) {
    for at in 0..rows.len() {
        if at == 0 || matches!(rows[at].kind, Kind::Accept | Kind::Decide) || matches!(rows[at - 1].kind, Kind::Accept | Kind::Decide) {
            rows[at].place = Place::After;
        }
    }
    // What stands behind in no branch simply comes after.
    for at in 0..rows.len() {
        if rows[at].place == Place::Behind {
            let head = (0..at).rev().find(|before| rows[*before].place == Place::After).unwrap_or(0);
            if !is_head(rows, head) {
                rows[at].place = Place::After;
            }
        }
    }
}

/// A time-out that leads to the next row says so by saying nothing.
fn settle_time_outs(rows: &mut [Row], section: Section) {
    let nexts: Vec<Option<String>> =
        (0..rows.len()).map(|at| if is_in_group(rows, at) { None } else { rows.get(at + 1).map(|next| next.id.clone()) }).collect();
    let later: BTreeMap<String, usize> =
        rows.iter().enumerate().filter(|(_, row)| row.place == Place::After).map(|(at, row)| (row.id.clone(), at)).collect();
    for at in 0..rows.len() {
        let in_group = is_in_group(rows, at);
        if let Some(time_out) = &mut rows[at].time_out {
            let fits = time_out
                .to
                .as_ref()
                .is_some_and(|to| section == Section::Main && !in_group && later.get(to).is_some_and(|there| *there > at));
            if !fits || time_out.to == nexts[at] {
                time_out.to = None;
            }
        }
    }
}

/// Ids given so far.
struct Ids(BTreeSet<String>);

impl Ids {
    fn of(table: &StepTable) -> Self {
        let mut ids: BTreeSet<String> = table.rows().map(|(_, row)| row.id.clone()).collect();
        ids.insert(table.id.clone());
        Self(ids)
    }

    /// Keeps an id when it can be kept.
    fn keep(&mut self, id: &mut String, stem: &str) {
        if !is_id(id) || self.0.contains(id.as_str()) {
            *id = free(stem, |id| self.0.contains(id));
        }
        self.0.insert(id.clone());
    }

    fn settle(&mut self, row: &mut Row, is_head: bool, is_target: bool) {
        let id = row.id.clone();
        if is_target {
            self.keep(&mut row.before.get_or_insert_default().id, &format!("before_{id}"));
        } else {
            row.before = None;
        }
        if is_head {
            let (split, join) = row.branches.get_or_insert_with(|| (Named::new("", "同时进行"), Named::new("", "都办完")));
            self.keep(&mut split.id, &format!("split_{id}"));
            self.keep(&mut join.id, &format!("join_{id}"));
        } else {
            row.branches = None;
        }
        if let Some(condition) = &mut row.condition {
            self.keep(&mut condition.gate.id, &format!("if_{id}"));
        }
        if let Some(reminder) = &mut row.reminder {
            for (one, stem) in reminder.ids.iter_mut().zip(["late", "remind", "reminded"]) {
                self.keep(one, &format!("{stem}_{id}"));
            }
        }
        if let Some(time_out) = &mut row.time_out {
            self.keep(&mut time_out.id, &format!("time_out_{id}"));
        }
        if row.condition.is_some() || row.time_out.as_ref().is_some_and(|time_out| time_out.to.is_none()) {
            self.keep(&mut row.after.get_or_insert_default().id, &format!("after_{id}"));
        } else {
            row.after = None;
        }
    }

    fn frame(&mut self, frame: &mut Frame) {
        for (named, stem) in [
            (&mut frame.start, "received"),
            (&mut frame.acceptance, "accepted_or_not"),
            (&mut frame.turned_away, "not_accepted"),
            (&mut frame.decision, "granted_or_not"),
            (&mut frame.granted, "granted"),
            (&mut frame.refused, "refused"),
        ] {
            self.keep(&mut named.id, stem);
        }
    }
}
