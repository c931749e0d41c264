//! The words of the pages, read from `locales/en.json`: one line a key, `{name}` marks what is filled in.
//!
//! A key is always a literal where it is used, so that a test can tell which keys are used.

use std::{collections::HashMap, sync::OnceLock};

/// Every line of the catalogue.
type Catalogue = HashMap<String, String>;

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    // A broken catalogue can't reach a user: the tests below read it.
    CATALOGUE.get_or_init(|| serde_json::from_str(include_str!("../locales/en.json")).unwrap_or_default())
}

/// The line of `key`; the key itself where the catalogue lacks it.
pub fn t(key: &'static str) -> &'static str {
    catalogue().get(key).map_or(key, String::as_str)
}

/// The line of `key` with each `{name}` replaced by its value.
pub fn t_with(key: &'static str, values: &[(&str, &str)]) -> String {
    fill(t(key), values)
}

/// The line of `key.one` or `key.other`, as `count` asks, with `{count}` filled in.
pub fn t_count(key: &'static str, count: i64) -> String {
    let form = if count == 1 { "one" } else { "other" };
    let line = catalogue().get(&format!("{key}.{form}")).map_or(key, String::as_str);
    fill(line, &[("count", &count.to_string())])
}

/// The line of one member of a closed list: `t_word("reason", "check_up")` is the line `reason.check_up`.
pub fn t_word(family: &'static str, member: &str) -> &'static str {
    t_word_opt(family, member).unwrap_or(family)
}

/// [`t_word`] for lists that the catalogue may not know in full.
pub fn t_word_opt(family: &'static str, member: &str) -> Option<&'static str> {
    catalogue().get(&format!("{family}.{member}")).map(String::as_str)
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
mod tests;
