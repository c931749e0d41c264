//! What the library says about what stands on a page of the chart (EDU-1).

use leptos::prelude::*;
use portal_domain::{
    audience::CodedTerm,
    education::{EducationSummary, LibraryQuery},
};

use crate::{
    acting::link,
    api::ask,
    shared::{live::live, load::load},
};

/// A page asks so many times at most, for twenty codes each: the library of a practice is small.
const MOST_QUESTIONS: usize = 5;

/// Links to what explains these codes; nothing while there is nothing, or when the library does not answer.
#[component]
pub fn ReadAbout(
    /// What stands on the page; codes that the library does not know lead nowhere.
    codes: Vec<CodedTerm>,
    /// What the links are about, as a heading.
    heading: &'static str,
) -> impl IntoView {
    let mut queries = LibraryQuery::explaining(&codes);
    queries.truncate(MOST_QUESTIONS);
    if queries.is_empty() {
        return ().into_any();
    }
    let found = load(move || {
        let queries = queries.clone();
        async move {
            let mut items = Vec::<EducationSummary>::new();
            for query in &queries {
                let page = ask(async |portal| portal.library(query).await).await?;
                for item in page.items {
                    if items.iter().all(|known| known.id != item.id) {
                        items.push(item);
                    }
                }
            }
            Ok(items)
        }
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
        let items = found.read(Clone::clone).filter(|items| !items.is_empty())?;
        let links: Vec<_> = items.into_iter().map(link).collect();
        Some(view! {
            <section class="no-print" aria-labelledby="read-about">
                <h2 class="nhsuk-heading-m" id="read-about">
                    {heading}
                </h2>
                <ul class="nhsuk-list">{links}</ul>
            </section>
        })
    })
}
