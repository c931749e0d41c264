//! `VTIMEZONE` (RFC 5545, section 3.6.5) from the IANA rules: without it, common calendars read a zoned time as
//! floating.
//!
//! The zone's changes around the appointment are written one by one: true for this appointment, whatever the zone's
//! rules become later.

use chrono::{DateTime, Datelike, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// The component's lines, for a zone around an instant.
pub fn vtimezone(zone: Tz, around: DateTime<Utc>) -> String {
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", zone.name());
    let first = Utc.with_ymd_and_hms(around.year() - 1, 1, 1, 0, 0, 0).single().unwrap_or(around);
    let last = first + TimeDelta::days(3 * 366);
    text += &observance(zone, first, first);
    for change in changes(zone, first, last) {
        text += &observance(zone, change - TimeDelta::seconds(1), change);
    }
    text + "END:VTIMEZONE\r\n"
}

/// The rule that holds from `at` on, coming from the one that held at `before`.
fn observance(zone: Tz, before: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let from = zone.offset_from_utc_datetime(&before.naive_utc());
    let to = zone.offset_from_utc_datetime(&at.naive_utc());
    let kind = if to.dst_offset().is_zero() { "STANDARD" } else { "DAYLIGHT" };
    // DTSTART is the local time of the change on the clock that is about to be changed.
    let start = at.naive_utc() + TimeDelta::seconds(i64::from(from.fix().local_minus_utc()));
    let mut text = format!("BEGIN:{kind}\r\nDTSTART:{}\r\n", start.format("%Y%m%dT%H%M%S"));
    text += &format!("TZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\n", spell(from.fix()), spell(to.fix()));
    if let Some(name) = to.abbreviation() {
        text += &format!("TZNAME:{name}\r\n");
    }
    text + &format!("END:{kind}\r\n")
}

fn spell(offset: chrono::FixedOffset) -> String {
    let seconds = offset.local_minus_utc();
    let (sign, seconds) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 {
        format!("{sign}{hours:02}{minutes:02}")
    } else {
        format!("{sign}{hours:02}{minutes:02}{rest:02}")
    }
}

/// The instants between the two at which the zone's offset changes, found day by day and then to the second.
fn changes(zone: Tz, first: DateTime<Utc>, last: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let offset = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    let mut found = Vec::new();
    let mut day = first;
    while day < last {
        let next = day + TimeDelta::days(1);
        if offset(day) != offset(next) {
            let (mut before, mut after) = (day, next);
            while after - before > TimeDelta::seconds(1) {
                let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
                if offset(middle) == offset(day) { before = middle } else { after = middle }
            }
            found.push(after);
        }
        day = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_york_changes_to_summer_time_on_the_second_sunday_of_march() {
        let around = Utc.with_ymd_and_hms(2026, 7, 1, 12, 0, 0).unwrap();
        let text = vtimezone(chrono_tz::America::New_York, around);
        let summer = "BEGIN:DAYLIGHT\r\nDTSTART:20260308T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT\r\n";
        let winter = "BEGIN:STANDARD\r\nDTSTART:20261101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nTZNAME:EST\r\n";
        assert!(text.contains(summer) && text.contains(winter), "{text}");
    }

    #[test]
    fn a_zone_without_changes_has_one_observance() {
        let around = Utc.with_ymd_and_hms(2026, 7, 1, 12, 0, 0).unwrap();
        let text = vtimezone(chrono_tz::America::Phoenix, around);
        assert_eq!(text.matches("BEGIN:STANDARD").count(), 1);
        assert_eq!(text.matches("BEGIN:DAYLIGHT").count(), 0);
    }
}
