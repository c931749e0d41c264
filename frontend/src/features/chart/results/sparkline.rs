//! How a test went, in the height of a line: its usual range and its newest values. The sentence says the same.

use leptos::prelude::*;
use portal_domain::results::TestView;

use crate::{
    logic::{
        plot::{Frame, short, trend},
        wording::plain_name,
    },
    shared::intl::{self, Style},
    text::t_with,
};

const FRAME: Frame = Frame { left: 4.0, top: 5.0, right: 96.0, bottom: 31.0 };

/// The drawing; nothing below two numbers of one unit.
#[component]
pub fn Sparkline(
    /// The test.
    test: TestView,
    /// The zone in which dates are told.
    zone: String,
) -> impl IntoView {
    let values: Vec<(i64, f64)> =
        test.points.iter().map(|point| (point.at.micros() / 1000, point.number)).collect();
    let (low, high) = test.range.as_ref().map_or((None, None), |range| (range.low, range.high));
    let (Some(drawn), Some(first), Some(last)) =
        (trend(&values, low, high, FRAME), test.points.first(), test.points.last())
    else {
        return ().into_any();
    };
    let date = |at| intl::format(at, Style::ShortDate, &zone);
    let sentence = t_with(
        "tests.line",
        &[
            ("name", &plain_name(&test.name)),
            ("count", &values.len().to_string()),
            ("first", &short(first.number)),
            ("from", &date(first.at)),
            ("last", &short(last.number)),
            ("to", &date(last.at)),
        ],
    );
    let percent = |x: f64| format!("{x:.2}%");
    let band = drawn.band.map(|(top, bottom)| {
        view! {
            <rect
                class="app-trend__band"
                x="0"
                width="100%"
                y=format!("{top:.1}")
                height=format!("{:.1}", (bottom - top).max(0.0))
            />
        }
    });
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
        .into_any()
    };
    // The newest value stands out.
    let dot = drawn.points.last().map(|(x, y)| {
        view! { <circle class="app-trend__point" cx=percent(*x) cy=format!("{y:.1}") r="4" /> }
    });
    view! {
        <svg class="app-sparkline" role="img" aria-label=sentence focusable="false">
            {band} {drawn.points.windows(2).map(line).collect_view()} {dot}
        </svg>
    }
    .into_any()
}
