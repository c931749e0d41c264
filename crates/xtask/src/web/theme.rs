//! Two compilations of the same styles, light and dark, made into one sheet.
//!
//! Sass computes colours (a hover shade of the brand, say), so it needs real ones and is run once a theme. Both results
//! have the same shape; where a value differs, a custom property takes its place and is set per theme. A colour of
//! `styles/_palette.scss` keeps its name (`--brand`), the others are named after their two values.

use super::css::Node;
use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// Colours by custom property: name to light and dark value.
#[derive(Default)]
struct Colours {
    named: Vec<(String, String, String)>,
    computed: BTreeMap<String, (String, String)>,
}

/// One sheet from two: the light one with custom properties, then the dark values.
///
/// # Errors
/// When the two differ in more than values.
pub fn merge(light: Vec<Node>, dark: &[Node]) -> Result<Vec<Node>> {
    let mut colours = Colours::default();
    find_named(&light, dark, &mut colours);
    let mut sheet = merge_nodes(light, dark, &mut colours)?;
    sheet.push(rule(":root", colours.values(|light, _| light, false, "light")));
    let dark_values = colours.values(|_, dark| dark, true, "dark");
    // Print keeps the light colours, so both dark blocks are for screens only.
    sheet.push(Node::Block {
        prelude: "@media screen and (prefers-color-scheme: dark)".into(),
        children: vec![rule(":root:not([data-theme=light])", dark_values.clone())],
    });
    sheet.push(Node::Block {
        prelude: "@media screen".into(),
        children: vec![rule(":root[data-theme=dark]", dark_values)],
    });
    Ok(sheet)
}

impl Colours {
    /// Declarations of one theme. The named ones stand in the sheet already for light.
    fn values(&self, of: for<'a> fn(&'a str, &'a str) -> &'a str, named: bool, scheme: &str) -> Vec<Node> {
        let mut nodes = vec![Node::Statement(format!("color-scheme: {scheme}"))];
        if named {
            nodes.extend(
                self.named.iter().map(|(name, l, d)| Node::Statement(format!("{name}: {}", of(l, d)))),
            );
        }
        nodes.extend(
            self.computed.iter().map(|(name, (l, d))| Node::Statement(format!("{name}: {}", of(l, d)))),
        );
        nodes
    }

    /// The property that stands for a pair of colours.
    fn property(&mut self, light: &str, dark: &str) -> String {
        let (light_key, dark_key) = (canonical(light), canonical(dark));
        let named = self.named.iter().find(|(_, l, d)| canonical(l) == light_key && canonical(d) == dark_key);
        if let Some((name, ..)) = named {
            return name.clone();
        }
        let plain = |colour: &str| colour.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let name = format!("--c-{}-{}", plain(&light_key), plain(&dark_key));
        self.computed.insert(name.clone(), (light.to_owned(), dark.to_owned()));
        name
    }
}

fn rule(selector: &str, children: Vec<Node>) -> Node {
    Node::Block { prelude: selector.into(), children }
}

/// The palette: custom properties whose values differ.
fn find_named(light: &[Node], dark: &[Node], colours: &mut Colours) {
    for pair in light.iter().zip(dark) {
        match pair {
            (Node::Statement(l), Node::Statement(d)) if l != d && l.starts_with("--") => {
                if let (Some((name, l)), Some((_, d))) = (l.split_once(':'), d.split_once(':')) {
                    colours.named.push((name.trim().into(), l.trim().into(), d.trim().into()));
                }
            }
            (Node::Block { children: l, .. }, Node::Block { children: d, .. }) => find_named(l, d, colours),
            _ => {}
        }
    }
}

fn merge_nodes(light: Vec<Node>, dark: &[Node], colours: &mut Colours) -> Result<Vec<Node>> {
    if light.len() != dark.len() {
        bail!("the themes differ in shape: {} against {} pieces", light.len(), dark.len());
    }
    light.into_iter().zip(dark).map(|(l, d)| merge_node(l, d, colours)).collect()
}

