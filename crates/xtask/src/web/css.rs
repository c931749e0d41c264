//! Just enough of CSS to walk through what Sass writes: blocks within blocks, and statements.

use anyhow::{Result, bail};

/// A piece of a style sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A declaration (`color: red`) or an at-rule without a block (`@layer a, b`), without its semicolon.
    Statement(String),
    /// A rule or an at-rule with a block; the prelude is what stands before the brace.
    Block {
        /// A selector list, or an at-rule's name and condition.
        prelude: String,
        /// What stands between the braces.
        children: Vec<Node>,
    },
}

/// Reads a style sheet. Comments are dropped.
///
/// # Errors
/// When braces, strings or comments don't close.
pub fn parse(css: &str) -> Result<Vec<Node>> {
    let mut open: Vec<(String, Vec<Node>)> = Vec::new();
    let mut here = Vec::new();
    let mut text = String::new();
    let mut parens = 0_usize;
    let mut chars = css.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut star = false;
                loop {
                    match chars.next() {
                        Some('/') if star => break,
                        Some(c) => star = c == '*',
                        None => bail!("a comment does not close"),
                    }
                }
            }
            '"' | '\'' => {
                text.push(c);
                loop {
                    let Some(inner) = chars.next() else { bail!("a string does not close: {text}") };
                    text.push(inner);
                    if inner == '\\' {
                        text.extend(chars.next());
                    } else if inner == c {
                        break;
                    }
                }
            }
            '\\' => {
                text.push(c);
                text.extend(chars.next());
            }
            '(' => {
                parens += 1;
                text.push(c);
            }
            ')' => {
                parens = parens.saturating_sub(1);
                text.push(c);
            }
            ';' if parens == 0 => end_statement(&mut text, &mut here),
            '{' if parens == 0 => {
                open.push((text.trim().to_owned(), std::mem::take(&mut here)));
                text.clear();
            }
            '}' if parens == 0 => {
                end_statement(&mut text, &mut here);
                let Some((prelude, mut outer)) = open.pop() else {
                    bail!("a brace closes that never opened")
                };
                outer.push(Node::Block { prelude, children: std::mem::take(&mut here) });
                here = outer;
            }
            _ => text.push(c),
        }
    }
    end_statement(&mut text, &mut here);
    if let Some((prelude, _)) = open.pop() {
        bail!("`{prelude}` does not close");
    }
    Ok(here)
}

fn end_statement(text: &mut String, here: &mut Vec<Node>) {
    let statement = text.trim();
    if !statement.is_empty() {
        here.push(Node::Statement(statement.to_owned()));
    }
    text.clear();
}

/// Writes a style sheet back.
pub fn write(nodes: &[Node]) -> String {
    let mut css = String::new();
    for node in nodes {
        match node {
            Node::Statement(text) => {
                css.push_str(text);
                css.push_str(";\n");
            }
            Node::Block { prelude, children } => {
                css.push_str(prelude);
                css.push_str(" {\n");
                css.push_str(&write(children));
                css.push_str("}\n");
            }
        }
    }
    css
}

/// Splits at a separator that stands outside parentheses, brackets and strings.
pub fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_i32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, c) if c == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_survives_reading_and_writing() {
        let css = "@layer a, b;\n@media print {\n.a, .b:is(.c, .d) {\ncontent: \"};{\";\nbackground: url(data:x;y);\n}\n}\n";
        let nodes = parse(css).unwrap();
        assert_eq!(write(&nodes), css);
        assert_eq!(parse(&format!("/* gone; {{ */{css}")).unwrap(), nodes);
    }

    #[test]
    fn a_broken_sheet_is_an_error() {
        for css in [".a {", ".a { } }", "/* .a { }", ".a { content: \"; }"] {
            assert!(parse(css).is_err(), "{css}");
        }
    }

    #[test]
    fn commas_inside_parentheses_do_not_split() {
        assert_eq!(split_outside(".a:not(.b, .c),.d", ','), [".a:not(.b, .c)", ".d"]);
    }
}
