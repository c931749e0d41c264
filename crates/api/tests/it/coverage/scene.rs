//! The contract's operations as requests, and the people and things that they are about.

use std::cell::Cell;

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::platform::db::schema::locations;
use portal_domain::{
    access::{Role, Scope},
    amendments::AmendmentView,
    appointments::{AppointmentView, Booking, NewRequest, Reason, Refusal},
    dependents::DependentRequestView,
    enrolment::TemporaryCredentials,
    ids::{
        AccountId, AppointmentId, AttachmentId, ChartItemId, CohortMessageId, DependentRequestId, DisputeId,
        DocumentId, DraftId, EducationFileId, EducationId, HealthRecordId, InboxItemId, LedgerTransactionId,
        MedicationRequestId, MedicationRequestItemId, MessageId, NoticeId, OutsideRecordId, PasskeyId,
        PatientId, PaymentId, PaymentMethodId, PaymentPlanId, PetitionId, ProposalId, ProviderId,
        ProxyGrantId, ProxyInviteId, ResultId, SessionId, StatementId, TeamId, TemplateId, ThreadId,
        TransmissionId, WriteOffId,
    },
    messages::{QueueEntry, TeamCategory},
    notices::{NoticeContent, NoticeText, Severity},
    outside::OutsideEntryView,
    practice::{Policies, ProviderView},
    proposals::ProposalSummary,
    refills::MedicationRequestView,
    restrictions::RestrictionView,
    results::{Hold, HoldReason, Release, ReleasePolicies},
    transmissions::TransmissionKey,
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    amendments, billing, dependents, documents, education, emergency, messages, outside, own, plans,
    proposals, records, refills, restricted, restrictions, sensitivity,
};
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
            .replace("{notice}", &scene.notice.to_string())
            .replace("{account}", &scene.account.to_string())
            .replace("{passkey}", &scene.passkey.to_string())
            .replace("{session}", &scene.session.to_string())
            .replace("{cohort_message}", &scene.cohort_message.to_string())
            .replace("{thread}", &scene.thread.to_string())
            .replace("{message}", &scene.message.to_string())
            .replace("{draft}", &scene.draft.to_string())
            .replace("{attachment}", &scene.attachment.to_string())
            .replace("{template}", &scene.template.to_string())
            .replace("{team}", &scene.team.to_string())
            .replace("{education}", &scene.education.to_string())
            .replace("{health_record}", &scene.record.to_string())
            .replace("{document}", &scene.document.to_string())
            .replace("{outside_record}", &scene.outside_record.to_string())
            .replace("{entry}", outside::ENTRY)
            .replace("{transmission}", &scene.transmission.to_string())
            .replace("{medication_request}", &scene.medication_request.to_string())
            .replace("{proxy}", &scene.proxy.to_string())
            .replace("{proxy_invite}", &scene.proxy_invite.to_string())
            .replace("{dependent_request}", &scene.dependent_request.to_string())
            .replace("{proposal}", &scene.proposal.to_string())
            .replace("{amendment}", &scene.amendment.to_string())
            .replace("{restriction}", &scene.restriction.to_string())
            .replace("{payment}", &scene.payment.to_string())
            .replace("{statement}", &scene.statement.to_string())
            .replace("{transaction}", &scene.transaction.to_string())
            .replace("{write_off}", &scene.write_off.to_string())
            .replace("{dispute}", &scene.dispute.to_string())
            .replace("{method}", &scene.method.to_string())
            .replace("{plan}", &scene.plan.to_string())
            .replace("{year}", "2026")
            .replace("{format}", "text")
            .replace("{section}", "allergies")
            .replace("{about}", "allergy")
            .replace("{file}", &scene.education_file.to_string())
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
            "messages_upload" | "education_upload" | "documents_upload" => request
                .query(&[("name", "more.txt")])
                .header("Content-Type", "application/octet-stream")
                .body(format!("More {}.", Uuid::new_v4())),
            "outside_records_upload" => {
                request.header("Content-Type", "application/octet-stream").body(outside::document())
            }
            "billing_upload" => request.header("Content-Type", "text/csv").body(billing::file(scene)),
            "enrolment_mail_credentials" => request.json(&scene.credentials()),
            "practice_change_policies" => request.json(&policies()),
            "notices_publish" | "notices_change" => request.json(&notice()),
            "notices_reach" => request.json(&json!({})),
            id => match messages::body(id, scene)
                .or_else(|| education::body(id, scene))
                .or_else(|| records::body(id))
                .or_else(|| documents::body(id))
                .or_else(|| outside::body(id))
                .or_else(|| refills::body(id, scene))
                .or_else(|| dependents::body(id, scene))
                .or_else(|| proposals::body(id))
                .or_else(|| amendments::body(id))
                .or_else(|| emergency::body(id))
                .or_else(|| restricted::body(id, scene))
                .or_else(|| restrictions::body(id))
                .or_else(|| sensitivity::body(id, scene))
                .or_else(|| billing::body(id, scene))
                .or_else(|| plans::body(id, scene))
                .or_else(|| scene.own_body.clone())
            {
                Some(body) => request.json(&body),
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
    pub billing: Person,
    bookings: Cell<i64>,
    /// Two care teams in which all of the staff work.
    pub team: TeamId,
    pub other_team: TeamId,
    /// One of them.
    pub colleague: AccountId,
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
        let [desk, doctor, admin, billing] =
            [Role::FrontDesk, Role::Provider, Role::Admin, Role::Billing].map(|role| portal.staff(role));
        let (desk, doctor, admin, billing) = (desk.await, doctor.await, admin.await, billing.await);
        let mut members: Vec<AccountId> = staff.iter().map(|(_, caller)| AccountId(caller.id)).collect();
        members.extend([&desk, &doctor, &admin, &billing].map(|person| person.session.account_id));
        // What is questioned of a bill goes there.
        messages::team_of(portal, TeamCategory::Billing, members.clone()).await;
        let colleague = doctor.session.account_id;
        Self {
            team: messages::team_of(portal, TeamCategory::Health, members.clone()).await,
            other_team: messages::team_of(portal, TeamCategory::Health, members).await,
            colleague,
            anna: caller(&patient).await,
            berta: caller(&portal.patient("Berta").await).await,
            staff,
            integrator: client(Scope::ALL).await,
            bare_integrator: client(&[]).await,
            patient,
            desk,
            doctor,
            admin,
            billing,
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
    pub notice: NoticeId,
    pub education: EducationId,
    pub education_file: EducationFileId,
    pub record: HealthRecordId,
    pub document: DocumentId,
    pub outside_record: OutsideRecordId,
    pub transmission: TransmissionId,
    /// What opens it.
    pub transmission_key: Option<TransmissionKey>,
    pub medication: ChartItemId,
    pub medication_request: MedicationRequestId,
    pub medication_item: MedicationRequestItemId,
    /// The request for a refill, where there is one.
    pub refill: Option<MedicationRequestView>,
    pub proxy: ProxyGrantId,
    pub proxy_invite: ProxyInviteId,
    pub dependent_request: DependentRequestId,
    /// The request to look after somebody, where there is one.
    pub asked_for: Option<DependentRequestView>,
    /// Whom it is about.
    pub dependent: PatientId,
    /// An enrolment token, or an invitation's code.
    pub code: String,
    pub proposal: ProposalId,
    /// The proposal, where there is one.
    pub proposed: Option<ProposalSummary>,
    pub payment: PaymentId,
    pub statement: StatementId,
    pub transaction: LedgerTransactionId,
    pub write_off: WriteOffId,
    pub dispute: DisputeId,
    pub method: PaymentMethodId,
    pub plan: PaymentPlanId,
    /// How the billing system knows the patient.
    pub mrn: String,
    pub outside_entry: Option<OutsideEntryView>,
    pub amendment: PetitionId,
    /// The request to correct the record, where there is one.
    pub amended: Option<AmendmentView>,
    pub restriction: PetitionId,
    /// The request not to share or use something, where there is one.
    pub limited: Option<RestrictionView>,
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
    pub team: TeamId,
    pub other_team: TeamId,
    pub colleague: AccountId,
    pub cohort_message: CohortMessageId,
    pub thread: ThreadId,
    pub message: MessageId,
    pub draft: DraftId,
    pub attachment: AttachmentId,
    pub template: TemplateId,
    /// The thread's line in the queue.
    pub entry: Option<QueueEntry>,
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
            notice: NoticeId(Uuid::new_v4()),
            education: EducationId(Uuid::new_v4()),
            education_file: EducationFileId(Uuid::new_v4()),
            record: HealthRecordId(Uuid::new_v4()),
            document: DocumentId(Uuid::new_v4()),
            outside_record: OutsideRecordId(Uuid::new_v4()),
            transmission: TransmissionId(Uuid::new_v4()),
            transmission_key: None,
            medication: ChartItemId(Uuid::new_v4()),
            medication_request: MedicationRequestId(Uuid::new_v4()),
            medication_item: MedicationRequestItemId(Uuid::new_v4()),
            refill: None,
            proxy: ProxyGrantId(Uuid::new_v4()),
            proxy_invite: ProxyInviteId(Uuid::new_v4()),
            dependent_request: DependentRequestId(Uuid::new_v4()),
            asked_for: None,
            dependent: PatientId(Uuid::new_v4()),
            code: "0000-0000-0000-0000".into(),
            proposal: ProposalId(Uuid::new_v4()),
            proposed: None,
            payment: PaymentId(Uuid::new_v4()),
            statement: StatementId(Uuid::new_v4()),
            transaction: LedgerTransactionId(Uuid::new_v4()),
            write_off: WriteOffId(Uuid::new_v4()),
            dispute: DisputeId(Uuid::new_v4()),
            method: PaymentMethodId(Uuid::new_v4()),
            plan: PaymentPlanId(Uuid::new_v4()),
            mrn: portal.mrn(anna.patient()),
            outside_entry: None,
            amendment: PetitionId(Uuid::new_v4()),
            amended: None,
            restriction: PetitionId(Uuid::new_v4()),
            limited: None,
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
            team: people.team,
            other_team: people.other_team,
            colleague: people.colleague,
            cohort_message: CohortMessageId(Uuid::new_v4()),
            thread: ThreadId(Uuid::new_v4()),
            message: MessageId(Uuid::new_v4()),
            draft: DraftId(Uuid::new_v4()),
            attachment: AttachmentId(Uuid::new_v4()),
            template: TemplateId(Uuid::new_v4()),
            entry: None,
        };
        scene.add_emergency(portal, people, &operation.id).await;
        match operation.id.as_str() {
            id if (id.starts_with("billing_") || id.starts_with("payments_"))
                && operation.path.contains("{patient}") =>
            {
                scene.add_bill(portal, people, id).await
            }
            id if id.starts_with("payment_") && operation.path.contains("{patient}") => {
                scene.add_plan(portal, people, id).await
            }
            id if id.starts_with("dependents_") => scene.add_dependents(portal, people, id).await,
            // Another chart than Anna's, which would be shut for what comes after.
            "restricted_restrict" => (scene.patient, scene.version) = (portal.chart("Dora", "Lund").await, 0),
            "sensitivity_change" => scene.add_appointment(people, "sensitivity").await,
            "sensitivity_preview" => scene.add_dependents(portal, people, "dependents_change").await,
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
            "results_change_release_policies" => {
                scene.version = people.admin.portal.release_policies().await.unwrap().version;
                scene.own_body = serde_json::to_value(ReleasePolicies::default()).ok();
            }
            id if id.starts_with("results_")
                && (operation.names_a_thing() || id == "results_release_all") =>
            {
                scene.add_result(portal, people, id).await
            }
            id if id.starts_with("notices_") && operation.path.contains("{notice}") => {
                // For those with an appointment, as Anna: another patient names something foreign.
                anna.portal
                    .request_appointment(scene.patient, &scene.new_request(), Uuid::new_v4())
                    .await
                    .unwrap();
                let mut content = notice();
                // An edit keeps the audience of what has begun.
                if id != "notices_change" {
                    content.audience.location_id = scene.provider.location_id;
                }
                let view = people.desk.portal.publish_notice(&content, Uuid::new_v4()).await.unwrap();
                (scene.notice, scene.version) = (view.id, view.version);
            }
            id if id.starts_with("education_")
                && (operation.path.contains("{education}") || id == "education_assign") =>
            {
                scene.add_education(people, id).await;
            }
            id if operation.path.contains("{medication_request}") || id == "refills_request" => {
                scene.add_refill(portal, people, id).await;
            }
            id if operation.path.contains("{document}") => scene.add_document(people, id).await,
            id if id.starts_with("outside_records_") => scene.add_outside_record(people, id).await,
            "transmissions_list" => {}
            id if id.starts_with("transmissions_") => scene.add_transmission(portal, people, id).await,
            id if operation.path.contains("{restriction}") => scene.add_restriction(portal, people, id).await,
            _ if operation.path.contains("{amendment}") => scene.add_amendment(people).await,
            id if operation.path.contains("{proposal}") => scene.add_proposal(people, id).await,
            id if operation.path.contains("{health_record}") => scene.add_record(portal, people, id).await,
            id if id.contains("_cohort") => scene.add_cohort(portal, people).await,
            id if id.starts_with("messages_")
                && (operation.names_a_thing() || id == "messages_close_all") =>
            {
                scene.add_messages(people, id).await;
            }
            // Closed by the change, so one of its own.
            "care_teams_change" => scene.team = messages::team_of(portal, TeamCategory::Health, vec![]).await,
            "care_teams_change_template" | "care_teams_remove_template" => {
                scene.add_messages(people, &operation.id).await;
            }
            "mail_mark_read" | "mail_archive" | "mail_unarchive" => {
                scene.add_result(portal, people, "").await;
                let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
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

    /// Released, unless the operation is about what waits.
    async fn add_result(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        self.result = portal.result(self.patient, begin().plus(TimeDelta::days(-1)), "5.4").await;
        let doctor = &people.doctor.portal;
        let hold = Hold { reason: HoldReason::DiscussFirst, words: None, hours: 1 };
        match operation {
            "results_release" | "results_waiting_for" => {}
            "results_release_all" => {
                let target = json!({ "patient_id": self.patient, "result_id": self.result, "version": 1 });
                self.own_body = Some(json!({ "results": [target] }));
            }
            "results_hold" => self.own_body = serde_json::to_value(hold).ok(),
            "results_lift" => {
                let held = doctor.hold_result(self.patient, self.result, 1, &hold, Uuid::new_v4()).await;
                self.version = held.unwrap().version;
            }
            _ => {
                let release = Release::default();
                doctor.release_result(self.patient, self.result, 1, &release, Uuid::new_v4()).await.unwrap();
            }
        }
        if operation == "results_recall" {
            self.version = 2;
            self.own_body = Some(json!({ "reason": "wrong_result", "words": "The other one was meant." }));
        }
    }

    /// The same with ids that nobody has.
    pub fn of_nobody(scene: &Self) -> Self {
        Self {
            patient: PatientId(Uuid::new_v4()),
            appointment: AppointmentId(Uuid::new_v4()),
            result: ResultId(Uuid::new_v4()),
            item: InboxItemId(Uuid::new_v4()),
            cohort_message: CohortMessageId(Uuid::new_v4()),
            thread: ThreadId(Uuid::new_v4()),
            message: MessageId(Uuid::new_v4()),
            draft: DraftId(Uuid::new_v4()),
            attachment: AttachmentId(Uuid::new_v4()),
            notice: NoticeId(Uuid::new_v4()),
            education: EducationId(Uuid::new_v4()),
            education_file: EducationFileId(Uuid::new_v4()),
            record: HealthRecordId(Uuid::new_v4()),
            document: DocumentId(Uuid::new_v4()),
            outside_record: OutsideRecordId(Uuid::new_v4()),
            transmission: TransmissionId(Uuid::new_v4()),
            medication_request: MedicationRequestId(Uuid::new_v4()),
            proxy: ProxyGrantId(Uuid::new_v4()),
            proxy_invite: ProxyInviteId(Uuid::new_v4()),
            dependent_request: DependentRequestId(Uuid::new_v4()),
            proposal: ProposalId(Uuid::new_v4()),
            payment: PaymentId(Uuid::new_v4()),
            statement: StatementId(Uuid::new_v4()),
            transaction: LedgerTransactionId(Uuid::new_v4()),
            write_off: WriteOffId(Uuid::new_v4()),
            dispute: DisputeId(Uuid::new_v4()),
            method: PaymentMethodId(Uuid::new_v4()),
            plan: PaymentPlanId(Uuid::new_v4()),
            amendment: PetitionId(Uuid::new_v4()),
            restriction: PetitionId(Uuid::new_v4()),
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

/// A notice to everybody that must be acknowledged.
pub fn notice() -> NoticeContent {
    NoticeContent {
        audience: Default::default(),
        severity: Severity::Important,
        must_acknowledge: true,
        starts_on: begin().utc().date_naive(),
        ends_on: begin().utc().date_naive(),
        texts: vec![NoticeText {
            language: "en".into(),
            title: "Flu shots".into(),
            body: "Come in without an appointment.".into(),
        }],
    }
}

/// Policies that change nothing.
pub fn policies() -> Policies {
    Policies {
        patient_idle_minutes: 15,
        staff_idle_minutes: 10,
        staff_second_step: false,
        enrolment_token_hours: 72,
        health_records: true,
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
