//! How a value went over time: a line over the usual range, and the same as a table (LAB-4).

use leptos::prelude::*;
use portal_domain::{
    record::{Measurement, VitalSign},
    results::{EarlierValue, Flag, ObservationView, ReferenceRange, Value},
    time::Time,
};

use super::FlagWords;
use crate::{
    acting::link,
    logic::{
        plot::{Frame, short, trend},
        wording::{mid_sentence, plain_name, value_text},
    },
    shared::intl::{self, Style},
    text::{t, t_with},
};

/// The newest values that are drawn; the table has them all.
const DRAWN: usize = 24;
/// Height below which the usual range is not labelled.
const LABEL: f64 = 20.0;
const FRAME: Frame = Frame { left: 12.0, top: 12.0, right: 97.0, bottom: 132.0 };

/// One value of the history.
#[derive(Clone)]
struct Point {
    at: Time,
    value: Value,
    flag: Flag,
    /// The result that holds it; none for the one that is open, and for what is in no result.
    href: Option<String>,
}

/// Values of one kind over time.
#[derive(Clone)]
pub struct History {
    /// What is measured, as people call it.
    name: String,
    /// What is usual.
    range: Option<ReferenceRange>,
    /// The unit in which values are drawn: the present value's.
    unit: Option<String>,
    /// Newest first.
    points: Vec<Point>,
    /// What the dates tell.
    when: &'static str,
}

impl History {
    /// A value of a result and those before it; each leads to its result.
    pub fn of_result(observation: &ObservationView, collected_at: Time) -> Self {
        let this = observation.value.clone().map(|value| Point {
            at: collected_at,
            value,
            flag: observation.flag,
            href: None,
        });
        let earlier = observation.earlier.iter().map(|earlier: &EarlierValue| Point {
            at: earlier.collected_at,
            value: earlier.value.clone(),
            flag: earlier.flag,
            href: Some(link(&format!("/chart/results/{}", earlier.result_id))),
        });
        let name = plain_name(&observation.name);
        let unit = observation.value.as_ref().and_then(unit);
        let points = this.into_iter().chain(earlier).collect();
        Self { name, range: observation.range.clone(), unit, points, when: t("result.collected") }
    }

    /// A vital sign.
    pub fn of_sign(sign: &VitalSign) -> Self {
        let point = |seen: &Measurement| Point {
            at: seen.at,
            value: seen.value.clone(),
            flag: seen.flag,
            href: None,
        };
        let unit = sign.values.first().and_then(|newest| unit(&newest.value));
        let points = sign.values.iter().map(point).collect();
        Self {
            name: plain_name(&sign.name),
            range: sign.range.clone(),
            unit,
            points,
            when: t("vital.measured"),
        }
    }
}

fn unit(value: &Value) -> Option<String> {
    match value {
        Value::Quantity { unit, .. } => Some(unit.clone()),
        Value::Text { .. } => None,
    }
}

/// Earlier values: a drawing where they are numbers of one unit, and a table.
#[component]
pub fn Trend(
    /// The values.
    history: History,
    /// The zone in which dates are told.
    zone: String,
    /// Whether it is shown at once.
    open: bool,
    /// Whether each earlier value leads to its result.
    links: bool,
    /// Whether the drawing stands above what is folded.
    #[prop(optional)]
    drawn_first: bool,
) -> impl IntoView {
    let drawing = draw(&history, &zone);
    let (above, within) = if drawn_first { (drawing, None) } else { (None, drawing) };
    let History { name, points, when, .. } = history;
    // A column that says nothing is left out.
    let flagged = points.iter().any(|point| point.flag != Flag::None);
    let row = move |point: Point| {
        let date = intl::format(point.at, Style::ShortDate, &zone);
        let date = match point.href.filter(|_| links) {
            Some(href) => view! { <a href=href>{date}</a> }.into_any(),
            None => view! { {date} }.into_any(),
        };
        view! {
            <tr class="nhsuk-table__row">
                <th class="nhsuk-table__header" scope="row">
                    {date}
                </th>
                <td class="nhsuk-table__cell app-num">{value_text(&point.value)}</td>
                {flagged
                    .then(|| {
                        view! {
                            <td class="nhsuk-table__cell">
                                <FlagWords flag=point.flag short=true />
                            </td>
                        }
                    })}
            </tr>
        }
        .into_any()
    };
    view! {
        {above}
        <details class="nhsuk-details app-history" open=open>
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("result.history")}</span>
            </summary>
            <div class="nhsuk-details__text">
                {within} <div class="nhsuk-table-container" role="region" tabindex="0" aria-label=t("result.history")>
                    <table class="nhsuk-table app-table">
                        <caption class="nhsuk-u-visually-hidden">
                            {t_with("result.history_of", &[("name", &mid_sentence(&name))])}
                        </caption>
                        <thead class="nhsuk-table__head">
                            <tr class="nhsuk-table__row">
                                <th class="nhsuk-table__header" scope="col">
                                    {when}
                                </th>
                                <th class="nhsuk-table__header app-num" scope="col">
                                    {t("result.value")}
                                </th>
                                {flagged
                                    .then(|| {
                                        view! {
                                            <th class="nhsuk-table__header" scope="col">
                                                {t("result.meaning")}
                                            </th>
                                        }
                                    })}
                            </tr>
                        </thead>
                        <tbody class="nhsuk-table__body">{points.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </details>
    }
    .into_any()
}

