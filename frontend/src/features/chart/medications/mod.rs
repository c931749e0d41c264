//! The medication list, and requests for refills and renewals (MED-2).

mod asking;
pub(super) mod list_page;
mod medication;
pub(super) mod request_page;

use leptos::prelude::*;
use portal_domain::{
    chart::{PartialTime, Precision},
    refills::ItemState,
};

use crate::{
    acting::link,
    shared::{intl, page::Back},
    text::{t, t_word},
};

fn back() -> Back {
    Back { href: link("/chart/medications"), label: t("medications.title") }
}

/// A date as exact as it is known: `October 3, 2026`, else the year, or year and month, as it was sent.
fn partial(at: PartialTime) -> String {
    match (at.precision, at.date()) {
        (Precision::Day | Precision::Instant, Some(date)) => intl::date(date),
        _ => at.to_string(),
    }
}

/// Where a medication of a request stands, as a tag.
fn state_tag(state: ItemState) -> AnyView {
    let colour = match state {
        ItemState::Waiting => "nhsuk-tag nhsuk-tag--yellow",
        ItemState::Approved => "nhsuk-tag nhsuk-tag--green",
        ItemState::Declined => "nhsuk-tag nhsuk-tag--red",
        ItemState::NeedsAppointment => "nhsuk-tag nhsuk-tag--blue",
        ItemState::Withdrawn => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("refill_item", state.as_str())}</strong> }.into_any()
}