fn merge_node(light: Node, dark: &Node, colours: &mut Colours) -> Result<Node> {
    match (light, dark) {
        (Node::Statement(l), Node::Statement(d)) => {
            // The palette's own light values stay where they stand.
            let merged = if l == *d || l.starts_with("--") { l } else { merge_values(&l, d, colours)? };
            Ok(Node::Statement(merged))
        }
        (Node::Block { prelude, children }, Node::Block { prelude: other, children: dark })
            if prelude == *other =>
        {
            Ok(Node::Block { prelude, children: merge_nodes(children, dark, colours)? })
        }
        (light, dark) => bail!("the themes differ in shape at {light:?} against {dark:?}"),
    }
}

/// A declaration whose colours differ, with properties in their place.
fn merge_values(light: &str, dark: &str, colours: &mut Colours) -> Result<String> {
    let (l, d) = (tokens(light), tokens(dark));
    if l.len() != d.len() {
        bail!("the themes differ in shape: `{light}` against `{dark}`");
    }
    let mut merged = String::with_capacity(light.len());
    for (l, d) in l.into_iter().zip(d) {
        if l == d {
            merged.push_str(l);
        } else {
            merged.push_str(&format!("var({})", colours.property(l, d)));
        }
    }
    Ok(merged)
}

/// Cuts a value into colours and whatever stands between them.
fn tokens(value: &str) -> Vec<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '#' | '-' | '_' | '.' | '%');
    let mut tokens = Vec::new();
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let mut end =
            if word(first) { rest.find(|c| !word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let function = matches!(&rest[..end], "rgb" | "rgba" | "hsl" | "hsla" | "color");
        if function && rest[end..].starts_with('(') {
            end = rest.find(')').map_or(rest.len(), |close| close + 1);
        }
        tokens.push(&rest[..end]);
        rest = &rest[end..];
    }
    tokens
}

/// One spelling for a colour that Sass may write in two ways.
fn canonical(colour: &str) -> String {
    match colour.to_ascii_lowercase().as_str() {
        "white" | "#fff" => "#ffffff".into(),
        "black" | "#000" => "#000000".into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::css::{parse, write};
    use super::*;

    fn merged(light: &str, dark: &str) -> Result<String> {
        Ok(write(&merge(parse(light)?, &parse(dark)?)?).replace('\n', " "))
    }

    #[test]
    fn a_colour_of_the_palette_keeps_its_name_in_both_themes() {
        let css = merged(
            ":root { --page: #ffffff; } a { border: 1px solid white; }",
            ":root { --page: #111111; } a { border: 1px solid #111111; }",
        )
        .unwrap();
        assert!(css.starts_with(":root { --page: #ffffff; } a { border: 1px solid var(--page); }"), "{css}");
        assert!(css.contains(":root[data-theme=dark] { color-scheme: dark; --page: #111111; }"), "{css}");
    }

    #[test]
    fn a_computed_colour_gets_a_property_of_its_own() {
        let css = merged(
            "a { box-shadow: 0 1px rgba(1, 2, 3, 0.5), 0 2px red; }",
            "a { box-shadow: 0 1px #eee, 0 2px red; }",
        )
        .unwrap();
        assert!(css.starts_with("a { box-shadow: 0 1px var(--c-rgba12305-eee), 0 2px red; }"), "{css}");
        assert!(css.contains("--c-rgba12305-eee: rgba(1, 2, 3, 0.5);"), "{css}");
        assert!(css.contains("--c-rgba12305-eee: #eee;"), "{css}");
    }

    #[test]
    fn themes_of_different_shape_are_an_error() {
        assert!(merged("a { color: red; }", "b { color: red; }").is_err());
        assert!(merged("a { color: red; }", "a { color: red; } b { c: d; }").is_err());
        assert!(merged("a { border: 1px red; }", "a { border: blue; }").is_err());
    }
}
