//! The page itself: `frontend/index.html` with the hashed names of everything it loads.

use super::assets::{Asset, Dist};
use super::code::Code;
use super::npm_tool;
use super::sections::{Shared, is_section, name_table};
use crate::proc::{self, tell};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::fs;

/// Writes all files of the app, the page last.
///
/// # Errors
/// When a source is missing or a file can't be written.
pub fn write(dist: &mut Dist, code: &Code, styles: &[u8]) -> Result<()> {
    let icon = dist.add_asset("icon", "svg", &fs::read(workspace::path("frontend/icons/icon.svg"))?)?;
    let css = dist.add_asset("app", "css", styles)?;
    let wasm = dist.add_asset("app", "wasm", &code.wasm)?;
    let mut sections = Vec::new();
    for (file, program) in code.sections.iter().filter(|(file, _)| is_section(file)) {
        sections.push((file.clone(), dist.add_asset(stem(file), "wasm", program)?));
    }
    let shared = shared(dist, code)?;
    tell(&format!("what sections share is {} files", shared.len()));
    let table = dist.add_asset("sections", "json", &code.needs.table(&sections, &shared)?)?;
    let script = dist.add_asset("app", "js", &name_table(&code.script, &table)?)?;
    let boot = dist.add_asset("boot", "js", &boot_script()?)?;
    let page = fs::read_to_string(workspace::path("frontend/index.html"))?;
    dist.add_file("index.html", fill(&page, &head(&icon, &css, &wasm, &script, &boot))?.as_bytes())
}

/// The name that a section has in the source.
fn stem(file: &str) -> &str {
    let name = file.strip_suffix(".wasm").unwrap_or(file);
    name.strip_prefix("split_").unwrap_or(name)
}

/// Writes what sections share.
fn shared(dist: &mut Dist, code: &Code) -> Result<Vec<Shared>> {
    let find = |file: &str| code.sections.get(file).with_context(|| format!("{file} was not cut"));
    let packs = code.needs.packs(|file| Ok(find(file)?.len() as u64))?;
    let mut written = Vec::new();
    for pack in packs {
        let programs = pack.programs.iter().map(|file| find(file)).collect::<Result<Vec<_>>>()?;
        let lengths = programs.iter().map(|program| program.len()).collect();
        let all: Vec<u8> = programs.into_iter().flatten().copied().collect();
        written.push(Shared { pack, lengths, asset: dist.add_asset("shared", "bin", &all)? });
    }
    Ok(written)
}

/// The boot script, checked and minified by esbuild. It stays a classic script: see its own first lines.
fn boot_script() -> Result<Vec<u8>> {
    let source = workspace::path("frontend/boot/boot.js");
    let mut esbuild = npm_tool("esbuild");
    esbuild.arg(source).args(["--minify", "--format=iife", "--target=es2020", "--log-level=warning"]);
    Ok(proc::output(&mut esbuild)?.into_bytes())
}

/// What the head loads. No inline script: the content security policy forbids it.
fn head(icon: &Asset, css: &Asset, wasm: &Asset, script: &Asset, boot: &Asset) -> String {
    [
        format!(r#"<script src="{}" integrity="{}" data-app="{}" data-wasm="{}" data-wasm-integrity="{}"></script>"#,
            boot.url, boot.integrity, script.url, wasm.url, wasm.integrity),
        format!(r#"<link rel="stylesheet" href="{}" integrity="{}">"#, css.url, css.integrity),
        // No integrity here: browsers ignore it on such preloads. The boot script's own fetch checks it.
        format!(r#"<link rel="preload" as="fetch" type="application/wasm" crossorigin href="{}">"#, wasm.url),
        format!(r#"<link rel="modulepreload" href="{}" integrity="{}">"#, script.url, script.integrity),
        format!(r#"<link rel="icon" type="image/svg+xml" href="{}">"#, icon.url),
    ]
    .join("\n    ")
}

/// The page without its comments, the head in its place.
fn fill(page: &str, head: &str) -> Result<String> {
    let mut filled = String::with_capacity(page.len() + head.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("<!--") {
        filled.push_str(before.trim_end());
        rest = after.split_once("-->").context("a comment in index.html does not close")?.1;
    }
    filled.push_str(rest);
    if filled.matches("{{head}}").count() != 1 {
        bail!("index.html must hold {{{{head}}}} once");
    }
    Ok(filled.replace("{{head}}", head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_filled_in_and_comments_go() {
        let page = "<!doctype html>\n<!-- a -->\n<head>{{head}}</head><!-- b --><p>c</p>";
        assert_eq!(fill(page, "<x>").unwrap(), "<!doctype html>\n<head><x></head><p>c</p>");
        assert!(fill("<head></head>", "<x>").is_err());
    }
}
