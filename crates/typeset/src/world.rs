//! What the typesetting engine sees: a template, the document's values and the fonts. No files, no clock, no network.

use std::sync::OnceLock;

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Dict, Duration, IntoValue},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::{TypesetError, fonts::fonts};

/// What is typeset.
#[derive(Clone, Copy)]
pub enum Template {
    /// A health record.
    Record,
    /// A paper about money.
    Paper,
}

impl Template {
    /// The name under which it finds its values.
    const fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Paper => "paper",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Record => include_str!("../template/record.typ"),
            Self::Paper => include_str!("../template/paper.typ"),
        }
    }

    /// The template, parsed once.
    fn source(self) -> Result<&'static Source, TypesetError> {
        static RECORD: OnceLock<Source> = OnceLock::new();
        static PAPER: OnceLock<Source> = OnceLock::new();
        let kept = match self {
            Self::Record => &RECORD,
            Self::Paper => &PAPER,
        };
        if let Some(source) = kept.get() {
            return Ok(source);
        }
        let path = VirtualPath::new(format!("{}.typ", self.name()))
            .map_err(|why| TypesetError(format!("{why:?}")))?;
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        Ok(kept.get_or_init(|| Source::new(id, self.text().into())))
    }
}

/// One document's surroundings.
pub struct Desk {
    library: LazyHash<Library>,
    template: &'static Source,
}

impl Desk {
    /// With the values that the template finds as `sys.inputs`, under its own name.
    pub fn new(template: Template, values: Dict) -> Result<Self, TypesetError> {
        let mut inputs = Dict::new();
        inputs.insert(template.name().into(), values.into_value());
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            template: template.source()?,
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts().book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().all.get(index).cloned()
    }

    /// None: when a document was made is told by the document.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
