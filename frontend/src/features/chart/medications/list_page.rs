//! The medications: what is taken now, with what may be asked for; the requests; what was taken before.

use leptos::prelude::*;
use portal_domain::{
    live::LiveKind,
    proposals::{ProposalChange, ProposalSubject},
    refills::{ItemState, MedicationRequestView, MedicationView},
};

use super::{
    asking::{AskForm, Asking, GoOn},
    medication::card,
    state_tag,
};
use crate::{
    acting::link,
    api::{ApiError, ask},
    features::chart::{
        back,
        proposals::{Told, load_told, propose_href},
        read_about::ReadAbout,
    },
    news::News,
    session::Session,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::{Empty, Rows, load_rows},
        live::live,
        load::{load_keeping, loaded},
        page::Page,
        people::{PrintButton, PrintHead},
        practice::Practice,
    },
    text::{t, t_count, t_with, t_word},
};

/// `/chart/medications`
#[component]
pub fn ListPage() -> AnyView {
    let session = Session::here();
    let list = load_keeping(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.medications(patient).await).await
        }
    });
    // An answer comes as an item of the inbox.
    News::here().on(LiveKind::Inbox, move || list.refresh());
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let patient = session.subject();
    let told = load_told(ProposalSubject::Medication);
    let asking = Asking::new(form, said, list, told);
    // Made once: what is typed stays when the list is read again.
    let offers = Memo::new(move |_| {
        list.read(|views| views.iter().any(|view| view.can_request.is_some())).unwrap_or(false)
    });
    let drugs = Memo::new(move |_| {
        let code = |view: &MedicationView| view.code.clone().filter(|_| view.is_current);
        list.read(|views| views.iter().filter_map(code).collect::<Vec<_>>()).unwrap_or_default()
    });
    view! {
        <Page title=t("medications.title").to_string() section=t("nav.chart") form=form back=back() reading=true>
            {patient.map(|patient| view! { <PrintHead patient /> })}
            <ErrorSummary form />
            <Done said />
            {loaded(list, t("what.medications"), move |views| current(views, asking))}
            <p class="no-print nhsuk-u-margin-top-4">
                <a
                    class="nhsuk-button nhsuk-button--secondary"
                    href=propose_href(ProposalSubject::Medication, ProposalChange::Add, None)
                >
                    {t_word("proposal_asks", "medication_add")}
                </a>
            </p>
            <Told told />
            {live(move || offers.get().then(|| view! { <AskForm asking /> }))}
            {live(move || view! { <ReadAbout codes=drugs.get() heading=t("learn.about_chart") /> })}
            <Requests session />
            {live(move || list.read(|views| past(views.clone(), asking)))}
            <PrintButton />
        </Page>
    }
    .into_any()
}

fn current(views: Vec<MedicationView>, asking: Asking) -> AnyView {
    let cards: Vec<_> =
        views.into_iter().filter(|view| view.is_current).map(|view| card(view, asking)).collect();
    if cards.is_empty() {
        return view! { <Empty text=t("medications.none") /> }.into_any();
    }
    view! {
        <h2 class="nhsuk-heading-m">{t("medications.current")}</h2>
        <ul class="app-plain-list app-entries" id="medications">
            {cards}
        </ul>
        <GoOn asking />
    }
    .into_any()
}

/// What was taken before, folded.
fn past(views: Vec<MedicationView>, asking: Asking) -> AnyView {
    let cards: Vec<_> =
        views.into_iter().filter(|view| !view.is_current).map(|view| card(view, asking)).collect();
    let Ok(count @ 1..) = i64::try_from(cards.len()) else { return ().into_any() };
    view! {
        <details class="nhsuk-details nhsuk-u-margin-top-5" id="past">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t_count("medications.past", count)}</span>
            </summary>
            <div class="nhsuk-details__text">
                <ul class="app-plain-list app-entries">{cards}</ul>
            </div>
        </details>
    }
    .into_any()
}

/// What was asked for, newest first; nothing while nothing was.
#[component]
fn Requests(session: Session) -> impl IntoView {
    let requests = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.medication_requests(patient, &page).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || requests.refresh());
    let some = Memo::new(move |_| requests.read(|page| !page.items.is_empty()).unwrap_or(false));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="nhsuk-u-margin-top-5 no-print" aria-labelledby="asked">
                    <h2 class="nhsuk-heading-m" id="asked">
                        {t("medications.requests")}
                    </h2>
                    <Rows load=requests id="requests" row=row />
                </section>
            }
        })
    })
}

fn row(request: MedicationRequestView) -> AnyView {
    let asked = intl::format(request.requested_at, Style::Date, &Practice::here().zone());
    let drugs: Vec<&str> = request.items.iter().map(|item| item.drug.as_str()).collect();
    let mut states: Vec<ItemState> = request.items.iter().map(|item| item.state).collect();
    states.sort_unstable();
    states.dedup();
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=link(&format!("/chart/medications/requests/{}", request.id))>
                {t_with("medications.asked_on", &[("date", &asked)])}
            </a>
            <p class="app-row__meta">
                <bdi>{drugs.join(", ")}</bdi>
            </p>
            <div class="app-row__side app-cluster">{states.into_iter().map(state_tag).collect_view()}</div>
        </li>
    }
    .into_any()
}
