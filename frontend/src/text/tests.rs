//! The catalogue holds what the pages say: every key used, none unused, every closed list in full, plain sentences.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use portal_domain::{
    access::{Action, AgePreset, Category, Depth, Level, NoAccess, Role, SHAREABLE},
    accounts::{AccountEvent, NoticeChoice, PasswordRule},
    amendments::AmendmentDenial,
    appointments::{DayPart, Reason, State},
    audit::Outcome,
    billing::{
        AgeBucket, DifferenceKind, DisputeOutcome, DisputeReason, InstalmentState, MethodState, PauseReason,
        PaymentFailure, PaymentState, PlanState, TransactionKind, WriteOffState,
    },
    dependents::{DependentRequestState, GrantSource, Relationship},
    documents::{DocumentKind, DocumentState},
    education::{EducationState, EducationTopic},
    emergency::EmergencyReason,
    mail::ItemKind,
    messages::{NoReply, QueueFolder, Side, TeamCategory},
    notices::{Phase, Severity},
    notifications::NotificationKind,
    outbox::{MailKind, MailState},
    outside::{OutsideDismissReason, OutsideEntryKind, OutsideEntryState, OutsideFormat},
    patients::Gender,
    petitions::PetitionState,
    problem::Code,
    proposals::{
        ProposalChange, ProposalDeclineReason, ProposalField, ProposalState, ProposalSubject, Takes,
    },
    record::{RecordFailure, RecordFormat, RecordState, Section},
    refills::{DeclineReason, ItemState, RequestKind, WhyNot},
    restricted::RestrictedReason,
    restrictions::{RestrictionAim, RestrictionDenial},
    results::{Flag, HoldReason, RecallReason, ReleaseRule, ReportStatus, Susceptibility, WaitingShown},
    sensitivity::SensitiveKind,
    transmissions::{TransmissionState, TransmissionWay},
};

use super::*;

fn code() -> Vec<keys::Source> {
    keys::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap()
}

/// The whole catalogue, as the build divides it.
fn catalogue() -> Catalogue {
    read(include_str!("../../locales/en.json"))
}

fn has(key: &str) -> bool {
    catalogue().iter().any(|(known, _)| *known == key)
}

fn used_keys() -> BTreeSet<String> {
    code().iter().flat_map(|source| keys::keys(&source.code)).collect()
}

