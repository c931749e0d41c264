//! Released results by test: the newest value of each, in words, and how it went (LAB-4).

use leptos::prelude::*;
use portal_domain::results::TestView;

use super::{
    finding::{Find, Nothing, Tab, Tabs, wanted},
    sparkline::Sparkline,
};
use crate::{
    acting::link,
    api::{ApiError, ask},
    logic::wording::{plain_name, value_text},
    session::Session,
    shared::{
        intl::{self, Style},
        list::{Rows, listing, load_rows},
        page::{Back, Page},
        people::{PrintButton, PrintHead},
        practice::Practice,
        result::FlagWords,
    },
    text::{t, t_count, t_with},
};

/// `/chart/tests`
#[component]
pub fn TestsPage() -> AnyView {
    let session = Session::here();
    let wanted = wanted();
    let tests = load_rows(move || {
        let (patient, query) = (session.patient(), wanted.get());
        move |page| {
            let mut query = query.clone();
            (query.cursor, query.limit) = (page.cursor, page.limit);
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                ask(async |portal| portal.tests(patient, &query).await).await
            }
        }
    });
    let patient = session.subject();
    view! {
        <Page
            title=t("tests.title").to_string()
            section=t("nav.results")
            back=Back { href: link("/chart"), label: t("nav.chart") }
        >
            {patient.map(|patient| view! { <PrintHead patient /> })}
            <Tabs open=Tab::Tests />
            <Find />
            {listing(
                tests,
                t("what.results"),
                || view! { <Nothing /> }.into_any(),
                move || {
                    view! {
                        <p class="app-quiet">{t("tests.intro")}</p>
                        <Rows load=tests id="tests" row=row />
                        <PrintButton />
                    }
                    .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

fn row(test: TestView) -> AnyView {
    let zone = Practice::here().zone();
    let date = intl::format(test.collected_at, Style::Date, &zone);
    let count = t_count("tests.values", test.count);
    // The page of the result opens at this value, with its history unfolded.
    let href = link(&format!("/chart/results/{}?value={}", test.result_id, test.observation_id));
    view! {
        <li class="app-row app-row--wide app-test">
            <a class="app-row__link" href=href>
                {plain_name(&test.name)}
            </a>
            <p class="app-test__value">
                <bdi>{value_text(&test.value)}</bdi>
            </p>
            <p class="app-row__meta">{t_with("tests.on", &[("date", &date), ("count", &count)])}</p>
            <div class="app-row__side">
                <Sparkline test=test.clone() zone />
                <FlagWords flag=test.flag />
            </div>
        </li>
    }
    .into_any()
}
