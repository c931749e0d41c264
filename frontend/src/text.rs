//! The words of the pages, read from `locales/en.json`: one line a key, `{name}` marks what is filled in.
//!
//! A key is always a literal where it is used, so that a test can tell which keys are used, and the build can divide the
//! catalogue (`build/main.rs`): the words of a section come with its code.

use std::sync::{OnceLock, RwLock};

/// Keys and their lines, in the order of the keys.
type Catalogue = Vec<(&'static str, &'static str)>;

/// The lines of one part of the catalogue, as the build wrote them.
macro_rules! part {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json"))
    };
}

/// The words of the account's section.
pub const ACCOUNT: &str = part!("account");
/// The words of the chart's section.
pub const CHART: &str = part!("chart");
/// The words of the patients' section.
pub const PATIENT: &str = part!("patient");
/// The words of the section for what staff write.
pub const DESK: &str = part!("desk");
/// The words of the staff's section.
pub const STAFF: &str = part!("staff");

static BROUGHT: RwLock<Vec<(&str, Catalogue)>> = RwLock::new(Vec::new());

/// A section brings its words when its first page opens.
pub fn bring(part: &'static str) {
    let mut brought = BROUGHT.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !brought.iter().any(|(known, _)| std::ptr::eq(*known, part)) {
        brought.push((part, read(part)));
    }
}

fn base() -> &'static Catalogue {
    static BASE: OnceLock<Catalogue> = OnceLock::new();
    BASE.get_or_init(|| read(part!("base")))
}

/// Reads a catalogue: JSON with one `"key": "line"` a row, in order, nothing escaped. A general parser would weigh more
/// than the catalogue; a test holds the two to the same result.
fn read(json: &'static str) -> Catalogue {
    let row = |row: &'static str| {
        let (key, line) =
            row.trim().trim_end_matches(',').strip_prefix('"')?.strip_suffix('"')?.split_once("\": \"")?;
        Some((key, line))
    };
    json.lines().filter_map(row).collect()
}

fn find(key: &str) -> Option<&'static str> {
    let within = |catalogue: &Catalogue| {
        let at = catalogue.binary_search_by_key(&key, |(key, _)| key).ok()?;
        catalogue.get(at).map(|(_, line)| *line)
    };
    within(base()).or_else(|| {
        let brought = BROUGHT.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        brought.iter().find_map(|(_, catalogue)| within(catalogue))
    })
}

/// The line of `key`; the key itself where the catalogue lacks it.
pub fn t(key: &'static str) -> &'static str {
    find(key).unwrap_or(key)
}

/// The line of `key` with each `{name}` replaced by its value.
pub fn t_with(key: &'static str, values: &[(&str, &str)]) -> String {
    fill(t(key), values)
}

/// The line of `key.one` or `key.other`, as `count` asks, with `{count}` filled in.
pub fn t_count(key: &'static str, count: i64) -> String {
    let form = if count == 1 { "one" } else { "other" };
    let line = find(&format!("{key}.{form}")).unwrap_or(key);
    fill(line, &[("count", &count.to_string())])
}

/// The line of one member of a closed list: `t_word("reason", "check_up")` is the line `reason.check_up`.
pub fn t_word(family: &'static str, member: &str) -> &'static str {
    t_word_opt(family, member).unwrap_or(family)
}

/// [`t_word`] for lists that the catalogue may not know in full.
pub fn t_word_opt(family: &'static str, member: &str) -> Option<&'static str> {
    find(&format!("{family}.{member}"))
}

/// [`t_word`] with each `{name}` replaced by its value.
pub fn t_word_with(family: &'static str, member: &str, values: &[(&str, &str)]) -> String {
    fill(t_word(family, member), values)
}

fn fill(line: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(line.len() + 16);
    let mut rest = line;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        filled.push_str(&rest[..open]);
        let name = &rest[open + 1..open + close];
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[open..=open + close]),
        }
        rest = &rest[open + close + 1..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
#[path = "../build/keys.rs"]
mod keys;
#[cfg(test)]
mod tests;
