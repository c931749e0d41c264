//! What needs doing comes first, then the appointments to come, then the ways to everything else.

use leptos::prelude::*;
use portal_domain::{
    access::Category,
    appointments::{AppointmentQuery, AppointmentView, Which},
    live::LiveKind,
    mail::{Inbox, InboxItem, InboxQuery, MOST_UNREAD},
    page::Page as Rows,
};

use super::notices::Notices;
use crate::{
    acting::{link, whom},
    api::ask,
    news::News,
    session::Session,
    shared::{
        appointment::{StateTag, title},
        inbox::{inbox_href, inbox_title},
        intl::{self, Style},
        list::Empty,
        live::live,
        load::{load, loaded},
        page::Page,
        practice::Practice,
        sharing::Shared,
        shell::Unread,
    },
    text::{t, t_count, t_with},
};

/// Unread items that are shown here; the rest wait in the inbox.
const CARDS: usize = 4;

/// `/home`
#[component]
pub fn HomePage() -> AnyView {
    let session = Session::here();
    // The first of several given names is what people are called by.
    let called = |given: &str| given.split_whitespace().next().unwrap_or_default().to_string();
    let given = session.subject().map(|patient| called(&patient.given_name)).unwrap_or_default();
    let title = match whom() {
        Some(_) => t_with("home.title_for", &[("name", &given)]),
        None => t_with("home.title", &[("name", &given)]),
    };
    let shared = Shared::here();
    view! {
        <Page title=title>
            {shared.sees(Category::Notices).then(|| view! { <Notices /> })}
            <ToDo />
            {shared.sees(Category::Appointments).then(|| view! { <Upcoming /> })}
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("home.more")}</h2>
            <ul class="app-grid app-plain-list">
                <HubCard href="/chart/results" title=t("home.results") text=t("home.results_text") />
                <HubCard href="/appointments/request/where" title=t("home.request") text=t("home.request_text") />
                <HubCard href="/learn" title=t("nav.learn") text=t("home.learn_text") />
                {shared
                    .sees(Category::Billing)
                    .then(|| view! { <HubCard href="/billing" title=t("home.billing") text=t("home.billing_text") /> })}
                <HubCard href="/mail" title=t("home.mail") text=t("home.mail_text") />
                {whom()
                    .is_none()
                    .then(|| {
                        view! {
                            <HubCard href="/family" title=t("nav.family") text=t("home.family_text") />
                            <HubCard href="/account" title=t("home.account") text=t("home.account_text") />
                        }
                    })}
            </ul>
        </Page>
    }
    .into_any()
}

/// A way on, told by what one does there.
#[component]
fn HubCard(href: &'static str, title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <li class="nhsuk-card nhsuk-card--clickable">
            <div class="nhsuk-card__content">
                <h3 class="nhsuk-card__heading nhsuk-heading-s">
                    <a class="nhsuk-card__link" href=link(href)>
                        {title}
                    </a>
                </h3>
                <p class="nhsuk-card__description">{text}</p>
            </div>
        </li>
    }
    .into_any()
}

/// Unread items, as cards.
#[component]
fn ToDo() -> impl IntoView {
    let session = Session::here();
    let practice = Practice::here();
    let unread = expect_context::<Unread>();
    let inbox = load(move || {
        let patient = session.patient();
        async move {
            let Some(patient) = patient else { return Err(crate::api::ApiError::SignedOut) };
            let inbox = ask(async |portal| portal.inbox(patient, &InboxQuery::default()).await).await?;
            unread.0.try_set(Some(inbox.unread));
            Ok(inbox)
        }
    });
    News::here().on(LiveKind::Inbox, move || inbox.again());
    let card = move |item: InboxItem| {
        view! {
            <li class="nhsuk-card nhsuk-card--clickable app-todo">
                <div class="nhsuk-card__content">
                    <h3 class="nhsuk-card__heading nhsuk-heading-s">
                        <a class="nhsuk-card__link" href=inbox_href(&item)>
                            {inbox_title(&item)}
                        </a>
                    </h3>
                    <p class="nhsuk-card__description">
                        {live(move || intl::format(item.at, Style::Date, &practice.zone()))}
                    </p>
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <h2 class="nhsuk-heading-m">{t("home.todo")}</h2>
        {loaded(
            inbox,
            t("what.inbox"),
            move |inbox: Inbox| {
                let new: Vec<InboxItem> = inbox.items.into_iter().filter(|item| item.read_at.is_none()).take(CARDS).collect();
                if new.is_empty() {
                    return view! { <p>{t("home.nothing_new")}</p> }.into_any();
                }
                let more = inbox.unread - new.len() as i64;
                let words = match inbox.unread < MOST_UNREAD {
                    true => t_count("home.more_unread", more),
                    false => t("home.many_unread").into(),
                };
                view! {
                    <ul class="app-grid app-plain-list">{new.into_iter().map(card).collect_view()}</ul>
                    {(more > 0)
                        .then(|| {
                            view! {
                                <p class="nhsuk-u-margin-top-3">
                                    <a href=link("/mail")>{words}</a>
                                </p>
                            }
                        })}
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}

/// The next appointments.
#[component]
fn Upcoming() -> impl IntoView {
    let session = Session::here();
    let upcoming = load(move || {
        let patient = session.patient();
        async move {
            let Some(patient) = patient else { return Err(crate::api::ApiError::SignedOut) };
            let query = AppointmentQuery { which: Some(Which::Upcoming), limit: Some(3), cursor: None };
            ask(async |portal| portal.appointments(patient, &query).await).await
        }
    });
    let row = |appointment: AppointmentView| {
        let who = appointment.provider.as_ref().map_or(String::new(), |provider| provider.name.clone());
        view! {
            <li class="app-row">
                <a class="app-row__link" href=link(&format!("/appointments/{}", appointment.id))>
                    {title(&appointment)}
                </a>
                <p class="app-row__meta">
                    <bdi>{who}</bdi>
                    {(!appointment.location.name.is_empty()).then_some(", ")}
                    <bdi>{appointment.location.name.clone()}</bdi>
                </p>
                <div class="app-row__side">
                    <StateTag state=appointment.state />
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("home.upcoming")}</h2>
        {loaded(
            upcoming,
            t("what.appointments"),
            move |page: Rows<AppointmentView>| {
                if page.items.is_empty() {
                    return view! {
                        <Empty text=t("appointments.none_upcoming")>
                            <a href=link("/appointments/request/where")>{t("nav.request")}</a>
                        </Empty>
                    }
                        .into_any();
                }
                view! { <ul class="app-rows">{page.items.into_iter().map(row).collect_view()}</ul> }.into_any()
            },
        )}
    }
    .into_any()
}
