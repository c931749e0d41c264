//! Requests not to share or use something of the record, and the practice's answer (45 CFR 164.522(a)).

use serde::{Deserialize, Serialize};

use crate::{
    access::Category,
    mail::ItemKind,
    petitions::{Decision, MAX_LINE, MAX_WORDS, Petition, PetitionKind, PetitionState, Petitioned, needed},
    problem::{FieldError, Problem},
    record::Section,
    text::{self, Lines},
    words::words,
};

words! {
    /// What shall not be done.
    RestrictionAim {
        /// To tell the health plan of something that was paid for in full: the practice must agree (45 CFR 164.522(a)(1)(vi)).
        Insurer = "insurer",
        /// To tell a person, such as somebody of the family.
        Person = "person",
        /// To tell another clinic or practice.
        Clinic = "clinic",
        /// To use it in some way, such as for reminders or for training.
        Use = "use",
    }
}

words! {
    /// Why a request is declined.
    RestrictionDenial {
        /// The health plan may be told: it was not paid for in full.
        NotPaid = "not_paid",
        /// The law asks the practice to tell.
        RequiredByLaw = "required_by_law",
        /// Without it the patient can't be treated safely.
        NeededForCare = "needed_for_care",
        /// The practice can't keep it apart.
        NotPossible = "not_possible",
    }
}

/// What a patient asks not to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRestriction {
    /// What shall not be done.
    pub aim: RestrictionAim,
    /// With which information, 1 to 200 characters.
    pub what: String,
    /// With whom or how not, 1 to 1,000 characters.
    pub limit: String,
    /// Why, at most 1,000 characters; nobody has to say.
    #[serde(default)]
    pub why: String,
}

/// The practice's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RestrictionAnswer {
    /// Why not; none to agree.
    #[serde(default)]
    pub denial: Option<RestrictionDenial>,
    /// What the practice does from now on, or why not, in plain words, 1 to 1,000 characters.
    pub words: String,
}

/// A request not to share or use something, for its patient and for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RestrictionView {
    /// Whose it is and where it stands.
    #[serde(flatten)]
    pub petitioned: Petitioned,
    /// What shall not be done.
    pub aim: RestrictionAim,
    /// With which information, in the patient's words.
    pub what: String,
    /// With whom or how not.
    pub limit: String,
    /// Why; may be empty.
    pub why: String,
    /// Why it was declined.
    pub denial: Option<RestrictionDenial>,
}

impl RestrictionAim {
    /// The reasons for which such a request may be declined. Of what was paid for in full the health plan is told only where
    /// the law asks for it.
    pub const fn denials(self) -> &'static [RestrictionDenial] {
        use RestrictionDenial as D;
        match self {
            Self::Insurer => &[D::NotPaid, D::RequiredByLaw],
            Self::Person | Self::Clinic | Self::Use => &[D::RequiredByLaw, D::NeededForCare, D::NotPossible],
        }
    }
}

impl RestrictionAnswer {
    /// With its text cleaned, or what is wrong with it as an answer to such a request.
    pub fn check(mut self, aim: RestrictionAim) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        if self.denial.is_some_and(|why| !aim.denials().contains(&why)) {
            let message = "Such a request is not declined for this reason.";
            errors.push(FieldError::new("denial", "denial_not_lawful", message));
        }
        self.words = needed("words", &self.words, MAX_WORDS, Lines::Many, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

impl Petition for NewRestriction {
    const KIND: PetitionKind = PetitionKind::Restriction;
    const CATEGORY: Category = Category::Restrictions;
    const ANSWERED: ItemKind = ItemKind::RestrictionAnswered;
    /// The law names no time; the practice answers within a month.
    const DUE_DAYS: i64 = 30;
    const NAMED_BY: &'static str = "what";
    type Answer = RestrictionAnswer;
    type View = RestrictionView;

    fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        self.what = needed("what", &self.what, MAX_LINE, Lines::One, &mut errors);
        self.limit = needed("limit", &self.limit, MAX_WORDS, Lines::Many, &mut errors);
        match text::clean("why", &self.why, MAX_WORDS, Lines::Many) {
            Ok(why) => self.why = why,
            Err(error) => errors.push(error),
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }

    fn name(&self) -> &str {
        &self.what
    }

    fn section(&self) -> Option<Section> {
        None
    }

    fn decide(&self, answer: RestrictionAnswer) -> Result<Decision, Problem> {
        let answer = answer.check(self.aim)?;
        Ok(Decision { denial: answer.denial.map(RestrictionDenial::as_str), words: answer.words })
    }

    /// What was agreed ends when the patient says so (45 CFR 164.522(a)(2)(i)).
    fn taken_back(state: PetitionState) -> Result<PetitionState, Problem> {
        match state {
            PetitionState::Accepted => Ok(PetitionState::Ended),
            _ => state.must_wait().map(|()| PetitionState::Withdrawn),
        }
    }

    fn view(self, petitioned: Petitioned, denial: Option<&str>) -> RestrictionView {
        let denial = denial.and_then(|word| word.parse().ok());
        RestrictionView {
            petitioned,
            aim: self.aim,
            what: self.what,
            limit: self.limit,
            why: self.why,
            denial,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn found(problem: &Problem) -> Vec<(&str, &str)> {
        problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
    }

    fn new(aim: RestrictionAim) -> NewRestriction {
        NewRestriction { aim, what: "My visit.".into(), limit: "Not my brother.".into(), why: String::new() }
    }

    #[test]
    fn a_request_says_what_and_with_whom_and_need_not_say_why() {
        let empty = NewRestriction { what: " ".into(), limit: String::new(), ..new(RestrictionAim::Person) };
        assert_eq!(found(&empty.check().unwrap_err()), [("what", "required"), ("limit", "required")]);
        let long = NewRestriction { why: "x".repeat(1_001), ..new(RestrictionAim::Use) };
        assert_eq!(found(&long.check().unwrap_err()), [("why", "too_long")]);
        assert!(new(RestrictionAim::Person).check().is_ok());
    }

    proptest! {
        #[test]
        fn what_was_paid_for_in_full_is_kept_from_the_health_plan(
            aim in select(RestrictionAim::ALL), denial in select(RestrictionDenial::ALL), words in ".{0,20}",
        ) {
            let yes = RestrictionAnswer { denial: None, words: "We do.".into() };
            prop_assert_eq!(new(aim).decide(yes).unwrap().state(), PetitionState::Accepted);
            let no = new(aim).decide(RestrictionAnswer { denial: Some(denial), words });
            if let Ok(decision) = no {
                prop_assert_eq!(decision.state(), PetitionState::Denied);
                prop_assert!(!decision.words.is_empty(), "every answer has words");
                let lawful = matches!(denial, RestrictionDenial::NotPaid | RestrictionDenial::RequiredByLaw);
                prop_assert!(aim != RestrictionAim::Insurer || lawful);
            }
        }

        #[test]
        fn the_patient_takes_back_what_waits_and_ends_what_was_agreed(state in select(PetitionState::ALL)) {
            let after = <NewRestriction as Petition>::taken_back(state).ok();
            prop_assert_eq!(after, match state {
                PetitionState::Pending => Some(PetitionState::Withdrawn),
                PetitionState::Accepted => Some(PetitionState::Ended),
                _ => None,
            });
        }
    }
}
