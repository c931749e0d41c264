//! The sections of the app: which programs there are, which need which, and the script that loads them.
//!
//! `wasm_split_cli_support` writes that as a script of its own, with every file's name in it. The app's script keeps the
//! few lines of it that hand memory and tables on; the names become a table, `sections.json`.

use super::assets::Asset;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The script's name for the table, until that has its finished name.
const TABLE: &str = "./sections.json";
/// What every exported loader is called, before the section's name.
const LOADER: &str = "__wasm_split_load_";

/// Which programs each program needs before it, by file name.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs(BTreeMap<String, Vec<String>>);

/// A program of the table.
#[derive(Serialize)]
struct Part<'p> {
    url: &'p str,
    integrity: &'p str,
    needs: &'p [String],
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

    /// The table, with the finished name of each program and the integrity that it is held to.
    ///
    /// # Errors
    /// When a program is unknown or missing.
    pub fn table(&self, programs: &[(String, Asset)]) -> Result<Vec<u8>> {
        if programs.len() != self.0.len() {
            bail!("{} programs were cut, {} are known", programs.len(), self.0.len());
        }
        let mut table = BTreeMap::new();
        for (file, Asset { url, integrity }) in programs {
            let needs = self.0.get(file).with_context(|| format!("no script loads {file}"))?;
            table.insert(file, Part { url, integrity, needs });
        }
        Ok(serde_json::to_vec(&table)?)
    }
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
        let programs =
            ["chunk_8.wasm", "split_mail.wasm"].map(|file| (file.to_owned(), asset(&format!("a.{file}"))));
        let table: serde_json::Value = serde_json::from_slice(&needs.table(&programs).unwrap()).unwrap();
        assert_eq!(table["split_mail.wasm"]["needs"], serde_json::json!(["chunk_8.wasm"]));
        assert_eq!(table["chunk_8.wasm"]["integrity"], "sha256-a.chunk_8.wasm");
        assert!(needs.table(&programs[..1]).is_err(), "a program is missing");
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
