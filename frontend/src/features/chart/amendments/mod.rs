//! Requests to correct the record: asked for by the patient, answered by the practice (PHR-6).

mod item_page;
mod list_page;
mod request_page;

use leptos::prelude::*;
use portal_domain::amendments::AmendmentState;

use crate::{
    acting::link,
    shared::page::Back,
    text::{t, t_word},
};

/// Where they stand.
pub const ROOT: &str = "/chart/corrections";

/// `/chart/corrections`
pub fn list() -> AnyView {
    view! { <list_page::ListPage /> }.into_any()
}

/// `/chart/corrections/new` and `/chart/corrections/:id`
pub fn one(id: &str) -> AnyView {
    match id {
        "new" => view! { <request_page::RequestPage /> }.into_any(),
        _ => view! { <item_page::ItemPage /> }.into_any(),
    }
}

fn back() -> Back {
    Back { href: link(ROOT), label: t("corrections.title") }
}

fn state_tag(state: AmendmentState) -> AnyView {
    let colour = match state {
        AmendmentState::Pending => "nhsuk-tag nhsuk-tag--yellow",
        AmendmentState::Accepted => "nhsuk-tag nhsuk-tag--green",
        AmendmentState::Denied => "nhsuk-tag nhsuk-tag--red",
        AmendmentState::Withdrawn => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("amendment_state", state.as_str())}</strong> }.into_any()
}
