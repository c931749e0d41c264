//! Search by words, the same on every database: a thing is found when every word asked for begins one of its words.

#[cfg(not(target_arch = "wasm32"))]
use std::collections::BTreeSet;

#[cfg(not(target_arch = "wasm32"))]
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::words::words;

/// Most words of a query that count; the rest is left out.
pub const MAX_QUERY_WORDS: usize = 8;
/// Most different words that are kept of one thing.
pub const MAX_WORDS: usize = 2_000;
/// Longest word, in characters; what is longer is cut.
#[cfg(not(target_arch = "wasm32"))]
const MAX_WORD: usize = 40;

words! {
    /// In whose reach a thing is found.
    Realm {
        /// The owner is a patient: what the patient may see of the mailbox.
        Mailbox = "mailbox",
        /// The owner is a care team: its queue, with notes.
        Queue = "queue",
        /// The owner is the practice: the education library.
        Education = "education",
    }
}

/// The words of a text as they are compared: without case, accents and punctuation (NFKD, case-folded), each once.
#[cfg(not(target_arch = "wasm32"))]
pub fn words_of(text: &str) -> BTreeSet<String> {
    let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let folded = caseless::default_case_fold_str(&bare);
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(MAX_WORD).collect())
        .collect()
}

/// The words of a query, the longest first, since those tell most.
#[cfg(not(target_arch = "wasm32"))]
pub fn query_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = words_of(text).into_iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(MAX_QUERY_WORDS);
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        let words = words_of("Núñez's RÉSULTAT: HbA1c-Test, straße!");
        let expected = ["hba1c", "nunez", "resultat", "s", "strasse", "test"];
        assert_eq!(words.into_iter().collect::<Vec<_>>(), expected);
        assert!(query_words(" ?! ").is_empty());
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "\\PC{0,60}") {
            for word in words_of(&text) {
                let again: Vec<_> = words_of(&word).into_iter().collect();
                prop_assert_eq!(again, vec![word]);
            }
        }
    }
}
