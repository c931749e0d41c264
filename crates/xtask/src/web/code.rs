//! The app's code: a WebAssembly file, one for each section that is downloaded when its first page is opened, and the
//! script that loads them.

use super::sections::Needs;
use super::{Mode, npm_tool};
use crate::proc::{self, tell};
use crate::setup::Toolchain;
use crate::workspace;
use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// The finished code.
pub struct Code {
    /// What every visitor loads.
    pub wasm: Vec<u8>,
    /// The ES module whose default export starts it.
    pub script: Vec<u8>,
    /// The sections, and what several of them share, by file name as it was cut, e.g. `split_staff.wasm`.
    pub sections: BTreeMap<String, Vec<u8>>,
    /// Which of these need which.
    pub needs: Needs,
}

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
    // The texts stand for the options below.
    let texts = [include_str!("code.rs"), include_str!("sections.rs"), include_str!("sections.js"), SHRINK];
    let key = texts.iter().fold(Sha256::new().chain_update(&wasm), |key, text| key.chain_update(text));
    let key = format!("{:x}", key.finalize());
    if fs::read_to_string(stage.join("key")).is_ok_and(|found| found == key) {
        tell("compiled code is the same as before");
    } else {
        if stage.exists() {
            fs::remove_dir_all(&stage)?;
        }
        fs::create_dir_all(&stage)?;
        let main = split(&wasm, &stage)?;
        bind(&main, &stage, mode)?;
        let loader = stage.join("__wasm_split.js");
        let (script, needs) = Needs::take_out_of(&fs::read_to_string(&loader)?)?;
        fs::write(loader, script)?;
        fs::write(stage.join(NEEDS), serde_json::to_vec(&needs)?)?;
        if mode == Mode::Release {
            shrink_all(&programs(&stage)?)?;
        }
        bundle(&stage, mode)?;
        fs::write(stage.join("key"), key)?;
    }
    let mut sections = BTreeMap::new();
    for path in programs(&stage)?.into_iter().filter(|path| !path.ends_with(MAIN)) {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        sections.insert(file, fs::read(path)?);
    }
    let needs = serde_json::from_slice(&fs::read(stage.join(NEEDS))?)?;
    Ok(Code {
        wasm: fs::read(stage.join(MAIN))?,
        script: fs::read(stage.join("app.min.js"))?,
        sections,
        needs,
    })
}

/// Where the stage keeps which program needs which.
const NEEDS: &str = "needs.json";

/// What Binaryen is told.
const SHRINK: &str = include_str!("shrink.js");

/// What every visitor loads, as wasm-bindgen names it.
const MAIN: &str = "app_bg.wasm";

/// The programs in the stage, in the order of their names.
fn programs(stage: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(stage)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Cuts the sections (`#[lazy]`) out of the app: writes them and the script that loads them, answers the rest.
fn split(wasm: &[u8], stage: &Path) -> Result<Vec<u8>> {
    let begun = Instant::now();
    let rest = stage.join("rest.wasm");
    let mut options = wasm_split_cli_support::Options::new(wasm);
    options.output_dir = stage;
    options.main_out_path = &rest;
    options.main_module = "./app.js";
    options.link_name = "./__wasm_split.js";
    let split =
        wasm_split_cli_support::transform(options).map_err(|error| anyhow!("splitting: {error:?}"))?;
    tell(&format!("{} sections took {} s", split.split_modules.len(), begun.elapsed().as_secs()));
    let main = fs::read(&rest)?;
    fs::remove_file(rest)?;
    Ok(main)
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
        // Sections find what they share with the rest by the linker's names.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(release)
        .remove_producers_section(release)
        .out_name("app")
        .generate(stage)
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    tell(&format!("wasm-bindgen took {} s", begun.elapsed().as_secs()));
    Ok(())
}

/// Binaryen, for size: a process for each processor of the machine, since each uses one.
fn shrink_all(files: &[PathBuf]) -> Result<()> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let shares = shares(files, workers)?;
    let shrink = |share: &Vec<&Path>| {
        let mut node = proc::command("node");
        node.current_dir(workspace::path("frontend")).args(["--input-type=module", "--eval", SHRINK]);
        proc::output(node.args(share))
    };
    let begun = Instant::now();
    thread::scope(|scope| {
        let started: Vec<_> = shares.iter().map(|share| scope.spawn(move || shrink(share))).collect();
        started.into_iter().try_for_each(|worker| {
            worker.join().map_err(|_| anyhow!("the thread of Binaryen ended"))?.map(drop)
        })
    })?;
    tell(&format!("shrinking {} programs took {} s", files.len(), begun.elapsed().as_secs()));
    Ok(())
}

/// Deals the files out so that all have about as many bytes: the largest first, each to who has the fewest.
fn shares(files: &[PathBuf], workers: usize) -> Result<Vec<Vec<&Path>>> {
    let mut sized = Vec::new();
    for file in files {
        sized.push((fs::metadata(file)?.len(), file.as_path()));
    }
    Ok(deal(sized, workers))
}

fn deal<T>(mut sized: Vec<(u64, T)>, workers: usize) -> Vec<Vec<T>> {
    sized.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    let mut shares: Vec<_> = (0..workers).map(|_| (0, Vec::new())).collect();
    for (bytes, file) in sized {
        if let Some((all, files)) = shares.iter_mut().min_by_key(|(all, _)| *all) {
            *all += bytes;
            files.push(file);
        }
    }
    shares.into_iter().map(|(_, files)| files).filter(|files| !files.is_empty()).collect()
}

/// esbuild: `app.js` with the loader of the sections and whatever snippets crates bring, as one module.
fn bundle(stage: &Path, mode: Mode) -> Result<()> {
    let mut esbuild = npm_tool("esbuild");
    esbuild.arg(stage.join("app.js")).args(["--bundle", "--format=esm", "--log-level=warning"]);
    esbuild.args(["--target=es2022", "--legal-comments=none"]);
    // wasm-bindgen names the loader once for each section.
    esbuild.arg("--log-override:duplicate-object-key=silent");
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    esbuild.arg(format!("--outfile={}", stage.join("app.min.js").display()));
    proc::run(&mut esbuild)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_shrunk_once_and_no_worker_gets_most_of_the_bytes() {
        let sized = vec![(10, "a"), (700, "main"), (300, "b"), (250, "c"), (150, "d")];
        assert_eq!(deal(sized, 2), [vec!["main", "a"], vec!["b", "c", "d"]]);
        assert_eq!(deal(vec![(1, "only")], 4), [vec!["only"]], "nobody is started for nothing");
    }

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
