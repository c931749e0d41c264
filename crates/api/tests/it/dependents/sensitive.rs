//! PRX-4: what is kept back is absent for whoever acts for the patient, on every path, and there for the patient.

use chrono::TimeDelta;
use portal_api::features::health_record::make_due;
use portal_domain::{
    access::Role,
    appointments::{AppointmentQuery, NewRequest, Reason, Which},
    documents::{DocumentKind, NewDocument},
    ids::{AppointmentId, ChartItemId, DocumentId, PatientId, ResultId, ThreadId},
    mail::InboxQuery,
    messages::{DraftText, TeamCategory, Topic, TopicKind},
    problem::Code,
    proposals::ProposalSubject,
    record::{NewHealthRecord, RecordFormat, Section},
    refills::{NewMedicationRequest, RequestKind, WantedMedication},
    results::{GroupRule, Release, ReleasePolicies, ResultsQuery, TestGroup},
    sensitivity::{SensitiveKind, SensitivityChange},
};
use uuid::Uuid;

use super::{full, given};
use crate::{
    billing::{bills, charge, posted},
    harness::{
        charts::Prescription,
        on_both,
        people::Person,
        portal::{TestPortal, begin},
        refused,
    },
    ingest::corrections,
    messages::{team, text, write},
};

/// Anna, who has one of each, and Bruno, to whom she gave everything.
struct Family {
    anna: Person,
    bruno: Person,
    doctor: Person,
    result: ResultId,
    medication: ChartItemId,
    document: DocumentId,
    thread: ThreadId,
    appointment: AppointmentId,
}

/// Words that stand in one thing each.
const DRUG: &str = "Zebradrug";
const PAPER: &str = "Zebrapaper";
const TALK: &str = "Zebratalk";
const VISIT: &str = "Zebravisit";

impl Family {
    async fn gather(portal: &TestPortal) -> Self {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        given(&anna, &bruno, full()).await;
        let doctor = portal.staff(Role::Provider).await;
        let patient = anna.patient();
        let key = Uuid::new_v4;
        let result = portal.result(patient, begin().plus(TimeDelta::days(-2)), "6.4").await;
        doctor.portal.release_result(patient, result, 1, &Release::default(), key()).await.unwrap();
        let medication = portal.prescription(patient, DRUG, Prescription::default()).await;
        let new = NewDocument {
            title: PAPER.into(),
            kind: DocumentKind::Letter,
            date: "2026-10-05".parse().unwrap(),
            text: "Walk daily.".into(),
        };
        let document = doctor.portal.create_document(patient, &new, key()).await.unwrap();
        doctor.portal.release_document(patient, document.id, document.version, key()).await.unwrap();
        let team = team(portal, TeamCategory::Health, &[&doctor]).await;
        let thread = write(&anna, &anna, &text(team, TALK, "Is this usual?")).await;
        let location_id = portal.visitor().practice().await.unwrap().locations[0].id;
        let new = NewRequest {
            location_id,
            provider_id: None,
            reason: Reason::CheckUp,
            preferred: vec![],
            note: VISIT.into(),
        };
        let appointment = anna.portal.request_appointment(patient, &new, key()).await.unwrap();
        portal.clock.advance(TimeDelta::seconds(1));
        let (document, thread, appointment) = (document.id, thread.id, appointment.id);
        Self { anna, bruno, doctor, result, medication, document, thread, appointment }
    }

    fn patient(&self) -> PatientId {
        self.anna.patient()
    }

    fn subject(&self, kind: SensitiveKind) -> Uuid {
        match kind {
            SensitiveKind::Result => self.result.0,
            SensitiveKind::Medication => self.medication.0,
            SensitiveKind::Document => self.document.0,
            SensitiveKind::Thread => self.thread.0,
            SensitiveKind::Appointment => self.appointment.0,
        }
    }

