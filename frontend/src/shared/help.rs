//! Where to get help by a person, folded until it is wanted.

use leptos::prelude::*;

use super::practice::Locations;
use crate::text::t;

/// Every location's phone number below one sentence; open at once while `needed`.
#[component]
pub fn HelpByPhone(
    /// What the locations can do.
    text: &'static str,
    /// Whether it stands open.
    #[prop(into)]
    needed: Signal<bool>,
) -> impl IntoView {
    view! {
        <details class="nhsuk-details" prop:open=move || needed.get()>
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("help.title")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <p>{text}</p>
                <Locations />
            </div>
        </details>
    }
    .into_any()
}
