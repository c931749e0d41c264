use proptest::prelude::*;

use super::{FileKind as K, FileLimits, FileRefused as R, sniff};

/// A zip file of empty entries with these names.
fn zip(names: &[&str]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let at = u32::try_from(body.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        body.extend([b"PK\x03\x04".as_slice(), &[0; 22], &length, &[0; 2], name.as_bytes()].concat());
        directory
            .extend([b"PK\x01\x02".as_slice(), &[0; 24], &length, &[0; 12], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(names.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let start = u32::try_from(body.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &size, &start, &[0; 2]].concat();
    [body, directory, end].concat()
}

fn docx() -> Vec<u8> {
    zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"])
}

/// A compound file whose directory has one stream.
fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(512, 0);
    let name: Vec<u8> = stream.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    let mut entry = name.clone();
    entry.resize(128, 0);
    entry[64] = u8::try_from(name.len()).unwrap();
    entry[66] = 2;
    [bytes, entry].concat()
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01";

#[test]
fn each_kind_is_known_by_its_content() {
    for (name, bytes, kind) in [
        ("letter.doc", ole("WordDocument"), K::Doc),
        ("letter.docx", docx(), K::Docx),
        ("moving.gif", b"GIF89a\x01\0\x01\0".to_vec(), K::Gif),
        ("photo.JPG", b"\xFF\xD8\xFF\xE0\0\x10JFIF".to_vec(), K::Jpg),
        ("photo.jpeg", b"\xFF\xD8\xFF\xDB".to_vec(), K::Jpg),
        ("report.pdf", b"%PDF-1.7\n".to_vec(), K::Pdf),
        ("scan.png", PNG.to_vec(), K::Png),
        ("note.rtf", b"{\\rtf1 Good day}".to_vec(), K::Rtf),
        ("note.txt", "Blutdruck: 120/80, Größe 1,70 m\n".into(), K::Txt),
        ("with.dots.txt", b"\xEF\xBB\xBFwith a mark".to_vec(), K::Txt),
        ("values.xls", ole("Workbook"), K::Xls),
        ("values.xls", ole("Book"), K::Xls),
        ("values.xlsx", zip(&["[Content_Types].xml", "xl/workbook.xml"]), K::Xlsx),
    ] {
        assert_eq!(sniff(name, &bytes), Ok(kind), "{name}");
    }
}

#[test]
fn content_that_is_not_what_the_name_says_is_refused() {
    let macros = ["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"];
    let appended = |first: &[u8]| [first, &docx()].concat();
    for (name, bytes, why) in [
        ("a program", "setup.pdf", b"MZ\x90\0\x03".to_vec()),
        ("a program", "setup.txt", b"MZ\x90\0\x03".to_vec()),
        ("a program", "setup.docx", b"MZ\x90\0\x03".to_vec()),
        ("a page", "page.png", b"<html><script>".to_vec()),
        ("a zip that is no document", "photos.docx", zip(&["a.jpg", "b.jpg"])),
        ("a sheet", "letter.docx", zip(&["[Content_Types].xml", "xl/workbook.xml"])),
        ("a document", "values.xls", ole("WordDocument")),
        ("macros", "letter.docx", zip(&macros)),
        ("a picture and a zip", "photo.gif", appended(b"GIF89a")),
        ("a picture and a zip", "photo.jpg", appended(b"\xFF\xD8\xFF\xE0")),
        ("a pdf and a zip", "report.pdf", appended(b"%PDF-1.4\n")),
        ("something before a document", "letter.docx", appended(b"PK\x03\x04 and a script ")),
        (
            "a document and a pdf",
            "letter.docx",
            zip(&["[Content_Types].xml", "word/document.xml", "%PDF-1.4"]),
        ),
        ("a document cut short", "letter.docx", docx()[..60].to_vec()),
        ("half of UTF-8", "note.txt", vec![b'a', 0xC3]),
        ("a zero", "note.txt", b"a\0b".to_vec()),
        ("escapes", "note.txt", b"\x1b[2J".to_vec()),
        ("UTF-16", "note.txt", b"\xFF\xFEa\0".to_vec()),
        ("a pdf", "note.txt", b"%PDF-1.4".to_vec()),
        ("a compound file without directory", "letter.doc", ole("WordDocument")[..512].to_vec()),
    ]
    .map(|(why, name, bytes)| (name, bytes, why))
    {
        assert_eq!(sniff(name, &bytes), Err(R::Content), "{name}: {why}");
    }
}

#[test]
fn names_that_claim_nothing_or_hide_something_are_refused() {
    for (name, why) in [
        ("setup.exe", R::Kind),
        ("page.svg", R::Kind),
        ("letter.docm", R::Kind),
        ("txt", R::Kind),
        (".txt", R::Kind),
        ("note.txt.", R::Kind),
        ("", R::Name),
        ("note.txt ", R::Name),
        ("../note.txt", R::Name),
        ("..\\note.txt", R::Name),
        ("no\nte.txt", R::Name),
        ("\u{202e}fdp.txt", R::Name),
    ] {
        assert_eq!(sniff(name, b"text"), Err(why), "{name:?}");
    }
    let long = format!("{}.txt", "n".repeat(196));
    assert_eq!(sniff(&long, b"text"), Ok(K::Txt));
    assert_eq!(sniff(&format!("n{long}"), b"text"), Err(R::Name));
    assert_eq!(sniff("note.txt", b""), Err(R::Empty));
}

#[test]
fn four_files_of_6_mib_and_10_mib_together_are_taken() {
    const MIB: u64 = 1 << 20;
    let usual = FileLimits::USUAL;
    assert_eq!(usual.admit(&[], 6 * MIB, b"a"), Ok(()));
    assert_eq!(usual.admit(&[], 6 * MIB + 1, b"a"), Err(R::TooLarge));
    assert_eq!(usual.admit(&[], 0, b"a"), Err(R::Empty));
    assert_eq!(usual.admit(&[(6 * MIB, b"a")], 4 * MIB, b"b"), Ok(()));
    assert_eq!(usual.admit(&[(6 * MIB, b"a")], 4 * MIB + 1, b"b"), Err(R::TogetherTooLarge));
    assert_eq!(usual.admit(&[(1, b"a")], 1, b"a"), Err(R::Duplicate));
    let three: [(u64, &[u8]); 3] = [(1, b"a"), (1, b"b"), (1, b"c")];
    assert_eq!(usual.admit(&three, 1, b"d"), Ok(()));
    let four: [(u64, &[u8]); 4] = [(1, b"a"), (1, b"b"), (1, b"c"), (1, b"d")];
    assert_eq!(usual.admit(&four, 1, b"e"), Err(R::TooMany));
}

proptest! {
    #[test]
    fn no_content_makes_it_panic(
        start in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]),
        body in prop::collection::vec(any::<u8>(), 0..800), cut in 0usize..200, flip in 0usize..200,
    ) {
        let mut damaged = docx();
        damaged.truncate(damaged.len().saturating_sub(cut / 10));
        if let Some(byte) = damaged.get_mut(flip) { *byte ^= 0xFF; }
        for kind in K::ALL {
            let name = format!("n.{kind}");
            let _ = sniff(&name, &[start, body.as_slice()].concat());
            let _ = sniff(&name, &damaged);
        }
    }
}
