//! The health record that a patient takes away (PHR-1, PHR-3): its sections, and the time that it covers.

mod reading;
mod request;

use serde::{Deserialize, Serialize};

use crate::{access::Category, problem::FieldError, time::Date, words::words};

pub use reading::{
    ChartBlock, ChartFact, ChartSection, MOST_MEASUREMENTS, MOST_ROWS, Measurement, ROWS, SectionQuery,
    VitalSign,
};
pub use request::{
    HealthRecordView, LIFE_DAYS, MOST_A_DAY, MOST_TRIES, NewHealthRecord, RecordDownload, RecordFailure,
    RecordFile, RecordFormat, RecordState,
};

words! {
    /// A section of the health record, in the order in which it is written (PHR-1).
    Section {
        /// Who the patient is.
        Demographics = "demographics",
        /// Allergies and intolerances.
        Allergies = "allergies",
        /// Prescriptions.
        Medications = "medications",
        /// Problems and diagnoses.
        Conditions = "conditions",
        /// Results that a provider released.
        Results = "results",
        /// Blood pressure, weight and the like.
        VitalSigns = "vital_signs",
        /// Vaccinations.
        Immunizations = "immunizations",
        /// What was done.
        Procedures = "procedures",
        /// Who pays.
        Insurance = "insurance",
        /// Smoking, work, housing and the like.
        SocialHistory = "social_history",
        /// Illnesses of relatives.
        FamilyHistory = "family_history",
        /// What the patient wants when no longer able to say so.
        AdvanceDirectives = "advance_directives",
        /// What the patient was told to do.
        Instructions = "instructions",
        /// To whom the patient was sent, and why.
        Referrals = "referrals",
        /// Plans and goals.
        PlanOfCare = "plan_of_care",
        /// What the patient can do alone in daily life.
        FunctionalStatus = "functional_status",
        /// Visits.
        Encounters = "encounters",
        /// Visit summaries, letters and the like that the practice released.
        Documents = "documents",
    }
}

impl Section {
    /// Whose leave it needs besides that for the chart: what others may not see elsewhere, they don't see here.
    pub fn category(self) -> Category {
        match self {
            Self::Demographics => Category::Demographics,
            Self::Medications => Category::Medications,
            Self::Results => Category::Results,
            Self::Encounters => Category::Appointments,
            Self::Documents => Category::Documents,
            _ => Category::Chart,
        }
    }
}

/// The days that a record covers, both included, on the practice's calendar. An end that is not set is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DateRange {
    /// The first day.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default)]
    pub to: Option<Date>,
}

impl DateRange {
    /// What is wrong with it; `field` is its place in the request.
    pub fn check(&self, field: &str) -> Option<FieldError> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if to < from => Some(FieldError::new(
                format!("{field}.to"),
                "days_reversed",
                "Give a last day that is not before the first.",
            )),
            _ => None,
        }
    }

    /// Whether something that lasted from `first` to `last` touches these days. None is open: since ever, or still.
    pub fn meets(&self, first: Option<Date>, last: Option<Date>) -> bool {
        let begins_in_time = self.to.is_none_or(|to| first.is_none_or(|first| first <= to));
        let ends_late_enough = self.from.is_none_or(|from| last.is_none_or(|last| last >= from));
        begins_in_time && ends_late_enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        text.parse().ok()
    }

    #[test]
    fn what_touches_the_days_belongs_to_them_and_an_open_end_reaches_everywhere() {
        let range = DateRange { from: day("2026-03-01"), to: day("2026-03-31") };
        for (first, last, meets) in [
            ("2026-03-01", "2026-03-01", true),
            ("2026-03-31", "2026-03-31", true),
            ("2026-02-28", "2026-02-28", false),
            ("2026-04-01", "2026-04-01", false),
            ("2020-01-01", "2030-01-01", true),
            ("2020-01-01", "", true),
            ("2026-04-01", "", false),
            ("", "2026-02-28", false),
            ("", "", true),
        ] {
            assert_eq!(range.meets(day(first), day(last)), meets, "{first} to {last}");
            assert!(DateRange::default().meets(day(first), day(last)));
        }
    }

    #[test]
    fn days_in_the_wrong_order_are_refused() {
        let range = DateRange { from: day("2026-03-02"), to: day("2026-03-01") };
        assert_eq!(range.check("range").unwrap().field, "range.to");
        assert_eq!(DateRange { to: range.from, ..range }.check("range"), None);
    }
}