/// The drawing, where at least two values are numbers in the unit of the present one.
fn draw(history: &History, zone: &str) -> Option<AnyView> {
    let unit = history.unit.as_ref()?;
    let number = |point: &Point| match &point.value {
        Value::Quantity { number, unit: own, .. } if own == unit => Some((point.clone(), *number)),
        _ => None,
    };
    let mut drawn: Vec<(Point, f64)> = history.points.iter().filter_map(number).take(DRAWN).collect();
    drawn.reverse();
    let values: Vec<(i64, f64)> =
        drawn.iter().map(|(point, number)| (point.at.micros() / 1000, *number)).collect();
    let (low, high) = history.range.as_ref().map_or((None, None), |range| (range.low, range.high));
    let trend = trend(&values, low, high, FRAME)?;
    let (first, last) = (drawn.first()?, drawn.last()?);
    let by_number = |a: &&(Point, f64), b: &&(Point, f64)| a.1.total_cmp(&b.1);
    let (least, most) = (drawn.iter().min_by(by_number)?, drawn.iter().max_by(by_number)?);
    let sentence = t_with(
        "result.trend",
        &[
            ("name", &history.name),
            ("count", &drawn.len().to_string()),
            ("from", &intl::format(first.0.at, Style::Date, zone)),
            ("to", &intl::format(last.0.at, Style::Date, zone)),
            ("least", &value_text(&least.0.value)),
            ("most", &value_text(&most.0.value)),
        ],
    );
    let percent = |x: f64| format!("{x:.2}%");
    let whole = percent(FRAME.right - FRAME.left);
    let band = trend.band.map(|(top, bottom)| {
        view! {
            <rect
                class="app-trend__band"
                x=percent(FRAME.left)
                width=whole.clone()
                y=format!("{top:.1}")
                height=format!("{:.1}", (bottom - top).max(0.0))
            />
        }
    });
    let usual = trend.band.filter(|(top, bottom)| bottom - top >= LABEL).map(|(top, bottom)| {
        view! {
            <text class="app-trend__text" x=percent(FRAME.left + 2.0) y=format!("{:.1}", (top + bottom) / 2.0) dy="0.35em">
                {t("result.usual")}
            </text>
        }
    });
    let tick = |(number, y): (f64, f64)| {
        let y = format!("{y:.1}");
        view! {
            <line class="app-trend__grid" x1=percent(FRAME.left) x2=percent(FRAME.right) y1=y.clone() y2=y.clone() />
            <text class="app-trend__text" x=percent(FRAME.left - 1.5) y=y dy="0.35em" text-anchor="end">
                {short(number)}
            </text>
        }
    };
    let line = |pair: &[(f64, f64)]| {
        view! {
            <line
                class="app-trend__line"
                x1=percent(pair[0].0)
                y1=format!("{:.1}", pair[0].1)
                x2=percent(pair[1].0)
                y2=format!("{:.1}", pair[1].1)
            />
        }
    };
    let mark = |((x, y), (point, _)): (&(f64, f64), &(Point, f64))| {
        // Outside the usual range: another shape, not only another colour.
        let (class, shape) = if point.flag.is_out_of_range() {
            ("app-trend__point app-trend__point--out", "M 0 -7 L 7 0 L 0 7 L -7 0 Z")
        } else {
            ("app-trend__point", "M -5 0 A 5 5 0 1 0 5 0 A 5 5 0 1 0 -5 0 Z")
        };
        view! {
            <svg class="app-range__at" x=percent(*x) y=format!("{y:.1}") width="1" height="1">
                <path class=class d=shape />
            </svg>
        }
    };
    let date = |at: f64, point: &Point, anchor: &'static str| {
        view! {
            <text class="app-trend__text" x=percent(at) y="156" text-anchor=anchor>
                {intl::format(point.at, Style::ShortDate, zone)}
            </text>
        }
    };
    Some(
        view! {
            <svg class="app-trend app-trend--fluid" role="img" aria-label=sentence focusable="false">
                {band} {usual} {trend.ticks.iter().copied().map(tick).collect_view()}
                {trend.points.windows(2).map(line).collect_view()}
                {trend.points.iter().zip(&drawn).map(mark).collect_view()}
                {date(FRAME.left, &first.0, "start")} {date(FRAME.right, &last.0, "end")}
            </svg>
        }
        .into_any(),
    )
}
