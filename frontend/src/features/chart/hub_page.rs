//! My Chart: the sections of the record.

use leptos::prelude::*;
use portal_domain::record::Section;

use crate::{
    acting::link,
    session::Session,
    shared::{
        intl,
        page::Page,
        people::PrintHead,
        summary::{Fact, summary},
    },
    text::{t, t_word},
};

/// `/chart`
#[component]
pub fn HubPage() -> AnyView {
    let session = Session::here();
    let patient = session.subject();
    // Whoever acts for the patient sees none of these.
    let is_own = session.own() == session.patient();
    // These have pages of their own.
    let own =
        [Section::Results, Section::VitalSigns, Section::Medications, Section::Allergies, Section::Documents];
    let listed = |section: &&Section| !own.contains(section);
    let sections: Vec<_> = Section::ALL.iter().filter(listed).map(|section| row(*section)).collect();
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
                {card("/chart/results", t("home.results"), t("home.results_text"))}
                {card("/chart/medications", t("medications.hub"), t("medications.hub_text"))}
                {card("/chart/allergies", t("allergies.hub"), t("allergies.hub_text"))}
                {card("/chart/vital-signs", t("chart.vital_signs"), t("chart.vital_signs_text"))}
                {card("/chart/documents", t("documents.title"), t("documents.hub_text"))}
                {card("/chart/elsewhere", t("elsewhere.title"), t("elsewhere.hub_text"))}
                {card("/chart/records", t("record.take"), t("record.take_text"))}
                {card("/chart/corrections", t("corrections.hub"), t("corrections.hub_text"))}
                {is_own.then(|| card("/chart/limits", t("limits.hub"), t("limits.hub_text")))}
            </ul>
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("chart.sections")}</h2>
            <ul class="app-rows app-rows--columns" id="sections">
                {sections}
            </ul>
        </Page>
    }
    .into_any()
}

/// A way into a part of the chart.
fn card(href: &'static str, heading: &'static str, text: &'static str) -> AnyView {
    view! {
        <li class="nhsuk-card nhsuk-card--clickable">
            <div class="nhsuk-card__content">
                <h2 class="nhsuk-card__heading nhsuk-heading-s">
                    <a class="nhsuk-card__link" href=link(href)>
                        {heading}
                    </a>
                </h2>
                <p class="nhsuk-card__description">{text}</p>
            </div>
        </li>
    }
    .into_any()
}

/// The way to a section.
fn row(section: Section) -> AnyView {
    view! {
        <li class="app-row">
            <a class="app-row__link" href=link(&href(section))>
                {t_word("record_section", section.as_str())}
            </a>
            <p class="app-row__meta">{t_word("record_section_hint", section.as_str())}</p>
        </li>
    }
    .into_any()
}

/// Where a section opens: what the patient may know better has a page that says so.
fn href(section: Section) -> String {
    match section {
        Section::Insurance => "/chart/insurance".into(),
        Section::FamilyHistory => "/chart/family-history".into(),
        Section::SocialHistory => "/chart/social-history".into(),
        _ => format!("/chart/sections/{section}"),
    }
}
