//! Parts of a section of a record: tables as cards, facts, paragraphs.

use leptos::prelude::*;
use portal_domain::record::{ChartBlock, ChartFact};

/// One part.
pub fn block(block: ChartBlock) -> AnyView {
    match block {
        ChartBlock::Text { text } => view! { <p class="app-lines">{text}</p> }.into_any(),
        ChartBlock::Facts { facts } => pairs(facts),
        ChartBlock::Table { caption, columns, rows } => {
            let heading = caption.map(|caption| view! { <h2 class="nhsuk-heading-m">{caption}</h2> });
            let rows: Vec<_> = rows.into_iter().map(|row| card(&columns, row)).collect();
            view! {
                {heading}
                <ul class="app-plain-list app-entries">{rows}</ul>
            }
            .into_any()
        }
    }
}

/// A row: what it is about as its heading, and whatever else is known below.
fn card(columns: &[String], row: Vec<String>) -> AnyView {
    let mut known = columns.iter().zip(row).filter(|(_, text)| !text.trim().is_empty());
    let heading = known.next().map(|(_, text)| text).unwrap_or_default();
    let facts = known.map(|(label, value)| ChartFact { label: label.clone(), value }).collect();
    view! {
        <li class="app-box">
            <h2 class="nhsuk-heading-s nhsuk-u-margin-bottom-2 app-lines">
                <bdi>{heading}</bdi>
            </h2>
            {pairs(facts)}
        </li>
    }
    .into_any()
}

/// Labels beside what they stand for.
fn pairs(facts: Vec<ChartFact>) -> AnyView {
    let pair = |fact: ChartFact| {
        view! {
            <div class="app-pairs__row">
                <dt>{fact.label}</dt>
                <dd class="app-lines">
                    <bdi>{fact.value}</bdi>
                </dd>
            </div>
        }
        .into_any()
    };
    view! { <dl class="app-pairs">{facts.into_iter().map(pair).collect_view()}</dl> }.into_any()
}
