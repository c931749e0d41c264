//! What the typesetting engine sees: the template, the record's values and the fonts. No files, no clock, no network.

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

const TEMPLATE: &str = include_str!("../template/record.typ");

/// One document's surroundings.
pub struct Desk {
    library: LazyHash<Library>,
    template: &'static Source,
}

impl Desk {
    /// With the values that the template finds as `sys.inputs.record`.
    pub fn new(record: Dict) -> Result<Self, TypesetError> {
        let mut inputs = Dict::new();
        inputs.insert("record".into(), record.into_value());
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            template: template()?,
        })
    }
}

/// The template, parsed once.
fn template() -> Result<&'static Source, TypesetError> {
    static SOURCE: OnceLock<Source> = OnceLock::new();
    if let Some(source) = SOURCE.get() {
        return Ok(source);
    }
    let path = VirtualPath::new("record.typ").map_err(|why| TypesetError(format!("{why:?}")))?;
    let id = RootedPath::new(VirtualRoot::Project, path).intern();
    Ok(SOURCE.get_or_init(|| Source::new(id, TEMPLATE.into())))
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

    /// None: when a record was made is told by the record.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
