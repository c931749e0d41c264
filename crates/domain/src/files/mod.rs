//! Attached files: which kinds there may be, how their content proves it, and how much fits (MSG-3).
//!
//! A file's name is a claim. [`sniff`] believes the content, and refuses when both differ.

mod ole;
mod zip;

use crate::{problem::FieldError, words::words};

#[cfg(test)]
mod tests;

/// The longest name, in characters.
pub const MAX_NAME: usize = 200;

words! {
    /// A kind of file that may be attached.
    FileKind {
        /// Word 97 to 2003 (a compound file, MS-CFB).
        Doc = "doc",
        /// Word (Office Open XML, ECMA-376), without macros.
        Docx = "docx",
        /// GIF image.
        Gif = "gif",
        /// JPEG image.
        Jpg = "jpg",
        /// Portable Document Format (ISO 32000).
        Pdf = "pdf",
        /// PNG image.
        Png = "png",
        /// Rich Text Format.
        Rtf = "rtf",
        /// Plain text in UTF-8.
        Txt = "txt",
        /// Excel 97 to 2003 (a compound file, MS-CFB).
        Xls = "xls",
        /// Excel (Office Open XML, ECMA-376), without macros.
        Xlsx = "xlsx",
    }
}

impl FileKind {
    /// The media type that a download carries.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Gif => "image/gif",
            Self::Jpg => "image/jpeg",
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Rtf => "application/rtf",
            Self::Txt => "text/plain; charset=utf-8",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The kind that a name claims by its ending.
    pub fn named(name: &str) -> Option<Self> {
        let (stem, ending) = name.rsplit_once('.')?;
        if stem.trim().is_empty() {
            return None;
        }
        match ending.to_ascii_lowercase().as_str() {
            "jpeg" => Some(Self::Jpg),
            ending => ending.parse().ok(),
        }
    }
}

/// Why a file can't be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileRefused {
    /// The name is empty, too long, or holds what could hide its ending (separators, control and direction characters).
    #[error("Give the file a shorter name without special characters.")]
    Name,
    /// There is nothing in it.
    #[error("This file is empty.")]
    Empty,
    /// Its name claims no kind that is taken.
    #[error("Attach doc, docx, gif, jpg, pdf, png, rtf, txt, xls or xlsx files.")]
    Kind,
    /// Its content is not what its name claims.
    #[error("The content of this file is not what its name says.")]
    Content,
    /// It is larger than one file may be.
    #[error("This file is too large.")]
    TooLarge,
    /// With it the files together are too large.
    #[error("The files together are too large.")]
    TogetherTooLarge,
    /// There are as many files as there may be.
    #[error("There are too many files.")]
    TooMany,
    /// The same content is attached already.
    #[error("This file is attached already.")]
    Duplicate,
}

impl FileRefused {
    /// The stable code of the field error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "file_name",
            Self::Empty => "file_empty",
            Self::Kind => "file_kind",
            Self::Content => "file_content",
            Self::TooLarge => "file_too_large",
            Self::TogetherTooLarge => "files_too_large",
            Self::TooMany => "too_many_files",
            Self::Duplicate => "file_duplicate",
        }
    }

    /// The error at `field`.
    pub fn at(self, field: &str) -> FieldError {
        FieldError::new(field, self.code(), self.to_string())
    }
}

/// How much may be attached to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// How many files.
    pub count: usize,
    /// Bytes of one file.
    pub each: u64,
    /// Bytes of all files.
    pub together: u64,
}

impl FileLimits {
    /// MSG-3: 4 files, 6 MiB each, 10 MiB together.
    pub const USUAL: Self = Self { count: 4, each: 6 << 20, together: 10 << 20 };

    /// Whether a file of this size and SHA-256 may join those that are attached (size and SHA-256 each).
    pub fn admit(&self, attached: &[(u64, &[u8])], size: u64, sha256: &[u8]) -> Result<(), FileRefused> {
        let together = attached.iter().fold(size, |sum, (size, _)| sum.saturating_add(*size));
        if size == 0 {
            Err(FileRefused::Empty)
        } else if size > self.each {
            Err(FileRefused::TooLarge)
        } else if attached.iter().any(|(_, known)| *known == sha256) {
            Err(FileRefused::Duplicate)
        } else if attached.len() >= self.count {
            Err(FileRefused::TooMany)
        } else if together > self.together {
            Err(FileRefused::TogetherTooLarge)
        } else {
            Ok(())
        }
    }
}

/// The kind of a file, when its content is what its name claims.
pub fn sniff(name: &str, bytes: &[u8]) -> Result<FileKind, FileRefused> {
    check_name(name)?;
    if bytes.is_empty() {
        return Err(FileRefused::Empty);
    }
    let claimed = FileKind::named(name).ok_or(FileRefused::Kind)?;
    let is_zip = matches!(claimed, FileKind::Docx | FileKind::Xlsx);
    // A file of two kinds at once is read as one thing here and as another thing elsewhere.
    let is_mixed = if is_zip { holds_pdf_header(bytes) } else { zip::ends_as_one(bytes) };
    if content(claimed, bytes) && !is_mixed { Ok(claimed) } else { Err(FileRefused::Content) }
}

/// Refuses names that are no name or hide what they name.
fn check_name(name: &str) -> Result<(), FileRefused> {
    // Marks that turn the direction of writing make `xcod.exe` look like `xe.docx`.
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME || name.trim() != name || name.chars().any(hides) {
        return Err(FileRefused::Name);
    }
    Ok(())
}

/// Whether content is of a kind.
fn content(kind: FileKind, bytes: &[u8]) -> bool {
    match kind {
        FileKind::Gif => bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
        FileKind::Jpg => bytes.starts_with(&[0xFF, 0xD8, 0xFF]),
        FileKind::Pdf => bytes.starts_with(b"%PDF-"),
        FileKind::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"),
        FileKind::Rtf => bytes.starts_with(b"{\\rtf"),
        FileKind::Txt => is_text(bytes),
        FileKind::Doc => ole::holds(bytes, &["WordDocument"]),
        FileKind::Xls => ole::holds(bytes, &["Workbook", "Book"]),
        FileKind::Docx => is_office(bytes, "word/document.xml"),
        FileKind::Xlsx => is_office(bytes, "xl/workbook.xml"),
    }
}

/// UTF-8 without control characters but those of lines, that no other kind begins like.
fn is_text(bytes: &[u8]) -> bool {
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    let others = [FileKind::Gif, FileKind::Pdf, FileKind::Rtf];
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain))
        && !others.iter().any(|other| content(*other, bytes))
}

/// An Office Open XML package with this main part and no macros.
fn is_office(bytes: &[u8], main: &str) -> bool {
    let Some(names) = zip::names(bytes) else { return false };
    let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let has_macros = names.iter().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin"));
    has("[Content_Types].xml") && has(main) && !has_macros
}

/// Readers of PDF take the header anywhere in the first 1,024 bytes.
fn holds_pdf_header(bytes: &[u8]) -> bool {
    bytes.iter().take(1024).copied().collect::<Vec<u8>>().windows(5).any(|five| five == b"%PDF-")
}
