//! What the patient sent, and taking it back (MSG-6).

use leptos::prelude::*;
use portal_domain::{mail::SentItem, page::Page as Items, problem::Code};

use super::Folders;
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        appointment::StateTag,
        dialog::Confirm,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
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
    /// The item that is to be taken back.
    asked: RwSignal<Option<SentItem>>,
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
    let sent = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.sent_items(patient, &page).await).await
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
            <Folders inbox=false />
            <ErrorSummary form />
            <p class="app-quiet" role="status">
                {live(move || done.get())}
            </p>
            {listing(
                sent,
                t("what.sent"),
                move || {
                    view! {
                        <Empty text=t("mail.sent_empty")> <a href="/appointments/request/where">{t("nav.request")}</a> </Empty>
                    }
                    .into_any()
                },
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
    let practice = Practice::here();
    let recall = expect_context::<Recall>();
    let at = item.at;
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
            <a class="app-row__link" href=format!("/appointments/{}", item.appointment_id)>
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
