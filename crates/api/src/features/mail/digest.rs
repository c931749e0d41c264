//! When the daily e-mail leaves (NTF-2).

use chrono::{NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use portal_domain::time::Time;

use crate::error::{Error, Result};

/// The hour of the practice's clock.
const HOUR: u32 = 7;

/// The next morning at seven after `now` on the practice's clock. Where clocks skip that hour it is the first instant
/// after the gap; where it comes twice, the first.
pub fn next(now: Time, zone: Tz) -> Result<Time> {
    let today = now.utc().with_timezone(&zone).date_naive();
    let at = NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default();
    let mornings = [Some(today), today.succ_opt()].into_iter().flatten().filter_map(|day| {
        let wall = day.and_time(at);
        let first = (0..=4).find_map(|halves| {
            zone.from_local_datetime(&(wall + TimeDelta::minutes(30 * halves))).earliest()
        })?;
        Time::new(first.to_utc()).ok()
    });
    mornings.into_iter().find(|morning| *morning > now).ok_or_else(|| Error::internal("no next morning"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_morning_is_at_seven_of_the_practices_clock_also_when_clocks_change() {
        let next = |now: &str| next(now.parse().unwrap(), Tz::America__New_York).unwrap().to_string();
        assert_eq!(next("2026-10-05T10:59:59Z"), "2026-10-05T11:00:00Z", "a second before seven");
        assert_eq!(next("2026-10-05T11:00:00Z"), "2026-10-06T11:00:00Z", "at seven the next day is meant");
        assert_eq!(next("2026-10-31T20:00:00Z"), "2026-11-01T12:00:00Z", "the day on which clocks go back");
        assert_eq!(
            next("2027-03-13T20:00:00Z"),
            "2027-03-14T11:00:00Z",
            "the day on which clocks go forward"
        );
    }
}
