//! One health record: whether it is ready, and its files.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::HealthRecordId,
    live::LiveKind,
    problem::{Code, Problem},
    record::{HealthRecordView, RecordFile, RecordState},
};

use super::{back, days, parts, state_tag};
use crate::{
    acting::link,
    api::{ApiError, ask, health_record_file_path},
    news::News,
    session::Session,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        load::{Load, load_keeping, loaded},
        page::{Page, save_file},
        practice::Practice,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// `/chart/records/:id`
#[component]
pub fn DetailPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<HealthRecordId>().ok())
    });
    let record = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.health_record(patient, id).await).await
        }
    });
    // That it is ready, or failed, comes as an item of the inbox.
    News::here().on(LiveKind::Inbox, move || record.refresh());
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    view! {
        <Page title=t("record.one").to_string() section=t("record.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(record, t("what.record"), move |view| view! { <Opened view record form said /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(
    view: HealthRecordView,
    record: Load<HealthRecordView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let zone = Practice::here().zone();
    let at = |time| intl::format(time, Style::Short, &zone);
    let facts = vec![
        Fact::view(t("record.state"), state_tag(view.state)),
        Fact::text(t("record.asked_at"), at(view.requested_at)),
        Fact::text(t("record.holds"), parts(&view)),
        Fact::text(t("record.covers"), days(&view.range)),
        Fact::maybe(t("record.ends"), view.expires_at.map(at)),
    ];
    let below = match view.state {
        RecordState::Queued | RecordState::Making => view! {
            <div role="status">
                <p>{t("record.making")}</p>
                <progress class="app-progress" aria-label=t("record.making_label")></progress>
                <p class="app-quiet">{t("record.may_leave")}</p>
            </div>
        }
        .into_any(),
        RecordState::Ready => view! { <Files view form said /> }.into_any(),
        RecordState::Failed => view! { <Failed view record form said /> }.into_any(),
        RecordState::Expired => view! {
            <p>{t("record.expired")}</p>
            <p>
                <a class="nhsuk-button" href=link("/chart/records/new")>
                    {t("record.ask_again")}
                </a>
            </p>
        }
        .into_any(),
    };
    view! {
        {below}
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("record.about")}</h2>
        {summary(facts)}
    }
    .into_any()
}

#[component]
fn Failed(
    view: HealthRecordView,
    record: Load<HealthRecordView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let session = Session::here();
    let why = view.failure.map(|failure| t_word("record_failure", failure.as_str()));
    let again = move |_| {
        let Some(patient) = session.patient() else { return };
        said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.retry_health_record(patient, view.id).await).await },
            move |view| record.put(view),
        );
    };
    view! {
        <p>{t("record.failed")} " " {why}</p>
        <p>
            <button type="button" class="nhsuk-button" on:click=again>
                {t("action.try_again")}
            </button>
        </p>
    }
    .into_any()
}

/// The files, each with whom it is for. The browser fetches one only after the portal said that it may.
#[component]
fn Files(view: HealthRecordView, form: Form, said: RwSignal<String>) -> impl IntoView {
    let session = Session::here();
    let id = view.id;
    let row = move |file: RecordFile| {
        let format = file.format;
        let name = t_word("record_format", format.as_str());
        let size = t_with("thread.file_size", &[("size", &(file.size / 1024 + 1).to_string())]);
        let take = move |_| {
            let Some(patient) = session.patient() else { return };
            said.set(String::new());
            form.send(
                async move {
                    ask(async |portal| portal.check_health_record_download(patient, id, format).await).await
                },
                move |()| {
                    save_file(&health_record_file_path(patient, id, format));
                    said.set(t_with("record.saved", &[("format", name)]));
                },
            );
        };
        view! {
            <li class="app-box">
                <h2 class="nhsuk-heading-s nhsuk-u-margin-bottom-1">{name}</h2>
                <p class="nhsuk-u-margin-bottom-3">{t_word("record_format_hint", format.as_str())} " " {size}</p>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0"
                    on:click=take
                >
                    {t_with("record.download", &[("format", name)])}
                </button>
            </li>
        }
        .into_any()
    };
    let sum =
        |file: &RecordFile| Fact::text(t_word("record_format", file.format.as_str()), file.sha256.clone());
    let sums = summary(view.files.iter().map(sum).collect());
    let rows: Vec<_> = view.files.into_iter().map(row).collect();
    view! {
        <p>{t("record.ready")}</p>
        <ul class="app-grid app-plain-list" id="files">
            {rows}
        </ul>
        <p class="nhsuk-u-margin-top-4">
            <a class="nhsuk-button nhsuk-u-margin-bottom-0" href=link(&format!("/chart/records/{id}/send"))>
                {t("send.title")}
            </a>
        </p>
        <p class="app-quiet">{t("record.keep_safe")}</p>
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("record.checksum")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <p>{t("record.checksum_text")}</p>
                {sums}
            </div>
        </details>
    }
    .into_any()
}
