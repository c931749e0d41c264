//! What the engines that others wrote say of the documents: the CDA schema, the C-CDA R2.1 Schematron, importers.
//!
//! They are large and slow. `KIT_VENV` says where they are installed; without it these tests only write.

use std::{path::Path, process::Command};

use portal_domain::chart::{BirthSex, Coding, SelfIdentification, systems};
use proptest::{strategy::ValueTree, test_runner::TestRunner};

use super::{super::random::any_record, *};

/// Fails with what is wrong with a document, where the checkers are at hand.
fn check(folder: &Path, name: &str, document: &str, more: &[&str]) {
    let file = folder.join(format!("{name}.xml"));
    std::fs::write(&file, document).unwrap();
    let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/kit/check-ccda");
    if std::env::var_os("KIT_VENV").is_none() || !checker.exists() {
        eprintln!("skipped: no checkers of C-CDA here");
        return;
    }
    let answer = Command::new(checker).arg(&file).args(more).output().unwrap();
    assert!(answer.status.success(), "{name}\n{}", String::from_utf8_lossy(&answer.stdout));
}

#[test]
fn synthetic_charts_are_valid_and_others_import_them_whole() {
    let folder = tempfile::tempdir().unwrap();
    for (name, record) in synthetic_charts() {
        let of = |what: &str, count: usize| format!("{what}={count}");
        let counts = [
            of("medications", record.medications.len()),
            of("immunizations", record.immunizations.len()),
            of("procedures", record.procedures.len()),
        ];
        let mut expected = vec!["--expect"];
        expected.extend(counts.iter().map(String::as_str));
        check(folder.path(), &name, &written(&record), &expected);
    }
}

#[test]
fn random_charts_are_valid() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::deterministic();
    for place in 0..12 {
        let mut record = any_record().new_tree(&mut runner).unwrap().current();
        let person = &mut record.patient.person;
        // People of every kind.
        person.birth_sex = BirthSex::ALL.get(place).copied();
        person.gender = portal_domain::patients::Gender::ALL.get(place).copied();
        person.deceased_at = (place % 3 == 0).then(|| "2026-01".parse().unwrap());
        person.address = person.address.take().filter(|_| place % 2 == 0);
        let races = ["2106-3", "2028-9", "2131-1", "9999-9"].iter().take(place % 5).map(|code| Coding {
            system: systems::RACE_AND_ETHNICITY.into(),
            code: (*code).into(),
            display: None,
        });
        person.race = Some(SelfIdentification { codings: races.collect(), text: Some("As told <&>".into()) });
        person.ethnicity = person.race.clone().filter(|_| place % 2 == 0);
        if place % 4 == 0 {
            record.sections.retain(|section| !matches!(section, Section::SocialHistory));
            record.social_history.clear();
        }
        check(folder.path(), &format!("random-{place}"), &written(&record), &["--no-consumers"]);
    }
}
