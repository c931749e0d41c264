//! How much a phone must load before anybody can sign in, held to a budget.

use super::assets::Size;
use crate::proc::tell;
use crate::workspace;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::PathBuf;

/// Most that everything before sign-in may weigh, in bytes of brotli. A ratchet: it only goes down. The aim is 200 kB,
/// which takes pages that load by section (docs/decisions/0008).
const BUDGET: usize = 400_000;

/// What a visitor loads, against the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Bytes of brotli before the sign-in page works.
    pub before_sign_in: usize,
}

impl Weight {
    /// # Errors
    /// When it is over the budget.
    pub fn check(self) -> Result<()> {
        let [weight, budget] = [self.before_sign_in, BUDGET].map(|bytes| bytes.div_ceil(1000));
        tell(&format!("before sign-in works: {weight} kB of brotli, the budget is {budget} kB"));
        if self.before_sign_in > BUDGET {
            bail!("the app weighs {weight} kB before sign-in works, over its budget of {budget} kB");
        }
        Ok(())
    }
}

/// Prints the sizes and writes them to `target/web/sizes.json`.
///
/// # Errors
/// When the file can't be written.
pub fn report(sizes: &[Size]) -> Result<()> {
    tell("               plain   brotli     gzip");
    for Size { name, plain, brotli, gzip } in sizes {
        tell(&format!("{plain:>20} {brotli:>8} {gzip:>8}  {name}"));
    }
    let files: Vec<_> = sizes
        .iter()
        .map(|s| json!({ "name": s.name, "plain": s.plain, "brotli": s.brotli, "gzip": s.gzip }))
        .collect();
    let total: usize = sizes.iter().map(|size| size.brotli).sum();
    let later: usize = sizes.iter().filter(|size| is_for_later(&size.name)).map(|size| size.brotli).sum();
    let before = total - later;
    tell(&format!(
        "{} kB of brotli in all, {} kB of it in sections",
        total.div_ceil(1000),
        later.div_ceil(1000)
    ));
    let report = json!({ "files": files, "before_sign_in_brotli": before, "in_all_brotli": total, "budget_brotli": BUDGET });
    fs::write(file(), format!("{report:#}\n"))?;
    Ok(())
}

/// Whether a file belongs to a section, which nobody loads before signing in.
fn is_for_later(name: &str) -> bool {
    name.starts_with("assets/section.") || name.starts_with("assets/shared.")
}

/// The weight of the app as it was last built for release.
///
/// # Errors
/// When it was not, or the report is unreadable.
pub fn weight() -> Result<Weight> {
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(file())?).context("sizes.json")?;
    let bytes = report["before_sign_in_brotli"].as_u64().and_then(|bytes| usize::try_from(bytes).ok());
    Ok(Weight { before_sign_in: bytes.context("sizes.json")? })
}

fn file() -> PathBuf {
    workspace::path("target/web/sizes.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_do_not_count_before_sign_in() {
        assert!(is_for_later("assets/section.0123.wasm") && is_for_later("assets/shared.0123.wasm"));
        assert!(!is_for_later("assets/app.0123.wasm") && !is_for_later("index.html"));
    }

    #[test]
    fn a_byte_over_the_budget_fails() {
        assert!(Weight { before_sign_in: BUDGET }.check().is_ok());
        assert!(Weight { before_sign_in: BUDGET + 1 }.check().is_err());
    }
}
