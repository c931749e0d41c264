//! The fonts that are part of the program: no machine's own fonts change what a record looks like.

use std::sync::OnceLock;

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// The fonts with their index, read once.
pub struct Fonts {
    /// What the engine looks fonts up in.
    pub book: LazyHash<FontBook>,
    /// The fonts in the order of the book.
    pub all: Vec<Font>,
}

/// Each family with its upright and its bold face, in the order in which the template names them.
const FAMILIES: [[Face; FACES]; 2] =
    [[|| notosans::REGULAR_TTF, || notosans::BOLD_TTF], [dejavu::sans::regular, dejavu::sans::bold]];

/// Gives the bytes of a font.
type Face = fn() -> &'static [u8];

/// How many faces a family has.
const FACES: usize = 2;

/// The fonts of every document.
pub fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let all: Vec<Font> =
            FAMILIES.iter().flatten().filter_map(|face| Font::new(Bytes::new(face()), 0)).collect();
        Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
    })
}

impl Fonts {
    /// Whether one family has all of these letters, upright and bold. Letters of one cluster must come from one family:
    /// a mark is placed on its letter by the font that has both.
    pub fn have(&self, cluster: &str) -> bool {
        let has = |font: &Font| cluster.chars().all(|one| font.info().coverage.contains(one.into()));
        self.all.chunks(FACES).any(|family| family.iter().all(has))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_read_and_the_families_are_named_as_the_template_names_them() {
        let families: Vec<_> = fonts().all.iter().map(|font| font.info().family.to_string()).collect();
        assert_eq!(families, ["Noto Sans", "Noto Sans", "DejaVu Sans", "DejaVu Sans"]);
    }
}
