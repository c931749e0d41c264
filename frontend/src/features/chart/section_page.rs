//! One section of the chart, in the words of the health record.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    problem::{Code, Problem},
    record::{ChartSection, MOST_ROWS, ROWS, Section, SectionQuery},
};

use super::{Wrong, back, read_about::ReadAbout};
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        blocks::block,
        list::{Address, Empty},
        load::{load_keeping, loaded},
        page::Page,
        people::PrintHead,
    },
    text::{t, t_with, t_word},
};

/// `/chart/sections/:section?rows=`
#[component]
pub fn SectionPage() -> AnyView {
    let (session, params, address) = (Session::here(), use_params_map(), Address::here());
    let asked = Memo::new(move |_| {
        params.with(|params| params.get("section")).and_then(|section| section.parse::<Section>().ok())
    });
    let rows = Memo::new(move |_| address.get("rows").parse::<u32>().ok());
    let section = load_keeping(move || {
        let (patient, asked, query) = (session.patient(), asked.get(), SectionQuery { rows: rows.get() });
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let asked = asked.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.chart_section(patient, asked, &query).await).await
        }
    });
    let title = Signal::derive(move || {
        let title = asked.get().map(|section| t_word("record_section", section.as_str()));
        title.unwrap_or_else(|| t("nav.chart")).to_string()
    });
    let patient = session.subject();
    view! {
        <Page title section=t("nav.chart") back=back() reading=true>
            {patient.map(|patient| view! { <PrintHead patient /> })}
            {loaded(section, t("what.section"), move |section| opened(section, rows.get_untracked(), address))}
        </Page>
    }
    .into_any()
}

fn opened(section: ChartSection, rows: Option<u32>, address: Address) -> AnyView {
    if section.is_empty {
        return view! { <Empty text=t("section.empty") /> }.into_any();
    }
    let hint = t_word("record_section_hint", section.section.as_str());
    let more = (section.hidden > 0).then(|| {
        let next = (rows.unwrap_or(ROWS) * 4).min(MOST_ROWS);
        let at_most = rows.unwrap_or(ROWS) >= MOST_ROWS;
        let show = move |_| address.set(&[("rows", &next.to_string())]);
        view! {
            <p>{t_with("section.hidden", &[("count", &section.hidden.to_string())])}</p>
            {(!at_most)
                .then(|| {
                    view! {
                        <button type="button" class="nhsuk-button nhsuk-button--secondary no-print" on:click=show>
                            {t("action.show_more")}
                        </button>
                    }
                })}
        }
    });
    view! {
        <p class="app-quiet">{hint}</p>
        {section.blocks.into_iter().map(block).collect_view()}
        {more}
        <ReadAbout codes=section.codes heading=t("learn.about_chart") />
        {(section.section == Section::Demographics)
            .then(|| {
                view! {
                    <p class="no-print">
                        <a href=link("/chart/contact")>{t("section.contact")}</a>
                    </p>
                }
            })}
        <Wrong section=section.section.as_str() />
    }
    .into_any()
}
