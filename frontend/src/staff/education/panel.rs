//! On a patient's page: what was assigned, whether it was read, and assigning more.

use leptos::prelude::*;
use portal_domain::{
    education::{EducationAssignment, EducationSummary, NewEducationAssignment},
    ids::{EducationId, PatientId},
};

use super::picker::Picker;
use crate::{
    api::ask,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        load::{Load, load, loaded},
        practice::Practice,
    },
    text::{t, t_with},
};

#[derive(Clone, Copy)]
struct Panel {
    patient: PatientId,
    list: Load<Vec<EducationAssignment>>,
    form: Form,
    said: RwSignal<String>,
}

/// The panel.
#[component]
pub fn EducationPanel(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    let list =
        load(move || async move { ask(async |portal| portal.assigned_education(patient).await).await });
    let panel = Panel { patient, list, form: Form::new(), said: RwSignal::new(String::new()) };
    let choose = Callback::new(move |item: EducationSummary| panel.assign(item));
    view! {
        <section class="no-print" aria-labelledby="education">
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5" id="education">
                {t("library.panel")}
            </h2>
            <ErrorSummary form=panel.form />
            <Done said=panel.said />
            {loaded(
                list,
                t("what.library"),
                move |assigned| {
                    if assigned.is_empty() {
                        return view! { <p>{t("library.nothing_assigned")}</p> }.into_any();
                    }
                    let rows: Vec<_> = assigned.into_iter().map(|one| panel.row(one)).collect();
                    view! { <ul class="app-rows">{rows}</ul> }.into_any()
                },
            )}
            <div class="nhsuk-u-margin-top-4">
                <Picker id="assign-item" verb=t("library.assign") choose />
            </div>
        </section>
    }
    .into_any()
}

impl Panel {
    fn assign(self, item: EducationSummary) {
        let (key, patient) = (self.form.key(), self.patient);
        let new = NewEducationAssignment { education_id: item.id };
        self.form.send(
            async move { ask(async |portal| portal.assign_education(patient, &new, key).await).await },
            move |all| {
                self.list.put(all);
                self.said.set(t_with("library.assigned", &[("title", &item.title)]));
            },
        );
    }

    fn take_back(self, id: EducationId, title: String) {
        let patient = self.patient;
        self.form.send_or(
            async move { ask(async |portal| portal.take_back_education(patient, id).await).await },
            move |()| {
                self.list.again();
                self.said.set(t_with("library.taken_back", &[("title", &title)]));
            },
            move |_| self.list.again(),
        );
    }

    fn row(self, one: EducationAssignment) -> AnyView {
        let zone = Practice::here().zone();
        let date = |at| intl::format(at, Style::Short, &zone);
        let by =
            t_with("library.assigned_by", &[("name", &one.assigned_by), ("date", &date(one.assigned_at))]);
        let read = one.read_at.map(|at| t_with("library.read_at", &[("date", &date(at))]));
        let class = if read.is_some() { "nhsuk-tag nhsuk-tag--green" } else { "nhsuk-tag nhsuk-tag--grey" };
        let (id, title) = (one.item.id, one.item.title.clone());
        let label = t_with("library.take_back_what", &[("title", &title)]);
        let gone = one.is_retired.then(|| t("library.is_retired"));
        view! {
            <li class="app-row">
                <a class="app-row__link" href=format!("/staff/education/{id}") lang=one.item.language>
                    <bdi>{one.item.title}</bdi>
                </a>
                <p class="app-row__meta">{by} " " {gone}</p>
                <div class="app-row__side app-row__side--act">
                    <strong class=class>{read.unwrap_or_else(|| t("library.unread").into())}</strong>
                    <button
                        type="button"
                        class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                        aria-label=label
                        on:click=move |_| self.take_back(id, title.clone())
                    >
                        {t("library.take_back")}
                    </button>
                </div>
            </li>
        }
        .into_any()
    }
}
