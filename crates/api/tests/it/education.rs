//! The education library: who reads what, who writes, and what was assigned to whom (EDU-1).

mod leaks;
mod messages;

use std::slice::from_ref;

use futures_util::future::join_all;
use portal_domain::{
    access::Role,
    accounts::Preferences,
    audience::CodedTerm,
    chart::systems,
    education::{
        Block, EducationAssignment, EducationContent, EducationState, EducationText, EducationTopic,
        EducationView, LibraryQuery, NewEducationAssignment, PreviewText, ReadingQuery,
    },
    ids::{EducationFileId, EducationId},
    mail::{InboxItem, ItemKind},
    page::PageQuery,
    problem::Code,
    record::Section,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{charts::entry, on_both, people::Person, portal::begin, refused};

pub fn text(language: &str, title: &str, body: &str) -> EducationText {
    EducationText { language: language.into(), title: title.into(), body: body.into() }
}

fn loinc(code: &str) -> CodedTerm {
    CodedTerm { system: "http://loinc.org".into(), code: code.into() }
}

/// About a test, in two languages.
pub fn content() -> EducationContent {
    EducationContent {
        topic: EducationTopic::Tests,
        codes: vec![loinc("4548-4")],
        files: vec![],
        texts: vec![
            text("en", "Your blood sugar", "## Why\n\nIt shows the **last three months**."),
            text("es", "Su azúcar en sangre", "Muestra los últimos tres meses."),
        ],
    }
}

pub async fn create(by: &Person, content: &EducationContent) -> EducationView {
    by.portal.create_education(content, Uuid::new_v4()).await.unwrap()
}

pub async fn published(by: &Person, content: &EducationContent) -> EducationView {
    let draft = create(by, content).await;
    by.portal.publish_education(draft.id, draft.version).await.unwrap()
}

pub async fn assign(by: &Person, to: &Person, id: EducationId) -> Vec<EducationAssignment> {
    let new = NewEducationAssignment { education_id: id };
    by.portal.assign_education(to.patient(), &new, Uuid::new_v4()).await.unwrap()
}

/// The question after a few codes.
fn explaining(codes: &[CodedTerm]) -> LibraryQuery {
    LibraryQuery::explaining(codes).remove(0)
}

/// The ids that the library lists for a reader.
async fn found(by: &Person, query: LibraryQuery) -> Vec<EducationId> {
    by.portal.library(&query).await.unwrap().items.into_iter().map(|item| item.id).collect()
}

fn words(q: &str) -> LibraryQuery {
    LibraryQuery { q: Some(q.into()), ..LibraryQuery::default() }
}

async fn arrived(person: &Person) -> Vec<InboxItem> {
    let inbox = person.portal.inbox(person.patient(), &Default::default()).await.unwrap();
    inbox.items.into_iter().filter(|item| item.kind == ItemKind::EducationAssigned).collect()
}

/// Chooses the language to read in.
async fn speaks(person: &Person, language: &str) {
    let notices = person.portal.account().await.unwrap().notices;
    let preferences = Preferences { language: language.into(), notices };
    person.portal.change_preferences(&preferences).await.unwrap();
}

on_both! {
    async fn the_codes_of_a_chart_lead_to_what_explains_its_conditions_and_drugs(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let [problem, drug] = [(systems::SNOMED_CT, "38341003"), (systems::RXNORM, "314076")]
            .map(|(system, code)| CodedTerm { system: system.into(), code: code.into() });
        let about = async |code: &CodedTerm| {
            published(&nurse, &EducationContent { codes: vec![code.clone()], ..content() }).await.id
        };
        let (of_problem, of_drug) = (about(&problem).await, about(&drug).await);
        let of = json!({ "reference": format!("Patient/{}", portal.sources.borrow()[&anna.patient()]) });
        let coded = |term: &CodedTerm, text: &str| json!({ "text": text, "coding": [term] });
        let condition = |status: &str, what: Value| entry(json!({ "resourceType": "Condition", "id": Uuid::new_v4().to_string(),
            "verificationStatus": { "coding": [{ "code": status }] }, "subject": of, "code": what }));
        portal.import(vec![
            condition("confirmed", coded(&problem, "High blood pressure")),
            condition("confirmed", coded(&problem, "High blood pressure, again")),
            condition("confirmed", json!({ "text": "Tiredness" })),
            condition("entered-in-error", coded(&loinc("4548-4"), "A slip of the pen")),
            entry(json!({ "resourceType": "MedicationRequest", "id": Uuid::new_v4().to_string(), "status": "active",
                "intent": "order", "subject": of, "medicationCodeableConcept": coded(&drug, "Lisinopril 10 mg tablet") })),
        ]).await;

        let section = async |section| {
            anna.portal.chart_section(anna.patient(), section, &Default::default()).await.unwrap().codes
        };
        assert_eq!(section(Section::Conditions).await, from_ref(&problem), "once, and no mistake's");
        assert_eq!(section(Section::Medications).await, from_ref(&drug));
        assert_eq!(section(Section::SocialHistory).await, []);
        let medications = anna.portal.medications(anna.patient()).await.unwrap();
        assert_eq!(medications.iter().map(|one| one.code.clone()).collect::<Vec<_>>(), [Some(drug.clone())]);
        assert_eq!(found(&anna, explaining(&[problem])).await, [of_problem]);
        assert_eq!(found(&anna, explaining(&[drug])).await, [of_drug]);
    }

    async fn what_is_published_is_found_by_topic_code_and_word_and_read_as_parts(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let sugar = published(&nurse, &content()).await;
        assert_eq!((sugar.state, sugar.versions.len()), (EducationState::Published, 1));
        let food = EducationContent { topic: EducationTopic::Wellness, codes: vec![loinc("2093-3")],
            texts: vec![text("en", "Eat well", "More [vegetables](https://example.org/quagga).")], ..content() };
        let food = published(&nurse, &food).await;

        assert_eq!(found(&anna, LibraryQuery::default()).await, [food.id, sugar.id], "the newest first");
        let tests = LibraryQuery { topic: Some(EducationTopic::Tests), ..LibraryQuery::default() };
        assert_eq!(found(&anna, tests).await, [sugar.id]);
        assert_eq!(found(&anna, explaining(&[loinc("4548-4"), loinc("1-1")])).await, [sugar.id]);
        let elsewhere = CodedTerm { system: "http://snomed.info/sct".into(), code: "4548-4".into() };
        assert_eq!(found(&anna, explaining(&[elsewhere])).await, [], "a code counts with its system");
        for q in ["SUGAR", "month three", "azucar", "últim"] {
            assert_eq!(found(&anna, words(q)).await, [sugar.id], "{q}");
        }
        assert_eq!(found(&anna, words("sugar vegetables")).await, [], "every word");
        assert_eq!(found(&anna, words("quagga")).await, [], "an address is no word of the text");
        let one = LibraryQuery { limit: Some(1), ..LibraryQuery::default() };
        let first = anna.portal.library(&one).await.unwrap();
        assert_eq!(found(&anna, LibraryQuery { cursor: first.next, ..one }).await, [sugar.id], "the second page");
        let wrong = LibraryQuery { code: Some("4548-4".into()), ..LibraryQuery::default() };
        assert_eq!(refused(anna.portal.library(&wrong).await).errors[0].field, "code");

        let read = anna.portal.read_education(sugar.id, &Default::default()).await.unwrap();
        assert_eq!((read.summary.title.as_str(), read.in_wanted_language), ("Your blood sugar", true));
        assert!(matches!(read.blocks.as_slice(), [Block::Heading { .. }, Block::Paragraph { .. }]), "{read:?}");
    }

    async fn a_reader_gets_the_own_language_or_the_first_and_is_told(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let sugar = published(&nurse, &content()).await;
        let only = EducationContent { texts: vec![text("en", "Eat well", "Vegetables.")], ..content() };
        let only = published(&nurse, &only).await;
        speaks(&anna, "es").await;
        let read = anna.portal.read_education(sugar.id, &Default::default()).await.unwrap();
        assert_eq!((read.summary.language.as_str(), read.in_wanted_language), ("es", true));
        assert_eq!(read.languages, ["en", "es"]);
        let titles: Vec<_> = anna.portal.library(&Default::default()).await.unwrap().items;
        assert_eq!(titles.iter().map(|item| item.language.as_str()).collect::<Vec<_>>(), ["en", "es"]);
        let read = anna.portal.read_education(only.id, &Default::default()).await.unwrap();
        assert_eq!((read.summary.language.as_str(), read.in_wanted_language), ("en", false));
        let english = ReadingQuery { language: Some("en".into()) };
        let read = anna.portal.read_education(sugar.id, &english).await.unwrap();
        assert_eq!(read.summary.title, "Your blood sugar", "asked for");
        assign(&nurse, &anna, sugar.id).await;
        assert_eq!(arrived(&anna).await[0].title, "Su azúcar en sangre");
    }

    async fn readers_keep_the_published_version_until_the_next_and_every_version_is_kept(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let first = published(&nurse, &content()).await;
        let mut newer = content();
        newer.texts[0] = text("en", "Your sugar, again", "Quagga.");
        newer.codes = vec![loinc("2345-7")];
        newer.topic = EducationTopic::Wellness;
        let saved = nurse.portal.save_education(first.id, first.version, &newer).await.unwrap();
        assert_eq!((saved.state, saved.version), (EducationState::Changed, first.version + 1));
        let read = anna.portal.read_education(first.id, &Default::default()).await.unwrap();
        assert_eq!(read.summary.title, "Your blood sugar");
        assert_eq!(read.summary.topic, EducationTopic::Tests);
        assert_eq!(found(&anna, words("quagga")).await, []);

        let second = nurse.portal.publish_education(first.id, saved.version).await.unwrap();
        assert_eq!(second.versions.iter().map(|one| one.number).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(second.versions[1].content, content(), "the first is kept as it was");
        assert_eq!(second.versions[0].published_by, "Staff nurse");
        assert_eq!(found(&anna, words("quagga")).await, [first.id]);
        assert_eq!(found(&anna, explaining(&[loinc("4548-4")])).await, [], "the old code leads nowhere");
        assert_eq!(found(&anna, explaining(&[loinc("2345-7")])).await, [first.id]);
        let again = nurse.portal.publish_education(first.id, second.version).await;
        assert_eq!(refused(again).code, Code::WrongState, "nothing new to publish");
        assert_eq!(refused(nurse.portal.publish_education(first.id, 1).await).code, Code::StaleVersion);
    }

    async fn of_many_who_save_one_version_at_once_one_wins_and_nobody_is_overwritten(portal) {
        let (first, second) = (portal.staff(Role::Nurse).await, portal.staff(Role::Provider).await);
        let item = create(&first, &content()).await;
        for round in 0..3 {
            let seen = first.portal.education_item(item.id).await.unwrap().version;
            let tries = (0..12).map(|place| {
                let by = if place % 2 == 0 { &first } else { &second };
                let mut mine = content();
                mine.texts[0].title = format!("Title {round}.{place}");
                async move {
                    let saved = by.portal.save_education(item.id, seen, &mine).await;
                    (mine, saved)
                }
            });
            let (won, lost): (Vec<_>, Vec<_>) =
                join_all(tries).await.into_iter().partition(|(_, saved)| saved.is_ok());
            assert_eq!(won.len(), 1, "round {round}");
            assert!(lost.into_iter().all(|(_, saved)| refused(saved).code == Code::StaleVersion));
            let now = first.portal.education_item(item.id).await.unwrap();
            assert_eq!((now.version, &now.draft), (seen + 1, &won[0].0));
        }
        let seen = first.portal.education_item(item.id).await.unwrap().version;
        let publishing = (0..8).map(|_| first.portal.publish_education(item.id, seen));
        let done = join_all(publishing).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(done, 1, "published once");
        assert_eq!(first.portal.education_item(item.id).await.unwrap().versions.len(), 1);
    }

    async fn an_assigned_item_arrives_once_and_staff_see_it_read(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let item = published(&nurse, &content()).await;
        let (key, new) = (Uuid::new_v4(), NewEducationAssignment { education_id: item.id });
        for _ in 0..2 {
            let all = nurse.portal.assign_education(anna.patient(), &new, key).await.unwrap();
            assert_eq!((all.len(), all[0].read_at, all[0].assigned_by.as_str()), (1, None, "Staff nurse"));
        }
        assign(&nurse, &anna, item.id).await;
        let items = arrived(&anna).await;
        assert_eq!((items.len(), items[0].subject_id, items[0].read_at), (1, item.id.0, None));

        anna.portal.mark_education_read(anna.patient(), item.id).await.unwrap();
        portal.clock.advance(chrono::TimeDelta::minutes(5));
        anna.portal.mark_education_read(anna.patient(), item.id).await.unwrap();
        let seen = nurse.portal.assigned_education(anna.patient()).await.unwrap();
        assert_eq!(seen[0].read_at, Some(begin()), "the first time counts");
        assert_eq!(arrived(&anna).await[0].read_at, Some(begin()), "the inbox knows");
    }

    async fn what_is_taken_back_is_gone_for_that_patient_alone(portal) {
        let (anna, berta, nurse) =
            (portal.patient("Anna").await, portal.patient("Berta").await, portal.staff(Role::Nurse).await);
        let item = published(&nurse, &content()).await;
        for patient in [&anna, &berta] {
            assign(&nurse, patient, item.id).await;
        }
        nurse.portal.take_back_education(anna.patient(), item.id).await.unwrap();
        assert!(arrived(&anna).await.is_empty());
        assert!(anna.portal.assigned_education(anna.patient()).await.unwrap().is_empty());
        let mark = anna.portal.mark_education_read(anna.patient(), item.id).await;
        assert_eq!(refused(mark).code, Code::NotFound);
        let again = nurse.portal.take_back_education(anna.patient(), item.id).await;
        assert_eq!(refused(again).code, Code::NotFound);
        let q = portal_domain::mail::InboxQuery { q: Some("sugar".into()), ..Default::default() };
        let inbox = berta.portal.inbox(berta.patient(), &q).await.unwrap();
        assert_eq!(inbox.items.len(), 1, "the other still finds it by word");
        assert_eq!(found(&anna, LibraryQuery::default()).await, [item.id], "the library keeps it");
    }

    async fn files_go_with_the_version_that_names_them(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let item = create(&nurse, &content()).await;
        let upload = async |name: &'static str, text: &str| {
            nurse.portal.upload_education_file(item.id, name, text.as_bytes().to_vec()).await.unwrap()
        };
        let (diary, spare) = (upload("diary.txt", "Monday:").await, upload("spare.txt", "Spare.").await);
        let with = |files: &[EducationFileId]| EducationContent { files: files.to_vec(), ..content() };
        let foreign = with(&[EducationFileId(Uuid::new_v4())]);
        let wrong = nurse.portal.save_education(item.id, item.version, &foreign).await;
        assert_eq!(refused(wrong).errors[0].field, "files");
        let wrong = nurse.portal.create_education(&with(&[diary.id]), Uuid::new_v4()).await;
        assert_eq!(refused(wrong).errors[0].field, "files", "another item's file");
        let view = nurse.portal.save_education(item.id, item.version, &with(&[diary.id])).await.unwrap();
        assert_eq!(view.files, std::slice::from_ref(&diary), "what nothing names is gone");
        assert_eq!(refused(nurse.portal.education_file_text(item.id, spare.id).await).code, Code::NotFound);
        let early = anna.portal.education_file_text(item.id, diary.id).await;
        assert_eq!(refused(early).code, Code::NotFound, "not published yet");

        let view = nurse.portal.publish_education(item.id, view.version).await.unwrap();
        assert_eq!(anna.portal.education_file_text(item.id, diary.id).await.unwrap(), "Monday:");
        let read = anna.portal.read_education(item.id, &Default::default()).await.unwrap();
        assert_eq!(read.files, std::slice::from_ref(&diary));
        // The next version has no file; the first version's is kept for those who look at it.
        let view = nurse.portal.save_education(item.id, view.version, &with(&[])).await.unwrap();
        let view = nurse.portal.publish_education(item.id, view.version).await.unwrap();
        assert_eq!(view.files, std::slice::from_ref(&diary));
        assert_eq!(nurse.portal.education_file_text(item.id, diary.id).await.unwrap(), "Monday:");
        assert_eq!(refused(anna.portal.education_file_text(item.id, diary.id).await).code, Code::NotFound);
        let program = nurse.portal.upload_education_file(item.id, "diary.pdf", b"MZ".to_vec()).await;
        assert_eq!(refused(program).errors[0].field, "file", "not what its name says");
    }

    async fn only_writers_write_and_everybody_reads(portal) {
        let anna = portal.patient("Anna").await;
        let item = published(&portal.staff(Role::Admin).await, &content()).await;
        for role in Role::ALL {
            let staff = portal.staff(*role).await;
            let may = matches!(role, Role::Nurse | Role::Provider | Role::Admin);
            assert_eq!(staff.portal.education_item(item.id).await.is_ok(), may, "{role}");
            assert!(staff.portal.read_education(item.id, &Default::default()).await.is_ok(), "{role}");
            let assigned = staff.portal.assigned_education(anna.patient()).await;
            assert_eq!(assigned.is_ok(), may, "{role} sees what was assigned");
        }
        let own = anna.portal.create_education(&content(), Uuid::new_v4()).await;
        assert_eq!(refused(own).code, Code::RoleRequired);
        let preview = PreviewText { body: "# Hi".into() };
        assert_eq!(refused(anna.portal.preview_education(&preview).await).code, Code::RoleRequired);
        assert_eq!(refused(portal.visitor().library(&Default::default()).await).code, Code::SignInRequired);
        let page = PageQuery { limit: Some(1), cursor: None };
        let listed = portal.staff(Role::Nurse).await.portal.education_items(&page).await.unwrap();
        assert_eq!((listed.items[0].id, listed.items[0].languages.len()), (item.id, 2));
    }

    async fn what_writers_see_before_is_what_readers_see_and_nothing_of_it_runs(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let body = "<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](https://example.org)\n\n<img src=x onerror=alert(1)>";
        let preview = nurse.portal.preview_education(&PreviewText { body: body.into() }).await.unwrap();
        let hostile = EducationContent { texts: vec![text("en", "Hostile", body)], ..content() };
        let item = published(&nurse, &hostile).await;
        let read = anna.portal.read_education(item.id, &Default::default()).await.unwrap();
        assert_eq!(read.blocks, preview.blocks);
        let json = serde_json::to_string(&read.blocks).unwrap();
        assert_eq!(json.matches("href").count(), 1, "{json}");
        let long = PreviewText { body: "x".repeat(8_001) };
        assert_eq!(refused(nurse.portal.preview_education(&long).await).errors[0].field, "body");
    }
}
