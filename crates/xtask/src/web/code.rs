//! The app's code: one WebAssembly file and the script that loads it.

use super::{Mode, npm_tool};
use crate::proc::{self, tell};
use crate::setup::Toolchain;
use crate::workspace;
use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// The finished code.
pub struct Code {
    /// The app.
    pub wasm: Vec<u8>,
    /// The ES module whose default export starts it.
    pub script: Vec<u8>,
}

/// What the browsers of the last years understand. `--all-features` would write imports that Chromium refuses.
const WASM_FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-call-indirect-overlong",
];

/// Compiles, binds and shrinks the app. Steps after cargo are skipped when cargo's result is the same as before.
///
/// # Errors
/// When a tool fails.
pub fn build(mode: Mode, toolchain: Toolchain) -> Result<Code> {
    let (profile, folder) = match mode {
        Mode::Release => ("web", "web"),
        Mode::Dev => ("dev", "debug"),
    };
    proc::run(toolchain.cargo("build").args(["--package", "portal-frontend", "--profile", profile]))?;
    let compiled =
        workspace::path("target/web/wasm32-unknown-unknown").join(folder).join("portal-frontend.wasm");
    let wasm = fs::read(&compiled).with_context(|| compiled.display().to_string())?;

    let stage = workspace::path("target/web/stage").join(mode.name());
    // This file's own text stands for the options below.
    let key =
        format!("{:x}", Sha256::new().chain_update(&wasm).chain_update(include_str!("code.rs")).finalize());
    if fs::read_to_string(stage.join("key")).is_ok_and(|found| found == key) {
        tell("compiled code is the same as before");
    } else {
        if stage.exists() {
            fs::remove_dir_all(&stage)?;
        }
        fs::create_dir_all(&stage)?;
        bind(&wasm, &stage, mode)?;
        if mode == Mode::Release {
            shrink(&stage)?;
        }
        bundle(&stage, mode)?;
        fs::write(stage.join("key"), key)?;
    }
    Ok(Code { wasm: fs::read(stage.join("app_bg.wasm"))?, script: fs::read(stage.join("app.min.js"))? })
}

/// wasm-bindgen: `app_bg.wasm` and `app.js`.
fn bind(wasm: &[u8], stage: &Path, mode: Mode) -> Result<()> {
    let begun = Instant::now();
    let release = mode == Mode::Release;
    Bindgen::new()
        .input_bytes("app", wasm.to_vec())
        .web(true)
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?
        .typescript(false)
        .demangle(!release)
        .remove_name_section(release)
        .remove_producers_section(release)
        .out_name("app")
        .generate(stage)
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    tell(&format!("wasm-bindgen took {} s", begun.elapsed().as_secs()));
    Ok(())
}

/// wasm-opt, for size.
fn shrink(stage: &Path) -> Result<()> {
    let file = stage.join("app_bg.wasm");
    let mut opt = npm_tool("wasm-opt");
    opt.arg("-Oz")
        .args(WASM_FEATURES)
        .args(["--strip-debug", "--strip-producers"])
        .arg(&file)
        .arg("-o")
        .arg(&file);
    proc::run(&mut opt)
}

/// esbuild: `app.js` with whatever snippets crates bring, as one module.
fn bundle(stage: &Path, mode: Mode) -> Result<()> {
    let mut esbuild = npm_tool("esbuild");
    esbuild.arg(stage.join("app.js")).args(["--bundle", "--format=esm", "--log-level=warning"]);
    esbuild.args(["--target=es2022", "--legal-comments=none"]);
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    esbuild.arg(format!("--outfile={}", stage.join("app.min.js").display()));
    proc::run(&mut esbuild)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_binding_tool_has_the_version_of_the_library_in_the_lock_file() {
        let lock = include_str!("../../../../Cargo.lock");
        let version = |package: &str| {
            let entry = format!("name = \"{package}\"\nversion = \"");
            lock.split_once(&entry)
                .and_then(|(_, rest)| rest.split('"').next())
                .unwrap_or_default()
                .to_owned()
        };
        assert!(!version("wasm-bindgen").is_empty());
        assert_eq!(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
    }
}
