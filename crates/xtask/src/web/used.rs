//! Removing the style rules that no page can use.
//!
//! A class counts as used when its name stands, written out in full, in a source of the app. So a class put together
//! from pieces (`format!("tag--{kind}")`) is not found; write the names out.

use super::css::{Node, split_outside};
use super::stamp::collect;
use crate::workspace;
use anyhow::Result;
use std::collections::HashSet;
use std::fs;

/// Every word of the app's sources that could be a class name.
///
/// # Errors
/// When a source can't be read.
pub fn words_of_sources() -> Result<HashSet<String>> {
    let mut files = vec![workspace::path("frontend/index.html")];
    for folder in ["frontend/src", "frontend/boot"] {
        collect(&workspace::path(folder), &mut files)?;
    }
    let mut words = HashSet::new();
    for file in files {
        add_words(&fs::read_to_string(file)?, &mut words);
    }
    Ok(words)
}

fn add_words(source: &str, words: &mut HashSet<String>) {
    for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let parts = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        words.extend(parts.filter(|word| !word.is_empty()).map(str::to_owned));
    }
}

/// Keeps the rules whose classes are all used, and the blocks that still hold something.
pub fn keep_used(nodes: Vec<Node>, used: &HashSet<String>) -> Vec<Node> {
    nodes.into_iter().filter_map(|node| keep(node, used)).collect()
}

fn keep(node: Node, used: &HashSet<String>) -> Option<Node> {
    let Node::Block { prelude, children } = node else { return Some(node) };
    if prelude.starts_with('@') {
        // The steps of an animation look like rules (`50% {}`) and have no classes: they stay.
        let children = keep_used(children, used);
        return (!children.is_empty()).then_some(Node::Block { prelude, children });
    }
    let selectors = split_outside(&prelude, ',').into_iter().map(str::trim);
    let kept: Vec<&str> =
        selectors.filter(|selector| classes(selector).iter().all(|class| used.contains(*class))).collect();
    (!kept.is_empty() && !children.is_empty()).then(|| Node::Block { prelude: kept.join(", "), children })
}

/// The classes that an element must have for a selector to match: those outside `:not()`, `:is()` and the like.
fn classes(selector: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (at, c) in selector.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                let rest = &selector[at + 1..];
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
                found.push(&rest[..end.unwrap_or(rest.len())]);
            }
            _ => {}
        }
    }
    found.retain(|class| !class.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::super::css::{parse, write};
    use super::*;

    fn purge(css: &str, source: &str) -> String {
        let mut used = HashSet::new();
        add_words(source, &mut used);
        write(&keep_used(parse(css).unwrap(), &used)).replace('\n', "")
    }

    #[test]
    fn only_named_classes_stay() {
        let css =
            ".tag, .gone { a: b } .tag .gone:hover { a: b } h1 { a: b } @media print { .gone { a: b } }";
        assert_eq!(purge(css, r#"<b class="tag big">"#), ".tag {a: b;}h1 {a: b;}");
    }

    #[test]
    fn classes_in_the_negation_of_a_selector_need_not_be_named() {
        assert_eq!(purge(".a:not(.b) { c: d }", "class=\"a\""), ".a:not(.b) {c: d;}");
    }

    #[test]
    fn a_name_in_a_comment_or_part_of_a_longer_name_does_not_count() {
        assert_eq!(purge(".tag { a: b }", "// tag\nlet x = \"tag-name my-tag\";"), "");
        assert_eq!(purge(".tag { a: b }", "<p class:tag=move || on()>"), ".tag {a: b;}");
    }
}
