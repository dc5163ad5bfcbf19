//! A definition folder: files are read, parsed and checked; either all definitions come out or every problem at once.

mod base_files;
mod calendar_file;
pub(crate) mod check;
mod form_file;
mod matter_file;
mod problem;
mod reader;
mod source;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use banhao_bpmn::Model;
use banhao_decision::DecisionModel;
use banhao_kernel::CreditCode;

pub use calendar_file::CalendarFile;
pub(crate) use calendar_file::working_calendar;
pub use problem::{DefinitionProblem, Severity};
pub use source::{FileKind, SourceFile, read_folder};

use crate::model::{Form, Hall, Installation, Matter, Organisation, Region, StaffPost};
use reader::{Places, Reader};

/// A matter with its form, process and decisions, as its files say.
#[derive(Debug, Clone)]
pub struct MatterDefinition {
    /// The guide and the rules.
    pub matter: Matter,
    /// The form.
    pub form: Form,
    /// The process.
    pub process: Arc<Model>,
    /// The process as text.
    pub process_xml: String,
    /// The decisions, where the matter has some.
    pub decisions: Option<Arc<DecisionModel>>,
    /// The decisions as text.
    pub decisions_xml: Option<String>,
}

/// Everything a folder defines.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// The installation.
    pub installation: Installation,
    /// Regions, in the order of the file.
    pub regions: Vec<Region>,
    /// Bodies by key.
    pub organisations: BTreeMap<String, Organisation>,
    /// Halls by key.
    pub halls: BTreeMap<String, Hall>,
    /// Staff.
    pub staff: Vec<StaffPost>,
    /// Matters by key.
    pub matters: BTreeMap<String, MatterDefinition>,
    /// Templates of papers by kind.
    pub papers: BTreeMap<String, String>,
    /// Working calendars beyond the built-in ones.
    pub calendars: Vec<CalendarFile>,
    /// What should be looked at although it can be loaded.
    pub warnings: Vec<DefinitionProblem>,
}

/// What could be read of each file; checks between files work on this.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) installation: Option<Installation>,
    pub(crate) regions: Vec<Region>,
    pub(crate) organisations: BTreeMap<String, Organisation>,
    pub(crate) halls: BTreeMap<String, Hall>,
    pub(crate) staff: Vec<StaffPost>,
    pub(crate) matters: BTreeMap<String, Matter>,
    pub(crate) forms: BTreeMap<String, Form>,
    pub(crate) processes: BTreeMap<String, (Arc<Model>, String)>,
    pub(crate) decisions: BTreeMap<String, (Arc<DecisionModel>, String)>,
    pub(crate) papers: BTreeMap<String, String>,
    pub(crate) calendars: Vec<CalendarFile>,
    /// Every file, also the ones that could not be read.
    pub(crate) places: BTreeMap<String, Places>,
}

/// Reads and checks a folder.
///
/// # Errors
/// Every problem of every file, in order of file and line.
pub fn read(folder: &Path) -> Result<Definitions, Vec<DefinitionProblem>> {
    let files = read_folder(folder)?;
    parse(&files)
}

/// Parses and checks the files of a folder.
///
/// # Errors
/// Every problem of every file, in order of file and line.
pub fn parse(files: &[SourceFile]) -> Result<Definitions, Vec<DefinitionProblem>> {
    let mut draft = Draft::default();
    for file in files {
        draft.places.insert(file.path.clone(), Places::new(&file.path, &file.text));
    }
    // Bodies first: a matter's task code is made with its body's credit code.
    for file in files.iter().filter(|file| !matches!(file.kind(), Some(FileKind::Matter(_)))) {
        draft.read(file);
    }
    for file in files.iter().filter(|file| matches!(file.kind(), Some(FileKind::Matter(_)))) {
        draft.read(file);
    }
    calendar_file::check(&draft);
    let missing = check::whole(&draft);
    draft.finish(missing)
}

