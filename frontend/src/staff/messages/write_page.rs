//! A new message from a care team to one patient.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::PatientId,
    messages::{DraftText, DraftView, MAX_BODY, TeamChoice, ThreadView},
    page::PageQuery,
    patients::PatientSummary,
    problem::{Code, Problem},
};

use super::queue_page::ROOT;
use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Choice, Radios},
        dialog::Confirm,
        draft::{Conflict, Draft, Files, SaveState},
        field::{TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        handed::{Handed, hand},
        list::Address,
        load::{load, loaded},
        page::{Back, Page},
    },
    staff::{
        parts::{PatientBar, for_role},
        templates::TemplatePicker,
    },
    text::t,
};

/// Everything that writing needs.
#[derive(Clone)]
struct Ready {
    patient: PatientSummary,
    /// The reader's own open teams.
    teams: Vec<TeamChoice>,
    /// What was begun and not sent yet.
    found: Option<DraftView>,
}

async fn ready(patient: PatientId) -> Result<Ready, ApiError> {
    let summary = ask(async |portal| portal.patient(patient).await).await?.summary;
    Ok(Ready { patient: summary, teams: own_teams().await?, found: begun(patient).await? })
}

/// The teams in whose names the reader may write: their own that take messages.
pub async fn own_teams() -> Result<Vec<TeamChoice>, ApiError> {
    let counts = ask(async |portal| portal.message_teams().await).await?;
    Ok(counts.into_iter().map(|counts| counts.team).filter(|team| team.is_open).collect())
}

/// The newest draft that answers nothing: leaving the page and coming back goes on with it.
async fn begun(patient: PatientId) -> Result<Option<DraftView>, ApiError> {
    // As many as one may have at all.
    let query = PageQuery { cursor: None, limit: Some(100) };
    let drafts = ask(async |portal| portal.drafts(patient, &query).await).await?;
    Ok(drafts.items.into_iter().find(|draft| draft.content.thread_id.is_none()))
}

/// Teams as answers to "In whose name?".
pub fn team_choices(teams: &[TeamChoice]) -> Vec<Choice> {
    let choice = |team: &TeamChoice| {
        let place = team.location.clone().unwrap_or_else(|| t("compose.whole_practice").into());
        Choice::new(team.id.to_string(), team.name.clone()).hint(place)
    };
    teams.iter().map(choice).collect()
}

/// `/staff/patients/:id/message`
#[component]
pub fn WritePage() -> AnyView {
    for_role(Action::Act, Category::Messages, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let params = use_params_map();
    let id = params.with_untracked(|params| params.get("id")).and_then(|id| id.parse::<PatientId>().ok());
    let form = Form::new();
    let ready = load(move || async move {
        ready(id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?).await
    });
    let href = id.map_or_else(|| "/staff/patients".into(), |id| format!("/staff/patients/{id}"));
    view! {
        <Page
            title=t("staff_compose.title").to_string()
            section=t("shell.staff_portal")
            form=form
            back=Back { href, label: t("staff_compose.back") }
            reading=true
        >
            {loaded(ready, t("what.page"), move |ready| view! { <Write ready form /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Write(ready: Ready, form: Form) -> impl IntoView {
    let Ready { patient, teams, found } = ready;
    let (id, bar) = (patient.id, view! { <PatientBar patient /> });
    let address = Address::here();
    if teams.is_empty() {
        return view! {
            {bar}
            <p>{t("staff_compose.no_team")}</p>
        }
        .into_any();
    }
    let goes_on = found.is_some();
    let only = if teams.len() == 1 { teams.first().map(|team| team.id) } else { None };
    let draft = Draft::open(id, DraftText { team_id: only, ..DraftText::default() }, found);
    let sent = Callback::new(move |thread: ThreadView| {
        hand(Handed::Sent);
        address.replace(&format!("{ROOT}/{id}/{}?folder=open", thread.id));
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        draft.send(form, sent);
    };
    let confirm = RwSignal::new(false);
    let gone = Callback::new(move |()| address.replace(&format!("/staff/patients/{id}")));
    view! {
        {bar}
        <ErrorSummary form />
        <Conflict draft />
        {goes_on.then(|| view! { <p class="nhsuk-inset-text">{t("staff_compose.goes_on")}</p> })}
        <form on:submit=submit novalidate>
            <Radios form name="team_id" legend=t("staff_compose.team") choices=team_choices(&teams) value=draft.team />
            <TextField form name="subject" label=t("compose.subject") value=draft.subject />
            <TemplatePicker form team=draft.team.into() text=draft.text field="text" />
            <TextArea
                form
                name="text"
                label=t("staff_compose.text")
                hint=t("staff_compose.hint")
                value=draft.text
                max=MAX_BODY
                rows=8
            />
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
