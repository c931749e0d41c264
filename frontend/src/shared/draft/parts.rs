//! What a page shows of a draft: how far it is kept, and the choice when two pages wrote in it.

use leptos::prelude::*;

use super::{Draft, Keeping};
use crate::{
    shared::{
        intl::{self, Style},
        live::live,
    },
    text::{t, t_with},
};

/// Whether what is typed is kept, in a quiet word.
#[component]
pub fn SaveState(
    /// Of which draft.
    draft: Draft,
) -> impl IntoView {
    let word = move || match draft.keeping.get() {
        Keeping::Nothing | Keeping::Conflict(_) => String::new(),
        // The reader's own clock: this is about the moment, not about the practice.
        Keeping::Saved(at) => t_with("draft.saved", &[("time", &intl::format(at, Style::Clock, ""))]),
        Keeping::Failed => t("draft.not_saved").into(),
        Keeping::Refused => t("draft.too_long").into(),
    };
    view! {
        <p class="app-quiet app-save-state no-print" role="status">
            {live(word)}
        </p>
    }
    .into_any()
}

/// Two pages wrote in one draft: both texts, and the choice. Nothing while there is no conflict.
#[component]
pub fn Conflict(
    /// Of which draft.
    draft: Draft,
) -> impl IntoView {
    live(move || {
        let Keeping::Conflict(other) = draft.keeping.get() else { return ().into_any() };
        let subject = other.content.subject.clone();
        view! {
            <section class="app-error" role="alert" id="draft" tabindex="-1">
                <h2 class="nhsuk-heading-s">{t("draft.conflict")}</h2>
                <p>{t("draft.conflict_text")}</p>
                {(!subject.is_empty()).then(|| view! { <p><strong><bdi>{subject}</bdi></strong></p> })}
                <blockquote class="app-message__text" dir="auto">{other.content.text.clone()}</blockquote>
                <div class="app-cluster">
                    <button type="button" class="nhsuk-button" on:click=move |_| draft.decide(true)>
                        {t("draft.keep_mine")}
                    </button>
                    <button
                        type="button"
                        class="nhsuk-button nhsuk-button--secondary"
                        on:click=move |_| draft.decide(false)
                    >
                        {t("draft.take_other")}
                    </button>
                </div>
            </section>
        }
        .into_any()
    })
}
