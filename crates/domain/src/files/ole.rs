//! Which streams a compound file has: what Word and Excel wrote until 2003 (MS-CFB, 2.6.1).

/// The first bytes of every compound file.
const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The size of the header, and of a directory entry.
const HEADER: usize = 512;
const ENTRY: usize = 128;

/// Whether this is a compound file with a stream of one of these names. Directory entries stand on multiples of their
/// size, so all of them are met without following the chain of sectors.
pub fn holds(bytes: &[u8], names: &[&str]) -> bool {
    let Some(body) = bytes.get(HEADER..) else { return false };
    bytes.starts_with(SIGNATURE)
        && body.chunks_exact(ENTRY).any(|entry| names.iter().any(|name| is_stream(entry, name)))
}

/// A directory entry of a stream: its name in UTF-16LE with a zero, the length of that in bytes, object type 2.
fn is_stream(entry: &[u8], name: &str) -> bool {
    let named: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    entry.starts_with(&named)
        && entry.get(64..66).is_some_and(|length| usize::from(length[0]) == named.len() && length[1] == 0)
        && entry.get(66) == Some(&2)
}
