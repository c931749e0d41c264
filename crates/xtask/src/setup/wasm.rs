//! The toolchain for `wasm32-unknown-unknown`.
//!
//! Three ways, in this order: the rustup target that is there; `rustup target add`; Debian's `rustc-web` packages, a
//! compiler with the standard library's source, which build that library along with the app.

use super::apt;
use crate::proc::{self, tell};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_LINKER: &str = "/usr/bin/rust-lld";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/Cargo.lock";

/// Where the WebAssembly compiler comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The Rust that runs us has the target.
    Rustup,
    /// Debian's compiler beside it, which builds the standard library from source.
    Debian,
}

impl Toolchain {
    /// `cargo VERB` for the target, with the app's own target folder.
    pub fn cargo(self, verb: &str) -> Command {
        let mut cargo = match self {
            Self::Rustup => proc::cargo(),
            Self::Debian => {
                let mut cargo = proc::cargo_at(DEBIAN_CARGO);
                // Building the standard library is an unstable option; this lets a stable compiler take it.
                cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", DEBIAN_RUSTC);
                // rustup's programs stand first on PATH, where cargo looks for its clippy.
                cargo.env("PATH", debian_path());
                cargo
            }
        };
        cargo.arg(verb).args(["--target", TARGET, "--target-dir"]).arg(workspace::path("target/web"));
        if self == Self::Debian {
            cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        }
        cargo
    }

    /// The compiler's version, which decides whether a finished build is still good.
    ///
    /// # Errors
    /// When the compiler can't be asked.
    pub fn version(self) -> Result<String> {
        let rustc = match self {
            Self::Rustup => rustc(),
            Self::Debian => DEBIAN_RUSTC.into(),
        };
        proc::output(proc::command(rustc).arg("--version").arg("--verbose"))
    }
}

fn debian_path() -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = std::iter::once("/usr/bin".into());
    std::env::join_paths(own.chain(std::env::split_paths(&path))).unwrap_or(path)
}

fn rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// The toolchain that is there, if any.
pub fn find() -> Option<Toolchain> {
    if rustup_has_target() {
        Some(Toolchain::Rustup)
    } else if debian_is_complete() {
        Some(Toolchain::Debian)
    } else {
        None
    }
}

/// Finds a toolchain or installs one.
pub fn find_or_install() -> Result<Toolchain> {
    if let Some(found) = find() {
        tell(match found {
            Toolchain::Rustup => "the Rust toolchain has the target",
            Toolchain::Debian => "Debian's rustc-web, which builds the standard library from source",
        });
        return Ok(found);
    }
    if proc::which("rustup").is_some() {
        tell("asks rustup for the target");
        let mut rustup = proc::command("rustup");
        // A refusal of the network is an ordinary outcome here; its message is enough.
        rustup.env("RUST_BACKTRACE", "0").args(["target", "add", TARGET]);
        match proc::run(&mut rustup) {
            Ok(()) if rustup_has_target() => return Ok(Toolchain::Rustup),
            Ok(()) => tell("rustup added it to another toolchain than the one in use"),
            Err(error) => tell(&format!("{error:#}")),
        }
    }
    if !apt::is_here() {
        bail!("no toolchain for {TARGET}; try `rustup target add {TARGET}`");
    }
    install_debian().with_context(|| {
        format!("no toolchain for {TARGET}: rustup could not add it, and the packages of Debian failed")
    })?;
    Ok(Toolchain::Debian)
}

fn rustup_has_target() -> bool {
    let sysroot = proc::output(proc::command(rustc()).args(["--print", "sysroot"])).unwrap_or_default();
    Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir()
}

fn debian_is_complete() -> bool {
    [DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_LINKER, DEBIAN_SOURCE]
        .iter()
        .all(|file| proc::is_program(Path::new(file)))
}

fn install_debian() -> Result<()> {
    apt::install(&["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"])?;
    if !proc::is_program(Path::new(DEBIAN_LINKER)) {
        apt::install(&[&linker_package()?])?;
    }
    if !debian_is_complete() {
        bail!(
            "the packages are installed, but {DEBIAN_RUSTC}, {DEBIAN_LINKER} or the library's source is missing"
        );
    }
    Ok(())
}

/// The package of the linker: `rust-lld` is a link to a program named like its package, e.g. `lld-22`.
fn linker_package() -> Result<String> {
    if let Ok(link) = fs::read_link(DEBIAN_LINKER)
        && let Some(name) = link.file_name().and_then(|name| name.to_str())
        && name.starts_with("lld-")
    {
        return Ok(name.to_owned());
    }
    let version = Toolchain::Debian.version()?;
    let llvm = version.lines().find_map(|line| line.strip_prefix("LLVM version: ")).unwrap_or_default();
    match llvm.split('.').next() {
        Some(major) if !major.is_empty() => Ok(format!("lld-{major}")),
        _ => bail!("cannot tell which linker belongs to {DEBIAN_RUSTC}"),
    }
}

/// Makes sure that the toolchain can run clippy.
///
/// # Errors
/// When Debian's clippy is missing and can't be installed.
pub fn clippy(toolchain: Toolchain) -> Result<()> {
    if toolchain == Toolchain::Debian && !proc::is_program(Path::new("/usr/bin/clippy-driver")) {
        apt::install(&["rust-web-clippy"])?;
    }
    Ok(())
}