/// Parses one stored version of a matter, without checks between files: it was checked when it was imported.
///
/// # Errors
/// Every problem of its files.
pub fn parse_matter(
    key: &str,
    files: &[SourceFile],
    credit_code_of: &dyn Fn(&str) -> Option<CreditCode>,
) -> Result<MatterDefinition, Vec<DefinitionProblem>> {
    let mut draft = Draft::default();
    for file in files {
        draft.places.insert(file.path.clone(), Places::new(&file.path, &file.text));
    }
    for file in files {
        draft.read_with(file, credit_code_of);
    }
    let has_decisions = files.iter().any(|file| matches!(file.kind(), Some(FileKind::Decisions(_))));
    // A file of decisions that cannot be read is not the same as none.
    if has_decisions && !draft.decisions.contains_key(key) {
        return Err(draft.into_problems());
    }
    draft.take_matter(key).ok_or_else(|| draft.into_problems())
}

/// Reads stored files other than matters, which were checked when they were imported.
#[derive(Default)]
pub(crate) struct BaseReader(Draft);

/// What [`BaseReader`] has read.
pub(crate) struct BaseParts {
    pub(crate) installation: Installation,
    pub(crate) regions: Vec<Region>,
    pub(crate) organisations: BTreeMap<String, Organisation>,
    pub(crate) halls: BTreeMap<String, Hall>,
    pub(crate) staff: Vec<StaffPost>,
    pub(crate) papers: BTreeMap<String, String>,
    pub(crate) calendars: Vec<CalendarFile>,
}

impl BaseReader {
    pub(crate) fn read(&mut self, file: &SourceFile) {
        self.0.places.insert(file.path.clone(), Places::new(&file.path, &file.text));
        self.0.read_with(file, &|_| None);
    }

    pub(crate) fn organisations(self) -> BTreeMap<String, Organisation> {
        self.0.organisations
    }

    pub(crate) fn finish(self) -> Result<BaseParts, Vec<DefinitionProblem>> {
        let mut draft = self.0;
        let problems: Vec<_> = std::mem::take(&mut draft.places)
            .into_values()
            .flat_map(Places::into_problems)
            .filter(|problem| problem.severity == Severity::Error)
            .collect();
        let (true, Some(installation)) = (problems.is_empty(), draft.installation) else { return Err(problems) };
        Ok(BaseParts {
            installation,
            regions: draft.regions,
            organisations: draft.organisations,
            halls: draft.halls,
            staff: draft.staff,
            papers: draft.papers,
            calendars: draft.calendars,
        })
    }
}

impl Draft {
    fn read(&mut self, file: &SourceFile) {
        let codes: BTreeMap<String, CreditCode> =
            self.organisations.iter().map(|(key, organisation)| (key.clone(), organisation.credit_code.clone())).collect();
        self.read_with(file, &|key| codes.get(key).cloned());
    }

    fn read_with(&mut self, file: &SourceFile, credit_code_of: &dyn Fn(&str) -> Option<CreditCode>) {
        let (Some(kind), Some(places)) = (file.kind(), self.places.get(&file.path)) else { return };
        match kind {
            FileKind::Process(key) => {
                if let Some(model) = process(places, &file.text) {
                    self.processes.insert(key, (Arc::new(model), file.text.clone()));
                }
                return;
            }
            FileKind::Decisions(key) => {
                if let Some(model) = decisions(places, &file.text) {
                    self.decisions.insert(key, (Arc::new(model), file.text.clone()));
                }
                return;
            }
            FileKind::Paper(key) => {
                self.papers.insert(key, file.text.clone());
                return;
            }
            FileKind::Note => return,
            _ => {}
        }
        let Some(table) = reader::parse(places, &file.text) else { return };
        let reader = Reader::root(places, &table);
        match kind {
            FileKind::Installation => self.installation = base_files::installation(reader),
            FileKind::Regions => self.regions = base_files::regions(reader),
            FileKind::Staff => self.staff = base_files::staff(reader),
            FileKind::Organisation(key) => {
                if let Some(organisation) = base_files::organisation(&key, reader) {
                    self.organisations.insert(key, organisation);
                }
            }
            FileKind::Hall(key) => {
                if let Some(hall) = base_files::hall(&key, reader) {
                    self.halls.insert(key, hall);
                }
            }
            FileKind::Matter(key) => {
                if let Some(matter) = matter_file::matter(&key, reader, credit_code_of) {
                    self.matters.insert(key, matter);
                }
            }
            FileKind::Form(key) => {
                self.forms.insert(key, form_file::form(reader));
            }
            FileKind::Calendar(_) => {
                self.calendars.push(calendar_file::calendar(reader));
            }
            FileKind::Process(_) | FileKind::Decisions(_) | FileKind::Paper(_) | FileKind::Note => {}
        }
    }

