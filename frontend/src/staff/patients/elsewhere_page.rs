//! What a patient brought from elsewhere, for staff: to look at, never mixed into the chart.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::{OutsideRecordId, PatientId},
    outside::OutsideRecordView,
    problem::{Code, Problem},
};

use crate::{
    api::{ApiError, ask},
    shared::{
        list::{Empty, Rows, listing, load_rows},
        load::{load, loaded},
        outside,
        page::{Back, Page},
    },
    staff::parts::{PatientBar, for_role},
    text::t,
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
    provide_context(id);
    let back = Back {
        href: id
            .get_untracked()
            .map_or_else(|| "/staff/patients".into(), |id| format!("/staff/patients/{id}")),
        label: t("patient.title"),
    };
    view! {
        <Page title=t("elsewhere.title").to_string() section=t("staff.nav.patients") back=back>
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
    view! {
        <Page title caption=t("elsewhere.caption") section=t("elsewhere.title") back=back>
            {loaded(
                both,
                t("what.outside_record"),
                |(patient, view)| {
                    view! {
                        <PatientBar patient=patient.summary />
                        {outside::opened(view)}
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}
