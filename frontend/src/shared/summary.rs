//! Facts in rows: what it is, and what it says.

use leptos::prelude::*;

/// One fact. Left out when there is nothing to say.
pub struct Fact {
    key: &'static str,
    value: Option<AnyView>,
}

impl Fact {
    /// A fact in plain text; empty text leaves it out.
    pub fn text(key: &'static str, value: impl Into<String>) -> Self {
        let value: String = value.into();
        let value = (!value.trim().is_empty()).then(|| view! { <bdi>{value}</bdi> }.into_any());
        Self { key, value }
    }

    /// A fact that may be missing.
    pub fn maybe(key: &'static str, value: Option<String>) -> Self {
        Self::text(key, value.unwrap_or_default())
    }

    /// A fact with parts of its own.
    pub fn view(key: &'static str, value: AnyView) -> Self {
        Self { key, value: Some(value) }
    }
}

/// Facts under each other.
pub fn summary(facts: Vec<Fact>) -> AnyView {
    let row = |fact: Fact| {
        fact.value.map(|value| {
            view! {
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">{fact.key}</dt>
                    <dd class="nhsuk-summary-list__value">{value}</dd>
                </div>
            }
            .into_any()
        })
    };
    view! { <dl class="nhsuk-summary-list">{facts.into_iter().filter_map(row).collect_view()}</dl> }
        .into_any()
}
