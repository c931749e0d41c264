//! My Chart: the sections of the record.

use leptos::prelude::*;

use crate::{
    session::Session,
    shared::{
        intl,
        page::Page,
        people::PrintHead,
        summary::{Fact, summary},
    },
    text::t,
};

/// `/chart`
#[component]
pub fn HubPage() -> AnyView {
    let patient = Session::here().read(|view| view.patient.clone()).flatten();
    view! {
        <Page title=t("nav.chart").to_string()>
            {patient
                .map(|patient| {
                    view! {
                        <PrintHead patient=patient.clone() />
                        {summary(
                            vec![
                                Fact::text(t("account.name"), patient.full_name()),
                                Fact::text(t("account.born"), intl::date(patient.birth_date)),
                                Fact::text(t("account.mrn"), patient.mrn),
                            ],
                        )}
                    }
                })}
            <ul class="app-grid app-plain-list">
                <li class="nhsuk-card nhsuk-card--clickable">
                    <div class="nhsuk-card__content">
                        <h2 class="nhsuk-card__heading nhsuk-heading-s">
                            <a class="nhsuk-card__link" href="/chart/results">
                                {t("home.results")}
                            </a>
                        </h2>
                        <p class="nhsuk-card__description">{t("home.results_text")}</p>
                    </div>
                </li>
            </ul>
        </Page>
    }
    .into_any()
}
