//! Who looked at my record (AUD-1): who, as what, what was done with what, and when.

use leptos::prelude::*;
use portal_domain::{
    audit::{AccessCount, AccessPerson, AccessQuery, AccessView, ActorKind, LEAVES},
    time::iso_date,
};

use super::parts::back;
use crate::{
    api::{ApiError, access_table_path, ask},
    logic::paths::encode,
    session::Session,
    shared::{
        access::{person, role},
        choice::{Checkbox, Choice, Select},
        form::Form,
        intl::{self, Style},
        list::{Address, Empty, Rows, listing, load_rows},
        load::{load, loaded},
        page::Page,
        people::PrintButton,
        practice::Practice,
    },
    text::{t, t_count, t_with, t_word},
};

/// The filters, as the address has them.
fn wanted(address: Address) -> AccessQuery {
    let yes = |name: &str| (address.get(name) == "true").then_some(true);
    AccessQuery {
        from: iso_date::read(&address.get("from")),
        to: iso_date::read(&address.get("to")),
        by: address.get("by").parse().ok(),
        own: yes("own"),
        copies: yes("copies"),
        cursor: None,
        limit: None,
    }
}

/// `/account/access-log?from=&to=&by=&own=&copies=`
#[component]
pub fn AccessLogPage() -> AnyView {
    let (session, address) = (Session::here(), Address::here());
    let query = Memo::new(move |_| wanted(address));
    let rows = load_rows(move || {
        let (patient, query) = (session.own(), query.get());
        move |page| {
            let query = AccessQuery { cursor: page.cursor, limit: page.limit, ..query.clone() };
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                ask(async |portal| portal.access_log(patient, &query).await).await
            }
        }
    });
    let people = load(move || {
        let patient = session.own();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.access_people(patient, &AccessQuery::default()).await).await
        }
    });
    let table = move || {
        let path = session.own().map(access_table_path).unwrap_or_default();
        let filters = ["from", "to", "by", "own", "copies"].map(|name| (name, address.get(name)));
        let filters: Vec<String> = filters
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if filters.is_empty() { path } else { format!("{path}?{}", filters.join("&")) }
    };
    view! {
        <Page title=t("access_log.title").to_string() section=t("account.title") back=back() reading=true>
            <p>{t("access_log.intro")}</p>
            {loaded(people, t("what.access_log"), move |people| view! { <Filters people /> }.into_any())}
            {listing(
                rows,
                t("what.access_log"),
                move || view! { <Empty text=t("access_log.none") /> }.into_any(),
                move || view! { <Rows load=rows id="access-log" row=row /> }.into_any(),
            )}
            <div class="app-cluster no-print nhsuk-u-margin-top-4">
                <a class="nhsuk-button nhsuk-button--secondary" href=table download="">
                    {t("access_log.download")}
                </a>
                <PrintButton />
            </div>
            <h2 class="nhsuk-heading-s nhsuk-u-margin-top-5">{t("access_log.meaning")}</h2>
            <p>{t("access_log.meaning_text")}</p>
            <p>{t("access_log.emergency_text")}</p>
        </Page>
    }
    .into_any()
}

/// By day and by person; all of it stands in the address.
#[component]
fn Filters(people: Vec<AccessCount>) -> impl IntoView {
    let (address, form) = (Address::here(), Form::new());
    let field = |name: &str| RwSignal::new(untrack(|| address.get(name)));
    let (from, to, by) = (field("from"), field("to"), field("by"));
    let ticked = |name: &str| RwSignal::new(untrack(|| address.get(name)) == "true");
    let (own, copies) = (ticked("own"), ticked("copies"));
    let choice = |one: AccessCount| {
        let id = one.by.id?;
        Some(Choice::new(id.to_string(), t_count_of(&one)))
    };
    let choices: Vec<Choice> = std::iter::once(Choice::new("", t("access_log.anybody")))
        .chain(people.into_iter().filter_map(choice))
        .collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let yes = |ticked: RwSignal<bool>| if ticked.get_untracked() { "true" } else { "" };
        address.set(&[
            ("from", &from.get_untracked()),
            ("to", &to.get_untracked()),
            ("by", &by.get_untracked()),
            ("own", yes(own)),
            ("copies", yes(copies)),
            ("show", ""),
        ]);
    };
    view! {
        <details class="nhsuk-details no-print">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("access_log.filter")}</span>
            </summary>
            <form class="nhsuk-details__text" role="search" aria-label=t("access_log.filter") on:submit=submit>
                {day("from", t("access_log.from"), from)}
                {day("to", t("access_log.to"), to)}
                <Select form name="by" label=t("access_log.who") choices value=by />
                <Checkbox form name="copies" label=t("access_log.copies") value=copies />
                <Checkbox form name="own" label=t("access_log.own") value=own />
                <button type="submit" class="nhsuk-button nhsuk-button--secondary">
                    {t("access_log.apply")}
                </button>
            </form>
        </details>
    }
    .into_any()
}

fn t_count_of(one: &AccessCount) -> String {
    format!("{} ({})", person(&one.by, None), t_count("access_log.times", one.count))
}

/// A day to choose; the browser knows the calendar.
fn day(name: &'static str, label: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <div class="nhsuk-form-group">
            <label class="nhsuk-label" for=name>
                {label}
            </label>
            <input
                class="nhsuk-input nhsuk-input--width-10"
                id=name
                name=name
                type="date"
                prop:value=move || value.get()
                on:change=move |event| value.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

fn row(line: AccessView) -> AnyView {
    let zone = Practice::here().zone();
    let own = untrack(|| Session::here().read(|view| view.account_id.0));
    let name = person(&line.by, own);
    let role = role(&line.by);
    let what = t_with(
        "access_log.line",
        &[
            ("action", t_word("audit_action", line.action.as_str())),
            ("category", t_word("audit_category", line.category.as_str())),
        ],
    );
    let at = intl::format(line.at, Style::Full, &zone);
    let left = LEAVES
        .contains(&line.action)
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--grey">{t("access_log.left")}</strong> });
    let emergency = line
        .emergency
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--orange">{t("access_log.emergency")}</strong> });
    let behalf = line.on_behalf.as_ref().map(|acted| {
        let relation = t_word("relationship", acted.relationship.as_str());
        let level = t_word("level", acted.level.as_str());
        t_with("access_log.on_behalf", &[("relation", relation), ("level", level)])
    });
    let question = may_be_asked(&line.by, own).then(|| {
        let title = t_with(
            "access_log.subject",
            &[("name", &name), ("date", &intl::format(line.at, Style::Date, &zone))],
        );
        let label = t_with("access_log.question_label", &[("name", &name), ("time", &at)]);
        let href = format!("/mail/new?team=records&title={}", encode(&title));
        view! {
            <a href=href aria-label=label>
                {t("access_log.question")}
            </a>
        }
    });
    view! {
        <li class="app-row">
            <span class="app-row__text">
                <strong>
                    <bdi>{name}</bdi>
                </strong>
                {(!role.is_empty()).then(|| format!(", {role}"))}
            </span>
            {behalf.map(|behalf| view! { <p class="app-row__text">{behalf}</p> })}
            <p class="app-row__text">{what} " " {left} " " {emergency}</p>
            <p class="app-row__meta">{at}</p>
            <div class="app-row__side no-print">{question}</div>
        </li>
    }
    .into_any()
}

/// Nobody asks the practice what they did themselves.
fn may_be_asked(by: &AccessPerson, own: Option<uuid::Uuid>) -> bool {
    !matches!(by.kind, ActorKind::Nobody | ActorKind::Policy) && (by.id.is_none() || by.id != own)
}
