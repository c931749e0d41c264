//! Dates and times as people write them, by the browser's own `Intl`.

use std::{cell::RefCell, collections::HashMap};

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use portal_domain::time::{self, Time};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    logic::zone::{self, Instant},
    text::t,
};

/// What of an instant is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `October 3, 2026`
    Date,
    /// `Oct 3, 2026`
    ShortDate,
    /// `Oct 2026`
    Month,
    /// `Saturday, October 3, 2026`
    LongDate,
    /// `Saturday, October 3, 2026 at 9:30 AM EDT`
    Full,
    /// `Oct 3, 2026, 9:30 AM`
    Short,
    /// `9:30 AM`
    Clock,
    /// Numbers for arithmetic.
    Parts,
}

thread_local! {
    static FORMATS: RefCell<HashMap<(Style, String), Option<DateTimeFormat>>> = RefCell::new(HashMap::new());
}

fn options(style: Style, zone: &str) -> Object {
    let date_long = [("year", "numeric"), ("month", "long"), ("day", "numeric")];
    let date_short = [("year", "numeric"), ("month", "short"), ("day", "numeric")];
    let clock = [("hour", "numeric"), ("minute", "2-digit")];
    let mut pairs: Vec<(&str, &str)> = match style {
        Style::Date => date_long.to_vec(),
        Style::ShortDate => date_short.to_vec(),
        Style::Month => date_short[..2].to_vec(),
        Style::LongDate => [&[("weekday", "long")][..], &date_long].concat(),
        Style::Full => {
            [&[("weekday", "long")][..], &date_long, &clock, &[("timeZoneName", "short")]].concat()
        }
        Style::Short => [&date_short[..], &clock].concat(),
        Style::Clock => clock.to_vec(),
        Style::Parts => vec![
            ("year", "numeric"),
            ("month", "2-digit"),
            ("day", "2-digit"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
            ("hourCycle", "h23"),
        ],
    };
    if !zone.is_empty() {
        pairs.push(("timeZone", zone));
    }
    let options = Object::new();
    for (name, value) in pairs {
        // Setting a property of a fresh object can't fail.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    options
}

/// The formatter of a style in a zone (the device's own where `zone` is empty); none where the browser does not know
/// the zone.
fn formatter(style: Style, zone: &str) -> Option<DateTimeFormat> {
    FORMATS.with_borrow_mut(|formats| {
        let make = || {
            let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
            let class: Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
            let arguments = Array::of2(&t("locale").into(), &options(style, zone));
            Reflect::construct(&class, &arguments).ok().map(JsCast::unchecked_into)
        };
        formats.entry((style, zone.into())).or_insert_with(make).clone()
    })
}

fn js_date(milliseconds: f64) -> Date {
    Date::new(&JsValue::from_f64(milliseconds))
}

/// An instant in a zone; in the device's zone where `zone` is empty or unknown to the browser.
pub fn format(at: Time, style: Style, zone: &str) -> String {
    let date = js_date(at.micros() as f64 / 1000.0);
    let Some(format) = formatter(style, zone).or_else(|| formatter(style, "")) else { return at.to_string() };
    let text = format.format().call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string());
    // Browsers put a narrow no-break space before AM; a plain one reads and copies better.
    text.map_or_else(|| at.to_string(), |text| text.replace('\u{202f}', " "))
}

/// A calendar date, such as a date of birth: `October 3, 2026`.
pub fn date(date: time::Date) -> String {
    calendar(date, Style::Date)
}

/// A calendar date in a style without a clock.
pub fn calendar(date: time::Date, style: Style) -> String {
    let noon = date.and_hms_opt(12, 0, 0).map(|noon| noon.and_utc().timestamp_micros());
    noon.and_then(|noon| Time::from_micros(noon).ok())
        .map_or_else(|| date.to_string(), |noon| format(noon, style, "UTC"))
}

/// How many milliseconds a zone runs ahead of UTC at an instant (in milliseconds since 1970).
fn offset(zone: &str, instant: i64) -> i64 {
    let Some(format) = formatter(Style::Parts, zone) else { return 0 };
    let parts = format.format_to_parts(&js_date(instant as f64));
    let part = |name: &str| {
        let found = parts.iter().find(|part| {
            Reflect::get(part, &"type".into()).ok().and_then(|kind| kind.as_string()).as_deref() == Some(name)
        })?;
        Reflect::get(&found, &"value".into()).ok()?.as_string()?.parse::<u32>().ok()
    };
    let wall = || {
        let date = NaiveDate::from_ymd_opt(part("year")? as i32, part("month")?, part("day")?)?;
        date.and_hms_opt(part("hour")?, part("minute")?, part("second")?)
    };
    // The parts are cut to seconds.
    wall().map_or(0, |wall| wall.and_utc().timestamp_millis() - instant.div_euclid(1000) * 1000)
}

/// The instant of a wall time in a zone.
pub fn instant_of(wall: NaiveDateTime, zone: &str) -> Instant {
    zone::instant_of(wall, |instant| offset(zone, instant))
}

/// What the clock of a zone shows at an instant.
pub fn wall_of(at: Time, zone: &str) -> Option<NaiveDateTime> {
    let instant = at.micros().div_euclid(1000);
    zone::wall_of(instant, offset(zone, instant))
}

/// This moment, by the device's clock.
pub fn now() -> Option<Time> {
    Time::from_micros((Date::now() * 1000.0) as i64).ok()
}

/// Today's date in a zone.
pub fn today(zone: &str) -> time::Date {
    now().and_then(|now| wall_of(now, zone)).map_or_else(device_date, |wall| wall.date())
}

fn device_date() -> time::Date {
    let now = Date::new_0();
    NaiveDate::from_ymd_opt(now.get_full_year() as i32, now.get_month() + 1, now.get_date())
        .unwrap_or_default()
}

/// Whole years between a date of birth and a day.
pub fn age(birth_date: time::Date, today: time::Date) -> i32 {
    let had_birthday = (today.month(), today.day()) >= (birth_date.month(), birth_date.day());
    today.year() - birth_date.year() - i32::from(!had_birthday)
}
