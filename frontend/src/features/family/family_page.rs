//! Everybody at a glance: whom I look after, who sees my chart, what waits for an answer.

use leptos::prelude::*;
use portal_domain::{
    dependents::{DependentRequestView, DependentView, ProxiesView, ProxyInviteView, ProxyView},
    ids::{ProxyGrantId, ProxyInviteId},
    page::PageQuery,
};

use crate::{
    api::{ApiError, ask},
    logic::paths::encode,
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        grant_terms::shared,
        intl::{self, Style},
        list::Empty,
        load::{load, loaded},
        page::Page,
        people::Name,
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// What can be ended here, with the name that it is about.
#[derive(Clone, PartialEq)]
enum Ending {
    Leave(ProxyGrantId, String),
    Revoke(ProxyGrantId, String),
    Withdraw(ProxyInviteId),
}

/// What a row needs to end something.
#[derive(Clone, Copy)]
struct Ends {
    asked: RwSignal<Option<Ending>>,
    open: RwSignal<bool>,
}

impl Ends {
    fn button(self, ending: Ending, text: &'static str, label: String) -> AnyView {
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                aria-label=label
                on:click=move |_| {
                    self.asked.set(Some(ending.clone()));
                    self.open.set(true);
                }
            >
                {text}
            </button>
        }
        .into_any()
    }
}

/// `/family`
#[component]
pub fn FamilyPage() -> AnyView {
    let (session, form, said) = (Session::here(), Form::new(), RwSignal::new(String::new()));
    let own = session.own();
    let dependents = load(move || async move {
        let Some(own) = own else { return Err(ApiError::SignedOut) };
        ask(async |portal| portal.dependents(own).await).await
    });
    let requests = load(move || async move {
        let Some(own) = own else { return Err(ApiError::SignedOut) };
        ask(async |portal| portal.dependent_requests(own, &PageQuery::default()).await).await
    });
    let proxies = load(move || async move {
        let Some(own) = own else { return Err(ApiError::SignedOut) };
        ask(async |portal| portal.proxies(own).await).await
    });
    let ends = Ends { asked: RwSignal::new(None), open: RwSignal::new(false) };
    let act = Callback::new(move |()| {
        let (Some(ending), Some(own)) = (ends.asked.get_untracked(), own) else { return };
        said.set(String::new());
        let done = match &ending {
            Ending::Leave(_, name) => t_with("family.left", &[("name", name)]),
            Ending::Revoke(_, name) => t_with("family.revoked", &[("name", name)]),
            Ending::Withdraw(_) => t("family.withdrawn").into(),
        };
        form.send(
            async move {
                match ending {
                    Ending::Leave(id, _) => ask(async |portal| portal.leave_dependent(own, id).await).await,
                    Ending::Revoke(id, _) => {
                        ask(async |portal| portal.revoke_proxy(own, id).await).await.map(drop)
                    }
                    Ending::Withdraw(id) => ask(async |portal| portal.withdraw_invite(own, id).await).await,
                }
            },
            move |()| {
                said.set(done);
                dependents.again();
                proxies.again();
            },
        );
    });
    let title = Signal::derive(move || match ends.asked.get() {
        Some(Ending::Leave(_, name)) => t_with("family.leave_title", &[("name", &name)]),
        Some(Ending::Revoke(_, name)) => t_with("family.revoke_title", &[("name", &name)]),
        _ => t("family.withdraw_title").into(),
    });
    view! {
        <Page title=t("family.title").to_string()>
            <ErrorSummary form />
            <Done said />
            <h2 class="nhsuk-heading-m">{t("family.dependents")}</h2>
            {loaded(dependents, t("what.family"), move |list| view! { <Dependents list ends /> }.into_any())}
            {loaded(
                requests,
                t("what.requests"),
                |page| view! { <Requests list=page.items /> }.into_any(),
            )}
            <h3 class="nhsuk-heading-s nhsuk-u-margin-top-4">{t("family.add")}</h3>
            <ul class="app-rows app-rows--columns">
                {way("/family/token", t("family.by_token"), t("family.by_token_text"))}
                {way("/family/request", t("family.by_request"), t("family.by_request_text"))}
                {way("/family/code", t("family.by_code"), t("family.by_code_text"))}
            </ul>
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("family.proxies")}</h2>
            {loaded(proxies, t("what.family"), move |view| view! { <Proxies view ends /> }.into_any())}
            <Confirm
                open=ends.open
                id="end-title"
                title
                text=Signal::derive(|| t("family.end_text").to_string())
                yes=t("family.end_yes")
                act
            />
        </Page>
    }
    .into_any()
}

fn way(href: &'static str, title: &'static str, text: &'static str) -> AnyView {
    view! {
        <li class="app-row">
            <a class="app-row__link" href=href>
                {title}
            </a>
            <p class="app-row__meta">{text}</p>
        </li>
    }
    .into_any()
}

/// Until when something lasts, in words.
fn until(ends_on: Option<portal_domain::time::Date>) -> String {
    match ends_on {
        Some(last) => t_with("family.until", &[("date", &intl::date(last))]),
        None => String::new(),
    }
}

