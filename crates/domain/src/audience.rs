//! Whom something is for: everybody, or a cohort of the practice's patients.

use chrono::Months;
use serde::{Deserialize, Serialize};

use crate::{chart::Coding, ids::LocationId, problem::FieldError, time::Date};

/// The oldest age that an audience may name, in years.
pub const MAX_AGE: i64 = 130;

/// A code and the system that it is of, such as a condition in SNOMED CT.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodedTerm {
    /// The code system's URI, as FHIR writes it.
    pub system: String,
    /// The code.
    pub code: String,
}

impl From<&Coding> for CodedTerm {
    fn from(coding: &Coding) -> Self {
        Self { system: coding.system.clone(), code: coding.code.clone() }
    }
}

impl CodedTerm {
    /// What is wrong with it; `field` is its place in the request.
    pub fn check(&self, field: &str) -> Option<FieldError> {
        let wrong =
            |text: &str| text.trim().is_empty() || text.len() > 200 || text.chars().any(char::is_control);
        if wrong(&self.system) || wrong(&self.code) {
            return Some(FieldError::new(field, "code_incomplete", "Give a code and its code system."));
        }
        None
    }
}

/// A cohort: the patients for whom everything holds that is set here. Nothing set means every patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Has, had or asked for an appointment at this location.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// At least so old, in whole years.
    #[serde(default)]
    pub min_age: Option<i64>,
    /// At most so old, in whole years.
    #[serde(default)]
    pub max_age: Option<i64>,
    /// Has this condition in the chart, as an active one.
    #[serde(default)]
    pub condition: Option<CodedTerm>,
}

impl Audience {
    /// Whether it is everybody.
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it; `field` is its place in the request.
    pub fn check(&self, field: &str) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (name, age) in [("min_age", self.min_age), ("max_age", self.max_age)] {
            if age.is_some_and(|age| !(0..=MAX_AGE).contains(&age)) {
                errors.push(FieldError::new(
                    format!("{field}.{name}"),
                    "age_out_of_range",
                    "Give an age from 0 to 130.",
                ));
            }
        }
        if let (Some(min), Some(max)) = (self.min_age, self.max_age)
            && min > max
        {
            errors.push(FieldError::new(
                format!("{field}.max_age"),
                "ages_reversed",
                "Give an age that is not below the first.",
            ));
        }
        errors.extend(self.condition.iter().filter_map(|term| term.check(&format!("{field}.condition"))));
        errors
    }

    /// The dates of birth that fit the ages on `today`: the earliest and the latest, both included.
    pub fn births(&self, today: Date) -> (Option<Date>, Option<Date>) {
        let back = |years: i64| today.checked_sub_months(Months::new(12 * years as u32));
        let latest = self.min_age.and_then(back);
        // Whoever is one year older than the oldest had that birthday today or before.
        let earliest = self.max_age.and_then(|years| back(years + 1)).and_then(|day| day.succ_opt());
        (earliest, latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_changes_on_the_birthday() {
        let audience = Audience { min_age: Some(18), max_age: Some(18), ..Audience::default() };
        let fits = |today: &str, born: &str| {
            let (earliest, latest) = audience.births(day(today));
            earliest.unwrap() <= day(born) && day(born) <= latest.unwrap()
        };
        assert!(!fits("2026-04-16", "2008-04-17"), "17 until the day before");
        assert!(fits("2026-04-17", "2008-04-17"));
        assert!(fits("2027-04-16", "2008-04-17"));
        assert!(!fits("2027-04-17", "2008-04-17"), "19 on the birthday");
    }

    #[test]
    fn ages_that_no_one_has_are_refused() {
        let codes = |min, max| -> Vec<String> {
            let audience = Audience { min_age: min, max_age: max, ..Audience::default() };
            audience.check("audience").into_iter().map(|error| error.code).collect()
        };
        assert_eq!(codes(Some(-1), None), ["age_out_of_range"]);
        assert_eq!(codes(Some(5), Some(131)), ["age_out_of_range"]);
        assert_eq!(codes(Some(40), Some(30)), ["ages_reversed"]);
        assert!(codes(Some(0), Some(130)).is_empty());
    }
}