    async fn keep(&self, kind: SensitiveKind, is_sensitive: bool) {
        let change = SensitivityChange { kind, subject_id: self.subject(kind), is_sensitive };
        self.doctor.portal.change_sensitivity(self.patient(), &change).await.unwrap();
    }

    /// Whether one thing is there by its own address.
    async fn opens(&self, who: &Person, kind: SensitiveKind) -> bool {
        let (portal, patient) = (&who.portal, self.patient());
        let opened = match kind {
            SensitiveKind::Result => portal.result(patient, self.result).await.map(drop),
            SensitiveKind::Medication => {
                let all = portal.medications(patient).await.unwrap();
                return all.iter().any(|one| one.id == self.medication);
            }
            SensitiveKind::Document => portal.document(patient, self.document).await.map(drop),
            SensitiveKind::Thread => portal.thread(patient, self.thread).await.map(drop),
            SensitiveKind::Appointment => portal.appointment(patient, self.appointment).await.map(drop),
        };
        match opened {
            Ok(()) => true,
            Err(error) => {
                assert_eq!(refused(Err::<(), _>(error)).code, Code::NotFound, "{kind}");
                false
            }
        }
    }

    /// Everything that every list, search and section says to somebody, as one text.
    async fn told(&self, who: &Person) -> String {
        let (portal, patient) = (&who.portal, self.patient());
        let page = Default::default();
        let mut told = String::new();
        let mut add = |what: String| told += &what;
        add(format!("{:?}", portal.results(patient, &page).await.unwrap()));
        add(format!("{:?}", portal.tests(patient, &ResultsQuery::default()).await.unwrap()));
        let named = ResultsQuery { q: Some("hemoglobin".into()), ..Default::default() };
        add(format!("{:?}", portal.find_results(patient, &named).await.unwrap()));
        add(format!("{:?}", portal.medications(patient).await.unwrap()));
        add(format!("{:?}", portal.medication_requests(patient, &page).await.unwrap()));
        add(format!("{:?}", portal.chart_entries(patient, ProposalSubject::Medication).await.unwrap()));
        add(format!("{:?}", portal.documents(patient, &page).await.unwrap()));
        for which in [Which::Upcoming, Which::Pending, Which::Past] {
            let query = AppointmentQuery { which: Some(which), ..Default::default() };
            add(format!("{:?}", portal.appointments(patient, &query).await.unwrap()));
        }
        add(format!("{:?}", portal.inbox(patient, &Default::default()).await.unwrap().items));
        add(format!("{:?}", portal.sent_items(patient, &Default::default()).await.unwrap()));
        for word in [TALK, PAPER, "hemoglobin"] {
            let query = InboxQuery { q: Some(word.into()), ..Default::default() };
            add(format!("{:?}", portal.inbox(patient, &query).await.unwrap().items));
            add(format!("{:?}", portal.sent_items(patient, &query).await.unwrap()));
        }
        for section in [Section::Results, Section::Medications] {
            let section = portal.chart_section(patient, section, &Default::default()).await;
            add(format!("{:?}", section.unwrap().blocks));
        }
        told
    }
}

/// By what a thing is known wherever it is told.
fn marks(family: &Family, kind: SensitiveKind) -> Vec<String> {
    let id = family.subject(kind).to_string();
    match kind {
        SensitiveKind::Result => vec![id, "emoglobin".into()],
        SensitiveKind::Medication => vec![id, DRUG.into()],
        SensitiveKind::Document => vec![id, PAPER.into()],
        SensitiveKind::Thread => vec![id, TALK.into()],
        SensitiveKind::Appointment => vec![id, VISIT.into()],
    }
}

