//! What of the bills is questioned just now: marked on each thing, with the way to its conversation; and the way to question
//! what is not (PAY-4).

use leptos::prelude::*;
use portal_domain::{
    access::Category,
    billing::{DisputeQuery, DisputeState, DisputeSubject, DisputeView},
    live::LiveKind,
    page::MAX_LIMIT,
};
use uuid::Uuid;

use crate::{
    acting::link,
    api::{ApiError, ask},
    logic::paths::encode,
    news::News,
    session::Session,
    shared::{
        dispute::{dispute_tag, disputed_title},
        intl::{self, Style},
        live::live,
        load::{Load, load_keeping},
        practice::Practice,
        sharing::Shared,
    },
    text::{t, t_with, t_word},
};

/// What the patient questioned, by context.
#[derive(Clone, Copy)]
pub struct Questions(Load<Vec<DisputeView>>);

impl Questions {
    /// Asks for them and provides them to the page.
    pub fn provide() -> Self {
        let session = Session::here();
        let load = load_keeping(move || {
            let patient = session.patient();
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                let query = DisputeQuery { limit: Some(MAX_LIMIT), ..Default::default() };
                Ok(ask(async |portal| portal.disputes(patient, &query).await).await?.items)
            }
        });
        News::here().on(LiveKind::Inbox, move || load.refresh());
        let questions = Self(load);
        provide_context(questions);
        questions
    }

    /// Asks again.
    pub fn again(self) {
        self.0.again();
    }

    /// All that was ever questioned, the newest first.
    pub fn all(self) -> Vec<DisputeView> {
        self.0.get().unwrap_or_default()
    }

    fn open(self, id: Uuid) -> Option<DisputeView> {
        let is_it = |one: &&DisputeView| one.state == DisputeState::Open && one.disputed.about.id == id;
        self.0.read(|all| all.iter().find(is_it).cloned()).flatten()
    }
}

/// Where a conversation is.
pub fn thread_href(dispute: &DisputeView) -> String {
    link(&format!("/mail/threads/{}", dispute.thread_id))
}

/// Says that a thing is questioned, with the way to its conversation, or leads to questioning it. `what` names the thing.
pub fn mark(kind: DisputeSubject, id: Uuid, what: String, words: &'static str) -> AnyView {
    // A year for tax questions nothing.
    let Some(questions) = use_context::<Questions>() else { return ().into_any() };
    let acts = Shared::here().acts(Category::Billing);
    live(move || {
        if let Some(dispute) = questions.open(id) {
            let label = format!("{}: {what}", t("dispute.see"));
            return view! {
                <strong class="nhsuk-tag nhsuk-tag--yellow">{t("dispute.open")}</strong>
                " "
                <a class="no-print" href=thread_href(&dispute) aria-label=label>
                    {t("dispute.see")}
                </a>
            }
            .into_any();
        }
        if !acts || !questions.0.settled() {
            return ().into_any();
        }
        let href = link(&format!("/billing/question-{kind}/{id}?what={}", encode(&what)));
        let label = format!("{words}: {what}");
        view! {
            <a class="no-print" href=href aria-label=label>
                {words}
            </a>
        }
        .into_any()
    })
    .into_any()
}

/// What was questioned, and what became of it.
#[component]
pub fn Questioned() -> impl IntoView {
    let questions = expect_context::<Questions>();
    live(move || {
        let all = questions.all();
        if all.is_empty() {
            return ().into_any();
        }
        view! {
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("billing.questioned")}</h2>
            <ul class="app-rows" id="questioned">
                {all.into_iter().map(row).collect_view()}
            </ul>
        }
        .into_any()
    })
}

fn row(one: DisputeView) -> AnyView {
    let zone = Practice::here().zone();
    let asked =
        t_with("billing.questioned_on", &[("date", &intl::format(one.opened_at, Style::Date, &zone))]);
    view! {
        <li class="app-row">
            <a class="app-row__link" href=thread_href(&one)>
                <bdi>{disputed_title(&one.disputed)}</bdi>
            </a>
            <p class="app-row__meta">{t_word("dispute_reason", one.reason.as_str())} " · " {asked}</p>
            <div class="app-row__side">{dispute_tag(&one)}</div>
        </li>
    }
    .into_any()
}
