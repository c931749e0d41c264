//! The contract's operations as requests, and the people and things that they are about.

use std::cell::Cell;

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::platform::db::schema::locations;
use portal_domain::{
    access::{Role, Scope},
    appointments::{AppointmentView, Booking, NewRequest, Reason, Refusal},
    enrolment::TemporaryCredentials,
    ids::{AccountId, AppointmentId, InboxItemId, PasskeyId, PatientId, ProviderId, ResultId, SessionId},
    page::PageQuery,
    practice::{Policies, ProviderView},
    results::Release,
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use uuid::Uuid;

use super::own;
use crate::contract::Operation;
use crate::harness::{
    charts,
    people::{Person, identity, new_account},
    portal::{TestPortal, begin},
    second_step::Phone,
    wire::Credentials,
};

impl Operation {
    /// The address for this scene.
    pub fn address(&self, scene: &Scene) -> String {
        self.path
            .replace("{patient}", &scene.patient.to_string())
            .replace("{appointment}", &scene.appointment.to_string())
            .replace("{result}", &scene.result.to_string())
            .replace("{item}", &scene.item.to_string())
            .replace("{account}", &scene.account.to_string())
            .replace("{passkey}", &scene.passkey.to_string())
            .replace("{session}", &scene.session.to_string())
    }

    /// A request that is right in every respect but perhaps who sends it and what it is about.
    pub fn request(&self, portal: &TestPortal, scene: &Scene) -> RequestBuilder {
        let mut request = portal.request(&self.method, &self.address(scene));
        if self.parameters.contains(&"If-Match".into()) {
            request = request.header("If-Match", format!("\"{}\"", scene.version));
        }
        match self.id.as_str() {
            "appointments_request" => request.json(&scene.new_request()),
            "appointments_approve" | "appointments_propose" => request.json(&scene.booking),
            "appointments_deny" | "appointments_clinic_cancel" => request.json(&scene.refusal()),
            "results_release" => request.json(&Release::default()),
            // A stream has no end of its own.
            "live_events" => request.query(&[("take", "1")]),
            "integrations_import" => request.json(&scene.bundle),
            "enrolment_mail_credentials" => request.json(&scene.credentials()),
            "practice_change_policies" => request.json(&policies()),
            _ => match &scene.own_body {
                Some(body) => request.json(body),
                None => request,
            },
        }
    }
}

/// Somebody who sends requests.
pub struct Caller {
    pub credentials: Credentials,
    /// The account's or client's id.
    pub id: Uuid,
    /// The own chart; of staff and integrators nobody's.
    pub patient: PatientId,
}

impl Caller {
    pub fn nobody() -> Self {
        Self { credentials: Credentials::Nobody, id: Uuid::nil(), patient: PatientId(Uuid::nil()) }
    }

    /// Somebody whose credentials come from elsewhere.
    pub fn of(person: &Person) -> Self {
        Self {
            credentials: Credentials::Nobody,
            id: person.session.account_id.0,
            patient: person.session.patient_id().unwrap_or(PatientId(Uuid::nil())),
        }
    }
}

/// Everybody who tries.
pub struct People {
    pub anna: Caller,
    pub berta: Caller,
    pub staff: Vec<(Role, Caller)>,
    pub integrator: Caller,
    pub bare_integrator: Caller,
    /// Through the typed client.
    pub patient: Person,
    pub desk: Person,
    pub doctor: Person,
    pub admin: Person,
    bookings: Cell<i64>,
}

impl People {
    pub async fn gather(portal: &TestPortal) -> Self {
        allow_cancelling(portal).await;
        let caller = async |person: &Person| Caller {
            credentials: portal.cookie(person).await,
            id: person.session.account_id.0,
            patient: person.session.patient_id().unwrap_or(PatientId(Uuid::nil())),
        };
        let client = async |scopes: &[Scope]| {
            let (id, secret) = portal.client(scopes).await;
            let token = portal.visitor().access_token(&id, &secret, "").await.unwrap().access_token;
            Caller {
                credentials: Credentials::Bearer(token),
                id: id.parse().unwrap(),
                patient: PatientId(Uuid::nil()),
            }
        };
        let patient = portal.patient("Anna").await;
        let mut staff = Vec::new();
        for role in Role::ALL {
            staff.push((*role, caller(&portal.staff(*role).await).await));
        }
        Self {
            anna: caller(&patient).await,
            berta: caller(&portal.patient("Berta").await).await,
            staff,
            integrator: client(&[Scope::ChartsWrite]).await,
            bare_integrator: client(&[]).await,
            patient,
            desk: portal.desk().await,
            doctor: portal.staff(Role::Provider).await,
            admin: portal.staff(Role::Admin).await,
            bookings: Cell::new(0),
        }
    }

    /// A time that nobody else booked.
    fn next_slot(&self, provider: ProviderId) -> Booking {
        self.bookings.set(self.bookings.get() + 1);
        let starts_at = begin().plus(TimeDelta::hours(self.bookings.get()));
        Booking { starts_at, minutes: 30, provider_id: provider, note: String::new() }
    }
}

/// Lets patients cancel online everywhere, until the begin (APT-3).
async fn allow_cancelling(portal: &TestPortal) {
    let allow = |conn: &mut portal_api::platform::db::Conn| {
        diesel::update(locations::table).set(locations::cancel_cutoff_hours.eq(0)).execute(conn)?;
        Ok(())
    };
    portal.app.db.write(allow).await.unwrap();
}

/// What a request is about.
#[derive(Clone)]
pub struct Scene {
    pub patient: PatientId,
    pub appointment: AppointmentId,
    pub result: ResultId,
    pub item: InboxItemId,
    /// The version of the thing that is decided about.
    pub version: i64,
    pub provider: ProviderView,
    pub booking: Booking,
    pub bundle: Value,
    /// The appointment as front desk sees it, where there is one.
    pub seen: Option<AppointmentView>,
    /// A member of staff's account.
    pub account: AccountId,
    /// A further session of the own account.
    pub session: SessionId,
    /// A passkey of the own account.
    pub passkey: PasskeyId,
    /// What an operation of the own account is sent.
    pub own_body: Option<Value>,
    /// The authenticator app of the own account, once it is switched on.
    pub phone: Option<Phone>,
}

impl Scene {
    /// Sets things up so that the operation can be done: in Anna's chart, or in a new one that has no account yet.
    pub async fn set(portal: &TestPortal, people: &People, operation: &Operation) -> Self {
        let anna = &people.patient;
        let providers = anna.portal.providers().await.unwrap();
        let provider = providers.into_iter().find(|provider| provider.location_id.is_some()).unwrap();
        let source = Uuid::new_v4().to_string();
        let mut scene = Self {
            patient: anna.patient(),
            appointment: AppointmentId(Uuid::new_v4()),
            result: ResultId(Uuid::new_v4()),
            item: InboxItemId(Uuid::new_v4()),
            version: 1,
            booking: people.next_slot(provider.id),
            provider,
            bundle: json!({
                "resourceType": "Bundle", "type": "transaction",
                "entry": [charts::patient(&source, "Clara", "Holm")],
            }),
            seen: None,
            account: AccountId(Uuid::new_v4()),
            session: SessionId(Uuid::new_v4()),
            passkey: PasskeyId(Uuid::new_v4()),
            own_body: own::body(&operation.id),
            phone: None,
        };
        match operation.id.as_str() {
            id if id.starts_with("helping_") && operation.path.contains("{account}") => {
                scene.account = portal.staff(Role::Nurse).await.session.account_id;
            }
            id if id.starts_with("helping_") => scene.patient = portal.patient("Hanna").await.patient(),
            "practice_change_policies" => {
                scene.version = people.admin.portal.policies().await.unwrap().version
            }
            "enrolment_issue" | "enrolment_mail_credentials" => {
                scene.patient = portal.chart("Dora", "Lund").await
            }
            id if id.starts_with("appointments_") && operation.names_a_thing() => {
                scene.add_appointment(people, id).await
            }
            id if id.starts_with("results_") && operation.names_a_thing() => {
                scene.add_result(portal, people, id).await
            }
            "mail_mark_read" => {
                scene.add_result(portal, people, "").await;
                let inbox = anna.portal.inbox(anna.patient(), &PageQuery::default()).await.unwrap();
                scene.item = inbox.items[0].id;
            }
            _ => {}
        }
        scene
    }

    /// The state that the operation begins in.
    async fn add_appointment(&mut self, people: &People, operation: &str) {
        let (anna, desk) = (&people.patient, &people.desk);
        let key = Uuid::new_v4;
        let asked = anna.portal.request_appointment(self.patient, &self.new_request(), key()).await.unwrap();
        let slot = people.next_slot(self.provider.id);
        let view = match operation.trim_start_matches("appointments_") {
            "accept" | "decline" => desk.portal.propose_appointment(&asked, &slot, key()).await.unwrap(),
            "cancel" | "clinic_cancel" | "calendar_file" => {
                desk.portal.approve_appointment(&asked, &slot, key()).await.unwrap()
            }
            _ => asked,
        };
        (self.appointment, self.version) = (view.id, view.version);
        self.seen = Some(view);
    }

    /// Released, unless the operation is the release.
    async fn add_result(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        self.result = portal.result(self.patient, begin().plus(TimeDelta::days(-1)), "5.4").await;
        if operation != "results_release" {
            let (portal, release) = (&people.doctor.portal, Release::default());
            portal.release_result(self.patient, self.result, 1, &release, Uuid::new_v4()).await.unwrap();
        }
    }

    /// The same with ids that nobody has.
    pub fn of_nobody(scene: &Self) -> Self {
        Self {
            patient: PatientId(Uuid::new_v4()),
            appointment: AppointmentId(Uuid::new_v4()),
            result: ResultId(Uuid::new_v4()),
            item: InboxItemId(Uuid::new_v4()),
            ..scene.clone()
        }
    }

    /// The same things, said to be in this patient's chart.
    pub fn in_chart_of(&self, patient: PatientId) -> Self {
        Self { patient, ..self.clone() }
    }

    pub fn credentials(&self) -> TemporaryCredentials {
        TemporaryCredentials { email: "dora@example.org".into() }
    }

    pub fn new_request(&self) -> NewRequest {
        NewRequest {
            location_id: self.provider.location_id.unwrap(),
            provider_id: None,
            reason: Reason::CheckUp,
            preferred: vec![],
            note: "Before noon, please.".into(),
        }
    }

    pub fn refusal(&self) -> Refusal {
        Refusal { reason: "The roof leaks.".into() }
    }
}

/// Policies that change nothing.
pub fn policies() -> Policies {
    Policies {
        patient_idle_minutes: 15,
        staff_idle_minutes: 10,
        staff_second_step: false,
        enrolment_token_hours: 72,
    }
}

/// A person with a chart, a token and no account yet: what enrolment asks for.
pub async fn newcomer(
    portal: &TestPortal,
    people: &People,
) -> (portal_domain::enrolment::Identity, portal_domain::enrolment::NewAccount) {
    let chart = portal.chart("Edda", "Lund").await;
    let token = people.desk.portal.issue_enrolment_token(chart).await.unwrap().token;
    (identity(&token, "Lund"), new_account(&token, "Lund", &format!("edda.{}", &chart.to_string()[24..])))
}
