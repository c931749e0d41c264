//! Times, codes and names in words.

use chrono_tz::Tz;
use portal_domain::chart::{Code, Concept, PartialTime, Party, Precision};

/// A time as exact as it is known, on the calendar of `zone`: `2009`, `Apr 2009`, `Apr 17, 2009`.
pub fn date(at: Option<PartialTime>, zone: Tz) -> String {
    let Some(at) = at else { return String::new() };
    let utc = at.at.utc();
    match at.precision {
        Precision::Year => utc.format("%Y").to_string(),
        Precision::Month => utc.format("%b %Y").to_string(),
        Precision::Day => utc.format("%b %-d, %Y").to_string(),
        Precision::Instant => utc.with_timezone(&zone).format("%b %-d, %Y").to_string(),
    }
}

/// The same with the clock's time where an instant is known.
pub fn moment(at: Option<PartialTime>, zone: Tz) -> String {
    match at {
        Some(exact) if exact.precision == Precision::Instant => {
            exact.at.utc().with_timezone(&zone).format("%b %-d, %Y, %-I:%M %p").to_string()
        }
        other => date(other, zone),
    }
}

/// From when to when.
pub fn period(start: Option<PartialTime>, end: Option<PartialTime>, zone: Tz) -> String {
    match (date(start, zone), date(end, zone)) {
        (from, to) if to.is_empty() => from,
        (from, to) if from.is_empty() => format!("until {to}"),
        (from, to) if from == to => from,
        (from, to) => format!("{from} to {to}"),
    }
}

/// From when to when something goes on.
pub fn lasting(start: Option<PartialTime>, end: Option<PartialTime>, zone: Tz) -> String {
    match (start, end) {
        (Some(_), None) => format!("since {}", date(start, zone)),
        _ => period(start, end, zone),
    }
}

/// A code of a standard as a word: `in-progress` is `In progress`.
pub fn word(code: impl Code) -> String {
    let mut words = code.code().replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The same of what may be missing.
pub fn word_of(code: Option<impl Code>) -> String {
    code.map(word).unwrap_or_default()
}

/// What a concept means; empty without one.
pub fn meaning(concept: Option<&Concept>) -> String {
    concept.map(|concept| concept.text.clone()).unwrap_or_default()
}

/// What several concepts mean.
pub fn meanings(concepts: &[Concept]) -> String {
    list(concepts.iter().map(|concept| concept.text.as_str()))
}

/// Who took part, by name; empty where no name is known.
pub fn name(party: Option<&Party>) -> String {
    party.and_then(|party| party.display.clone()).unwrap_or_default()
}

/// All who took part.
pub fn names(parties: &[Party]) -> String {
    list(parties.iter().filter_map(|party| party.display.as_deref()))
}

/// Texts with commas between them, without empty ones.
pub fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Texts a line each, without empty ones.
pub fn lines(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use portal_domain::chart::{EncounterStatus, MedicationStatus};

    use super::*;

    #[test]
    fn a_time_is_told_as_exactly_as_it_is_known_and_an_instant_on_the_practices_calendar() {
        let zone = Tz::America__New_York;
        let told = |text: &str| moment(text.parse().ok(), zone);
        assert_eq!(told("2009"), "2009");
        assert_eq!(told("2009-04"), "Apr 2009");
        assert_eq!(told("2009-04-07"), "Apr 7, 2009");
        assert_eq!(told("2026-03-01T02:30:00Z"), "Feb 28, 2026, 9:30 PM");
        assert_eq!(date("2026-03-01T02:30:00Z".parse().ok(), zone), "Feb 28, 2026");
    }

    #[test]
    fn a_period_with_one_end_or_within_one_day_reads_as_people_say_it() {
        let zone = Tz::UTC;
        let told = |from: &str, to: &str| period(from.parse().ok(), to.parse().ok(), zone);
        assert_eq!(told("2024-01-01", "2024-12-31"), "Jan 1, 2024 to Dec 31, 2024");
        assert_eq!(told("2024-01-01", ""), "Jan 1, 2024");
        assert_eq!(told("", "2024-12-31"), "until Dec 31, 2024");
        assert_eq!(told("2024-01-01", "2024-01-01"), "Jan 1, 2024");
        assert_eq!(lasting("2024-01-01".parse().ok(), None, zone), "since Jan 1, 2024");
        assert_eq!(lasting(None, "2024-12-31".parse().ok(), zone), "until Dec 31, 2024");
    }

    #[test]
    fn codes_read_as_words() {
        assert_eq!(word(EncounterStatus::InProgress), "In progress");
        assert_eq!(word_of(Some(MedicationStatus::OnHold)), "On hold");
    }
}
