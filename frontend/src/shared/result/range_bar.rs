//! The range bar: the usual range on its scale and the own value, drawn in percent of the width so that its text keeps
//! the reader's size.

use leptos::prelude::*;
use portal_domain::results::{ObservationView, Value};

use crate::{
    logic::{
        plot::{range_bar, short},
        wording::{sentence, value_text},
    },
    text::t,
};

/// Below this share of the width both ends of the usual range share one label.
const NARROW: f64 = 16.0;
/// From this share on the usual range has room for its name.
const WIDE: f64 = 40.0;

/// Which end of a label stands at its place, so that none leaves the drawing.
fn anchor(at: f64) -> &'static str {
    match at {
        at if at < 15.0 => "start",
        at if at > 85.0 => "end",
        _ => "middle",
    }
}

/// The bar of a value. Nothing for words, and nothing without a usual range.
#[component]
pub fn RangeBar(
    /// The value with its range.
    observation: ObservationView,
) -> impl IntoView {
    let bar = match (&observation.value, &observation.range) {
        (Some(Value::Quantity { number, .. }), Some(range)) => {
            range_bar(*number, range.low, range.high, 100.0)
        }
        _ => None,
    };
    let (Some(bar), Some(value), Some(range)) = (bar, &observation.value, &observation.range) else {
        return ().into_any();
    };
    let percent = |at: f64| format!("{at:.2}%");
    let text = value_text(value);
    let (from, to) = bar.usual;
    let ends: Vec<(f64, String)> = match (range.low, range.high) {
        (Some(low), Some(high)) if to - from < NARROW => {
            vec![((from + to) / 2.0, format!("{} – {}", short(low), short(high)))]
        }
        (low, high) => [low.map(|low| (from, short(low))), high.map(|high| (to, short(high)))]
            .into_iter()
            .flatten()
            .collect(),
    };
    let label = |(at, text): (f64, String)| {
        view! {
            <text class="app-range__text" x=percent(at) y="58" text-anchor=anchor(at)>
                {text}
            </text>
        }
    };
    let usual = (to - from >= WIDE).then(|| {
        view! {
            <text class="app-range__text app-range__usual-word" x=percent((from + to) / 2.0) y="58" text-anchor="middle">
                {t("result.usual")}
            </text>
        }
    });
    // Beyond the bar's end the mark is an arrow that points on.
    let shape = match (bar.beyond, bar.mark > 50.0) {
        (true, true) => "M -14 22 L 0 32 L -14 42 Z",
        (true, false) => "M 14 22 L 0 32 L 14 42 Z",
        (false, _) => "M -7 20 L 7 20 L 7 26 L 1.5 31 L 1.5 44 L -1.5 44 L -1.5 31 L -7 26 Z",
    };
    view! {
        <svg class="app-range app-range--fluid" role="img" aria-label=sentence(&observation) focusable="false">
            <rect class="app-range__rest" x="0" y="24" width="100%" height="16" rx="8" />
            <rect class="app-range__usual" x=percent(from) y="24" width=percent(to - from) height="16" rx="3" />
            <text class="app-range__text app-range__value" x=percent(bar.mark) y="14" text-anchor=anchor(bar.mark)>
                {text}
            </text>
            <svg class="app-range__at" x=percent(bar.mark) y="0" width="1" height="1">
                <path class="app-range__mark" d=shape />
            </svg>
            {ends.into_iter().map(label).collect_view()} {usual}
        </svg>
    }
    .into_any()
}
