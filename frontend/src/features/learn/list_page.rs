//! The library: what staff chose for the reader first, then everything, by words and topic.

use leptos::prelude::*;
use portal_domain::{
    education::{EducationAssignment, EducationSummary, EducationTopic, LibraryQuery},
    live::LiveKind,
};

use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        choice::{Choice, Select},
        form::Form,
        intl::{self, Style},
        list::{Address, Empty, Rows, listing, load_rows},
        live::live,
        load::{load, loaded},
        page::Page,
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// `/learn?q=&topic=`
#[component]
pub fn ListPage() -> AnyView {
    let address = Address::here();
    let wanted = Memo::new(move |_| (address.get("q"), address.get("topic")));
    let list = load_rows(move || {
        let (q, topic) = wanted.get();
        let (q, topic) = (Some(q).filter(|q| !q.is_empty()), topic.parse::<EducationTopic>().ok());
        move |page| {
            let query =
                LibraryQuery { q: q.clone(), topic, cursor: page.cursor, limit: page.limit, code: None };
            async move { ask(async |portal| portal.library(&query).await).await }
        }
    });
    let filtered = Memo::new(move |_| wanted.with(|(q, topic)| !q.is_empty() || !topic.is_empty()));
    view! {
        <Page title=t("nav.learn").to_string()>
            <p class="nhsuk-lede-text">{t("learn.intro")}</p>
            <Search />
            {live(move || {
                (!filtered.get())
                    .then(|| {
                        view! {
                            <ForYou />
                            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("learn.all")}</h2>
                        }
                    })
            })}
            {listing(
                list,
                t("what.library"),
                move || live(move || if filtered.get() { nothing() } else { view! { <Empty text=t("learn.empty") /> }.into_any() }),
                move || view! { <Rows load=list id="library" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <div class="app-empty">
            <p>{t("learn.nothing")}</p>
            <a href=link("/learn")>{t("learn.show_all")}</a>
        </div>
    }
    .into_any()
}

/// By words and topic; both stand in the address.
#[component]
fn Search() -> impl IntoView {
    let (address, form) = (Address::here(), Form::new());
    let typed = RwSignal::new(untrack(|| address.get("q")));
    let topic = RwSignal::new(untrack(|| address.get("topic")));
    let topics = EducationTopic::ALL
        .iter()
        .map(|topic| Choice::new(topic.as_str(), t_word("education_topic", topic.as_str())));
    let choices: Vec<Choice> = std::iter::once(Choice::new("", t("learn.any_topic"))).chain(topics).collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (words, topic) = (typed.get_untracked(), topic.get_untracked());
        address.set(&[("q", words.trim()), ("topic", &topic), ("show", "")]);
    };
    view! {
        <form class="app-search no-print" role="search" on:submit=submit>
            <Select form name="topic" label=t("learn.topic") choices value=topic />
            <label class="nhsuk-label" for="q">
                {t("learn.search")}
            </label>
            <div class="app-cluster">
                <input
                    class="nhsuk-input app-search__words"
                    id="q"
                    name="q"
                    type="search"
                    autocomplete="off"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button type="submit" class="nhsuk-button nhsuk-button--secondary">
                    {t("mail.search_do")}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// What the care team chose, the unread first.
#[component]
fn ForYou() -> impl IntoView {
    let session = Session::here();
    let assigned = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.assigned_education(patient).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || assigned.again());
    loaded(assigned, t("what.library"), |mut assigned: Vec<EducationAssignment>| {
        if assigned.is_empty() {
            return ().into_any();
        }
        // Both parts stay as they came: the newest first.
        assigned.sort_by_key(|one| one.read_at.is_some());
        let rows: Vec<_> = assigned.into_iter().map(assigned_row).collect();
        view! {
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("learn.for_you")}</h2>
            <ul class="app-rows" id="for-you">{rows}</ul>
        }
        .into_any()
    })
}

fn assigned_row(one: EducationAssignment) -> AnyView {
    let zone = Practice::here().zone();
    let date = intl::format(one.assigned_at, Style::Date, &zone);
    let by = t_with("learn.from", &[("name", &one.assigned_by), ("date", &date)]);
    let new = one.read_at.is_none();
    view! {
        <li class=if new { "app-row app-row--new" } else { "app-row" }>
            <a class="app-row__link" href=link(&format!("/learn/{}", one.item.id)) lang=one.item.language>
                {one.item.title}
            </a>
            <p class="app-row__meta">
                <bdi>{by}</bdi>
            </p>
            <div class="app-row__side">
                {if new {
                    view! { <strong class="nhsuk-tag nhsuk-tag--blue">{t("mail.new")}</strong> }
                } else {
                    view! { <strong class="nhsuk-tag nhsuk-tag--grey">{t("learn.read")}</strong> }
                }}
            </div>
        </li>
    }
    .into_any()
}

fn row(item: EducationSummary) -> AnyView {
    view! {
        <li class="app-row">
            <a class="app-row__link" href=link(&format!("/learn/{}", item.id)) lang=item.language>
                {item.title}
            </a>
            <p class="app-row__meta">{t_word("education_topic", item.topic.as_str())}</p>
        </li>
    }
    .into_any()
}
