//! What the patient sent, and taking it back (MSG-6).

use leptos::prelude::*;
use portal_domain::{
    mail::{InboxQuery, Sent, SentItem, SentRequest},
    messages::SentThread,
    page::Page as Items,
    problem::Code,
    time::Time,
};

use super::{FolderTab, Folders, Nothing, Search};
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        appointment::StateTag,
        dialog::Confirm,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::{Address, Rows, listing, load_rows},
        live::live,
        load::Load,
        page::Page,
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// What the rows share.
#[derive(Clone, Copy)]
struct Recall {
    /// The request that is to be taken back.
    asked: RwSignal<Option<SentRequest>>,
    confirm: RwSignal<bool>,
    form: Form,
}

/// `/mail/sent`
#[component]
pub fn SentPage() -> AnyView {
    let session = Session::here();
    let form = Form::new();
    let recall = Recall { asked: RwSignal::new(None), confirm: RwSignal::new(false), form };
    provide_context(recall);
    let address = Address::here();
    let words = Memo::new(move |_| address.get("q"));
    let sent = load_rows(move || {
        let (patient, q) = (session.patient(), Some(words.get()).filter(|words| !words.is_empty()));
        move |page| {
            let query = InboxQuery { folder: None, q: q.clone(), cursor: page.cursor, limit: page.limit };
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                ask(async |portal| portal.sent_items(patient, &query).await).await
            }
        }
    });
    let done = RwSignal::new(String::new());
    let act = Callback::new(move |()| take_back(recall, sent, session, done));
    let about = Signal::derive(move || {
        let item = recall.asked.get();
        item.map(|item| t_with("recall.text", &[("location", &item.location)])).unwrap_or_default()
    });
    view! {
        <Page title=t("nav.sent").to_string() section=t("nav.mail") form=form>
            <Folders open=FolderTab::Sent />
            <Search />
            <ErrorSummary form />
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            {listing(
                sent,
                t("what.sent"),
                move || view! { <Nothing none=t("mail.sent_empty") /> }.into_any(),
                move || view! { <Rows load=sent id="sent" row=row /> }.into_any(),
            )}
            <Confirm
                open=recall.confirm
                id="recall-title"
                title=Signal::derive(|| t("recall.title").to_string())
                text=about
                yes=t("recall.yes")
                act
            />
        </Page>
    }
    .into_any()
}

fn take_back(recall: Recall, sent: Load<Items<SentItem>>, session: Session, done: RwSignal<String>) {
    let (Some(item), Some(patient)) = (recall.asked.get_untracked(), session.patient()) else { return };
    let key = recall.form.key();
    recall.form.send_or(
        async move {
            ask(async |portal| portal.recall_appointment(patient, item.appointment_id, key).await).await
        },
        move |_| {
            done.set(t("recall.done").into());
            sent.again();
        },
        // The practice was faster: the list shows the state that won.
        move |error| {
            if error.code() == Some(Code::WrongState) {
                sent.again();
            }
        },
    );
}

fn row(item: SentItem) -> AnyView {
    match item.what {
        Sent::Appointment(request) => request_row(item.at, request),
        Sent::Message(thread) => message_row(item.at, thread),
    }
}

fn message_row(at: Time, item: SentThread) -> AnyView {
    let practice = Practice::here();
    let state = match (item.recalled_at, item.opened_at) {
        (Some(_), _) => t("sent.recalled"),
        (None, Some(_)) => t("sent.opened"),
        (None, None) => t("sent.unopened"),
    };
    view! {
        <li class="app-row">
            <a class="app-row__link" href=link(&format!("/mail/threads/{}", item.thread_id))>
                {item.subject.unwrap_or_else(|| t("thread.no_subject").into())}
            </a>
            <p class="app-row__meta">
                <bdi>{item.team}</bdi>
                ", "
                {live(move || intl::format(at, Style::Short, &practice.zone()))}
            </p>
            <div class="app-row__side">
                <span class="nhsuk-tag nhsuk-tag--grey">{state}</span>
            </div>
        </li>
    }
    .into_any()
}

fn request_row(at: Time, item: SentRequest) -> AnyView {
    let practice = Practice::here();
    let recall = expect_context::<Recall>();
    let what = t_word("reason", item.reason.as_str());
    let label = t_with("recall.label", &[("reason", what)]);
    let button = item.can_recall.then(|| {
        let item = item.clone();
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                aria-label=label
                on:click=move |_| {
                    recall.asked.set(Some(item.clone()));
                    recall.confirm.set(true);
                }
            >
                {t("recall.button")}
            </button>
        }
    });
    view! {
        <li class="app-row">
            <a class="app-row__link" href=link(&format!("/appointments/{}", item.appointment_id))>
                {t_with("mail.request_about", &[("reason", what)])}
            </a>
            <p class="app-row__meta">
                <bdi>{item.location.clone()}</bdi>
                ", "
                {live(move || intl::format(at, Style::Short, &practice.zone()))}
            </p>
            <div class="app-row__side app-row__side--act">
                <StateTag state=item.state />
                {button}
            </div>
        </li>
    }
    .into_any()
}
