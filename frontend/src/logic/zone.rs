//! From the clock on a location's wall to an instant.
//!
//! The browser's `Intl` knows each zone's offset at an instant, but not the way back. A wall time may happen twice
//! (clocks go back) or never (clocks go forward); this finds out which.

use chrono::{NaiveDateTime, TimeDelta};

/// A day's worth of milliseconds: no zone changes its offset twice within it.
const DAY: i64 = 86_400_000;

/// What instant a wall time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// This one, in milliseconds since 1970-01-01T00:00:00Z.
    Once(i64),
    /// Both of these: the clocks go back over this time. The earlier one comes first.
    Twice(i64, i64),
    /// None: the clocks go forward over this time.
    Never,
}

/// The instant at which the clock shows `wall` in a zone whose offset from UTC (in milliseconds, east is positive) at
/// an instant is given by `offset`.
pub fn instant_of(wall: NaiveDateTime, offset: impl Fn(i64) -> i64) -> Instant {
    let as_utc = wall.and_utc().timestamp_millis();
    let fits = |offset_then: i64| {
        let instant = as_utc - offset_then;
        (offset(instant) == offset_then).then_some(instant)
    };
    let (before, after) = (offset(as_utc - DAY), offset(as_utc + DAY));
    match (fits(before), fits(after)) {
        (Some(first), Some(second)) if first != second => {
            Instant::Twice(first.min(second), first.max(second))
        }
        (Some(only), _) | (None, Some(only)) => Instant::Once(only),
        (None, None) => Instant::Never,
    }
}

/// What a clock shows that runs `offset` milliseconds ahead of UTC. None outside the calendar.
pub fn wall_of(instant: i64, offset: i64) -> Option<NaiveDateTime> {
    let utc = chrono::DateTime::from_timestamp_millis(instant)?.naive_utc();
    utc.checked_add_signed(TimeDelta::milliseconds(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    /// New York in 2026: summer time from March 8, 07:00 UTC to November 1, 06:00 UTC.
    fn new_york(instant: i64) -> i64 {
        let summer = 1_772_953_200_000..1_793_512_800_000;
        if summer.contains(&instant) { -4 * HOUR } else { -5 * HOUR }
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn utc(text: &str) -> i64 {
        at(text).and_utc().timestamp_millis()
    }

    #[test]
    fn an_ordinary_wall_time_is_one_instant() {
        assert_eq!(
            instant_of(at("2026-10-03T09:30:00"), new_york),
            Instant::Once(utc("2026-10-03T13:30:00"))
        );
        assert_eq!(
            instant_of(at("2026-12-24T09:30:00"), new_york),
            Instant::Once(utc("2026-12-24T14:30:00"))
        );
        // The day of each change, well clear of it.
        assert_eq!(
            instant_of(at("2026-03-08T09:00:00"), new_york),
            Instant::Once(utc("2026-03-08T13:00:00"))
        );
        assert_eq!(
            instant_of(at("2026-11-01T09:00:00"), new_york),
            Instant::Once(utc("2026-11-01T14:00:00"))
        );
    }

    #[test]
    fn the_hour_that_is_skipped_in_spring_is_no_instant() {
        assert_eq!(instant_of(at("2026-03-08T02:00:00"), new_york), Instant::Never);
        assert_eq!(instant_of(at("2026-03-08T02:59:00"), new_york), Instant::Never);
        assert_eq!(
            instant_of(at("2026-03-08T01:59:00"), new_york),
            Instant::Once(utc("2026-03-08T06:59:00"))
        );
        assert_eq!(
            instant_of(at("2026-03-08T03:00:00"), new_york),
            Instant::Once(utc("2026-03-08T07:00:00"))
        );
    }

    #[test]
    fn the_hour_that_repeats_in_autumn_is_two_instants() {
        let both = Instant::Twice(utc("2026-11-01T05:30:00"), utc("2026-11-01T06:30:00"));
        assert_eq!(instant_of(at("2026-11-01T01:30:00"), new_york), both);
        assert_eq!(
            instant_of(at("2026-11-01T02:00:00"), new_york),
            Instant::Once(utc("2026-11-01T07:00:00"))
        );
    }

    #[test]
    fn what_the_wall_shows_leads_back_to_the_instant() {
        for hour in 0..24 * 365 {
            let instant = utc("2026-01-01T00:00:00") + hour * HOUR;
            let wall = wall_of(instant, new_york(instant)).unwrap();
            match instant_of(wall, new_york) {
                Instant::Once(only) => assert_eq!(only, instant),
                Instant::Twice(first, second) => assert!(instant == first || instant == second),
                Instant::Never => panic!("{wall} exists"),
            }
        }
    }

    #[test]
    fn zones_east_of_greenwich_and_at_half_hours_work() {
        let kolkata = |_| 5 * HOUR + HOUR / 2;
        assert_eq!(instant_of(at("2026-10-03T03:00:00"), kolkata), Instant::Once(utc("2026-10-02T21:30:00")));
    }
}
