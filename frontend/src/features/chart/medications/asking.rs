//! Asking for what was ticked, and taking a request back.

use leptos::prelude::*;
use portal_domain::{
    ids::ChartItemId,
    page::Page as Items,
    problem::FieldError,
    proposals::ProposalSummary,
    refills::{MAX_NOTE, MedicationView, NewMedicationRequest, OpenRequest, WantedMedication, Withdrawal},
};

use crate::{
    api::ask,
    session::Session,
    shared::{
        field::{TextArea, TextField},
        form::{Form, Submit, focus},
        intl::{self, Style},
        live::live,
        load::Load,
        practice::Practice,
    },
    text::{t, t_count, t_with, t_word},
};

/// What the cards of the list and the form below share.
#[derive(Clone, Copy)]
pub struct Asking {
    session: Session,
    practice: Practice,
    chosen: RwSignal<Vec<ChartItemId>>,
    pharmacy: RwSignal<String>,
    note: RwSignal<String>,
    form: Form,
    said: RwSignal<String>,
    list: Load<Vec<MedicationView>>,
    /// What the patient told about medications.
    pub told: Load<Items<ProposalSummary>>,
}

impl Asking {
    /// Nothing chosen yet.
    pub fn new(
        form: Form,
        said: RwSignal<String>,
        list: Load<Vec<MedicationView>>,
        told: Load<Items<ProposalSummary>>,
    ) -> Self {
        Self {
            session: Session::here(),
            practice: Practice::here(),
            chosen: RwSignal::new(Vec::new()),
            pharmacy: RwSignal::new(String::new()),
            note: RwSignal::new(String::new()),
            form,
            said,
            list,
            told,
        }
    }

    /// Whether a medication is chosen.
    pub fn has(self, medication: ChartItemId) -> bool {
        self.chosen.with(|chosen| chosen.contains(&medication))
    }

    /// Chooses a medication, or not any more.
    pub fn choose(self, medication: ChartItemId, yes: bool) {
        self.chosen.update(|chosen| {
            chosen.retain(|other| *other != medication);
            if yes {
                chosen.push(medication);
            }
        });
    }

    /// What is chosen and still offered, in the order of the list.
    fn wanted(self) -> Vec<MedicationView> {
        let wanted = |views: &Vec<MedicationView>| {
            let offered = views.iter().filter(|view| view.can_request.is_some() && self.has(view.id));
            offered.cloned().collect()
        };
        self.list.read(wanted).unwrap_or_default()
    }

    fn send(self) {
        let Some(patient) = self.session.patient() else { return };
        let wanted = untrack(|| self.wanted());
        if wanted.is_empty() {
            let first = untrack(|| {
                self.list
                    .read(|views| views.iter().find(|view| view.can_request.is_some()).map(|view| view.id))
            });
            let field = first.flatten().map(|id| format!("ask-{id}")).unwrap_or_default();
            let message = t("field_error.medication_missing");
            return self.form.refuse(vec![FieldError::new(field, "medication_missing", message)]);
        }
        let item =
            |view: &MedicationView| Some(WantedMedication { medication: view.id, kind: view.can_request? });
        let request = NewMedicationRequest {
            items: wanted.iter().filter_map(item).collect(),
            pharmacy: self.pharmacy.get_untracked(),
            note: self.note.get_untracked(),
        };
        let (key, zone) = (self.form.key(), untrack(|| self.practice.zone()));
        self.said.set(String::new());
        self.form.send_or(
            async move { ask(async |portal| portal.request_medications(patient, &request, key).await).await },
            move |sent| {
                for text in [self.pharmacy, self.note] {
                    text.set(String::new());
                }
                self.chosen.set(Vec::new());
                self.list.again();
                let due = intl::format(sent.due_at, Style::LongDate, &zone);
                self.said.set(t_with("medications.sent", &[("date", &due)]));
            },
            // What is offered changed since the list was read: show how it stands.
            move |error| {
                if !error.fields().is_empty() {
                    self.list.refresh();
                }
            },
        );
    }

    /// Takes one medication of a request back.
    pub fn take_back(self, open: OpenRequest, drug: &str) {
        let Some(patient) = self.session.patient() else { return };
        let back = Withdrawal { items: vec![open.item] };
        let (key, done) = (self.form.key(), t_with("medications.taken_back", &[("drug", drug)]));
        self.said.set(String::new());
        self.form.send_or(
            async move {
                ask(async |portal| portal.withdraw_medications(patient, open.id, &back, key).await).await
            },
            move |_| {
                self.list.again();
                self.said.set(done);
            },
            // Somebody answered meanwhile.
            move |_| self.list.refresh(),
        );
    }
}

/// What was ticked above, the pharmacy and a note, and the button that asks.
#[component]
pub fn AskForm(asking: Asking) -> impl IntoView {
    let form = asking.form;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        asking.send();
    };
    let line = |view: MedicationView| {
        let kind = view.can_request.map(|kind| t_word("refill_kind", kind.as_str()));
        view! {
            <li>
                <bdi>{view.drug}</bdi>
                ", "
                {kind}
            </li>
        }
        .into_any()
    };
    let chosen = live(move || {
        let wanted = asking.wanted();
        if wanted.is_empty() {
            return view! { <p class="app-quiet">{t("medications.none_chosen")}</p> }.into_any();
        }
        let lines: Vec<_> = wanted.into_iter().map(line).collect();
        view! { <ul class="nhsuk-list nhsuk-list--bullet">{lines}</ul> }.into_any()
    });
    let label = Signal::derive(move || match asking.wanted().len() {
        0 => t("medications.ask_for_none").to_string(),
        count => t_count("medications.ask_for", i64::try_from(count).unwrap_or(i64::MAX)),
    });
    view! {
        <section class="app-box nhsuk-u-margin-top-5 nhsuk-u-margin-bottom-5 no-print" aria-labelledby="request">
            <h2 class="nhsuk-heading-m" id="request" tabindex="-1">
                {t("medications.request")}
            </h2>
            <div role="status">{chosen}</div>
            <form on:submit=send novalidate>
                <TextField
                    form
                    name="pharmacy"
                    label=t("medications.pharmacy")
                    hint=t("medications.pharmacy_hint")
                    value=asking.pharmacy
                />
                <TextArea
                    form
                    name="note"
                    label=t("medications.note")
                    hint=t("medications.note_hint")
                    value=asking.note
                    max=MAX_NOTE
                    rows=3
                />
                <Submit form label />
            </form>
        </section>
    }
    .into_any()
}

/// The way down to the form, once something is ticked.
#[component]
pub fn GoOn(asking: Asking) -> impl IntoView {
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        focus("request");
        if let Some(element) = document().get_element_by_id("request") {
            element.scroll_into_view();
        }
    };
    let count = Memo::new(move |_| asking.wanted().len());
    live(move || {
        let count = i64::try_from(count.get()).ok().filter(|count| *count > 0)?;
        Some(view! {
            <p class="app-medication__go no-print">
                <a class="nhsuk-button nhsuk-u-margin-bottom-0" href="#request" on:click=go>
                    {t_count("medications.go_on", count)}
                </a>
            </p>
        })
    })
}