/// Each family of `t_word` with every member.
fn families() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("account_event", AccountEvent::ALL.iter().map(|word| word.as_str()).collect()),
        ("acting_level", Level::ALL.iter().map(|word| word.as_str()).collect()),
        ("age_bucket", AgeBucket::ALL.iter().map(|word| word.as_str()).collect()),
        ("age_preset", AgePreset::ALL.iter().map(|word| word.as_str()).collect()),
        ("age_preset_hint", AgePreset::ALL.iter().map(|word| word.as_str()).collect()),
        ("amendment_denial", AmendmentDenial::ALL.iter().map(|word| word.as_str()).collect()),
        ("amendment_means", vec!["accepted", "denied"]),
        ("appointment_means", State::ALL.iter().map(|word| word.as_str()).collect()),
        ("appointment_state", State::ALL.iter().map(|word| word.as_str()).collect()),
        ("audit_action", Action::ALL.iter().map(|word| word.as_str()).collect()),
        ("audit_category", Category::ALL.iter().map(|word| word.as_str()).collect()),
        ("audit_outcome", Outcome::ALL.iter().map(|word| word.as_str()).collect()),
        ("card_title", MethodState::ALL.iter().map(|word| word.as_str()).collect()),
        ("day_part", DayPart::ALL.iter().map(|word| word.as_str()).collect()),
        ("dependent_request", DependentRequestState::ALL.iter().map(|word| word.as_str()).collect()),
        ("difference_kind", DifferenceKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("dispute_outcome", DisputeOutcome::ALL.iter().map(|word| word.as_str()).collect()),
        ("dispute_reason", DisputeReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("document_kind", DocumentKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("document_state", DocumentState::ALL.iter().map(|word| word.as_str()).collect()),
        ("education_state", EducationState::ALL.iter().map(|word| word.as_str()).collect()),
        ("education_topic", EducationTopic::ALL.iter().map(|word| word.as_str()).collect()),
        ("emergency_reason", EmergencyReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("flag", Flag::ALL.iter().map(|word| word.as_str()).collect()),
        ("flag_short", Flag::ALL.iter().map(|word| word.as_str()).collect()),
        ("gateway", vec!["sandbox", "stripe"]),
        ("gender", Gender::ALL.iter().map(|word| word.as_str()).collect()),
        ("grant_source", GrantSource::ALL.iter().map(|word| word.as_str()).collect()),
        ("inbox_item", ItemKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("instalment_state", InstalmentState::ALL.iter().map(|word| word.as_str()).collect()),
        ("ledger_kind", TransactionKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("payment_failure", PaymentFailure::ALL.iter().map(|word| word.as_str()).collect()),
        ("payment_title", PaymentState::ALL.iter().map(|word| word.as_str()).collect()),
        ("plan_pause", PauseReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("plan_state", PlanState::ALL.iter().map(|word| word.as_str()).collect()),
        ("staff_plan_pause", PauseReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("write_off_done", WriteOffState::ALL.iter().map(|word| word.as_str()).collect()),
        ("level", Level::ALL.iter().map(|word| word.as_str()).collect()),
        ("level_hint", Level::ALL.iter().map(|word| word.as_str()).collect()),
        ("message_side", Side::ALL.iter().map(|word| word.as_str()).collect()),
        ("no_access", NoAccess::ALL.iter().map(|word| word.as_str()).collect()),
        ("no_reply", NoReply::ALL.iter().map(|word| word.as_str()).collect()),
        ("language", portal_domain::language::OFFERED.to_vec()),
        ("mail_kind", MailKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("mail_state", MailState::ALL.iter().map(|word| word.as_str()).collect()),
        ("petition_state", PetitionState::ALL.iter().map(|word| word.as_str()).collect()),
        ("proposal_ask", proposable(&|_| true)),
        ("proposal_asks", proposable(&|_| true)),
        ("proposal_field", ProposalField::ALL.iter().map(|word| word.as_str()).collect()),
        ("proposal_hint", vec!["directions", "illnesses", "street", "topic"]),
        ("proposal_means", ProposalState::ALL.iter().map(|word| word.as_str()).collect()),
        (
            "proposal_offer",
            proposable(&|change| matches!(change, ProposalChange::Change | ProposalChange::Remove)),
        ),
        ("proposal_part", ProposalSubject::ALL.iter().map(|word| word.as_str()).collect()),
        ("proposal_reason", ProposalDeclineReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("proposal_staff_word", vec!["reported"]),
        ("proposal_state", ProposalState::ALL.iter().map(|word| word.as_str()).collect()),
        ("proposal_word", proposal_words()),
        ("restriction_aim", RestrictionAim::ALL.iter().map(|word| word.as_str()).collect()),
        ("restriction_aim_hint", RestrictionAim::ALL.iter().map(|word| word.as_str()).collect()),
        ("restriction_denial", RestrictionDenial::ALL.iter().map(|word| word.as_str()).collect()),
        ("restriction_means", vec!["accepted", "denied"]),
        ("restricted_reason", RestrictedReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("recall_reason", RecallReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("hold_reason", HoldReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("release_rule", ReleaseRule::ALL.iter().map(|word| word.as_str()).collect()),
        ("release_rule_hint", ReleaseRule::ALL.iter().map(|word| word.as_str()).collect()),
        (
            "report_category",
            portal_domain::chart::ReportCategory::ALL.iter().map(|word| word.as_str()).collect(),
        ),
        ("susceptibility", Susceptibility::ALL.iter().map(|word| word.as_str()).collect()),
        ("waiting_shown", WaitingShown::ALL.iter().map(|word| word.as_str()).collect()),
        ("record_failure", RecordFailure::ALL.iter().map(|word| word.as_str()).collect()),
        ("record_format", RecordFormat::ALL.iter().map(|word| word.as_str()).collect()),
        ("record_format_hint", RecordFormat::ALL.iter().map(|word| word.as_str()).collect()),
        ("record_section", Section::ALL.iter().map(|word| word.as_str()).collect()),
        ("record_section_hint", Section::ALL.iter().map(|word| word.as_str()).collect()),
        ("record_state", RecordState::ALL.iter().map(|word| word.as_str()).collect()),
        ("refill_ask", RequestKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("refill_item", ItemState::ALL.iter().map(|word| word.as_str()).collect()),
        ("refill_kind", RequestKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("refill_means", ItemState::ALL.iter().map(|word| word.as_str()).collect()),
        ("refill_reason", DeclineReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("refill_waits", RequestKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("refill_why_not", WhyNot::ALL.iter().map(|word| word.as_str()).collect()),
        ("notification_kind", NotificationKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("notice_phase", Phase::ALL.iter().map(|word| word.as_str()).collect()),
        ("notices", NoticeChoice::ALL.iter().map(|word| word.as_str()).collect()),
        ("password_rule", PasswordRule::ALL.iter().map(|word| word.as_str()).collect()),
        ("problem", Code::ALL.iter().map(|code| code.as_str()).collect()),
        ("queue_folder", QueueFolder::ALL.iter().map(|word| word.as_str()).collect()),
        ("reason", Reason::ALL.iter().map(|word| word.as_str()).collect()),
        ("relationship", Relationship::ALL.iter().map(|word| word.as_str()).collect()),
        ("relationship_to", Relationship::ALL.iter().map(|word| word.as_str()).collect()),
        ("report_status", ReportStatus::ALL.iter().map(|word| word.as_str()).collect()),
        ("role", Role::ALL.iter().map(|word| word.as_str()).collect()),
        ("share", SHAREABLE.iter().map(|category| category.as_str()).collect()),
        ("share_depth", Depth::ALL.iter().map(|word| word.as_str()).collect()),
        ("send_way", TransmissionWay::ALL.iter().map(|word| word.as_str()).collect()),
        ("send_way_hint", TransmissionWay::ALL.iter().map(|word| word.as_str()).collect()),
        ("sent_means", TransmissionState::ALL.iter().map(|word| word.as_str()).collect()),
        ("sent_state", TransmissionState::ALL.iter().map(|word| word.as_str()).collect()),
        ("outside_kind", OutsideEntryKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("outside_one", OutsideEntryKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("outside_reason", OutsideDismissReason::ALL.iter().map(|word| word.as_str()).collect()),
        ("outside_state", OutsideEntryState::ALL.iter().map(|word| word.as_str()).collect()),
        ("outside_format", OutsideFormat::ALL.iter().map(|word| word.as_str()).collect()),
        ("team_category", TeamCategory::ALL.iter().map(|word| word.as_str()).collect()),
        ("sensitive_kind", SensitiveKind::ALL.iter().map(|word| word.as_str()).collect()),
        ("severity", Severity::ALL.iter().map(|word| word.as_str()).collect()),
    ]
}

/// What a patient may propose about each part of the chart: `allergy_add`.
fn proposable(wanted: &dyn Fn(ProposalChange) -> bool) -> Vec<&'static str> {
    let all = ProposalSubject::ALL
        .iter()
        .flat_map(|about| ProposalChange::ALL.iter().map(move |change| (*about, *change)));
    all.filter(|(about, change)| about.allows(*change) && wanted(*change))
        .map(|(about, change)| &*format!("{about}_{change}").leak())
        .collect()
}

/// The words to choose from in a proposal's fields.
fn proposal_words() -> Vec<&'static str> {
    let words = |field: &ProposalField| match field.takes() {
        Takes::OneOf(words) => words.to_vec(),
        _ => Vec::new(),
    };
    ProposalField::ALL.iter().flat_map(words).chain(["unsure"]).collect()
}

fn family_keys() -> BTreeSet<String> {
    let keys = families()
        .into_iter()
        .flat_map(|(family, members)| members.into_iter().map(move |member| format!("{family}.{member}")));
    keys.collect()
}

#[test]
fn every_key_that_a_page_uses_has_a_line() {
    let missing: Vec<_> = used_keys().into_iter().filter(|key| !has(key)).collect();
    assert!(missing.is_empty(), "no line for {missing:#?}");
}

#[test]
fn every_member_of_a_closed_list_has_a_line() {
    let missing: Vec<_> = family_keys().into_iter().filter(|key| !has(key)).collect();
    assert!(missing.is_empty(), "no line for {missing:#?}");
}

#[test]
fn no_line_is_unused() {
    let (used, families) = (used_keys(), family_keys());
    // Codes of field errors come from the rules as they are broken.
    let unused: Vec<_> = catalogue()
        .into_iter()
        .map(|(key, _)| key)
        .filter(|key| !used.contains(*key) && !families.contains(*key) && !key.starts_with("field_error."))
        .collect();
    assert!(unused.is_empty(), "nobody uses {unused:#?}");
}

#[test]
fn families_are_known_to_these_tests() {
    let known: BTreeSet<_> =
        families().into_iter().map(|(family, _)| family).chain(["field_error"]).collect();
    for source in code() {
        for family in keys::families(&source.code) {
            assert!(known.contains(family.as_str()), "{} uses the family {family}", source.path);
        }
    }
}

#[test]
fn the_catalogue_reads_as_a_general_parser_reads_it() {
    let json: BTreeMap<String, String> = serde_json::from_str(include_str!("../../locales/en.json")).unwrap();
    let ours: Vec<_> =
        catalogue().iter().map(|(key, line)| ((*key).to_string(), (*line).to_string())).collect();
    // A map is in order and holds each key once: so must the file be.
    assert_eq!(ours, json.into_iter().collect::<Vec<_>>());
}

#[test]
fn sentences_are_short_and_plain() {
    for (key, line) in catalogue() {
        for sentence in line.split_inclusive(['.', '?', '!', ':']) {
            let words = sentence.split_whitespace().count();
            assert!(words < 15, "{key}: {words} words in {sentence:?}");
        }
        assert!(!line.contains("  ") && line.trim() == line, "{key}: stray spaces in {line:?}");
    }
}

#[test]
fn no_words_for_people_stand_outside_the_catalogue() {
    // Names that the browser or a standard gives.
    const NAMES: [&str; 17] = [
        "Intl",
        "DateTimeFormat",
        "Error",
        "Enter",
        "Escape",
        "M ",
        "America",
        "UTC",
        "Idempotency-Key",
        "If-Match",
        "LocalStorage",
        "ArrowDown",
        "ArrowUp",
        "PublicKeyCredential",
        "NotAllowedError",
        "AbortError",
        "InvalidStateError",
    ];
    for keys::Source { path, code } in code().into_iter().filter(|source| source.path != "text.rs") {
        for literal in code.split('"').skip(1).step_by(2) {
            let mut letters = literal.chars();
            let word = letters.next().is_some_and(char::is_uppercase)
                && letters.next().is_some_and(|c| c.is_lowercase() || c == ' ');
            let known = NAMES.iter().any(|known| literal.starts_with(known));
            assert!(!word || known, "{path}: {literal:?} belongs into locales/en.json");
        }
    }
}

#[test]
fn what_is_filled_in_stands_in_the_line() {
    assert_eq!(fill("Hello, {name}.", &[("name", "Anna {x}")]), "Hello, Anna {x}.");
    assert_eq!(fill("{a} and {b}", &[("b", "2")]), "{a} and 2");
    assert_eq!(fill("a { b", &[]), "a { b");
    assert_eq!(t_count("idle.minutes", 1), "You will be signed out in 1 minute.");
    assert_eq!(t_count("idle.minutes", 2), "You will be signed out in 2 minutes.");
}

/// A part holds whole lines of the catalogue, all parts hold all of it, and the words of a section are not in the base.
#[test]
fn the_parts_of_the_catalogue_are_the_catalogue() {
    let parts = [ACCOUNT, PATIENT, CHART, DESK, STAFF].map(read);
    for part in &parts {
        assert!(!part.is_empty());
        assert!(part.iter().all(|line| !base().contains(line)));
    }
    let mut all: Vec<_> = parts.into_iter().flatten().chain(base().clone()).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all, catalogue());
}

#[test]
fn a_section_brings_its_words() {
    let (key, line) = read(STAFF)[0];
    bring(STAFF);
    bring(STAFF);
    assert_eq!(find(key), Some(line));
}
