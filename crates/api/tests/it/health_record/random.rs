//! LAB-1, PHR-3: over random histories of one chart, each way to the patient shows what was released and stands, and what
//! staff took into it from elsewhere, no more and no less.

use std::collections::BTreeSet;

use portal_domain::{
    documents::{DocumentKind, DocumentState, DocumentView, DocumentWithdrawal, NewDocument},
    ids::OutsideRecordId,
    mail::{InboxQuery, ItemKind},
    page::PageQuery,
    problem::Code,
    record::{ChartBlock, Section},
    results::{Recall, RecallReason, Value as Shown},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::*;
use crate::harness::refused;

/// What happens to one of the reports.
#[derive(Clone, Copy, Debug)]
enum Happens {
    /// The laboratory sends it, or a corrected one.
    Sent,
    /// A provider releases what waits of it.
    Released,
    /// A provider takes the last release back, before anything else of it waits.
    Recalled,
    /// The laboratory says that it was never true.
    Withdrawn,
    /// Staff write a document, release it, take it back, write the next.
    Document,
    /// The patient brings a record from elsewhere, staff take its medication over, undo it, take it over again.
    Elsewhere,
}

/// Something with a word of its own, which the patient may see or not.
struct Marked {
    word: String,
    is_seen: bool,
}

/// What there is of documents and records from elsewhere.
#[derive(Default)]
struct Papers {
    documents: Vec<(Marked, DocumentView)>,
    elsewhere: Vec<(Marked, OutsideRecordId)>,
}

/// A report as the model knows it. Each version has a value of its own, so that its digits tell where it is shown.
#[derive(Default)]
struct Report {
    waiting: Option<(ResultId, String)>,
    /// Every version whose release stands, with those that corrections replaced.
    released: Vec<(ResultId, String)>,
    withdrawn: bool,
}

const REPORTS: usize = 5;
const LABORATORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

/// The reports measure one of two things, each on a day of its own.
fn test_of(report: usize) -> &'static str {
    if report.is_multiple_of(2) { "2951-2" } else { "2823-3" }
}

struct History<'p> {
    portal: &'p TestPortal,
    anna: &'p Person,
    provider: &'p Person,
    reports: Vec<Report>,
    /// Every value that was ever sent.
    sent: Vec<String>,
    papers: Papers,
}

impl Report {
    fn standing(&self) -> Option<&(ResultId, String)> {
        self.released.last()
    }
}

