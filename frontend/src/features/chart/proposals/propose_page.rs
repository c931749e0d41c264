//! The form that tells the care team what the chart should say.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::ChartItemId,
    problem::{Code, Problem},
    proposals::{ChartEntryView, Fields, MAX_NOTE, NewProposal, ProposalChange, ProposalSubject},
};

use super::{nothing_here, page_of};
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        list::Address,
        load::{Load, load, loaded},
        page::{Back, Page},
        proposal::{Reader, Typed, facts},
    },
    text::{t, t_word},
};

/// The entry that it is about; an empty one for what is new.
#[derive(Clone, PartialEq)]
struct Subject {
    item: Option<ChartItemId>,
    name: String,
    seen: Fields,
}

/// `/chart/propose/medication.change?item=`
#[component]
pub fn ProposePage() -> AnyView {
    let (params, address) = (use_params_map(), Address::here());
    let asked = params.with_untracked(|params| params.get("id")).unwrap_or_default();
    let (about, change) = asked.split_once('.').unwrap_or_default();
    let item = untrack(|| address.get("item")).parse::<ChartItemId>().ok();
    match (about.parse::<ProposalSubject>(), change.parse::<ProposalChange>()) {
        (Ok(about), Ok(change)) if about.allows(change) => view! { <Propose about change item /> }.into_any(),
        _ => nothing_here(),
    }
}

#[component]
fn Propose(about: ProposalSubject, change: ProposalChange, item: Option<ChartItemId>) -> impl IntoView {
    let session = Session::here();
    let subject = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            if matches!(change, ProposalChange::Add | ProposalChange::NoneKnown) {
                return Ok(Subject { item: None, name: String::new(), seen: Fields::default() });
            }
            let all = ask(async |portal| portal.chart_entries(patient, about).await).await?;
            let wanted = |view: &ChartEntryView| view.item == item;
            let found = all.into_iter().find(wanted);
            let found = found.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            Ok(Subject { item: found.item, name: found.name, seen: found.fields })
        }
    });
    let form = Form::new();
    let back = Back { href: link(page_of(about)), label: t_word("proposal_part", about.as_str()) };
    view! {
        <Page
            title=t_word("proposal_ask", &format!("{about}_{change}")).to_string()
            section=t("nav.chart")
            form=form
            back=back
        >
            <ErrorSummary form />
            {loaded(
                subject,
                t("what.section"),
                move |seen| view! { <Ask about change seen load=subject form /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Ask(
    about: ProposalSubject,
    change: ProposalChange,
    seen: Subject,
    load: Load<Subject>,
    form: Form,
) -> impl IntoView {
    let (session, address) = (Session::here(), Address::here());
    let is_typed = matches!(change, ProposalChange::Add | ProposalChange::Change);
    let typed = Typed::of(about, &seen.seen);
    let note = RwSignal::new(String::new());
    let Subject { item, name, seen } = seen;
    let shown = (!is_typed && change == ProposalChange::Remove).then(|| {
        let mut rest = seen.clone().typed();
        about.name_field().iter().for_each(|field| rest.set(*field, ""));
        view! {
            <div class="app-box nhsuk-u-margin-bottom-4">
                <h2 class="nhsuk-heading-s">
                    <bdi>{name}</bdi>
                </h2>
                {facts(&rest)}
            </div>
        }
    });
    // The entry is the same: only what is said of it, and where it stands, is told to the server.
    let item = item.filter(|_| about != ProposalSubject::Contact);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(patient) = session.patient() else { return };
        let new = NewProposal {
            about,
            change,
            item,
            seen: seen.clone(),
            fields: if is_typed { typed.read() } else { Fields::default() },
            note: note.get_untracked(),
        };
        if let Err(problem) = new.clone().check() {
            return form.refuse(problem.errors);
        }
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.propose(patient, &new, key).await).await },
            move |sent| address.replace(&format!("/chart/proposals/{}?sent=1", sent.proposal.id)),
            // The chart changed since it was read: show how it stands.
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    load.again();
                }
            },
        );
    };
    let medication_stays = (about == ProposalSubject::Medication).then(|| {
        view! { <p class="nhsuk-inset-text">{t("propose.no_advice")}</p> }
    });
    let why = if change == ProposalChange::Remove { t("propose.why") } else { t("propose.note") };
    view! {
        {medication_stays}
        {shown}
        <form on:submit=send novalidate>
            {is_typed.then(|| typed.inputs(form, Reader::Patient))}
            <TextArea form name="note" label=why value=note max=MAX_NOTE rows=3 />
            <p>{t("propose.stays")}</p>
            <Submit form label=t("propose.send").to_string() />
        </form>
    }
    .into_any()
}
