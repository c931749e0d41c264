//! Times as exact as they were given.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    chart::codes::codes,
    time::{Date, NotATime, Time},
};

codes! {
    /// How exactly a time was given.
    Precision {
        /// Only the year.
        Year = "year",
        /// Year and month.
        Month = "month",
        /// A calendar date, which stands in no time zone.
        Day = "day",
        /// An instant.
        Instant = "instant",
    }
}

/// A time known to the year, month, day or instant (FHIR `dateTime`).
///
/// "Asthma since 2009" stays that: it is never shown as 1 January 2009. Written and read as FHIR
/// writes it: `2009`, `2009-04`, `2009-04-17` or an RFC 3339 instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialTime {
    /// The instant, or noon (UTC) of the first day of the year or month or of the day: for sorting, and for pages that
    /// show an instant. A calendar date stands in no zone; at noon UTC it is that date in every zone of the United
    /// States, where midnight would be the evening before.
    pub at: Time,
    /// How much of `at` was really given.
    pub precision: Precision,
}

const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
    Some(noon) => noon,
    None => NaiveTime::MIN,
};

impl PartialTime {
    /// An exact instant.
    pub fn instant(at: Time) -> Self {
        Self { at, precision: Precision::Instant }
    }

    /// A calendar date. Refused outside the years 1900 to 2200.
    pub fn day(date: NaiveDate) -> Result<Self, NotATime> {
        Self::starting(date, Precision::Day)
    }

    /// The calendar date, where one was given or an instant implies it (in UTC).
    pub fn date(self) -> Option<NaiveDate> {
        matches!(self.precision, Precision::Day | Precision::Instant).then(|| self.at.utc().date_naive())
    }

    /// The first and the last day that it may mean; an instant is a day on the calendar of `zone`.
    pub fn days<Z: TimeZone>(self, zone: &Z) -> (Date, Date) {
        let calendar = self.at.utc().date_naive();
        let until = |first: Option<Date>, months: u32| {
            let first = first.unwrap_or(calendar);
            let next = first.checked_add_months(Months::new(months));
            (first, next.and_then(|next| next.pred_opt()).unwrap_or(first))
        };
        match self.precision {
            Precision::Year => until(NaiveDate::from_ymd_opt(calendar.year(), 1, 1), 12),
            Precision::Month => until(calendar.with_day(1), 1),
            Precision::Day => (calendar, calendar),
            Precision::Instant => {
                let local = self.at.utc().with_timezone(zone).date_naive();
                (local, local)
            }
        }
    }

    fn starting(date: NaiveDate, precision: Precision) -> Result<Self, NotATime> {
        Ok(Self { at: Time::new(date.and_time(NOON).and_utc())?, precision })
    }
}

impl fmt::Display for PartialTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.at.utc().date_naive();
        match self.precision {
            Precision::Year => write!(f, "{:04}", date.year()),
            Precision::Month => write!(f, "{:04}-{:02}", date.year(), date.month()),
            Precision::Day => date.fmt(f),
            Precision::Instant => self.at.fmt(f),
        }
    }
}

impl FromStr for PartialTime {
    type Err = NotATime;

    /// Reads a FHIR `date`, `dateTime` or `instant`. An instant needs its zone: a clock time
    /// without one could be hours off.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let number = |part: &str| -> Result<u32, NotATime> {
            if part.bytes().all(|b| b.is_ascii_digit()) {
                part.parse().map_err(|_| NotATime)
            } else {
                Err(NotATime)
            }
        };
        let bytes = text.as_bytes();
        let dashes = bytes.get(4).is_none_or(|b| *b == b'-') && bytes.get(7).is_none_or(|b| *b == b'-');
        if !text.is_ascii() || !dashes || bytes.len() < 4 {
            return Err(NotATime);
        }
        let year = i32::try_from(number(&text[..4])?).map_err(|_| NotATime)?;
        let (month, day, precision) = match bytes.len() {
            4 => (1, 1, Precision::Year),
            7 => (number(&text[5..7])?, 1, Precision::Month),
            10 => (number(&text[5..7])?, number(&text[8..10])?, Precision::Day),
            20.. if bytes[10] == b'T' => return Ok(Self::instant(text.parse()?)),
            _ => return Err(NotATime),
        };
        Self::starting(NaiveDate::from_ymd_opt(year, month, day).ok_or(NotATime)?, precision)
    }
}

impl Serialize for PartialTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| de::Error::custom("expected a year, month, date or instant between 1900 and 2200"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_time_is_written_back_exactly_as_precise_as_it_was_given() {
        for text in ["2009", "2009-04", "2009-04-17", "2009-04-17T10:00:00Z", "1900", "2200-12-31"] {
            assert_eq!(text.parse::<PartialTime>().unwrap().to_string(), text);
        }
        let zoned: PartialTime = "2009-04-17T10:00:00.230+02:00".parse().unwrap();
        assert_eq!(zoned.to_string(), "2009-04-17T08:00:00.230Z");
    }

    #[test]
    fn what_is_no_fhir_time_is_refused() {
        for text in [
            "",
            "99",
            "2009-",
            "2009-4",
            "2009-13",
            "2009-02-30",
            "2009/04/17",
            "1899",
            "2201",
            "+209",
            "2009-+4",
            "2009-04-17T10:00",
            "2009-04-17T10:00:00",
            "2009-04-17 10:00:00Z",
            "２００９",
            "2009-04-17T25:00:00Z",
        ] {
            assert_eq!(text.parse::<PartialTime>(), Err(NotATime), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_reads_back_the_same(text in "[0-9TZ:+.-]{0,26}|\\PC{0,12}") {
            if let Ok(time) = text.parse::<PartialTime>() {
                prop_assert_eq!(time.to_string().parse::<PartialTime>(), Ok(time));
            }
        }
    }
}