impl History<'_> {
    async fn import(&mut self, report: usize, status: &str, digits: &str) -> ResultId {
        let patient = self.anna.patient();
        let source = self.portal.sources.borrow()[&patient].clone();
        let of = json!({ "reference": format!("Patient/{source}") });
        let (id, at) = (format!("{source}-{report}"), format!("2026-09-{:02}T08:00:00Z", report + 1));
        let number: serde_json::Number = digits.parse().unwrap();
        let code = json!({ "coding": [{ "system": "http://loinc.org", "code": test_of(report) }], "text": format!("Panel{report}") });
        let entries = vec![
            entry(json!({
                "resourceType": "Observation", "id": format!("{id}-value"), "status": "final", "code": code, "subject": of,
                "category": [{ "coding": [{ "system": LABORATORY, "code": "laboratory" }] }],
                "effectiveDateTime": at, "valueQuantity": { "value": number, "unit": "mg/dL" },
            })),
            entry(json!({
                "resourceType": "DiagnosticReport", "id": id, "status": status, "code": code, "subject": of,
                "category": [{ "coding": [{ "code": "LAB" }] }], "effectiveDateTime": at, "issued": at,
                "result": [{ "reference": format!("Observation/{id}-value") }],
            })),
        ];
        ResultId(self.portal.import(entries).await.entries[1].id.unwrap())
    }

    /// The next step of the last document; of a new one when that was taken back.
    async fn document(&mut self) {
        let (patient, staff) = (self.anna.patient(), &self.provider.portal);
        let key = Uuid::new_v4();
        let last = self.papers.documents.last_mut();
        match last.filter(|(_, document)| document.state != DocumentState::Withdrawn) {
            Some((marked, document)) if document.state == DocumentState::Unreleased => {
                *document =
                    staff.release_document(patient, document.id, document.version, key).await.unwrap();
                marked.is_seen = true;
            }
            Some((marked, document)) => {
                let why = DocumentWithdrawal { reason: "Another patient's.".into() };
                *document =
                    staff.withdraw_document(patient, document.id, document.version, &why, key).await.unwrap();
                marked.is_seen = false;
            }
            None => {
                let word = format!("Paper{}x", self.papers.documents.len());
                let new = NewDocument {
                    title: word.clone(),
                    kind: DocumentKind::VisitSummary,
                    date: "2026-09-01".parse().unwrap(),
                    text: format!("It says {word}."),
                };
                let document = staff.create_document(patient, &new, key).await.unwrap();
                self.papers.documents.push((Marked { word, is_seen: false }, document));
            }
        }
    }

    /// The next step of one of the records from elsewhere, of which there are two.
    async fn elsewhere(&mut self, which: usize) {
        let (patient, staff) = (self.anna.patient(), &self.provider.portal);
        let count = self.papers.elsewhere.len();
        let Some((marked, record)) = self.papers.elsewhere.get_mut(which % 2) else {
            let word = format!("Elsewhere{count}x");
            let record = self.anna.portal.bring_outside_record(patient, stranger(&word)).await.unwrap();
            self.papers.elsewhere.push((Marked { word, is_seen: false }, record.id));
            return;
        };
        let entry = staff.outside_record(patient, *record).await.unwrap().entries.remove(0);
        if marked.is_seen {
            let (version, key) = (entry.version, Uuid::new_v4());
            staff.undo_outside_entry(patient, *record, &entry.entry, version, key).await.unwrap();
        } else {
            staff.accept_outside_entry(patient, *record, &entry, Uuid::new_v4()).await.unwrap();
        }
        marked.is_seen = !marked.is_seen;
    }

    /// Holds a text to the model: of these things it tells what may be seen, and of no other.
    fn judge_words<'m>(path: &str, text: &str, all: impl Iterator<Item = &'m Marked>) {
        for marked in all {
            assert_eq!(text.contains(&marked.word), marked.is_seen, "{} in {path}\n---\n{text}", marked.word);
        }
    }

    fn documents(&self) -> impl Iterator<Item = &Marked> {
        self.papers.documents.iter().map(|(marked, _)| marked)
    }

    fn taken_over(&self) -> impl Iterator<Item = &Marked> {
        self.papers.elsewhere.iter().map(|(marked, _)| marked)
    }

    async fn happens(&mut self, report: usize, what: Happens) {
        match what {
            Happens::Document => return self.document().await,
            Happens::Elsewhere => return self.elsewhere(report).await,
            _ => {}
        }
        let known = &self.reports[report];
        match what {
            Happens::Sent if !known.withdrawn => {
                let digits = format!("31.{}7", 101 + self.sent.len());
                let is_first = known.waiting.is_none() && known.standing().is_none();
                self.sent.push(digits.clone());
                let id = self.import(report, if is_first { "final" } else { "corrected" }, &digits).await;
                self.reports[report].waiting = Some((id, digits));
            }
            Happens::Released => {
                let Some((id, digits)) = self.reports[report].waiting.take() else { return };
                release(self.provider, self.anna.patient(), id).await;
                self.reports[report].released.push((id, digits));
            }
            Happens::Recalled if known.waiting.is_none() => {
                let Some((id, digits)) = self.reports[report].released.pop() else { return };
                let (patient, provider) = (self.anna.patient(), &self.provider.portal);
                let version = provider.result(patient, id).await.unwrap().version;
                let why = Recall { reason: RecallReason::DiscussFirst, words: None };
                provider.recall_result(patient, id, version, &why, Uuid::new_v4()).await.unwrap();
                self.reports[report].waiting = Some((id, digits));
            }
            Happens::Withdrawn if known.waiting.is_some() || known.standing().is_some() => {
                let last = known.waiting.as_ref().or(known.standing()).unwrap().1.clone();
                self.import(report, "entered-in-error", &last).await;
                self.reports[report] = Report { withdrawn: true, ..Report::default() };
            }
            _ => {}
        }
    }

    fn standing(&self) -> Vec<(usize, ResultId, &str)> {
        let of = |(index, report): (usize, &'_ Report)| {
            report.standing().map(|(id, digits)| (index, *id, digits.clone()))
        };
        let all = self.reports.iter().enumerate().filter_map(of);
        all.map(|(index, id, digits)| (index, id, &**self.sent.iter().find(|sent| **sent == digits).unwrap()))
            .collect()
    }

    /// Holds a text to the model: it tells of the values that stand, and of no other.
    fn judge(&self, path: &str, text: &str) {
        let standing: BTreeSet<_> = self.standing().into_iter().map(|(_, _, digits)| digits).collect();
        let told: BTreeSet<_> =
            self.sent.iter().map(String::as_str).filter(|digits| text.contains(digits)).collect();
        assert_eq!(told, standing, "{path}\n---\n{text}");
    }

    async fn judge_all(&self, folder: &Path) {
        let (anna, patient) = (self.anna, self.anna.patient());
        let standing = self.standing();
        let list = anna.portal.results(patient, &PageQuery::default()).await.unwrap();
        let listed: BTreeSet<_> = list.items.iter().map(|item| item.id).collect();
        assert_eq!(listed, standing.iter().map(|(_, id, _)| *id).collect(), "the list");

        for (index, id, digits) in &standing {
            let view = anna.portal.result(patient, *id).await.unwrap();
            if let Some(replaced) = view.replaces {
                anna.portal.result(patient, replaced).await.expect("what a result corrects can be opened");
            }
            let [value] = &view.observations[..] else { panic!("{view:?}") };
            assert_eq!(number(value.value.as_ref().unwrap()), *digits);
            let told: Vec<_> = value.earlier.iter().map(|one| number(&one.value)).collect();
            let earlier = standing
                .iter()
                .rev()
                .filter(|(other, ..)| other < index && test_of(*other) == test_of(*index));
            assert_eq!(
                told,
                earlier.map(|(_, _, digits)| (*digits).to_owned()).collect::<Vec<_>>(),
                "the trend"
            );
        }
        for report in &self.reports {
            let Some((waiting, _)) = &report.waiting else { continue };
            assert_eq!(refused(anna.portal.result(patient, *waiting).await).code, Code::NotFound);
        }

        let section =
            anna.portal.chart_section(patient, Section::Results, &Default::default()).await.unwrap();
        self.judge("the chart's section", &serde_json::to_string(&section.blocks).unwrap());
        assert_eq!(section.is_empty, standing.is_empty());
        assert!(
            !section
                .blocks
                .iter()
                .any(|block| matches!(block, ChartBlock::Table { rows, .. } if rows.is_empty()))
        );

        for format in [RecordFormat::Text, RecordFormat::Ccda, RecordFormat::Fhir] {
            let out = folder.join(Uuid::new_v4().to_string());
            let text = export_as(format, self.portal, &patient.to_string(), &out).await.unwrap();
            self.judge(format.as_str(), &text);
            Self::judge_words(format.as_str(), &text, self.documents().chain(self.taken_over()));
        }
        for (section, of) in [
            (Section::Documents, self.documents().collect::<Vec<_>>()),
            (Section::Medications, self.taken_over().collect()),
        ] {
            let shown = anna.portal.chart_section(patient, section, &Default::default()).await.unwrap();
            let text = serde_json::to_string(&shown.blocks).unwrap();
            Self::judge_words(section.as_str(), &text, of.into_iter());
        }
        let list = format!("{:?}", anna.portal.documents(patient, &Default::default()).await.unwrap().items);
        Self::judge_words("the list of documents", &list, self.documents());
        let list = format!("{:?}", anna.portal.medications(patient).await.unwrap());
        Self::judge_words("the list of medications", &list, self.taken_over());
        let list = format!("{:?}", anna.portal.outside_entries(patient, &Default::default()).await.unwrap());
        Self::judge_words("the list of what was taken over", &list, self.taken_over());

        // What the inbox says leads to what may be opened; its search finds no word of anything else.
        let opened: BTreeSet<_> =
            self.reports.iter().flat_map(|report| report.released.clone()).map(|(id, _)| id.0).collect();
        for index in 0..REPORTS {
            let words = InboxQuery { q: Some(format!("Panel{index}")), ..InboxQuery::default() };
            let found = anna.portal.inbox(patient, &words).await.unwrap();
            let is_told = !self.reports[index].released.is_empty();
            assert_eq!(!found.items.is_empty(), is_told, "the search for Panel{index}");
        }
        let whole = InboxQuery { limit: Some(100), ..InboxQuery::default() };
        let inbox = anna.portal.inbox(patient, &whole).await.unwrap();
        let told: BTreeSet<_> = inbox
            .items
            .iter()
            .filter(|item| item.kind == ItemKind::ResultReleased)
            .map(|item| item.subject_id)
            .collect();
        assert_eq!(told, opened, "the inbox");
        let unread = inbox.items.iter().filter(|item| item.read_at.is_none()).count();
        assert_eq!(inbox.unread, unread as i64, "the count");
    }
}

