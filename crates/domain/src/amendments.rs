//! Requests to correct the record: what a patient says is wrong, and the practice's answer (PHR-6, 45 CFR 164.526).

use serde::{Deserialize, Serialize};

use crate::{
    access::Category,
    mail::ItemKind,
    petitions::{Decision, MAX_LINE, MAX_WORDS, Petition, PetitionKind, Petitioned, needed},
    problem::Problem,
    record::Section,
    text::Lines,
    words::words,
};

words! {
    /// Why a request may be denied: there are no other reasons (45 CFR 164.526(a)(2)).
    AmendmentDenial {
        /// Somebody else made the entry, who can be asked.
        NotOurs = "not_ours",
        /// The entry is no part of the record that patients have a right to.
        NotOfTheRecord = "not_of_the_record",
        /// Patients may not see that entry.
        NotForInspection = "not_for_inspection",
        /// The entry is accurate and complete.
        AccurateAndComplete = "accurate_and_complete",
    }
}

/// What a patient says is wrong in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAmendment {
    /// In which part of the record.
    pub section: Section,
    /// Which entry, in words, 1 to 200 characters.
    pub entry: String,
    /// What is wrong with it, 1 to 1,000 characters.
    pub wrong: String,
    /// What would be right, and why, 1 to 1,000 characters.
    pub right: String,
}

/// The practice's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AmendmentAnswer {
    /// Why the record stays as it is; none to accept the request.
    #[serde(default)]
    pub denial: Option<AmendmentDenial>,
    /// What was done, or why not, in plain words, 1 to 1,000 characters.
    pub words: String,
}

impl AmendmentAnswer {
    /// The answer with its text cleaned, or what is wrong with it.
    pub fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        self.words = needed("words", &self.words, MAX_WORDS, Lines::Many, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

/// A request to correct the record, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AmendmentView {
    /// Whose it is and where it stands. It is due 60 days after it was sent.
    #[serde(flatten)]
    pub petitioned: Petitioned,
    /// In which part of the record.
    pub section: Section,
    /// Which entry, in the patient's words.
    pub entry: String,
    /// What is wrong with it.
    pub wrong: String,
    /// What would be right.
    pub right: String,
    /// Why the record stays as it is.
    pub denial: Option<AmendmentDenial>,
}

impl Petition for NewAmendment {
    const KIND: PetitionKind = PetitionKind::Amendment;
    const CATEGORY: Category = Category::Amendments;
    const ANSWERED: ItemKind = ItemKind::AmendmentAnswered;
    /// 45 CFR 164.526(b)(2)(i).
    const DUE_DAYS: i64 = 60;
    const NAMED_BY: &'static str = "entry";
    type Answer = AmendmentAnswer;
    type View = AmendmentView;

    fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        self.entry = needed("entry", &self.entry, MAX_LINE, Lines::One, &mut errors);
        self.wrong = needed("wrong", &self.wrong, MAX_WORDS, Lines::Many, &mut errors);
        self.right = needed("right", &self.right, MAX_WORDS, Lines::Many, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }

    fn name(&self) -> &str {
        &self.entry
    }

    fn section(&self) -> Option<Section> {
        Some(self.section)
    }

    fn decide(&self, answer: AmendmentAnswer) -> Result<Decision, Problem> {
        let answer = answer.check()?;
        Ok(Decision { denial: answer.denial.map(AmendmentDenial::as_str), words: answer.words })
    }

    fn view(self, petitioned: Petitioned, denial: Option<&str>) -> AmendmentView {
        let denial = denial.and_then(|word| word.parse().ok());
        AmendmentView {
            petitioned,
            section: self.section,
            entry: self.entry,
            wrong: self.wrong,
            right: self.right,
            denial,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::petitions::PetitionState;

    fn found(problem: &Problem) -> Vec<(&str, &str)> {
        problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
    }

    fn wanted() -> NewAmendment {
        let text = || "x".to_owned();
        NewAmendment { section: Section::Conditions, entry: text(), wrong: text(), right: text() }
    }

    #[test]
    fn a_request_says_which_entry_what_is_wrong_and_what_would_be_right() {
        let empty = NewAmendment {
            section: Section::Conditions,
            entry: " ".into(),
            wrong: String::new(),
            right: "x".repeat(1_001),
        };
        let problem = empty.check().unwrap_err();
        assert_eq!(found(&problem), [("entry", "required"), ("wrong", "required"), ("right", "too_long")]);
    }

    #[test]
    fn every_answer_has_words_and_a_no_has_one_of_the_lawful_reasons() {
        for denial in AmendmentDenial::ALL.iter().copied().map(Some).chain([None]) {
            let answer = |words: &str| AmendmentAnswer { denial, words: words.into() };
            assert_eq!(found(&answer(" ").check().unwrap_err()), [("words", "required")]);
            let state = wanted().decide(answer("It is right.")).unwrap().state();
            assert_eq!(state == PetitionState::Denied, denial.is_some());
        }
    }

    proptest! {
        #[test]
        fn a_request_that_passes_passes_again(entry in ".{1,250}", wrong in ".{0,50}", right in ".{0,50}") {
            let new = NewAmendment { section: Section::Results, entry, wrong, right };
            if let Ok(clean) = new.check() {
                prop_assert_eq!(clean.clone().check().unwrap(), clean);
            }
        }
    }
}
