//! By date or by test, and finding one: both lists share their address's words and filter.

use leptos::prelude::*;
use portal_domain::results::{ResultsQuery, ResultsShown};

use crate::{
    acting::link,
    shared::{
        choice::Checkbox,
        form::Form,
        list::{Address, Empty},
        live::live,
        practice::{Phone, Practice},
    },
    text::{t, t_with},
};

/// The two ways to look at results.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Newest first.
    Dates,
    /// Each test with its newest value.
    Tests,
}

/// What the address asks for.
pub fn wanted() -> Memo<ResultsQuery> {
    let address = Address::here();
    Memo::new(move |_| {
        let q = Some(address.get("q")).filter(|q| !q.is_empty());
        ResultsQuery { q, only: address.get("only").parse().ok(), ..Default::default() }
    })
}

/// The way to the other list, which keeps what was asked for.
#[component]
pub fn Tabs(open: Tab) -> impl IntoView {
    let address = Address::here();
    let tab = move |tab: Tab, path: &'static str, label: &'static str| {
        let href = move || {
            let query = leptos_router::params::ParamsMap::from_iter(
                [("q", address.get("q")), ("only", address.get("only"))]
                    .into_iter()
                    .filter(|(_, value)| !value.is_empty()),
            );
            link(&format!("{path}{}", query.to_query_string()))
        };
        view! {
            <li>
                <a class="app-tabs__link" href=href aria-current=(tab == open).then_some("page")>
                    {label}
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <nav class="app-tabs no-print" aria-label=t("results.ways")>
            <ul>
                {tab(Tab::Dates, "/chart/results", t("results.by_date"))}
                {tab(Tab::Tests, "/chart/tests", t("results.by_test"))}
            </ul>
        </nav>
    }
    .into_any()
}

/// Words and a filter; both stand in the address.
#[component]
pub fn Find() -> impl IntoView {
    let (address, form) = (Address::here(), Form::new());
    let typed = RwSignal::new(untrack(|| address.get("q")));
    let outside = RwSignal::new(untrack(|| address.get("only")) == ResultsShown::Outside.as_str());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let only = if outside.get_untracked() { ResultsShown::Outside.as_str() } else { "" };
        address.set(&[("q", typed.get_untracked().trim()), ("only", only), ("show", "")]);
    };
    view! {
        <form class="app-search no-print" role="search" on:submit=submit>
            <label class="nhsuk-label" for="q">
                {t("results.search")}
            </label>
            <div class="app-cluster">
                <input
                    class="nhsuk-input app-search__words"
                    id="q"
                    name="q"
                    type="search"
                    maxlength="100"
                    autocomplete="off"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button type="submit" class="nhsuk-button nhsuk-button--secondary">
                    {t("mail.search_do")}
                </button>
            </div>
            <Checkbox form name="only" label=t("results.outside_only") value=outside />
        </form>
    }
    .into_any()
}

/// No result yet; or nothing that fits, with the way back to everything.
#[component]
pub fn Nothing() -> impl IntoView {
    let (address, practice) = (Address::here(), Practice::here());
    let how_to_ask =
        move || practice.phone().map(|phone| view! { <p>{t("results.ask")} " " <Phone number=phone /></p> });
    live(move || match address.get("q") {
        words if !words.is_empty() => nothing(t_with("mail.nothing_found", &[("words", &words)])),
        _ if !address.get("only").is_empty() => nothing(t("results.none_outside").to_owned()),
        _ => view! { <Empty text=t("results.empty")>{how_to_ask}</Empty> }.into_any(),
    })
}

fn nothing(words: String) -> AnyView {
    view! {
        <div class="app-empty">
            <p>{words}</p>
            <a href="?">{t("results.show_all")}</a>
        </div>
    }
    .into_any()
}
