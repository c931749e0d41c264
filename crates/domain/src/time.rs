//! Instants and dates.
//!
//! An instant is kept to the microsecond (what both databases can hold) and crosses the API as
//! RFC 3339 in UTC. A date is a plain calendar date ([`chrono::NaiveDate`]).

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Timelike, Utc};
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

/// The longest spelling: `2026-10-03T13:30:00.123456Z`.
const SPELLED: usize = 27;

impl Time {
    /// Spells the instant into `buffer`: RFC 3339 in UTC, with no, three or six digits of a second's fraction. None
    /// outside of the years that have four digits, which can't be stored.
    ///
    /// By hand, because a page of results holds sixty instants and chrono's general formatter costs ten times as much.
    fn spell<'b>(&self, buffer: &'b mut [u8; SPELLED]) -> Option<&'b str> {
        let at = self.0.naive_utc();
        let year = u32::try_from(at.year()).ok().filter(|year| *year <= 9999)?;
        buffer.copy_from_slice(b"0000-00-00T00:00:00.000000Z");
        let mut put = |place: std::ops::Range<usize>, mut number: u32| {
            for digit in buffer[place].iter_mut().rev() {
                *digit = b'0' + (number % 10) as u8;
                number /= 10;
            }
        };
        let micros = at.and_utc().timestamp_subsec_micros();
        put(0..4, year);
        put(5..7, at.month());
        put(8..10, at.day());
        put(11..13, at.hour());
        put(14..16, at.minute());
        put(17..19, at.second());
        put(20..26, micros);
        let length = match micros {
            0 => 20,
            some if some % 1000 == 0 => 24,
            _ => SPELLED,
        };
        buffer[length - 1] = b'Z';
        std::str::from_utf8(&buffer[..length]).ok()
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.spell(&mut [0; SPELLED]) {
            Some(text) => f.write_str(text),
            None => f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
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
        match self.spell(&mut [0; SPELLED]) {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom("expected an RFC 3339 instant between 1900 and 2200"))
    }
}

/// A date as ISO 8601 has it (`2026-10-03`) and nothing else, for `#[serde(with = ..)]`. chrono's own reading brings
/// along every format that it knows, which a phone would have to download before anybody can sign in.
pub mod iso_date {
    use super::{Date, Deserializer, Serializer, de};

    /// Writes it.
    pub fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(date)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        read(&text).ok_or_else(|| de::Error::custom("expected a date such as 2026-10-03"))
    }

    /// The date that these ten characters are.
    pub fn read(text: &str) -> Option<Date> {
        let digits = text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if text.len() != 10 || !digits {
            return None;
        }
        let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
        Date::from_ymd_opt(text.get(0..4)?.parse().ok()?, part(5..7)?, part(8..10)?)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn only_the_ten_characters_of_iso_8601_are_a_date() {
            assert_eq!(read("2026-10-03"), Date::from_ymd_opt(2026, 10, 3));
            for odd in
                ["2026-1-5", "2026-02-30", "2026/10/03", " 2026-10-03", "2026-10-03T00:00", "", "äää-äää"]
            {
                assert_eq!(read(odd), None, "{odd:?}");
            }
        }
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
    fn instants_are_spelled_as_chrono_spells_them() {
        let mut instants =
            vec![Time::unknown(), Time(DateTime::<Utc>::MAX_UTC), Time(DateTime::<Utc>::MIN_UTC)];
        for second in (-2_200_000_000..7_200_000_000).step_by(86_399_123) {
            for micros in [0, 1, 500_000, 123_000, 999_999] {
                instants.push(Time::from_micros(second * 1_000_000 + micros).unwrap());
            }
        }
        for at in instants {
            let as_chrono = at.0.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            assert_eq!(at.to_string(), as_chrono);
            assert_eq!(serde_json::to_value(at).unwrap(), as_chrono);
        }
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
