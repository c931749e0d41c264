//! The walls of the house, read off the sources: who may import whom (ARCHITECTURE.md).

use std::{fs, path::Path};

use crate::harness::sources::{root, sources};

/// Which slice may call which sibling's `mod.rs`. This list only shrinks, or grows with a reason in the change's message.
const EDGES: &[(&str, &[&str])] = &[
    // The owner of an account is told in the patient's inbox; the terms are the practice's.
    ("accounts", &["mail", "patients", "practice"]),
    ("appointments", &["mail", "patients", "practice"]),
    ("care_teams", &["accounts", "practice"]),
    // Both sides of a grant are told; a dependent's enrolment token proves who it is about.
    ("dependents", &["accounts", "enrolment", "patients", "practice"]),
    // An address that is given at enrolment is proven as any other.
    ("audiences", &[]),
    // A released document arrives in the inbox, with its author's name, and is not of tomorrow at the practice. Taking it
    // back ends the copies of records made with it.
    ("documents", &["accounts", "health_record", "mail", "practice", "transmissions"]),
    // A receipt arrives in the inbox; the billing system knows patients by number; days are the practice's. What is questioned
    // is talked over with the billing team.
    ("billing", &["accounts", "care_teams", "mail", "messages", "patients", "practice"]),
    // Names stand beside ids, and days are the practice's.
    ("audit", &["accounts", "dependents", "integrations", "patients", "practice"]),
    // What is assigned arrives in the inbox, in its reader's language.
    ("education", &["accounts", "mail"]),
    // The privacy officer is told; names stand beside ids.
    ("emergency", &["accounts", "patients"]),
    // A young patient's address must not be that of who looks after them (ENR-5).
    ("enrolment", &["accounts", "dependents", "patients", "practice", "recovery"]),
    // It arrives in the inbox, named and dated as the practice is.
    ("health_record", &["mail", "practice"]),
    // Members of staff work at the practice's locations.
    ("helping", &["accounts", "practice"]),
    // A withdrawn result takes its news out of the inbox in the transaction that withdraws it. What was accepted of a
    // patient's words stands against what comes in.
    ("integrations", &["mail", "patients", "proposals"]),
    ("live", &[]),
    // The daily e-mail leaves in the morning of the practice's zone.
    ("mail", &["appointments", "messages", "practice"]),
    // An answer arrives in the inbox; names and titles stand beside ids; a team writes to a cohort.
    ("messages", &["accounts", "audiences", "care_teams", "education", "mail", "patients", "practice"]),
    // A notice goes into the inboxes of its audience, in the reader's language, from midnight in the practice's zone.
    ("notices", &["accounts", "audiences", "mail", "patients", "practice"]),
    ("notifications", &["accounts", "mail"]),
    // A record that names somebody else than the chart says so. Entries are compared with the chart and taken into it, with
    // names and the practice's calendar.
    ("outside_records", &["accounts", "health_record", "patients", "practice", "proposals"]),
    // A passkey is the second step of a sign-in, or all of it.
    ("passkeys", &["accounts", "practice", "sign_in"]),
    ("patients", &[]),
    // An answer arrives in the inbox, with names.
    ("petitions", &["accounts", "mail", "patients"]),
    ("practice", &[]),
    // Entries are read from the chart as the health record tells them; an answer arrives in the inbox, with names, and is
    // due on the practice's calendar.
    ("proposals", &["accounts", "health_record", "mail", "patients", "practice"]),
    ("recovery", &["accounts"]),
    // Names stand beside ids, and whom one can name is staff.
    ("restricted", &["accounts", "patients"]),
    ("second_step", &["accounts", "practice"]),
    // Prescriptions are read from the chart as the health record tells them; an answer arrives in the inbox, with names,
    // and is due on the practice's calendar.
    ("refills", &["accounts", "health_record", "mail", "patients", "practice"]),
    // What is seen is what the other rooms show; names stand beside ids.
    ("sensitivity", &["accounts", "appointments", "dependents", "documents", "mail", "refills", "results"]),
    // Every way to sign in meets here; temporary credentials lead to enrolment.
    ("sign_in", &["accounts", "enrolment", "second_step"]),
    // Taking a release back ends the copies that were sent of records made with it.
    ("results", &["accounts", "health_record", "mail", "patients", "practice", "transmissions"]),
    // What is sent is a file of a record; its sender has a name, its end stands on the practice's calendar.
    ("transmissions", &["accounts", "health_record", "practice"]),
];

/// The source without its own tests and without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap()
}

