//! People by name, always apart from the text round them.

use leptos::prelude::*;
use portal_domain::patients::PatientSummary;

use super::{intl, live::live, page::print, practice::Practice};
use crate::text::{t, t_with};

/// A name, kept apart from text that may run in another direction.
#[component]
pub fn Name(
    /// The name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! { <bdi>{name}</bdi> }.into_any()
}

/// Whose record this is and when it was printed: on paper only, on each record page.
#[component]
pub fn PrintHead(
    /// Whose.
    patient: PatientSummary,
) -> impl IntoView {
    let practice = Practice::here();
    let printed = move || {
        let today =
            intl::now().map(|now| intl::format(now, intl::Style::Full, &practice.zone())).unwrap_or_default();
        t_with("print.printed", &[("date", &today)])
    };
    view! {
        <div class="print-only">
            <p>
                <strong>
                    <bdi>{patient.full_name()}</bdi>
                </strong>
                ", "
                {t_with("print.born", &[("date", &intl::date(patient.birth_date))])}
                ", "
                {t_with("print.mrn", &[("mrn", &patient.mrn)])}
            </p>
            <p>{live(move || practice.name())} ". " {printed}</p>
        </div>
    }
    .into_any()
}

/// A button that prints the page.
#[component]
pub fn PrintButton() -> impl IntoView {
    view! {
        <button type="button" class="nhsuk-button nhsuk-button--secondary no-print" on:click=|_| print()>
            {t("action.print")}
        </button>
    }
    .into_any()
}
