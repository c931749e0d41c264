//! The sections of the app: which programs there are, which need which, and the script that loads them.
//!
//! `wasm_split_cli_support` writes that as a script of its own, with every file's name in it. The app's script keeps the
//! few lines of it that hand memory and tables on; the names become a table, `sections.json`.

use super::assets::Asset;
use super::packs::{self, Pack};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The script's name for the table, until that has its finished name.
const TABLE: &str = "./sections.json";
/// What every exported loader is called, before the section's name.
const LOADER: &str = "__wasm_split_load_";

/// Which programs each program needs before it, by file name.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs(BTreeMap<String, Vec<String>>);

/// A file of the table: a section's program, or shared programs one after the other.
#[derive(Serialize)]
struct Part<'p> {
    url: &'p str,
    integrity: &'p str,
    /// What a section needs: names in the table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs: Vec<&'p str>,
    /// How many bytes each shared program has.
    #[serde(skip_serializing_if = "<[usize]>::is_empty")]
    lengths: &'p [usize],
}

/// A finished file of shared programs.
pub struct Shared {
    /// What it holds, and who needs it.
    pub pack: Pack,
    /// How many bytes each of its programs has.
    pub lengths: Vec<usize>,
    /// The file.
    pub asset: Asset,
}

impl Needs {
    /// Takes the programs out of the splitter's script: what is left, and who needs whom.
    ///
    /// # Errors
    /// When the script is not of the known form.
    pub fn take_out_of(script: &str) -> Result<(String, Self)> {
        let (head, programs) = script.split_once("/* ").context("the splitter's script has no programs")?;
        let mut needs = BTreeMap::new();
        let mut loaders = String::new();
        // Each is `name = makeLoad(() => { fetch("./file") .. }, [names])`.
        let mut files: BTreeMap<&str, String> = BTreeMap::new();
        for text in programs.split("makeLoad(").collect::<Vec<_>>().windows(2) {
            let before = text[0].trim_end().trim_end_matches("wrapAsyncCb(").trim_end();
            let name =
                before.trim_end_matches('=').split_whitespace().last().context("a program has no name")?;
            let file = between(text[1], "\"./", "\"").with_context(|| format!("{name} has no file"))?;
            let list =
                between(text[1], "\n, [", "]").with_context(|| format!("{name} says not what it needs"))?;
            let mut needed = Vec::new();
            for other in list.split(',').map(str::trim).filter(|other| !other.is_empty()) {
                needed.push(files.get(other).with_context(|| format!("{name} needs {other}"))?.clone());
            }
            if let Some(section) = name.strip_prefix(LOADER) {
                loaders +=
                    &format!("export const {LOADER}{section} = wrapAsyncCb(() => part(\"{file}\"));\n");
            }
            files.insert(name, file.to_owned());
            needs.insert(file.to_owned(), needed);
        }
        if loaders.is_empty() {
            bail!("the splitter's script loads no section");
        }
        Ok((format!("{head}{}{loaders}", include_str!("sections.js")), Self(needs)))
    }

    /// What sections share, in as few files as is good for those who load them.
    ///
    /// # Errors
    /// When a section's program is among what others need, or a shared one needs another.
    pub fn packs(&self, bytes: impl Fn(&str) -> Result<u64>) -> Result<Vec<Pack>> {
        let mut users: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (file, needed) in &self.0 {
            for other in needed {
                if is_section(other) || !is_section(file) {
                    bail!("{file} needs {other}, which the loader does not expect");
                }
                users.entry(other).or_default().insert(file.clone());
            }
        }
        let packs =
            users.into_iter().map(|(program, sections)| Ok(Pack::of(program, bytes(program)?, sections)));
        Ok(packs::join(packs.collect::<Result<_>>()?))
    }

    /// The table, with the finished name of each file and the integrity that it is held to.
    ///
    /// # Errors
    /// When a section is unknown or missing.
    pub fn table(&self, sections: &[(String, Asset)], shared: &[Shared]) -> Result<Vec<u8>> {
        let known = self.0.keys().filter(|file| is_section(file)).count();
        if sections.len() != known {
            bail!("{} sections were cut, {known} are known", sections.len());
        }
        let mut table = BTreeMap::new();
        for (file, Asset { url, integrity }) in sections {
            self.0.get(file).with_context(|| format!("no script loads {file}"))?;
            let needs = shared.iter().filter(|shared| shared.pack.sections.contains(file));
            let needs = needs.map(|shared| name_of(&shared.asset)).collect();
            table.insert(file.as_str(), Part { url, integrity, needs, lengths: &[] });
        }
        for Shared { lengths, asset, .. } in shared {
            let Asset { url, integrity } = asset;
            table.insert(name_of(asset), Part { url, integrity, needs: Vec::new(), lengths });
        }
        Ok(serde_json::to_vec(&table)?)
    }
}