fn number(value: &Shown) -> String {
    match value {
        Shown::Quantity { number, .. } => format!("{number:.4}"),
        Shown::Text { text } => panic!("{text}"),
    }
}

/// A clinical document of another clinic with one medication.
fn stranger(word: &str) -> Vec<u8> {
    format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary</title><component><structuredBody><component><section>
        <code code="10160-0"/><entry><substanceAdministration><templateId root="2.16.840.1.113883.10.20.22.4.16"/>
        <consumable><manufacturedProduct><manufacturedMaterial><code displayName="{word}"/></manufacturedMaterial>
        </manufacturedProduct></consumable></substanceAdministration></entry></section></component></structuredBody>
        </component></ClinicalDocument>"#
    )
    .into_bytes()
}

/// Twelve histories, the same on every run and engine.
fn histories() -> Vec<Vec<(usize, Happens)>> {
    let happens = prop_oneof![4 => Just(Happens::Sent), 4 => Just(Happens::Released), 2 => Just(Happens::Recalled), 1 => Just(Happens::Withdrawn), 2 => Just(Happens::Document), 3 => Just(Happens::Elsewhere)];
    let history = prop::collection::vec((0..REPORTS, happens), 8..40);
    let mut runner = TestRunner::deterministic();
    (0..12).map(|_| history.new_tree(&mut runner).unwrap().current()).collect()
}

on_both! {
    async fn each_way_to_the_patient_shows_what_was_released_and_stands(portal) {
        let (folder, provider) = (tempfile::tempdir().unwrap(), portal.staff(Role::Provider).await);
        for (run, history) in histories().into_iter().enumerate() {
            let anna = portal.patient("Anna").await;
            let address = format!("anna{run}@mail.example");
            portal.verify_email(&anna, &address).await;
            let reports = (0..REPORTS).map(|_| Report::default()).collect();
            let mut model = History { portal: &portal, anna: &anna, provider: &provider, reports, sent: Vec::new(), papers: Papers::default() };
            for (report, what) in history {
                model.happens(report, what).await;
            }
            model.judge_all(folder.path()).await;
            for letter in portal.mails_to(&address).await {
                let told = model.sent.iter().find(|digits| letter.text.contains(*digits));
                assert_eq!(told, None, "a letter tells no value: {}", letter.text);
                for word in ["Panel", "Paper", "Elsewhere"] {
                    assert!(!letter.subject.contains(word) && !letter.text.contains(word), "{}", letter.text);
                }
            }
        }
    }
}
