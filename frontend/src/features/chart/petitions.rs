//! What the patient's pages of requests to correct the record and of those not to share something have in common.

use leptos::prelude::*;
use portal_domain::petitions::{PetitionState, Petitioned};

use crate::{
    shared::{
        intl::{self, Style},
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// Where a request stands.
pub fn state_tag(state: PetitionState) -> AnyView {
    let colour = match state {
        PetitionState::Pending => "nhsuk-tag nhsuk-tag--yellow",
        PetitionState::Accepted => "nhsuk-tag nhsuk-tag--green",
        PetitionState::Denied => "nhsuk-tag nhsuk-tag--red",
        PetitionState::Withdrawn | PetitionState::Ended => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("petition_state", state.as_str())}</strong> }.into_any()
}

/// A text with its line breaks.
pub fn lines(text: String) -> AnyView {
    view! {
        <span class="app-lines">
            <bdi>{text}</bdi>
        </span>
    }
    .into_any()
}

/// The practice's answer: what it means, its words, and what follows from it.
pub fn answer(petitioned: &Petitioned, means: &'static str, more: Option<AnyView>) -> AnyView {
    let zone = Practice::here().zone();
    let at = petitioned.closed_at.map(|at| intl::format(at, Style::Date, &zone)).unwrap_or_default();
    let by = petitioned.closed_by.clone().unwrap_or_default();
    view! {
        <section class="app-box nhsuk-u-margin-bottom-4" aria-labelledby="answer">
            <h2 class="nhsuk-heading-s" id="answer">
                {t("told.answer")}
            </h2>
            <p>
                <strong>{means}</strong>
            </p>
            {lines(petitioned.words.clone())}
            {more}
            <p class="app-quiet nhsuk-u-margin-bottom-0">
                {t_with("medications.answer_from", &[("name", &by), ("date", &at)])}
            </p>
        </section>
    }
    .into_any()
}