    /// The places of a file that is there.
    pub(crate) fn places_of(&self, path: &str) -> Option<&Places> {
        self.places.get(path)
    }

    /// A matter out of its files, if those it must have could be read.
    fn take_matter(&mut self, key: &str) -> Option<MatterDefinition> {
        let (matter, form) = (self.matters.remove(key)?, self.forms.remove(key)?);
        let (process, process_xml) = self.processes.remove(key)?;
        let (decisions, decisions_xml) = self.decisions.remove(key).unzip();
        Some(MatterDefinition { matter, form, process, process_xml, decisions, decisions_xml })
    }

    fn into_problems(self) -> Vec<DefinitionProblem> {
        sorted(self.places.into_values().flat_map(Places::into_problems).collect())
    }

    fn finish(mut self, missing: Vec<DefinitionProblem>) -> Result<Definitions, Vec<DefinitionProblem>> {
        let places = std::mem::take(&mut self.places);
        let mut problems: Vec<_> = places.into_values().flat_map(Places::into_problems).collect();
        problems.extend(missing);
        let problems = sorted(problems);
        let is_sound = problems.iter().all(|problem| problem.severity == Severity::Warning);
        let (true, Some(installation)) = (is_sound, self.installation.take()) else { return Err(problems) };
        let mut matters = BTreeMap::new();
        for key in self.matters.keys().cloned().collect::<Vec<_>>() {
            if let Some(definition) = self.take_matter(&key) {
                matters.insert(key, definition);
            }
        }
        Ok(Definitions {
            installation,
            regions: self.regions,
            organisations: self.organisations,
            halls: self.halls,
            staff: self.staff,
            matters,
            papers: self.papers,
            calendars: self.calendars,
            warnings: problems,
        })
    }
}

fn sorted(mut problems: Vec<DefinitionProblem>) -> Vec<DefinitionProblem> {
    problems.sort_by(|a, b| {
        (&a.file, a.line, a.severity, &a.field, a.code, &a.zh).cmp(&(&b.file, b.line, b.severity, &b.field, b.code, &b.zh))
    });
    problems.dedup();
    problems
}

fn process(places: &Places, text: &str) -> Option<Model> {
    match crate::process_model(text) {
        Ok(model) => {
            for remark in model.remarks() {
                // What has no effect on the run is nothing to bother anybody with.
                if remark.severity == banhao_bpmn::Severity::Warning {
                    let field = remark.element.clone().unwrap_or_default();
                    places.at_line(&field, remark.line.max(1));
                    places.warning(&field, remark.code, remark.zh.clone(), remark.en.clone());
                }
            }
            Some(model)
        }
        Err(problems) => {
            for problem in problems {
                let field = problem.element.unwrap_or_default();
                places.error_in_line(problem.line.max(1), &field, problem.code, problem.zh, problem.en);
            }
            None
        }
    }
}

fn decisions(places: &Places, text: &str) -> Option<DecisionModel> {
    match DecisionModel::parse(text) {
        Ok(model) => {
            // Which names are given to a matter's decisions is known here, and checked with the form and the questions.
            for remark in model.remarks().iter().filter(|remark| remark.code != "unknown-name") {
                places.decision(remark);
            }
            Some(model)
        }
        Err(problems) => {
            for problem in &problems {
                places.decision(problem);
            }
            None
        }
    }
}