/// Whether this is a section's program, and not one that sections share.
pub fn is_section(file: &str) -> bool {
    file.starts_with("split_")
}

/// What the table calls a file that sections share: the hash in its name.
fn name_of(asset: &Asset) -> &str {
    asset.url.split('.').nth(1).unwrap_or(&asset.url)
}

fn between<'t>(text: &'t str, begin: &str, end: &str) -> Option<&'t str> {
    text.split_once(begin)?.1.split_once(end).map(|(found, _)| found)
}

/// The app's script with the finished name of the table, and its integrity.
///
/// # Errors
/// When the script does not ask for it.
pub fn name_table(script: &[u8], table: &Asset) -> Result<Vec<u8>> {
    let script =
        std::str::from_utf8(script).context("app.js")?.replace(", import.meta.url", ",import.meta.url");
    // esbuild writes either kind of quotes.
    let asked = ['"', '\'', '`'].map(|quote| format!("new URL({quote}{TABLE}{quote},import.meta.url)"));
    let found =
        asked.iter().find(|asked| script.contains(*asked)).context("app.js does not load its sections")?;
    let named = format!("\"{}\",{{integrity:\"{}\"}}", table.url, table.integrity);
    Ok(script.replace(found, &named).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str) -> Asset {
        Asset { url: format!("/assets/{name}"), integrity: format!("sha256-{name}") }
    }

    const SCRIPT: &str = r#"import { initSync } from "./app.js";
function makeLoad(fetcher, deps) { return wrapped; }
/* mail, staff */
const __chunk_8 = makeLoad(() => {
    const src = fetch(new URL("./chunk_8.wasm", import.meta.url));
}
, []);
export const __wasm_split_load_mail = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_mail.wasm", import.meta.url));
}
, [__chunk_8]));
"#;

    #[test]
    fn the_splitters_programs_become_a_table_and_a_loader_for_each_section() {
        let (script, needs) = Needs::take_out_of(SCRIPT).unwrap();
        assert!(script.starts_with("import { initSync }"));
        assert!(script.contains("__wasm_split_load_mail = wrapAsyncCb(() => part(\"split_mail.wasm\"))"));
        assert!(!script.contains("chunk_8"), "{script}");
        let packs = needs.packs(|_| Ok(7)).unwrap();
        assert_eq!(packs, [Pack::of("chunk_8.wasm", 7, ["split_mail.wasm".to_owned()].into())]);
        let section = [("split_mail.wasm".to_owned(), asset("mail.00aa.wasm"))];
        let shared =
            packs.into_iter().map(|pack| Shared { pack, lengths: vec![7], asset: asset("shared.b1.bin") });
        let shared: Vec<_> = shared.collect();
        let table: serde_json::Value =
            serde_json::from_slice(&needs.table(&section, &shared).unwrap()).unwrap();
        assert_eq!(table["split_mail.wasm"]["needs"], serde_json::json!(["b1"]));
        assert_eq!(table["b1"]["integrity"], "sha256-shared.b1.bin");
        assert_eq!(table["b1"]["lengths"], serde_json::json!([7]));
        assert!(needs.table(&[], &shared).is_err(), "a section is missing");
        assert!(Needs::take_out_of("import x").is_err());
        assert!(
            Needs::take_out_of(&SCRIPT.replace("[__chunk_8]", "[__chunk_9]")).is_err(),
            "needs what there is not"
        );
    }

    #[test]
    fn the_table_is_asked_for_by_its_finished_name_and_integrity() {
        let script = b"f=()=>fetch(new URL(\"./sections.json\",import.meta.url))";
        let named = String::from_utf8(name_table(script, &asset("t.json")).unwrap()).unwrap();
        assert_eq!(named, "f=()=>fetch(\"/assets/t.json\",{integrity:\"sha256-t.json\"})");
        assert!(name_table(b"", &asset("t.json")).is_err());
    }
}
