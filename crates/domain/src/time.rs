//! Instants and dates.
//!
//! An instant is kept to the microsecond (what both databases can hold) and crosses the API as
//! RFC 3339 in UTC. A date is a plain calendar date ([`chrono::NaiveDate`]).

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar date without a zone, such as a date of birth.
pub type Date = NaiveDate;

/// An instant in UTC, in whole microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
#[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "sql", diesel(sql_type = crate::sql::Instant))]
pub struct Time(DateTime<Utc>);

/// An instant or date outside the years 1900 to 2200, or not RFC 3339 / ISO 8601 at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time between 1900 and 2200")]
pub struct NotATime;

/// Days from 1900-01-01 to 1970-01-01.
const UNKNOWN_DAYS: i64 = 25_567;

impl Time {
    /// The instant, cut to microseconds. Refused outside the years 1900 to 2200.
    pub fn new(at: DateTime<Utc>) -> Result<Self, NotATime> {
        if !(1900..=2200).contains(&at.year()) {
            return Err(NotATime);
        }
        Self::from_micros(at.timestamp_micros())
    }

    /// Stands where nobody knows when it was: before every time that is taken, at the end of lists.
    pub fn unknown() -> Self {
        Self(DateTime::<Utc>::from_timestamp_nanos(0) - TimeDelta::days(UNKNOWN_DAYS))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// The instant that lies this many microseconds after 1970-01-01T00:00:00Z.
    pub fn from_micros(micros: i64) -> Result<Self, NotATime> {
        DateTime::from_timestamp_micros(micros).map(Self).ok_or(NotATime)
    }

    /// For calendar arithmetic and zones.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// This instant moved by `by` (to the far end of the calendar when it would leave it).
    #[must_use]
    pub fn plus(self, by: TimeDelta) -> Self {
        let end = if by < TimeDelta::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Self(self.0.checked_add_signed(by).unwrap_or(end))
    }

    /// How long after `earlier` this instant lies (negative when before).
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0 - earlier.0
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl FromStr for Time {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| NotATime)?;
        Self::new(at.with_timezone(&Utc))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom("expected an RFC 3339 instant between 1900 and 2200"))
    }
}

/// Whether a date may be stored: the years 1900 to 2200 (dates outside are typing errors).
pub fn is_plausible(date: Date) -> bool {
    (1900..=2200).contains(&date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_back_as_written() {
        let at: Time = "2026-10-03T09:30:00.123456-04:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-10-03T13:30:00.123456Z");
        assert_eq!(serde_json::from_str::<Time>("\"2026-10-03T13:30:00.123456Z\"").unwrap(), at);
    }

    #[test]
    fn the_unknown_time_is_the_first_that_can_be_stored() {
        assert_eq!(Time::unknown().to_string(), "1900-01-01T00:00:00Z");
    }

    #[test]
    fn years_outside_1900_to_2200_are_refused() {
        assert_eq!("0000-01-01T00:00:00Z".parse::<Time>(), Err(NotATime));
        assert_eq!("2201-01-01T00:00:00Z".parse::<Time>(), Err(NotATime));
        assert_eq!("yesterday".parse::<Time>(), Err(NotATime));
    }
}
