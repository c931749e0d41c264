//! A new message to a care team (MSG-1), after the word about urgent needs (MSG-5).

use std::cell::Cell;

use leptos::prelude::*;
use portal_domain::{
    ids::{AccountId, DraftId, PatientId},
    messages::{DraftText, DraftView, MAX_BODY, MAX_SUBJECT, TeamChoice, Topic, TopicKind},
};

use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        choice::{Choice, Radios},
        dialog::Confirm,
        draft::{Conflict, Draft, Files, SaveState},
        field::{TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        handed::{Handed, hand},
        list::Address,
        live::follow,
        load::{load, loaded},
        page::{Back, Page},
        practice::{Phone, Practice},
    },
    text::{t, t_count, t_with, t_word},
};

thread_local! {
    /// Who has read the word about urgent needs in this page's life.
    static WARNED: Cell<Option<AccountId>> = const { Cell::new(None) };
}

/// `/mail/new`, `/mail/new?draft=`, `/mail/new?about=result:<id>&title=`, `/mail/new?team=records&title=`
#[component]
pub fn ComposePage() -> AnyView {
    let session = Session::here();
    let address = Address::here();
    let found = untrack(|| address.get("draft")).parse::<DraftId>().ok();
    let form = Form::new();
    let ready = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let teams = ask(async |portal| portal.team_choices(patient).await).await?;
            let draft = match found {
                Some(id) => Some(ask(async |portal| portal.draft(patient, id).await).await?),
                None => None,
            };
            Ok((patient, teams, draft))
        }
    });
    view! {
        <Page
            title=t("compose.title").to_string()
            section=t("nav.mail")
            form=form
            back=Back {
                href: link("/mail"),
                label: t("nav.mail"),
            }
            reading=true
        >
            <Urgent />
            {loaded(
                ready,
                t("what.page"),
                move |(patient, teams, draft)| view! { <Write patient teams found=draft form /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

/// Messages are no way to get help at once: in full the first time, then folded (MSG-5).
#[component]
fn Urgent() -> impl IntoView {
    let practice = Practice::here();
    let account = Session::here().read(|view| view.account_id);
    let first = WARNED.replace(account) != account;
    let text = move || {
        let emergency = practice.0.read(|practice| practice.emergency_text.clone()).unwrap_or_default();
        let phone = practice.phone().map(|number| view! { <p>{t("compose.call")} " " <Phone number /></p> });
        view! {
            <p>{t("compose.urgent_text")}</p>
            <p>
                <strong>{emergency}</strong>
            </p>
            {phone}
        }
    };
    if first {
        view! {
            <div class="nhsuk-warning-callout">
                <h2 class="nhsuk-warning-callout__label">{t("compose.urgent")}</h2>
                {text}
            </div>
        }
        .into_any()
    } else {
        view! {
            <details class="nhsuk-details">
                <summary class="nhsuk-details__summary">
                    <span class="nhsuk-details__summary-text">{t("compose.urgent")}</span>
                </summary>
                <div class="nhsuk-details__text">{text}</div>
            </details>
        }
        .into_any()
    }
}

/// How soon a team usually answers, in words (MSG-5).
pub fn reply_time(team: &TeamChoice) -> String {
    t_count("compose.reply_days", (team.reply_hours + 23) / 24)
}

/// What the page was opened about: `result:<id>`.
fn topic(about: &str) -> Option<Topic> {
    let (kind, id) = about.split_once(':')?;
    Some(Topic { kind: kind.parse::<TopicKind>().ok()?, id: id.parse().ok()? })
}

#[component]
fn Write(patient: PatientId, teams: Vec<TeamChoice>, found: Option<DraftView>, form: Form) -> impl IntoView {
    let address = Address::here();
    let (about, title) = untrack(|| (topic(&address.get("about")), address.get("title")));
    let subject = match title.is_empty() {
        true => title,
        false => t_with("compose.about", &[("title", &title)]).chars().take(MAX_SUBJECT).collect(),
    };
    // A page that knows who answers says so: `team=records`.
    let team = untrack(|| address.get("team"));
    let team_id = teams.iter().find(|choice| choice.category.as_str() == team).map(|choice| choice.id);
    let draft =
        Draft::open(patient, DraftText { topic: about, subject, team_id, ..DraftText::default() }, found);
    // Once it is kept, loading the page anew finds it again.
    follow(move |_| {
        if let Some(seen) = draft.seen() {
            let id = seen.id.to_string();
            if untrack(|| address.get("draft")) != id {
                address.set(&[("draft", &id), ("about", ""), ("title", ""), ("team", "")]);
            }
        }
    });
    let choice = |team: &TeamChoice| {
        let place = team.location.clone().unwrap_or_else(|| t("compose.whole_practice").into());
        let label = t_word("team_category", team.category.as_str());
        Choice::new(team.id.to_string(), label).hint(format!("{}, {place}. {}", team.name, reply_time(team)))
    };
    let choices: Vec<Choice> = teams.iter().map(choice).collect();
    let sent = Callback::new(move |thread: portal_domain::messages::ThreadView| {
        hand(Handed::Sent);
        address.replace(&format!("/mail/threads/{}", thread.id));
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        draft.send(form, sent);
    };
    let confirm = RwSignal::new(false);
    let gone = Callback::new(move |()| address.replace("/mail/drafts"));
    view! {
        <ErrorSummary form />
        <Conflict draft />
        <form on:submit=submit novalidate>
            <Radios form name="team_id" legend=t("compose.team") choices value=draft.team />
            <TextField form name="subject" label=t("compose.subject") value=draft.subject />
            <TextArea form name="text" label=t("compose.text") value=draft.text max=MAX_BODY rows=8 />
            <Files draft />
            <SaveState draft />
            <div class="app-cluster">
                <Submit form label=t("compose.send").to_string() />
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    on:click=move |_| confirm.set(true)
                >
                    {t("draft.discard")}
                </button>
            </div>
        </form>
        <Confirm
            open=confirm
            id="discard-title"
            title=Signal::derive(|| t("draft.discard_title").to_string())
            text=Signal::derive(|| t("draft.discard_here").to_string())
            yes=t("draft.discard_yes")
            act=Callback::new(move |()| draft.discard(form, gone))
        />
    }
    .into_any()
}
