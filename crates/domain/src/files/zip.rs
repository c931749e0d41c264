//! What is in a zip file, by its central directory (APPNOTE 6.3.10, 4.3.12 and 4.3.16). Nothing is unpacked.

/// The end of central directory record without its comment.
const END: usize = 22;
/// How long its comment may be.
const MAX_COMMENT: usize = u16::MAX as usize;
/// More parts than any document has.
const MAX_ENTRIES: u16 = 10_000;

/// Names of the entries; none when this is no zip file from its first byte to its last.
pub fn names(bytes: &[u8]) -> Option<Vec<String>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let end = end_record(bytes)?;
    let count = u16_at(bytes, end + 10)?;
    let (size, start) = (u32_at(bytes, end + 12)? as usize, u32_at(bytes, end + 16)? as usize);
    // The directory stands directly before its end record, so nothing was put before or between.
    if count > MAX_ENTRIES || start.checked_add(size)? != end {
        return None;
    }
    let mut at = start;
    let mut names = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let length = |offset| u16_at(bytes, at + offset).map(usize::from);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        names.push(String::from_utf8_lossy(bytes.get(at + 46..at + 46 + name)?).into_owned());
        at += 46 + name + extra + comment;
    }
    (at == end).then_some(names)
}

/// Whether readers of zip files, which look at the end first, would take this for one.
pub fn ends_as_one(bytes: &[u8]) -> bool {
    end_record(bytes).is_some()
}

/// Where the end record begins: its comment must reach exactly to the end of the file.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END)?;
    (last.saturating_sub(MAX_COMMENT)..=last).rev().find(|at| {
        bytes.get(*at..*at + 4) == Some(b"PK\x05\x06")
            && u16_at(bytes, at + 20).is_some_and(|comment| at + END + usize::from(comment) == bytes.len())
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