on_both! {
    async fn what_is_kept_back_is_absent_on_every_path_and_there_for_the_patient(portal) {
        let family = Family::gather(&portal).await;
        for kind in SensitiveKind::ALL.iter().copied() {
            let marks = marks(&family, kind);
            let before = family.told(&family.bruno).await;
            assert!(family.opens(&family.bruno, kind).await, "{kind}");
            assert!(marks.iter().all(|mark| before.contains(mark)), "{kind}: {before}");
            family.keep(kind, true).await;
            assert!(!family.opens(&family.bruno, kind).await, "{kind}");
            let after = family.told(&family.bruno).await;
            assert!(marks.iter().all(|mark| !after.contains(mark)), "{kind}: {after}");
            assert!(family.opens(&family.anna, kind).await, "{kind}");
            let own = family.told(&family.anna).await;
            assert!(marks.iter().all(|mark| own.contains(mark)), "{kind}: {own}");
            family.keep(kind, false).await;
            assert!(family.opens(&family.bruno, kind).await, "{kind}");
            assert_eq!(family.told(&family.bruno).await, before, "{kind}");
        }
    }

    async fn it_is_like_an_id_that_nobody_has(portal) {
        let family = Family::gather(&portal).await;
        for kind in SensitiveKind::ALL {
            family.keep(*kind, true).await;
        }
        let (bruno, patient) = (&family.bruno.portal, family.patient());
        let key = Uuid::new_v4;
        let all = [
            refused(bruno.result(patient, family.result).await),
            refused(bruno.result(patient, ResultId(key())).await),
            refused(bruno.document(patient, family.document).await),
            refused(bruno.document_file(patient, family.document).await),
            refused(bruno.mark_document_read(patient, family.document).await),
            refused(bruno.thread(patient, family.thread).await),
            refused(bruno.mark_thread_read(patient, family.thread).await),
            refused(bruno.appointment(patient, family.appointment).await),
            refused(bruno.recall_appointment(patient, family.appointment, key()).await),
        ];
        for problem in &all {
            assert_eq!((problem.code, &problem.detail), (Code::NotFound, &None));
        }
        let answer = DraftText { thread_id: Some(family.thread), text: "And now?".into(), ..Default::default() };
        assert_eq!(refused(bruno.begin_draft(patient, &answer, key()).await).code, Code::NotFound);
        let item = WantedMedication { medication: family.medication, kind: RequestKind::Refill };
        let ask = |items| NewMedicationRequest { items, pharmacy: String::new(), note: String::new() };
        let kept = refused(bruno.request_medications(patient, &ask(vec![item]), key()).await);
        let none = WantedMedication { medication: ChartItemId(key()), ..item };
        let random = refused(bruno.request_medications(patient, &ask(vec![none]), key()).await);
        assert_eq!((kept.code, &kept.errors), (random.code, &random.errors));
    }

    async fn what_would_tell_of_it_is_absent_too(portal) {
        let family = Family::gather(&portal).await;
        let (anna, bruno, patient) = (&family.anna, &family.bruno, family.patient());
        let item = WantedMedication { medication: family.medication, kind: RequestKind::Refill };
        let ask = NewMedicationRequest { items: vec![item], pharmacy: String::new(), note: String::new() };
        let asked = anna.portal.request_medications(patient, &ask, Uuid::new_v4()).await.unwrap();
        let team = team(&portal, TeamCategory::Health, &[&family.doctor]).await;
        let about = Some(Topic { kind: TopicKind::Result, id: family.result.0 });
        let about = write(anna, anna, &DraftText { topic: about, ..text(team, "My sugar", "Is it high?") }).await;
        bruno.portal.medication_request(patient, asked.id).await.unwrap();
        bruno.portal.thread(patient, about.id).await.unwrap();
        family.keep(SensitiveKind::Medication, true).await;
        family.keep(SensitiveKind::Result, true).await;
        assert_eq!(refused(bruno.portal.medication_request(patient, asked.id).await).code, Code::NotFound);
        assert!(bruno.portal.medication_requests(patient, &Default::default()).await.unwrap().items.is_empty());
        assert_eq!(refused(bruno.portal.thread(patient, about.id).await).code, Code::NotFound);
        assert!(!family.told(bruno).await.contains("My sugar"));
        anna.portal.thread(patient, about.id).await.unwrap();
    }

    async fn counts_and_tags_of_lists_tell_nothing(portal) {
        let family = Family::gather(&portal).await;
        let (bruno, patient) = (&family.bruno, family.patient());
        let unread = async || bruno.portal.inbox(patient, &Default::default()).await.unwrap().unread;
        assert_eq!(unread().await, 2, "a result and a document");
        let tag = async || {
            let request = portal.request("GET", &format!("/api/v1/patients/{patient}/results"));
            let answer = portal.send(&portal.cookie(bruno).await, request).await;
            answer.headers["etag"].to_str().unwrap().to_owned()
        };
        let before = tag().await;
        family.keep(SensitiveKind::Result, true).await;
        assert_eq!(unread().await, 1);
        let hidden = tag().await;
        assert_ne!(hidden, before, "what the reader holds is not what is seen");
        // A reader to whom there never was such a result holds the same.
        family.keep(SensitiveKind::Result, false).await;
        assert_eq!(tag().await, before);
    }

    async fn earlier_values_and_corrections_follow_their_result(portal) {
        let family = Family::gather(&portal).await;
        let (bruno, patient) = (&family.bruno, family.patient());
        let newer = portal.result(patient, begin(), "6.1").await;
        family.doctor.portal.release_result(patient, newer, 1, &Release::default(), Uuid::new_v4()).await.unwrap();
        let earlier = async |who: &Person| {
            let result = who.portal.result(patient, newer).await.unwrap();
            result.observations[0].earlier.len()
        };
        assert_eq!(earlier(bruno).await, 1);
        family.keep(SensitiveKind::Result, true).await;
        assert_eq!((earlier(bruno).await, earlier(&family.anna).await), (0, 1));
        let tests = bruno.portal.tests(patient, &ResultsQuery::default()).await.unwrap().items;
        assert_eq!((tests[0].count, tests[0].points.len()), (1, 1), "the trend");
    }

    async fn a_corrected_result_that_was_kept_back_stays_kept_back(portal) {
        let (anna, doctor, source) = corrections::people(&portal).await;
        let (bruno, patient) = (portal.patient("Bruno").await, anna.patient());
        given(&anna, &bruno, full()).await;
        let first = corrections::two_values(&portal, &source).await;
        corrections::release(&doctor, patient, first).await;
        let keep = |id: ResultId, is_sensitive| SensitivityChange { kind: SensitiveKind::Result, subject_id: id.0, is_sensitive };
        doctor.portal.change_sensitivity(patient, &keep(first, true)).await.unwrap();
        portal.import(vec![
            corrections::value("k", &source, "Potassium", 5.9),
            corrections::report("r", &source, "corrected", &["na", "k"]),
        ]).await;
        let [second] = corrections::waiting(&doctor).await[..] else { panic!("a correction waits") };
        corrections::release(&doctor, patient, second).await;
        let absent = async |id: ResultId| {
            assert_eq!(refused(bruno.portal.result(patient, id).await).code, Code::NotFound);
            anna.portal.result(patient, id).await.unwrap();
            let told = format!("{:?}", bruno.portal.results(patient, &Default::default()).await.unwrap().items);
            let news = bruno.portal.inbox(patient, &Default::default()).await.unwrap();
            assert!(!told.contains(&id.to_string()) && news.items.is_empty() && news.unread == 0, "{told} {news:?}");
        };
        absent(first).await;
        absent(second).await;
        // A correction of the correction, too; and shown is the whole line, not the one that somebody pointed at.
        portal.import(vec![
            corrections::value("k", &source, "Potassium", 4.9),
            corrections::report("r", &source, "corrected", &["na", "k"]),
        ]).await;
        let [third] = corrections::waiting(&doctor).await[..] else { panic!("a correction waits") };
        corrections::release(&doctor, patient, third).await;
        absent(third).await;
        doctor.portal.change_sensitivity(patient, &keep(second, false)).await.unwrap();
        bruno.portal.result(patient, third).await.unwrap();
        bruno.portal.result(patient, first).await.unwrap();
    }

    async fn bills_do_not_say_what_they_are_for_while_anything_is_kept_back(portal) {
        let family = Family::gather(&portal).await;
        let (anna, bruno, patient) = (&family.anna, &family.bruno, family.patient());
        let mut visit = charge(&portal.mrn(patient), 12_000);
        (visit.description, visit.statement) = (VISIT.into(), Some("S-1".into()));
        // Of a second visit Bruno is the guarantor: it stands on his own account.
        let mut guaranteed = charge(&portal.mrn(patient), 3_000);
        guaranteed.description = VISIT.into();
        let mut guarantor = guaranteed.patient.clone();
        guarantor.mrn = portal.mrn(bruno.patient());
        guaranteed.guarantor = Some(guarantor);
        posted(&portal, vec![visit, guaranteed]).await;
        let statement = bills(anna).await.statements[0].id;
        let told = async |who: &Person| {
            let (portal, page) = (&who.portal, Default::default());
            let lines = portal.billing_lines(patient, &page).await.unwrap().items;
            let bill = portal.statement(patient, statement).await.unwrap();
            let own = portal.billing_lines(who.patient(), &page).await.unwrap().items;
            format!("{lines:?} {bill:?} {own:?}")
        };
        let owed = async |who: &Person| who.portal.billing(patient).await.unwrap().balance;
        assert_eq!(told(bruno).await.matches(VISIT).count(), 3);
        family.keep(SensitiveKind::Appointment, true).await;
        let after = told(bruno).await;
        assert!(!after.contains(VISIT) && !after.contains(&family.appointment.to_string()), "{after}");
        assert_eq!(owed(bruno).await, owed(anna).await, "what is owed can be paid all the same");
        assert!(told(anna).await.contains(VISIT));
        family.keep(SensitiveKind::Appointment, false).await;
        assert_eq!(told(bruno).await.matches(VISIT).count(), 3);
    }

    async fn records_hold_nothing_of_it_and_older_ones_are_gone(portal) {
        let family = Family::gather(&portal).await;
        let (anna, bruno, patient) = (&family.anna, &family.bruno, family.patient());
        let ask = async |who: &Person| {
            let asked = who.portal.request_health_record(patient, &NewHealthRecord::default(), Uuid::new_v4()).await;
            assert_eq!(make_due(&portal.app).await.unwrap(), 1);
            portal.clock.advance(TimeDelta::seconds(1));
            asked.unwrap().id
        };
        let (of_anna, of_bruno) = (ask(anna).await, ask(bruno).await);
        bruno.portal.health_record(patient, of_anna).await.unwrap();
        family.keep(SensitiveKind::Result, true).await;
        family.keep(SensitiveKind::Medication, true).await;
        portal.clock.advance(TimeDelta::seconds(1));
        for old in [of_anna, of_bruno] {
            assert_eq!(refused(bruno.portal.health_record(patient, old).await).code, Code::NotFound);
            let file = bruno.portal.health_record_file(patient, old, RecordFormat::Text).await;
            assert_eq!(refused(file).code, Code::NotFound);
        }
        assert!(bruno.portal.health_records(patient, &Default::default()).await.unwrap().items.is_empty());
        let fresh = ask(bruno).await;
        for format in [RecordFormat::Text, RecordFormat::Fhir, RecordFormat::Ccda] {
            let file = bruno.portal.health_record_file(patient, fresh, format).await.unwrap();
            let said = String::from_utf8(file).unwrap();
            assert!(!said.contains(DRUG) && !said.contains("emoglobin"), "{format}: {said}");
            let own = anna.portal.health_record_file(patient, of_anna, format).await.unwrap();
            assert!(String::from_utf8(own).unwrap().contains(DRUG));
        }
        assert_eq!(anna.portal.health_records(patient, &Default::default()).await.unwrap().items.len(), 3);
    }

    async fn a_sensitive_test_is_kept_back_from_its_release_on_until_a_provider_shows_it(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        given(&anna, &bruno, full()).await;
        let admin = portal.staff(Role::Admin).await;
        let group = TestGroup {
            name: "Sugar".into(),
            codes: vec!["4548-4".into()],
            categories: vec![],
            sensitive: true,
            release: GroupRule::default(),
        };
        let policies = ReleasePolicies { groups: vec![group], ..Default::default() };
        admin.portal.change_release_policies(1, &policies).await.unwrap();
        let result = portal.result(anna.patient(), begin(), "6.4").await;
        let doctor = portal.staff(Role::Provider).await;
        doctor.portal.release_result(anna.patient(), result, 1, &Release::default(), Uuid::new_v4()).await.unwrap();
        anna.portal.result(anna.patient(), result).await.unwrap();
        assert_eq!(refused(bruno.portal.result(anna.patient(), result).await).code, Code::NotFound);
        assert_eq!(bruno.portal.inbox(anna.patient(), &Default::default()).await.unwrap().unread, 0);
        let listed = doctor.portal.sensitive_items(anna.patient()).await.unwrap().items;
        assert!(listed[0].kept_since.is_some() && listed[0].kept_by.is_none(), "{listed:?}");
        let kind = SensitiveKind::Result;
        let change = SensitivityChange { kind, subject_id: result.0, is_sensitive: false };
        doctor.portal.change_sensitivity(anna.patient(), &change).await.unwrap();
        bruno.portal.result(anna.patient(), result).await.unwrap();
    }

    async fn staff_see_as_a_proxy_sees(portal) {
        let family = Family::gather(&portal).await;
        let (patient, nurse) = (family.patient(), portal.staff(Role::Nurse).await);
        let grant = family.anna.portal.proxies(patient).await.unwrap().proxies[0].id;
        let seen = async || {
            let preview = nurse.portal.proxy_preview(patient, grant).await.unwrap();
            let count = |category: &str| {
                let part = preview.parts.iter().find(|part| part.category.as_str() == category);
                part.and_then(|part| part.items.clone()).unwrap_or_default().len()
            };
            (preview.unread, count("results"), count("medications"), count("documents"), count("appointments"))
        };
        assert_eq!(seen().await, (2, 1, 1, 1, 1));
        for kind in SensitiveKind::ALL {
            family.keep(*kind, true).await;
        }
        assert_eq!(seen().await, (0, 0, 0, 0, 0));
        let listed = nurse.portal.sensitive_items(patient).await.unwrap().items;
        assert_eq!(listed.iter().filter(|one| one.kept_since.is_some()).count(), 5, "{listed:?}");
        assert!(!format!("{listed:?}").contains(TALK), "what is said with a team is its team's");
        family.anna.portal.revoke_proxy(patient, grant).await.unwrap();
        assert_eq!(refused(nurse.portal.proxy_preview(patient, grant).await).code, Code::NotFound);
    }

    async fn only_what_is_in_the_chart_is_kept_back(portal) {
        let family = Family::gather(&portal).await;
        for kind in SensitiveKind::ALL.iter().copied() {
            for subject_id in [Uuid::new_v4(), family.patient().0] {
                let change = SensitivityChange { kind, subject_id, is_sensitive: true };
                let answer = family.doctor.portal.change_sensitivity(family.patient(), &change).await;
                assert_eq!(refused(answer).code, Code::NotFound, "{kind}");
            }
            let foreign = SensitivityChange { kind, subject_id: family.subject(kind), is_sensitive: true };
            let answer = family.doctor.portal.change_sensitivity(family.bruno.patient(), &foreign).await;
            assert_eq!(refused(answer).code, Code::NotFound, "{kind}");
        }
    }
}
