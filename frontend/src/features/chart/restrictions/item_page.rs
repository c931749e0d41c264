//! One request: that it was sent and by when it is answered, and later the answer.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::PetitionId,
    live::LiveKind,
    petitions::PetitionState,
    problem::{Code, Problem},
    restrictions::RestrictionView,
};

use super::back;
use crate::{
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

/// `/chart/limits/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let (session, params, address) = (Session::here(), use_params_map(), Address::here());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<PetitionId>().ok())
    });
    let restriction = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.restriction(patient, id).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || restriction.refresh());
    let form = Form::new();
    let is_sent = untrack(|| address.get("sent") == "1");
    let said = RwSignal::new(if is_sent { t("corrections.sent").to_owned() } else { String::new() });
    view! {
        <Page title=t("limits.one").to_string() section=t("nav.chart") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(
                restriction,
                t("what.request"),
                move |view| view! { <Opened view load=restriction form said /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(
    view: RestrictionView,
    load: Load<RestrictionView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let zone = Practice::here().zone();
    let asked = intl::format(view.petitioned.requested_at, Style::Date, &zone);
    let outcome = match view.petitioned.state {
        PetitionState::Pending => next(&view, load, form, said),
        PetitionState::Accepted => {
            let (answer, end) = (answer(&view), take_back(&view, t("limits.end"), load, form, said));
            view! { {answer} {end} }.into_any()
        }
        PetitionState::Denied => answer(&view),
        PetitionState::Withdrawn | PetitionState::Ended => ().into_any(),
    };
    view! {
        <h2 class="nhsuk-heading-m">
            <bdi>{view.what.clone()}</bdi>
        </h2>
        <p class="app-cluster">
            {state_tag(view.petitioned.state)} <span>{t_with("corrections.asked_on", &[("date", &asked)])}</span>
        </p>
        {outcome}
        {summary(
            vec![
                Fact::text(t("limits.aim"), t_word("restriction_aim", view.aim.as_str())),
                Fact::view(t("limits.limit"), lines(view.limit)),
                Fact::view(t("limits.why"), lines(view.why)),
            ],
        )}
    }
    .into_any()
}

fn next(view: &RestrictionView, load: Load<RestrictionView>, form: Form, said: RwSignal<String>) -> AnyView {
    let due = intl::format(view.petitioned.due_at, Style::LongDate, &Practice::here().zone());
    let back = take_back(view, t("told.take_back"), load, form, said);
    view! {
        <p>{t_with("corrections.due", &[("date", &due)])}</p>
        {back}
    }
    .into_any()
}

/// The button that takes back what waits, or ends what was agreed.
fn take_back(
    view: &RestrictionView,
    label: &'static str,
    load: Load<RestrictionView>,
    form: Form,
    said: RwSignal<String>,
) -> AnyView {
    let (session, id) = (Session::here(), view.petitioned.id);
    let ends = view.petitioned.state == PetitionState::Accepted;
    let act = move |_| {
        let Some(patient) = session.patient() else { return };
        let key = form.key();
        said.set(String::new());
        form.send_or(
            async move { ask(async |portal| portal.withdraw_restriction(patient, id, key).await).await },
            move |view| {
                load.put(view);
                said.set(if ends { t("limits.ended") } else { t("told.taken_back") }.into());
            },
            // Somebody answered meanwhile: show how it stands now.
            move |_| load.refresh(),
        );
    };
    view! {
        <p>
            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=act>
                {label}
            </button>
        </p>
    }
    .into_any()
}

fn answer(view: &RestrictionView) -> AnyView {
    let why = view.denial.map(|why| view! { <p>{t_word("restriction_denial", why.as_str())}</p> }.into_any());
    petitions::answer(&view.petitioned, t_word("restriction_means", view.petitioned.state.as_str()), why)
}
