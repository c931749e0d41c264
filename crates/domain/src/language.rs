//! Content in several languages: tags, and which one a reader gets.

/// The most languages that one thing is written in.
pub const MAX_LANGUAGES: usize = 6;

/// The languages that a practice is offered to write in, and a reader to read in (BCP 47). Pages speak English alone so
/// far; notices and articles come in the reader's language where the practice wrote them.
pub const OFFERED: [&str; 12] =
    ["en", "es", "zh-Hant", "zh-Hans", "vi", "ko", "ru", "ar", "fr", "pt", "de", "sv"];

/// Whether a text is a language tag as content carries it: a language of two or three lower-case letters, then subtags
/// such as a script or region (BCP 47, RFC 5646 section 2.1), `es` or `zh-Hant`.
pub fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=3).contains(&language.len())
        && letters(language)
        && text.len() <= 35
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Which of these a reader of `wanted` gets: the same tag, else the same language (RFC 4647, lookup), else the first,
/// which is the practice's own.
pub fn chosen<'a, T>(all: &'a [T], wanted: &str, tag: impl Fn(&T) -> &str) -> Option<&'a T> {
    let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    all.iter()
        .find(|one| tag(one).eq_ignore_ascii_case(wanted))
        .or_else(|| all.iter().find(|one| language(tag(one)) == language(wanted)))
        .or_else(|| all.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_the_own_language_or_the_first() {
        let all = ["en", "es", "zh-Hant"];
        let of = |wanted: &str| *chosen(&all, wanted, |tag| tag).unwrap();
        assert_eq!(of("es"), "es");
        assert_eq!(of("es-MX"), "es");
        assert_eq!(of("zh-Hans"), "zh-Hant");
        assert_eq!(of("sv"), "en");
    }

    #[test]
    fn tags_are_told_from_other_text() {
        assert!(["en", "es", "zh-Hant", "pt-BR", "haw"].iter().all(|tag| is_tag(tag)));
        assert!(["", "e", "EN", "english!", "en-", "en_US", "<b>"].iter().all(|tag| !is_tag(tag)));
    }
}
