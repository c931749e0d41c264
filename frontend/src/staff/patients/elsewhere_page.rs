//! What a patient brought from elsewhere, for staff: to look at, and to take single entries into the chart.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::{OutsideRecordId, PatientId},
    outside::{
        MAX_DISMISSAL, OutsideDismissReason, OutsideDismissal, OutsideEntryState, OutsideEntryView,
        OutsideRecordOpened, OutsideRecordView,
    },
    page::PageQuery,
    patients::PatientView,
    problem::{Code, FieldError, Problem},
};

use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        choice::{Choice, Select},
        done::Done,
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        list::{Empty, Rows, fetch_rows, listing, load_rows},
        live::live,
        load::{load, loaded},
        outside,
        outside_entries::{self, MOST_SHOWN},
        page::{Back, Page},
    },
    staff::parts::{PatientBar, for_role},
    text::{t, t_with, t_word},
};

fn nothing() -> ApiError {
    ApiError::Problem(Box::new(Problem::new(Code::NotFound)))
}

fn patient_of_address() -> Memo<Option<PatientId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<PatientId>().ok()))
}

/// `/staff/patients/:id/elsewhere`
#[component]
pub fn ListPage() -> AnyView {
    for_role(Action::View, Category::OutsideRecords, list)
}

fn list() -> AnyView {
    let id = patient_of_address();
    let patient = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(nothing)?;
            ask(async |portal| portal.patient(id).await).await
        }
    });
    let records = load_rows(move || {
        let id = id.get();
        move |page| async move {
            let id = id.ok_or_else(nothing)?;
            ask(async |portal| portal.outside_records(id, &page).await).await
        }
    });
    let taken = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(nothing)?;
            let page =
                async |page: PageQuery| ask(async |portal| portal.outside_entries(id, &page).await).await;
            fetch_rows(MOST_SHOWN, page).await
        }
    });
    provide_context(id);
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let desk = id.get_untracked().map(|patient| Desk { patient, form, said });
    let back = Back {
        href: id
            .get_untracked()
            .map_or_else(|| "/staff/patients".into(), |id| format!("/staff/patients/{id}")),
        label: t("patient.title"),
    };
    view! {
        <Page title=t("elsewhere.title").to_string() section=t("staff.nav.patients") form=form back=back>
            <ErrorSummary form />
            <Done said />
            {loaded(
                patient,
                t("what.patient"),
                move |patient| {
                    view! {
                        <PatientBar patient=patient.summary />
                        {listing(
                            records,
                            t("what.outside_records"),
                            || view! { <Empty text=t("elsewhere.none") /> }.into_any(),
                            move || view! { <Rows load=records id="elsewhere" row=row /> }.into_any(),
                        )}
                        {outside_entries::taken(
                            taken,
                            move |one| {
                                let again = move || taken.again();
                                desk.map(|desk| desk.undo(one.record, one.entry.clone(), one.version, again))
                                    .into_any()
                            },
                        )}
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

fn row(record: OutsideRecordView) -> AnyView {
    let patient = expect_context::<Memo<Option<PatientId>>>().get_untracked();
    let patient = patient.map(|id| id.to_string()).unwrap_or_default();
    let href = format!("/staff/patients/{patient}/elsewhere/{}", record.id);
    outside::row(record, href)
}

/// `/staff/patients/:id/elsewhere/:record`
#[component]
pub fn DetailPage() -> AnyView {
    for_role(Action::View, Category::OutsideRecords, detail)
}

fn detail() -> AnyView {
    let (id, params) = (patient_of_address(), use_params_map());
    let record = Memo::new(move |_| {
        params.with(|params| params.get("record")).and_then(|id| id.parse::<OutsideRecordId>().ok())
    });
    let both = load(move || {
        let ids = id.get().zip(record.get());
        async move {
            let (patient, record) = ids.ok_or_else(nothing)?;
            let whose = ask(async |portal| portal.patient(patient).await).await?;
            Ok((whose, ask(async |portal| portal.outside_record(patient, record).await).await?))
        }
    });
    let title = Signal::derive(move || {
        both.read(|(_, view)| outside::name_of(&view.record)).unwrap_or_else(|| t("elsewhere.one").into())
    });
    let all = id.get_untracked().map(|id| format!("/staff/patients/{id}/elsewhere"));
    let back = Back { href: all.unwrap_or_else(|| "/staff/patients".into()), label: t("elsewhere.title") };
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let leaving = RwSignal::new(None::<String>);
    view! {
        <Page title caption=t("elsewhere.caption") section=t("elsewhere.title") form=form back=back>
            <ErrorSummary form />
            <Done said />
            {loaded(
                both,
                t("what.outside_record"),
                move |(patient, view): (PatientView, OutsideRecordOpened)| {
                    let desk = Desk { patient: patient.summary.id, form, said };
                    let record = view.record.id;
                    let again = move || both.again();
                    let entries = outside_entries::entries(
                        view.entries.clone(),
                        |one| desk.acts(record, one.clone(), leaving, again),
                    );
                    view! {
                        <PatientBar patient=patient.summary />
                        {outside::opened(view, entries)}
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

/// Where somebody decides about entries.
#[derive(Clone, Copy)]
struct Desk {
    patient: PatientId,
    form: Form,
    said: RwSignal<String>,
}

impl Desk {
    /// What can be done about an entry: take it over, leave it out, undo what was decided. `leaving` names the one whose
    /// reason is being given.
    fn acts(
        self,
        record: OutsideRecordId,
        one: OutsideEntryView,
        leaving: RwSignal<Option<String>>,
        again: impl Fn() + Copy + Send + 'static,
    ) -> AnyView {
        if !Session::here().may(Action::Decide, Category::OutsideRecords) {
            return ().into_any();
        }
        if one.state != OutsideEntryState::Open {
            return self.undo(record, one.entry, one.version, again);
        }
        let (conflicts, in_chart) = (one.conflicts.join(", "), one.in_chart.join(", "));
        let warnings = [
            (!conflicts.is_empty()).then(|| t_with("outside_entries.conflicts", &[("names", &conflicts)])),
            (!in_chart.is_empty()).then(|| t_with("outside_entries.in_chart", &[("names", &in_chart)])),
        ];
        let warning = |words: String| {
            view! {
                <p class="nhsuk-u-margin-bottom-1">
                    <strong>
                        <bdi>{words}</bdi>
                    </strong>
                </p>
            }
            .into_any()
        };
        let accept = {
            let seen = one.clone();
            move |_| {
                let (seen, key, patient) = (seen.clone(), self.form.key(), self.patient);
                let said = t_with("outside_entries.accepted", &[("name", &seen.name)]);
                self.form.send_or(
                    async move {
                        ask(async |portal| portal.accept_outside_entry(patient, record, &seen, key).await)
                            .await
                    },
                    move |_| {
                        self.said.set(said);
                        again();
                    },
                    move |error| look_again(&error, again),
                );
            }
        };
        let (mine, entry) = (one.entry.clone(), one.entry.clone());
        let leave = move |_| leaving.set(Some(mine.clone()));
        let accept_label = t_with("outside_entries.accept_named", &[("name", &one.name)]);
        let leave_label = t_with("outside_entries.leave_named", &[("name", &one.name)]);
        view! {
            {warnings.into_iter().flatten().map(warning).collect_view()}
            <div class="nhsuk-button-group nhsuk-u-margin-top-2">
                <button type="button" class="nhsuk-button nhsuk-button--small" aria-label=accept_label on:click=accept>
                    {t("outside_entries.accept")}
                </button>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                    aria-label=leave_label
                    on:click=leave
                >
                    {t("outside_entries.leave")}
                </button>
            </div>
            {live(move || {
                leaving
                    .with(|leaving| leaving.as_ref() == Some(&entry))
                    .then(|| self.reason(record, one.clone(), leaving, again))
            })}
        }
        .into_any()
    }

    /// Why an entry stays out.
    fn reason(
        self,
        record: OutsideRecordId,
        one: OutsideEntryView,
        leaving: RwSignal<Option<String>>,
        again: impl Fn() + Copy + Send + 'static,
    ) -> AnyView {
        let (reason, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let send = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            let Some(chosen) = reason.with_untracked(|word| word.parse::<OutsideDismissReason>().ok()) else {
                let missing = FieldError::new("reason", "reason_missing", t("field_error.required"));
                return self.form.refuse(vec![missing]);
            };
            let why = match (OutsideDismissal { reason: chosen, words: words.get_untracked() }).check() {
                Ok(why) => why,
                Err(problem) => return self.form.refuse(problem.errors),
            };
            let (seen, key, patient) = (one.clone(), self.form.key(), self.patient);
            let said = t_with("outside_entries.left", &[("name", &seen.name)]);
            self.form.send_or(
                async move {
                    ask(async |portal| portal.dismiss_outside_entry(patient, record, &seen, &why, key).await)
                        .await
                },
                move |_| {
                    leaving.set(None);
                    self.said.set(said);
                    again();
                },
                move |error| look_again(&error, again),
            );
        };
        let choice =
            |why: &OutsideDismissReason| Choice::new(why.as_str(), t_word("outside_reason", why.as_str()));
        let choices = std::iter::once(Choice::new("", t("outside_entries.choose")))
            .chain(OutsideDismissReason::ALL.iter().map(choice))
            .collect::<Vec<_>>();
        view! {
            <form on:submit=send novalidate>
                <Select form=self.form name="reason" label=t("decide.reason") choices value=reason />
                <TextArea
                    form=self.form
                    name="words"
                    label=t("decide.note")
                    hint=t("decide.note_hint")
                    value=words
                    max=MAX_DISMISSAL
                    rows=2
                />
                <Submit form=self.form label=t("outside_entries.leave").to_string() />
            </form>
        }
        .into_any()
    }

    fn undo(
        self,
        record: OutsideRecordId,
        entry: String,
        version: i64,
        again: impl Fn() + Copy + Send + 'static,
    ) -> AnyView {
        if !Session::here().may(Action::Decide, Category::OutsideRecords) {
            return ().into_any();
        }
        let undo = move |_| {
            let (entry, key, patient) = (entry.clone(), self.form.key(), self.patient);
            self.form.send_or(
                async move {
                    ask(async |portal| portal.undo_outside_entry(patient, record, &entry, version, key).await)
                        .await
                },
                move |()| {
                    self.said.set(t("outside_entries.undone").into());
                    again();
                },
                move |error| look_again(&error, again),
            );
        };
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small nhsuk-u-margin-top-2"
                on:click=undo
            >
                {t("outside_entries.undo")}
            </button>
        }
        .into_any()
    }
}

/// A colleague was faster.
fn look_again(error: &ApiError, again: impl Fn()) {
    if matches!(error.code(), Some(Code::StaleVersion | Code::WrongState)) {
        again();
    }
}
