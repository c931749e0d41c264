//! What the library says about the tests of a result.

use leptos::prelude::*;
use portal_domain::{
    audience::CodedTerm,
    chart::systems,
    education::{EducationSummary, LibraryQuery},
    results::ResultView,
};

use crate::{
    acting::link,
    api::ask,
    shared::{live::live, load::load},
    text::t,
};

/// Links to what explains the tests; nothing while there is nothing, or when the library does not answer.
#[component]
pub fn ReadAbout(
    /// The result.
    result: ResultView,
) -> impl IntoView {
    let codes: Vec<CodedTerm> = result
        .observations
        .into_iter()
        .filter_map(|value| value.loinc)
        .map(|code| CodedTerm { system: systems::LOINC.into(), code })
        .collect();
    if codes.is_empty() {
        return ().into_any();
    }
    let query = LibraryQuery::explaining(&codes);
    let found = load(move || {
        let query = query.clone();
        async move { ask(async |portal| portal.library(&query).await).await }
    });
    let link = |item: EducationSummary| {
        view! {
            <li>
                <a href=link(&format!("/learn/{}", item.id)) lang=item.language>
                    {item.title}
                </a>
            </li>
        }
        .into_any()
    };
    live(move || {
        let items = found.read(|page| page.items.clone()).filter(|items| !items.is_empty())?;
        let links: Vec<_> = items.into_iter().map(link).collect();
        Some(view! {
            <section class="no-print" aria-labelledby="read-about">
                <h2 class="nhsuk-heading-m" id="read-about">
                    {t("learn.about_test")}
                </h2>
                <ul class="nhsuk-list">{links}</ul>
            </section>
        })
    })
}