#[component]
fn Dependents(list: Vec<DependentView>, ends: Ends) -> impl IntoView {
    if list.is_empty() {
        return view! { <Empty text=t("family.nobody") /> }.into_any();
    }
    let row = move |one: DependentView| {
        let name = one.patient.full_name();
        let leave = ends.button(
            Ending::Leave(one.id, name.clone()),
            t("family.leave"),
            t_with("family.leave_label", &[("name", &name)]),
        );
        let who = match one.why_not {
            None => view! {
                <a class="app-row__link" rel="external" href=format!("/for/{}/home", one.patient.id)>
                    <Name name />
                </a>
            }
            .into_any(),
            Some(_) => view! { <strong class="app-row__text"><Name name /></strong> }.into_any(),
        };
        let what = match one.why_not {
            None => shared(&one.shares),
            Some(why) => {
                view! { <p class="app-row__text">{t_word("no_access", why.as_str())}</p> }.into_any()
            }
        };
        view! {
            <li class="app-row">
                {who}
                <p class="app-row__meta">
                    {t_word("relationship_to", one.relationship.as_str())} ". "
                    {t_word("level", one.level.as_str())} ". " {until(one.ends_on)}
                </p>
                <details class="nhsuk-details app-row__text">
                    <summary class="nhsuk-details__summary">
                        <span class="nhsuk-details__summary-text">{t("family.what_i_see")}</span>
                    </summary>
                    <div class="nhsuk-details__text">{what}</div>
                </details>
                <div class="app-row__side">{leave}</div>
            </li>
        }
        .into_any()
    };
    view! { <ul class="app-rows">{list.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// What was asked of staff, and what they said.
#[component]
fn Requests(list: Vec<DependentRequestView>) -> impl IntoView {
    if list.is_empty() {
        return ().into_any();
    }
    let zone = Practice::here().zone();
    let row = move |one: DependentRequestView| {
        let name = format!("{} {}", one.given_name, one.family_name);
        let asked = intl::format(one.requested_at, Style::Date, &zone);
        view! {
            <li class="app-row">
                <strong class="app-row__text">
                    <Name name />
                </strong>
                <p class="app-row__meta">{t_with("family.asked", &[("date", &asked)])}</p>
                <p class="app-row__text">
                    <bdi>{one.answer}</bdi>
                </p>
                <div class="app-row__side">
                    <strong class="nhsuk-tag">{t_word("dependent_request", one.state.as_str())}</strong>
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <h3 class="nhsuk-heading-s nhsuk-u-margin-top-4">{t("family.requests")}</h3>
        <ul class="app-rows">{list.into_iter().map(row).collect_view()}</ul>
    }
    .into_any()
}

#[component]
fn Proxies(view: ProxiesView, ends: Ends) -> impl IntoView {
    let zone = Practice::here().zone();
    let is_adult = view.is_adult;
    let row = move |one: ProxyView| {
        let name = one.name.clone();
        let revoke = is_adult.then(|| {
            ends.button(
                Ending::Revoke(one.id, name.clone()),
                t("family.revoke"),
                t_with("family.revoke_label", &[("name", &name)]),
            )
        });
        // Who is not grown up yet asks the practice, which decides.
        let ask = (!is_adult).then(|| {
            let title = t_with("family.ask_end_subject", &[("name", &name)]);
            let href = format!("/mail/new?team=records&title={}", encode(&title));
            view! {
                <a href=href aria-label=t_with("family.ask_end_label", &[("name", &name)])>
                    {t("family.ask_end")}
                </a>
            }
        });
        let what = match one.why_not {
            None => shared(&one.shares),
            Some(why) => view! { <p>{t_word("no_access", why.as_str())}</p> }.into_any(),
        };
        let source = t_word("grant_source", one.source.as_str());
        view! {
            <li class="app-row">
                <strong class="app-row__text">
                    <Name name=one.name />
                </strong>
                <p class="app-row__meta">
                    {t_word("relationship", one.relationship.as_str())} ". "
                    {t_word("level", one.level.as_str())} ". " {until(one.ends_on)} " " {source}
                </p>
                <div class="app-row__text">{what}</div>
                <div class="app-row__side">{revoke} {ask}</div>
            </li>
        }
        .into_any()
    };
    let invite = move |one: ProxyInviteView| {
        let button =
            ends.button(Ending::Withdraw(one.id), t("family.withdraw"), t("family.withdraw_label").into());
        let last = intl::format(one.expires_at, Style::Date, &zone);
        let sent = one.email.clone().map(|email| {
            let name = one.family_name.clone().unwrap_or_default();
            view! { <p class="app-row__text">{t_with("family.mailed_to", &[("email", &email), ("name", &name)])}</p> }
        });
        view! {
            <li class="app-row">
                <strong class="app-row__text">{t("family.open_invite")}</strong>
                <p class="app-row__meta">
                    {t_word("relationship", one.relationship.as_str())} ". "
                    {t_word("level", one.level.as_str())} ". " {t_with("family.until", &[("date", &last)])}
                </p>
                {sent}
                <div class="app-row__side">{button}</div>
            </li>
        }
        .into_any()
    };
    let rows: Vec<_> =
        view.proxies.into_iter().map(row).chain(view.invites.into_iter().map(invite)).collect();
    let list = match rows.is_empty() {
        true => view! { <Empty text=t("family.no_proxies") /> }.into_any(),
        false => view! { <ul class="app-rows">{rows}</ul> }.into_any(),
    };
    let more = match is_adult {
        true => view! {
            <a class="nhsuk-button nhsuk-u-margin-top-4" href="/family/invite">
                {t("family.invite")}
            </a>
        }
        .into_any(),
        false => view! { <p class="nhsuk-inset-text">{t("family.minor")}</p> }.into_any(),
    };
    view! {
        {list}
        {more}
    }
    .into_any()
}
