//! Divides the catalogue of words among the sections of the download, and has the linker keep its notes (relocations),
//! by which the build of the page cuts the app into these sections.

mod keys;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs, io,
    path::Path,
};

/// The parts of the catalogue: what is there from the start, and one for each section. `text.rs` includes each.
const PARTS: [&str; 6] = ["base", "account", "patient", "chart", "desk", "staff"];

/// Whose code stands where, by the beginning of the path; the first that fits. What more than one section uses has its
/// words in each. Other files may run before any section is there: their words are in `base`.
const HOMES: &[(&str, &[&str])] = &[
    ("features/accounts/code_page", &["account"]),
    ("features/enrolment/", &["account"]),
    ("features/recovery/", &["account"]),
    ("features/copies/", &["account"]),
    ("features/settings/", &["account"]),
    ("features/accounts/", &["base"]),
    ("features/practice/", &["base"]),
    ("features/chart/", &["chart"]),
    ("features/family/", &["chart"]),
    ("features/billing/", &["chart"]),
    ("features/", &["patient"]),
    ("staff/audit/", &["desk"]),
    ("staff/billing/", &["desk"]),
    ("staff/education/panel", &["staff"]),
    ("staff/education/picker", &["desk", "staff"]),
    ("staff/education/", &["desk"]),
    ("staff/messages/", &["desk"]),
    ("staff/notices/", &["desk"]),
    ("staff/settings/policies_page", &["desk"]),
    ("staff/settings/ages", &["desk"]),
    ("staff/settings/release", &["desk"]),
    ("staff/refills/", &["desk"]),
    ("staff/dependents/", &["desk"]),
    ("staff/documents/", &["desk"]),
    ("staff/proposals/", &["desk"]),
    ("staff/petitions/", &["desk", "staff"]),
    ("staff/corrections", &["desk"]),
    ("staff/cohort/", &["desk"]),
    ("staff/audience", &["desk"]),
    ("staff/parts", &["desk", "staff"]),
    ("staff/templates", &["desk", "staff"]),
    ("staff/", &["staff"]),
    ("logic/wording", &["patient", "chart", "staff"]),
    ("shared/access", &["account", "desk"]),
    ("shared/appointment", &["patient", "staff"]),
    ("shared/dispute", &["patient", "chart", "desk"]),
    ("shared/grant_terms", &["chart", "desk"]),
    ("shared/inbox", &["patient"]),
    ("shared/notice", &["patient", "desk"]),
    ("shared/outside", &["chart", "staff"]),
    ("shared/result/", &["chart", "staff"]),
    ("shared/proposal", &["chart", "desk"]),
    ("shared/reading", &["patient", "desk"]),
    ("shared/conversation", &["patient", "desk"]),
    ("shared/draft/", &["patient", "desk"]),
];

fn main() -> io::Result<()> {
    for changed in ["build", "src", "locales"] {
        println!("cargo:rerun-if-changed={changed}");
    }
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    for (part, lines) in divide(&fs::read_to_string("locales/en.json")?)? {
        let text = format!("{{\n{}\n}}\n", lines.join("\n"));
        fs::write(Path::new(&out).join(format!("{part}.json")), text)?;
    }
    Ok(())
}

/// The lines of each part, in the catalogue's order.
fn divide(catalogue: &str) -> io::Result<BTreeMap<&'static str, Vec<&str>>> {
    let mut keys = BTreeMap::<String, BTreeSet<&str>>::new();
    let mut families = BTreeMap::<String, BTreeSet<&str>>::new();
    for source in keys::sources(Path::new("src"))? {
        let homes = HOMES.iter().find(|(begin, _)| source.path.starts_with(begin));
        let homes = homes.map_or(&["base"][..], |(_, parts)| parts);
        for key in keys::keys(&source.code) {
            keys.entry(key).or_default().extend(homes);
        }
        for family in keys::families(&source.code) {
            families.entry(family).or_default().extend(homes);
        }
    }
    let mut divided: BTreeMap<_, Vec<_>> = PARTS.iter().map(|part| (*part, Vec::new())).collect();
    for line in catalogue.lines() {
        let Some((key, _)) = line.trim().strip_prefix('"').and_then(|rest| rest.split_once("\": ")) else {
            continue;
        };
        let family = key.rsplit_once('.').and_then(|(family, _)| families.get(family));
        let users: BTreeSet<&str> =
            [keys.get(key), family].into_iter().flatten().flatten().copied().collect();
        let base = users.is_empty() || users.contains("base");
        for (part, lines) in &mut divided {
            if if base { *part == "base" } else { users.contains(part) } {
                lines.push(line);
            }
        }
    }
    Ok(divided)
}
