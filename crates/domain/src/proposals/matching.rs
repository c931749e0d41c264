//! Whether an allergy and a drug are about the same substance (MED-3).
//!
//! A simple rule that looks twice rather than never: it raises a task for people, it decides nothing. It matches when both
//! bear the same code of the same system, or when one is named within the other: all words of the substance stand in the
//! name of the drug, or all words of one ingredient of the drug stand in the name of the substance.
//!
//! What it can't know: that two drugs are of one class (a penicillin allergy does not match amoxicillin), brand names
//! (`Tylenol` does not match acetaminophen), and words that are misspelled or in another language.

use std::collections::BTreeSet;

use crate::{chart::Concept, text::fold};

/// Words that name no substance.
const FILLERS: &[&str] = &[
    "acid",
    "allergy",
    "allergies",
    "allergic",
    "to",
    "and",
    "the",
    "of",
    "drug",
    "drugs",
    "medicine",
    "oral",
    "tablet",
    "tablets",
    "capsule",
    "capsules",
    "injection",
    "solution",
    "cream",
    "pill",
    "pills",
    "mg",
    "ml",
    "mcg",
    "sodium",
    "potassium",
    "calcium",
    "hydrochloride",
    "hcl",
    "sulfate",
    "extended",
    "release",
    "product",
    "substance",
    "with",
    "containing",
    "form",
    "dose",
];

/// Whether the allergy is about what the drug holds.
pub fn matches(substance: &Concept, drug: &Concept) -> bool {
    if let (Some(one), Some(other)) = (&substance.coding, &drug.coding)
        && one.system == other.system
        && one.code == other.code
    {
        return true;
    }
    let allergen = words(&substance.text);
    let holds = words(&drug.text);
    let within = |few: &BTreeSet<String>, many: &BTreeSet<String>| !few.is_empty() && few.is_subset(many);
    within(&allergen, &holds) || ingredients(&drug.text).iter().any(|one| within(one, &allergen))
}

/// The words that name something, folded, in the singular.
fn words(text: &str) -> BTreeSet<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter_map(word).collect()
}

fn word(word: &str) -> Option<String> {
    let is_name = word.chars().count() > 2 && !word.starts_with(|c: char| c.is_ascii_digit());
    if !is_name || FILLERS.contains(&word) {
        return None;
    }
    // "Penicillins" are penicillin; "abacus" stays.
    let singular = word.strip_suffix('s').filter(|rest| rest.len() > 4 && !rest.ends_with(['u', 's', 'i']));
    Some(singular.unwrap_or(word).to_owned())
}

/// The names of a drug's ingredients: what stands before the strength, in each of the parts between slashes.
fn ingredients(drug: &str) -> Vec<BTreeSet<String>> {
    let name = |part: &str| -> BTreeSet<String> {
        let until = part.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0).unwrap_or(part.len());
        words(&part[..until])
    };
    let parts = fold(drug);
    parts.split(['/', '+']).map(name).filter(|words| !words.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chart::{Coding, systems};

    fn named(text: &str) -> Concept {
        Concept { coding: None, text: text.into() }
    }

    #[test]
    fn a_substance_named_in_a_drug_matches_and_so_does_an_ingredient_named_in_the_substance() {
        for (substance, drug) in [
            ("Penicillin", "Penicillin V Potassium 250 MG Oral Tablet"),
            ("penicillins", "Penicillin G 1 MU"),
            ("ASPIRIN tablets", "aspirin 81 mg"),
            ("Clavulanate", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"),
            ("Allergic to lisinopril", "Lisinopril 10 MG Oral Tablet"),
            ("Metformin", "metformin hydrochloride"),
        ] {
            assert!(matches(&named(substance), &named(drug)), "{substance} and {drug}");
        }
    }

    #[test]
    fn other_substances_do_not_match_nor_do_words_that_name_none() {
        for (substance, drug) in [
            ("Peanut", "Metformin 500 MG"),
            ("tablets", "Aspirin 81 MG Oral Tablet"),
            ("Sodium", "Naproxen sodium 220 MG"),
            ("", "Aspirin"),
            ("500 mg", "Metformin 500 MG"),
            // The limit that the rule states: it knows no classes.
            ("Penicillin", "Amoxicillin 500 MG"),
        ] {
            assert!(!matches(&named(substance), &named(drug)), "{substance} and {drug}");
        }
    }

    #[test]
    fn the_same_code_matches_whatever_it_is_called() {
        let coded = |system: &str, text: &str| Concept {
            coding: Some(Coding { system: system.into(), code: "7980".into(), display: None }),
            text: text.into(),
        };
        assert!(matches(&coded(systems::RXNORM, "Penizillin"), &coded(systems::RXNORM, "Pen-Vee K")));
        assert!(!matches(&coded(systems::SNOMED_CT, "Penizillin"), &coded(systems::RXNORM, "Pen-Vee K")));
    }

    proptest! {
        #[test]
        fn case_and_order_of_words_do_not_matter(words in proptest::collection::vec("[a-z]{5,9}x", 1..4)) {
            let (there, mut back) = (words.join(" "), words.clone());
            back.reverse();
            prop_assert!(matches(&named(&there.to_uppercase()), &named(&back.join(" "))));
        }

        #[test]
        fn any_text_is_matched_without_a_panic(one in ".{0,60}", other in ".{0,60}") {
            let _ = matches(&named(&one), &named(&other));
        }
    }
}
