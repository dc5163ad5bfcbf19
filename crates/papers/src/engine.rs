//! Typesetting: a template and data become PDF/A-2b. The fonts are parsed once; a template sees only itself, `lib.typ`, the data and
//! the QR code – no other file, no network, no clock of its own, so the same input gives the same bytes.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use serde_json::Value;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{
    error::PaperError,
    glyphs::{missing_glyphs, printable},
    press::Press,
};

static SERIF: &[u8] = include_bytes!("../fonts/NotoSerifSC-Regular.ttf");
static SANS: &[u8] = include_bytes!("../fonts/NotoSansSC-Medium.ttf");

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| [SERIF, SANS].into_iter().flat_map(|data| Font::iter(Bytes::new(data))).collect());

/// The shipped fonts, parsed.
pub(crate) fn fonts() -> &'static [Font] {
    &FONTS
}

/// A typeset paper.
#[derive(Debug, Clone)]
pub struct Typeset {
    /// PDF/A-2b, unsigned.
    pub pdf: Vec<u8>,
    /// Characters that were printed as code points because no shipped font has them.
    pub missing_glyphs: BTreeSet<char>,
}

/// Typesets. Make one and keep it.
pub struct Engine {
    press: Press,
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    standards: PdfStandards,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

fn file_id(path: &str) -> Result<FileId, PaperError> {
    let path = VirtualPath::new(path).map_err(|error| PaperError::Template(format!("{path}: {error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Replaces characters that cannot be printed in every text of the data and collects them.
fn make_printable(value: &mut Value, missing: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => {
            let rare = missing_glyphs(text);
            if !rare.is_empty() {
                *text = printable(text);
                missing.extend(rare);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_printable(item, missing)),
        Value::Object(members) => members.values_mut().for_each(|member| make_printable(member, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Engine {
    /// Parses the fonts and prepares the library (about 0.1 s).
    ///
    /// # Errors
    /// When PDF/A-2b is not available, which is a fault of the program, or threads cannot be started.
    pub fn new() -> Result<Self, PaperError> {
        let standards = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|error| PaperError::Pdf(error.message().to_string()))?;
        let book = FontBook::from_fonts(fonts());
        Ok(Self { press: Press::start()?, library: LazyHash::new(Library::default()), book: LazyHash::new(book), standards })
    }

    /// The threads to typeset on where somebody else waits for an answer.
    #[must_use]
    pub const fn press(&self) -> &Press {
        &self.press
    }

    /// Typesets a template. `files` are further sources by name (`lib.typ`); `data` is what the template reads as
    /// `json("data.json")`; `date` (year, month, day) is what the document says of its making.
    ///
    /// # Errors
    /// Mistakes of the template, with file and line.
    pub fn typeset(
        &self,
        template: &str,
        files: &[(&str, &str)],
        data: &Value,
        qr: &str,
        date: (i16, i8, i8),
    ) -> Result<Typeset, PaperError> {
        let mut data = data.clone();
        let mut missing = BTreeSet::new();
        make_printable(&mut data, &mut missing);
        let main = file_id("main.typ")?;
        let mut sources = HashMap::from([(main, Source::new(main, template.to_owned()))]);
        for (name, text) in files {
            let id = file_id(name)?;
            sources.insert(id, Source::new(id, (*text).to_owned()));
        }
        let json = serde_json::to_vec(&data).map_err(|error| PaperError::Template(error.to_string()))?;
        let binaries = HashMap::from([(file_id("data.json")?, Bytes::new(json)), (file_id("qr.svg")?, Bytes::from_string(qr.to_owned()))]);
        let day = Datetime::from_ymd_hms(i32::from(date.0), u8::try_from(date.1).unwrap_or(1), u8::try_from(date.2).unwrap_or(1), 0, 0, 0);
        let desk = Desk { engine: self, main, sources, binaries, day };
        let document = typst::compile::<typst_layout::PagedDocument>(&desk)
            .output
            .map_err(|errors| PaperError::Template(errors.iter().map(|error| desk.place(error)).collect::<Vec<_>>().join("; ")))?;
        let options = PdfOptions { standards: self.standards.clone(), timestamp: day.map(Timestamp::new_utc), ..PdfOptions::default() };
        let pdf = typst_pdf::pdf(&document, &options)
            .map_err(|errors| PaperError::Pdf(errors.iter().map(|error| desk.place(error)).collect::<Vec<_>>().join("; ")))?;
        // Typst remembers layouts of earlier papers; ours hold personal data and hardly ever repeat.
        comemo::evict(2);
        Ok(Typeset { pdf, missing_glyphs: missing })
    }
}

/// Everything one template may see.
struct Desk<'e> {
    engine: &'e Engine,
    main: FileId,
    sources: HashMap<FileId, Source>,
    binaries: HashMap<FileId, Bytes>,
    day: Option<Datetime>,
}

impl Desk<'_> {
    /// A diagnostic with file and line.
    fn place(&self, diagnostic: &SourceDiagnostic) -> String {
        use typst::WorldExt;
        let place = diagnostic.span.id().and_then(|id| {
            let source = self.sources.get(&id)?;
            let range = self.range(diagnostic.span)?;
            let line = source.text().get(..range.start)?.matches('\n').count() + 1;
            Some(format!("{}:{line}: ", id.vpath().get_without_slash()))
        });
        format!("{}{}", place.unwrap_or_default(), diagnostic.message)
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.engine.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| FileError::NotFound(id.vpath().get_without_slash().into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.binaries.get(&id).cloned().ok_or_else(|| FileError::NotFound(id.vpath().get_without_slash().into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.day
    }
}
