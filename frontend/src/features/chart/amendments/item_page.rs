//! One request: that it was sent and by when it is answered, and later the answer.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    amendments::AmendmentView,
    ids::PetitionId,
    live::LiveKind,
    petitions::PetitionState,
    problem::{Code, Problem},
};

use super::back;
use crate::{
    acting::link,
    api::{ApiError, ask},
    features::chart::petitions::{self, lines, state_tag},
    news::News,
    session::Session,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::Address,
        load::{Load, load_keeping, loaded},
        page::Page,
        practice::Practice,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// `/chart/corrections/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let (session, params, address) = (Session::here(), use_params_map(), Address::here());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<PetitionId>().ok())
    });
    let amendment = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.amendment(patient, id).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || amendment.refresh());
    let form = Form::new();
    let is_sent = untrack(|| address.get("sent") == "1");
    let said = RwSignal::new(if is_sent { t("corrections.sent").to_owned() } else { String::new() });
    view! {
        <Page title=t("corrections.one").to_string() section=t("nav.chart") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(
                amendment,
                t("what.request"),
                move |view| view! { <Opened view load=amendment form said /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(
    view: AmendmentView,
    load: Load<AmendmentView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let zone = Practice::here().zone();
    let asked = intl::format(view.petitioned.requested_at, Style::Date, &zone);
    let outcome = match view.petitioned.state {
        PetitionState::Pending => next(&view, load, form, said),
        PetitionState::Withdrawn | PetitionState::Ended => ().into_any(),
        PetitionState::Accepted | PetitionState::Denied => answer(&view),
    };
    view! {
        <h2 class="nhsuk-heading-m">
            <bdi>{view.entry.clone()}</bdi>
        </h2>
        <p class="app-cluster">
            {state_tag(view.petitioned.state)} <span>{t_with("corrections.asked_on", &[("date", &asked)])}</span>
        </p>
        {outcome}
        {summary(
            vec![
                Fact::text(t("corrections.section"), t_word("record_section", view.section.as_str())),
                Fact::view(t("corrections.wrong"), lines(view.wrong)),
                Fact::view(t("corrections.correct"), lines(view.right)),
            ],
        )}
    }
    .into_any()
}

fn next(view: &AmendmentView, load: Load<AmendmentView>, form: Form, said: RwSignal<String>) -> AnyView {
    let session = Session::here();
    let due = intl::format(view.petitioned.due_at, Style::LongDate, &Practice::here().zone());
    let id = view.petitioned.id;
    let take_back = move |_| {
        let Some(patient) = session.patient() else { return };
        let key = form.key();
        said.set(String::new());
        form.send_or(
            async move { ask(async |portal| portal.withdraw_amendment(patient, id, key).await).await },
            move |view| {
                load.put(view);
                said.set(t("told.taken_back").into());
            },
            // Somebody answered meanwhile: show how it stands now.
            move |_| load.refresh(),
        );
    };
    view! {
        <p>{t_with("corrections.due", &[("date", &due)])}</p>
        <p>
            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=take_back>
                {t("told.take_back")}
            </button>
        </p>
    }
    .into_any()
}

fn answer(view: &AmendmentView) -> AnyView {
    let why = view.denial.map(|why| {
        view! {
            <p>{t_word("amendment_denial", why.as_str())}</p>
            <p>{t("corrections.disagree")} " " <a href=link("/mail/new")>{t("section.write")}</a></p>
        }
        .into_any()
    });
    petitions::answer(&view.petitioned, t_word("amendment_means", view.petitioned.state.as_str()), why)
}
