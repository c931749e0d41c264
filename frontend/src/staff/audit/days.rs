//! Acts by day: a bar a day, and the same numbers as a table.

use leptos::prelude::*;
use portal_domain::audit::AuditDay;

use crate::{
    logic::plot::Scale,
    shared::intl::{self, Style},
    text::{t, t_with},
};

/// Places are in percent of the drawing, which is as wide as the page.
const WHOLE: f64 = 100.0;

/// The chart says in a sentence what it shows; its table is beneath.
#[component]
pub fn Days(
    /// Each day of the period, the first one first.
    days: Vec<AuditDay>,
) -> impl IntoView {
    let most = days.iter().map(|day| day.done + day.refused).max().unwrap_or(0);
    let done: i64 = days.iter().map(|day| day.done).sum();
    let refused: i64 = days.iter().map(|day| day.refused).sum();
    let sentence = match (days.first(), days.last()) {
        (Some(first), Some(last)) => t_with(
            "audit.chart",
            &[
                ("done", &done.to_string()),
                ("refused", &refused.to_string()),
                ("from", &intl::date(first.date)),
                ("to", &intl::date(last.date)),
                ("most", &most.to_string()),
            ],
        ),
        _ => String::new(),
    };
    let scale = Scale { low: 0.0, high: most.max(1) as f64, start: 0.0, end: WHOLE };
    let slot = WHOLE / days.len().max(1) as f64;
    let bars = days.iter().enumerate().map(|(index, day)| {
        let x = index as f64 * slot + slot * 0.1;
        let (below, whole) = (scale.at(day.done as f64), scale.at((day.done + day.refused) as f64));
        let bar = |class: &'static str, low: f64, high: f64| {
            let height = high - low;
            (height > 0.0).then(|| {
                view! {
                    <rect
                        class=class
                        x=format!("{x:.2}%")
                        y=format!("{:.2}%", WHOLE - high)
                        width=format!("{:.2}%", slot * 0.8)
                        height=format!("{height:.2}%")
                    />
                }
            })
        };
        view! { {bar("staff-bars__done", 0.0, below)} {bar("staff-bars__refused", below, whole)} }
    });
    let bars = bars.collect_view();
    let row = |day: AuditDay| {
        view! {
            <tr>
                <th scope="row">{intl::calendar(day.date, Style::ShortDate)}</th>
                <td>{day.done}</td>
                <td>{day.refused}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <figure class="staff-bars">
            <svg role="img" aria-label=sentence.clone() focusable="false">
                {bars}
                <line class="staff-bars__axis" x1="0" x2="100%" y1="100%" y2="100%" />
            </svg>
            <figcaption>{sentence}</figcaption>
        </figure>
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("audit.as_table")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <table class="staff-table">
                    <thead>
                        <tr>
                            <th scope="col">{t("audit.day")}</th>
                            <th scope="col">{t("audit.done")}</th>
                            <th scope="col">{t("audit.refused")}</th>
                        </tr>
                    </thead>
                    <tbody>{days.into_iter().rev().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
