//! Amounts as bars: a drawing with a sentence for those who don't see it. The table beside it has the numbers.

use leptos::prelude::*;
use portal_domain::billing::{Currency, Money};

use crate::logic::plot::{Frame, bars};

const FRAME: Frame = Frame { left: 24.0, top: 12.0, right: 99.0, bottom: 132.0 };
/// Up to so many bars have each its own label.
const LABELLED: usize = 4;

/// A whole amount on the scale: no cents.
fn tick_label(amount: f64, currency: Currency) -> String {
    let shown = Money::new(amount.round() as i64, currency).shown();
    shown.strip_suffix(".00").map(str::to_owned).unwrap_or(shown)
}

/// Bars with what each stands for, from left to right; `sentence` says the same in words. Where all is nothing, nothing is
/// drawn.
pub fn bar_plot(values: &[(String, Money)], sentence: String) -> Option<AnyView> {
    let currency = values.first()?.1.currency;
    let numbers: Vec<f64> = values.iter().map(|(_, amount)| amount.amount as f64).collect();
    let plot = bars(&numbers, FRAME).filter(|_| numbers.iter().any(|number| *number != 0.0))?;
    let percent = |x: f64| format!("{x:.2}%");
    let tick = |(number, y): (f64, f64)| {
        let y = format!("{y:.1}");
        view! {
            <line class="app-trend__grid" x1=percent(FRAME.left) x2=percent(FRAME.right) y1=y.clone() y2=y.clone() />
            <text class="app-trend__text" x=percent(FRAME.left - 1.5) y=y dy="0.35em" text-anchor="end">
                {tick_label(number, currency)}
            </text>
        }
    };
    let bar = |(x, width, y, height): (f64, f64, f64, f64)| {
        view! {
            <rect
                class="app-trend__point"
                x=percent(x)
                width=percent(width)
                y=format!("{y:.1}")
                height=format!("{height:.1}")
            />
        }
    };
    let label = |x: f64, anchor: &'static str, text: String| {
        view! {
            <text class="app-trend__text" x=percent(x) y="156" text-anchor=anchor>
                {text}
            </text>
        }
        .into_any()
    };
    let labels: Vec<AnyView> = if values.len() <= LABELLED {
        let middle = |(x, width, ..): &(f64, f64, f64, f64)| x + width / 2.0;
        let named = plot.bars.iter().zip(values);
        named.map(|(bar, (name, _))| label(middle(bar), "middle", name.clone())).collect()
    } else {
        let ends = values.first().zip(values.last());
        ends.into_iter()
            .flat_map(|(first, last)| {
                [label(FRAME.left, "start", first.0.clone()), label(FRAME.right, "end", last.0.clone())]
            })
            .collect()
    };
    let zero = format!("{:.1}", plot.zero);
    Some(
        view! {
            <svg class="app-trend app-trend--fluid" role="img" aria-label=sentence focusable="false">
                {plot.ticks.iter().copied().map(tick).collect_view()}
                {plot.bars.iter().copied().map(bar).collect_view()}
                <line
                    class="app-trend__axis"
                    x1=percent(FRAME.left)
                    x2=percent(FRAME.right)
                    y1=zero.clone()
                    y2=zero
                /> {labels}
            </svg>
        }
        .into_any(),
    )
}