/// `crate::features::NAME` in full or inside a grouped `use crate::{ features::{..} }`.
fn siblings(text: &str, slices: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("features::") {
        let rest = &text[at + "features::".len()..];
        let group: String = if rest.starts_with('{') {
            let mut depth = 0;
            rest.chars()
                .take_while(|c| {
                    depth += i32::from(*c == '{') - i32::from(*c == '}');
                    depth > 0
                })
                .collect()
        } else {
            rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        };
        let words = group.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        found.extend(words.filter(|word| slices.iter().any(|slice| slice == word)).map(str::to_owned));
    }
    found
}

#[test]
fn slices_call_each_other_only_along_the_listed_edges() {
    let features = root().join("crates/api/src/features");
    let slices: Vec<String> = fs::read_dir(&features)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    for slice in &slices {
        let allowed = EDGES.iter().find(|(name, _)| name == slice);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{slice} has no line in EDGES"));
        for (path, text) in sources(&features.join(slice)) {
            for sibling in siblings(&code(&text), &slices) {
                let fine = sibling == *slice || allowed.contains(&sibling.as_str());
                assert!(fine, "{} calls {sibling}: not an edge of {slice}", path.display());
            }
        }
    }
}

#[test]
fn inside_a_slice_routes_call_service_and_only_stores_hold_sql() {
    for (path, text) in sources(&root().join("crates/api/src/features")) {
        let text = code(&text);
        let is_store = text.contains("diesel");
        let may_hold_sql = matches!(name(&path), "store.rs" | "throttle.rs")
            || path.components().any(|part| part.as_os_str() == "store");
        assert!(!is_store || may_hold_sql, "{} speaks SQL outside of a store", path.display());
        if may_hold_sql {
            assert!(!text.contains("actix_web"), "{}: a store knows no HTTP", path.display());
            assert!(
                !text.contains("super::service") && !text.contains("super::routes"),
                "{}: a store calls nobody above it",
                path.display()
            );
        }
        if name(&path) == "routes.rs" {
            assert!(
                !text.contains("super::store"),
                "{}: routes call the service, never the store",
                path.display()
            );
        }
        if name(&path) == "service.rs" {
            assert!(
                !text.contains("actix_web") && !text.contains("super::routes"),
                "{}: a service knows no HTTP",
                path.display()
            );
        }
    }
}

#[test]
fn the_platform_knows_no_feature() {
    for (path, text) in sources(&root().join("crates/api/src/platform")) {
        assert!(!code(&text).contains("features::"), "{} knows a feature", path.display());
    }
}

#[test]
fn the_domain_knows_no_http_no_sql_but_its_own_types_and_no_clock() {
    for (path, text) in sources(&root().join("crates/domain/src")) {
        let text = code(&text);
        for foreign in [
            "actix",
            "reqwest",
            "portal_api",
            "portal_client",
            "Utc::now",
            "SystemTime",
            "now_v7",
            "getrandom",
        ] {
            assert!(!text.contains(foreign), "{} mentions {foreign}", path.display());
        }
        let stored = ["sql.rs", "ids.rs", "words.rs", "time.rs"].contains(&name(&path));
        assert!(stored || !text.contains("diesel"), "{} mentions diesel", path.display());
    }
}

#[test]
fn only_the_configuration_reads_the_environment() {
    for (path, text) in sources(&root().join("crates/api/src")) {
        let reads = code(&text).contains("env::var");
        assert!(!reads || path.ends_with("src/config.rs"), "{} reads the environment", path.display());
    }
}

#[test]
fn pages_meet_only_in_shared_rooms_and_only_one_file_names_the_client() {
    let frontend = root().join("frontend/src");
    let features = frontend.join("features");
    for (path, text) in sources(&frontend) {
        let text = code(&text);
        let names_client = text.contains("portal_client");
        assert!(!names_client || path.ends_with("src/api.rs"), "{} names the client crate", path.display());
        if path.starts_with(frontend.join("shared")) {
            assert!(!text.contains("features::"), "{}: shared parts know no feature", path.display());
        }
        if let Ok(inside) = path.strip_prefix(&features) {
            let own =
                inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs");
            for (at, _) in text.match_indices("features::") {
                let rest = &text[at + "features::".len()..];
                let sibling: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(
                    own == "mod" || sibling == own,
                    "{} calls the page {sibling}: link by path",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn every_address_on_a_page_that_can_be_somebody_elses_says_for_whom_it_is() {
    let features = root().join("frontend/src/features");
    for slice in ["appointments", "billing", "chart", "home", "learn", "mail", "notices"] {
        for (path, text) in sources(&features.join(slice)) {
            // By `acting::link`; a plain address would lead to the account's own pages (decision 0029).
            let bare = ["href=\"/", "href=format!", "href: \"/", "href=compose_href"];
            let code = code(&text).replace("<HubCard href=\"/", "");
            let found = bare.iter().find(|bare| code.contains(**bare));
            assert_eq!(found, None, "{}", path.display());
        }
    }
}
