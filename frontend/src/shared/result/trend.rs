//! How a value went over time: a line over the usual range, and the same as a table (LAB-4).

use leptos::prelude::*;
use portal_domain::{
    results::{EarlierValue, Flag, ObservationView, Value},
    time::Time,
};

use super::FlagWords;
use crate::{
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

/// One value of the history, this one or an earlier one.
#[derive(Clone)]
struct Point {
    at: Time,
    value: Value,
    flag: Flag,
    /// The result that holds it; none for the one that is open.
    href: Option<String>,
}

fn history(observation: &ObservationView, collected_at: Time) -> Vec<Point> {
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
        href: Some(format!("/chart/results/{}", earlier.result_id)),
    });
    this.into_iter().chain(earlier).collect()
}

/// Earlier values: a drawing where they are numbers of one unit, and a table.
#[component]
pub fn Trend(
    /// The value and those before it.
    observation: ObservationView,
    /// When this one was collected.
    collected_at: Time,
    /// The zone in which dates are told.
    zone: String,
    /// Whether it is shown at once.
    open: bool,
    /// Whether each earlier value leads to its result.
    links: bool,
) -> impl IntoView {
    if observation.earlier.is_empty() {
        return ().into_any();
    }
    let points = history(&observation, collected_at);
    let drawing = draw(&observation, &points, &zone);
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
                <td class="nhsuk-table__cell">
                    <FlagWords flag=point.flag short=true />
                </td>
            </tr>
        }
        .into_any()
    };
    view! {
        <details class="nhsuk-details app-history" open=open>
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("result.history")}</span>
            </summary>
            <div class="nhsuk-details__text">
                {drawing} <div class="nhsuk-table-container" role="region" tabindex="0" aria-label=t("result.history")>
                    <table class="nhsuk-table app-table">
                        <caption class="nhsuk-u-visually-hidden">
                            {t_with("result.history_of", &[("name", &mid_sentence(&plain_name(&observation.name)))])}
                        </caption>
                        <thead class="nhsuk-table__head">
                            <tr class="nhsuk-table__row">
                                <th class="nhsuk-table__header" scope="col">
                                    {t("result.collected")}
                                </th>
                                <th class="nhsuk-table__header app-num" scope="col">
                                    {t("result.value")}
                                </th>
                                <th class="nhsuk-table__header" scope="col">
                                    {t("result.meaning")}
                                </th>
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
fn draw(observation: &ObservationView, points: &[Point], zone: &str) -> Option<AnyView> {
    let Some(Value::Quantity { unit, .. }) = &observation.value else { return None };
    let number = |point: &Point| match &point.value {
        Value::Quantity { number, unit: own, .. } if own == unit => Some((point.clone(), *number)),
        _ => None,
    };
    let mut drawn: Vec<(Point, f64)> = points.iter().filter_map(number).take(DRAWN).collect();
    drawn.reverse();
    let values: Vec<(i64, f64)> =
        drawn.iter().map(|(point, number)| (point.at.micros() / 1000, *number)).collect();
    let (low, high) = observation.range.as_ref().map_or((None, None), |range| (range.low, range.high));
    let trend = trend(&values, low, high, FRAME)?;
    let (first, last) = (drawn.first()?, drawn.last()?);
    let by_number = |a: &&(Point, f64), b: &&(Point, f64)| a.1.total_cmp(&b.1);
    let (least, most) = (drawn.iter().min_by(by_number)?, drawn.iter().max_by(by_number)?);
    let sentence = t_with(
        "result.trend",
        &[
            ("name", &plain_name(&observation.name)),
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
