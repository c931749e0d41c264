//! The app's one style sheet.

use super::css::{self, Node};
use super::{Mode, npm_tool, theme, used};
use crate::proc::{self, tell};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::time::Instant;

/// Compiles both themes, removes unused rules, merges and minifies.
///
/// # Errors
/// When Sass or esbuild fails, or something of the design system's own brand is left.
pub fn build(mode: Mode) -> Result<Vec<u8>> {
    let begun = Instant::now();
    let stage = workspace::path("target/web/stage/styles");
    fs::create_dir_all(&stage)?;
    let (light, dark) = (stage.join("light.css"), stage.join("dark.css"));
    let mut sass = npm_tool("sass");
    sass.args(["--no-source-map", "--no-charset", "--quiet-deps", "--style=expanded"])
        .arg(format!("--load-path={}", workspace::path("frontend/node_modules").display()))
        .arg(format!("{}:{}", workspace::path("frontend/styles/main.scss").display(), light.display()))
        .arg(format!("{}:{}", workspace::path("frontend/styles/dark.scss").display(), dark.display()));
    proc::run(&mut sass)?;

    let words = used::words_of_sources()?;
    let read = |file| -> Result<Vec<Node>> {
        let nodes = css::parse(&fs::read_to_string(file)?).context("what Sass wrote")?;
        Ok(used::keep_used(without_foreign(nodes), &words))
    };
    let merged = theme::merge(read(light)?, &read(dark)?)?;
    check_brand(&merged)?;

    let (whole, small) = (stage.join("app.css"), stage.join("app.min.css"));
    fs::write(&whole, css::write(&merged))?;
    let mut esbuild = npm_tool("esbuild");
    // Media ranges and the like are written so that Safari 15.4, the first with cascade layers, reads them.
    esbuild.arg(&whole).args(["--log-level=warning", "--target=safari15.4,chrome99,firefox97"]);
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    proc::run(esbuild.arg(format!("--outfile={}", small.display())))?;
    tell(&format!("styles took {} s", begun.elapsed().as_secs()));
    Ok(fs::read(small)?)
}

/// Drops what the design system carries for its own brand and scripts: its custom properties, its images.
fn without_foreign(nodes: Vec<Node>) -> Vec<Node> {
    let ours = |text: &str| !text.starts_with("--nhsuk-") && !text.contains("/images/nhsuk-");
    nodes
        .into_iter()
        .filter_map(|node| match node {
            Node::Statement(text) => ours(&text).then_some(Node::Statement(text)),
            Node::Block { prelude, children } => {
                Some(Node::Block { prelude, children: without_foreign(children) })
            }
        })
        .collect()
}

/// The design system is used under our own brand: beyond selectors nothing may name it, its font or its images.
fn check_brand(nodes: &[Node]) -> Result<()> {
    for node in nodes {
        let (text, children) = match node {
            Node::Statement(text) => (text.as_str(), &[][..]),
            Node::Block { prelude, children } if prelude.starts_with('@') => {
                (prelude.as_str(), &children[..])
            }
            Node::Block { children, .. } => ("", &children[..]),
        };
        let small = text.to_ascii_lowercase();
        if small.contains("nhs") || small.contains("frutiger") {
            bail!("the styles still name the design system's brand: {text}");
        }
        check_brand(children)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_design_systems_name_font_and_images_are_refused() {
        let check_brand = |css| check_brand(&css::parse(css).unwrap());
        assert!(check_brand(".nhsuk-button, [class^=nhsuk-caption] { color: red }").is_ok());
        for css in
            ["a { font-family: \"Frutiger W01\" }", "a { background: url(/nhs-logo.svg) }", "a { --NHS: 1 }"]
        {
            assert!(check_brand(css).is_err(), "{css}");
        }
    }

    #[test]
    fn its_properties_and_images_are_dropped_before_that() {
        let css = ":root { --nhsuk-a: 1; --b: 2; } a { mask: url(\"/assets/images/nhsuk-icon-cross.svg\"); color: red; }";
        let kept = css::write(&without_foreign(css::parse(css).unwrap()));
        assert_eq!(kept.replace('\n', " "), ":root { --b: 2; } a { color: red; } ");
    }
}
