//! Vital signs: the newest value of each, and how it went.

use leptos::prelude::*;
use portal_domain::record::VitalSign;

use super::{Wrong, back};
use crate::{
    api::{ApiError, ask},
    logic::wording::{plain_name, value_text},
    session::Session,
    shared::{
        intl::{self, Style},
        list::Empty,
        load::{load, loaded},
        page::Page,
        people::PrintHead,
        practice::Practice,
        result::{FlagWords, History, Trend},
    },
    text::{t, t_with, t_word},
};

/// `/chart/vital-signs`
#[component]
pub fn VitalSignsPage() -> AnyView {
    let session = Session::here();
    let signs = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.vital_signs(patient).await).await
        }
    });
    let patient = session.subject();
    view! {
        <Page title=t_word("record_section", "vital_signs").to_string() section=t("nav.chart") back=back() reading=true>
            {patient.map(|patient| view! { <PrintHead patient /> })}
            {loaded(signs, t("what.section"), opened)}
        </Page>
    }
    .into_any()
}

fn opened(signs: Vec<VitalSign>) -> AnyView {
    if signs.is_empty() {
        return view! { <Empty text=t("section.empty") /> }.into_any();
    }
    let zone = Practice::here().zone();
    let signs: Vec<_> = signs.into_iter().map(|one| sign(one, &zone)).collect();
    view! {
        {signs}
        <Wrong />
    }
    .into_any()
}

fn sign(sign: VitalSign, zone: &str) -> AnyView {
    let newest = sign.values.first().map(|newest| {
        let date = intl::format(newest.at, Style::Date, zone);
        view! {
            <div class="app-cluster app-observation__value">
                <p class="app-value">{value_text(&newest.value)}</p>
                <FlagWords flag=newest.flag />
            </div>
            <p class="app-quiet">{t_with("vital.on", &[("date", &date)])}</p>
        }
    });
    let usual = sign
        .range
        .as_ref()
        .filter(|range| !range.text.is_empty())
        .map(|range| view! { <p>{t_with("vital.usual", &[("range", &range.text)])}</p> });
    let history = (sign.values.len() > 1).then(|| {
        let history = History::of_sign(&sign);
        view! { <Trend history zone=zone.to_string() open=false links=false drawn_first=true /> }
    });
    view! {
        <section class="app-box app-observation">
            <h2 class="nhsuk-heading-s nhsuk-u-margin-bottom-2">{plain_name(&sign.name)}</h2>
            {newest}
            {usual}
            {history}
        </section>
    }
    .into_any()
}
