//! One patient: who, how to reach, and the state of enrolment.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::PatientId,
    patients::PatientView,
    problem::{Code, Problem},
};

use super::{
    enrolment_panel::EnrolmentPanel, limits_panel::LimitsPanel, mails_panel::MailsPanel,
    proxies_panel::ProxiesPanel, sensitivity_panel::SensitivityPanel,
};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        load::{load, loaded},
        page::{Back, Page},
        practice::Phone,
        summary::{Fact, summary},
    },
    staff::{education::panel::EducationPanel, parts::PatientBar},
    text::t,
};

/// `/staff/patients/:id`
#[component]
pub fn PatientPage() -> AnyView {
    let session = Session::here();
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<PatientId>().ok())
    });
    let patient = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.patient(id).await).await
        }
    });
    let title = Signal::derive(move || {
        patient.read(|patient| patient.summary.full_name()).unwrap_or_else(|| t("patient.title").into())
    });
    let writes = session.may(Action::Act, Category::Messages);
    let enrolment = session.may(Action::View, Category::Enrolment);
    let documents = session.may(Action::View, Category::Documents);
    let sensitive = session.may(Action::View, Category::Sensitivity);
    let education = session.may(Action::View, Category::Education);
    let limits = session.may(Action::View, Category::Restrictions);
    let restricts = session.may(Action::Change, Category::RestrictedAccess);
    view! {
        <Page
            title
            section=t("staff.nav.patients")
            back=Back { href: "/staff/patients".into(), label: t("staff.nav.patients") }
        >
            {loaded(
                patient,
                t("what.patient"),
                move |patient: PatientView| {
                    let phones = patient.phones.clone();
                    let phones = (!phones.is_empty())
                        .then(|| {
                            let phone = |number: String| view! { <Phone number /> " " };
                            Fact::view(t("patient.phones"), phones.into_iter().map(phone).collect_view().into_any())
                        });
                    let mut facts = vec![Fact::text(t("patient.address"), patient.address.join("\n"))];
                    facts.extend(phones);
                    facts.push(Fact::maybe(t("patient.email"), patient.email.clone()));
                    facts.push(Fact::maybe(t("patient.language"), patient.language.clone()));
                    let id = patient.summary.id;
                    view! {
                        <div class="no-print">
                            <PatientBar patient=patient.summary.clone() link=false />
                            {limits.then(|| view! { <LimitsPanel patient=id /> })}
                            {summary(facts)}
                            {writes
                                .then(|| {
                                    let href = format!("/staff/patients/{}/message", patient.summary.id);
                                    view! {
                                        <p>
                                            <a class="nhsuk-button nhsuk-button--secondary" href=href>
                                                {t("staff_compose.write")}
                                            </a>
                                        </p>
                                    }
                                })}
                            {documents
                                .then(|| {
                                    let href = format!("/staff/patients/{id}/documents");
                                    view! {
                                        <p>
                                            <a class="nhsuk-button nhsuk-button--secondary" href=href>
                                                {t("documents.title")}
                                            </a>
                                            " "
                                            <a
                                                class="nhsuk-button nhsuk-button--secondary"
                                                href=format!("/staff/patients/{id}/elsewhere")
                                            >
                                                {t("elsewhere.title")}
                                            </a>
                                        </p>
                                    }
                                })}
                            {restricts
                                .then(|| {
                                    let href = format!("/staff/reports/restricted?patient={id}");
                                    view! {
                                        <p>
                                            <a class="nhsuk-button nhsuk-button--secondary" href=href>
                                                {t("restricted.link")}
                                            </a>
                                        </p>
                                    }
                                })}
                        </div>
                        {enrolment.then(|| view! { <EnrolmentPanel patient=patient.summary email=patient.email /> })}
                        {education.then(|| view! { <EducationPanel patient=id /> })}
                        {enrolment.then(|| view! { <ProxiesPanel patient=id /> })}
                        {sensitive.then(|| view! { <SensitivityPanel patient=id /> })}
                        {enrolment.then(|| view! { <MailsPanel patient=id /> })}
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}
