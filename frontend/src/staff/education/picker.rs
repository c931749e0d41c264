//! Finding an item of the library by words, to assign it or to send it along.

use leptos::prelude::*;
use portal_domain::education::{EducationSummary, LibraryQuery};

use crate::{
    api::{ApiError, ask},
    shared::{
        live::{go_on, live},
        problem_view::sentence,
    },
    text::{t, t_with, t_word},
};

/// Items that one search shows.
const SHOWN: u32 = 8;

/// A field, and what it finds with a button each. It may stand inside a form, which it never sends.
#[component]
pub fn Picker(
    /// An id for the field.
    id: &'static str,
    /// What a button says before the title.
    verb: &'static str,
    /// What a button does.
    choose: Callback<EducationSummary>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Result<Vec<EducationSummary>, ApiError>>);
    let look = Callback::new(move |()| {
        let q = words.get_untracked().trim().to_string();
        let query = LibraryQuery { q: Some(q), limit: Some(SHOWN), ..LibraryQuery::default() };
        go_on(async move {
            let answer = ask(async |portal| portal.library(&query).await).await;
            found.try_set(Some(answer.map(|page| page.items)));
        });
    });
    let enter = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            look.run(());
        }
    };
    let row = move |item: EducationSummary| {
        let label = t_with("library.choose", &[("verb", verb), ("title", &item.title)]);
        let (title, topic) = (item.title.clone(), t_word("education_topic", item.topic.as_str()));
        let pick = move |_| {
            found.set(None);
            words.set(String::new());
            choose.run(item.clone());
        };
        view! {
            <li class="app-files__row">
                <span>
                    <bdi>{title}</bdi>
                    " "
                    <span class="app-quiet">{topic}</span>
                </span>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                    aria-label=label
                    on:click=pick
                >
                    {verb}
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <label class="nhsuk-label" for=id>
            {t("library.find")}
        </label>
        <div class="app-cluster">
            <input
                class="nhsuk-input app-search__words"
                id=id
                type="search"
                autocomplete="off"
                prop:value=move || words.get()
                on:input=move |event| words.set(event_target_value(&event))
                on:keydown=enter
            />
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                on:click=move |_| look.run(())
            >
                {t("mail.search_do")}
            </button>
        </div>
        <div role="status">
            {live(move || match found.get() {
                None => ().into_any(),
                Some(Err(error)) => view! { <p class="nhsuk-error-message">{sentence(&error)}</p> }.into_any(),
                Some(Ok(items)) if items.is_empty() => view! { <p>{t("learn.nothing")}</p> }.into_any(),
                Some(Ok(items)) => {
                    view! { <ul class="app-files">{items.into_iter().map(row).collect_view()}</ul> }.into_any()
                }
            })}
        </div>
    }
    .into_any()
}
