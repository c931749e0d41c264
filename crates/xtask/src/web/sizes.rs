//! How much a phone must load before anybody can sign in, and for a section after that, held to a budget.

use super::assets::Size;
use crate::proc::tell;
use crate::workspace;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::PathBuf;

/// Most that everything before sign-in may weigh, in bytes of brotli. A ratchet; it was raised twice, with the reason.
/// docs/decisions/0008 says what belongs to it and how a page becomes a section instead.
const BUDGET: usize = 231_000;
/// Most that one file of a section may weigh, in bytes of brotli: what the largest one, `practice`, weighs (0008).
const SECTION_BUDGET: usize = 116_000;

/// Most that the lists of passwords which guessers try first may weigh: fetched when somebody chooses a password, and
/// nobody waits for them (docs/decisions/0008).
const GUESSING_BUDGET: usize = 640_000;

/// What a visitor loads, against the budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// Bytes of brotli before the sign-in page works.
    pub before_sign_in: usize,
    /// Each file that is loaded later, with its bytes of brotli.
    pub sections: Vec<(String, usize)>,
}

impl Weight {
    fn of(sizes: impl IntoIterator<Item = (String, usize)>) -> Self {
        let (sections, before): (Vec<_>, Vec<_>) =
            sizes.into_iter().partition(|(name, _)| is_for_later(name));
        Self { before_sign_in: before.iter().map(|(_, bytes)| bytes).sum(), sections }
    }

    /// # Errors
    /// When something is over its budget.
    pub fn check(&self) -> Result<()> {
        let [weight, budget] = [self.before_sign_in, BUDGET].map(|bytes| bytes.div_ceil(1000));
        tell(&format!("before sign-in works: {weight} kB of brotli, the budget is {budget} kB"));
        if self.before_sign_in > BUDGET {
            bail!("the app weighs {weight} kB before sign-in works, over its budget of {budget} kB");
        }
        if let Some((name, bytes)) = self.sections.iter().find(|(name, bytes)| *bytes > budget_of(name)) {
            bail!("{name} weighs {bytes} bytes, over its budget of {}: divide it", budget_of(name));
        }
        Ok(())
    }
}

/// Whether a file is a section's, what sections share, or their table: nobody loads it before signing in.
fn is_for_later(name: &str) -> bool {
    name.starts_with("assets/sections.")
        || name.starts_with("assets/shared.")
        || name.ends_with(".wasm") && !name.starts_with("assets/app.")
}

/// The budget of a file that is loaded later, in bytes of brotli.
fn budget_of(section: &str) -> usize {
    if section.starts_with("assets/guessing.") { GUESSING_BUDGET } else { SECTION_BUDGET }
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
    tell(&format!("{} kB of brotli in all", total.div_ceil(1000)));
    let report = json!({ "files": files, "in_all_brotli": total, "budget_brotli": BUDGET });
    fs::write(file(), format!("{report:#}\n"))?;
    Ok(())
}

/// The weight of the app as it was last built for release.
///
/// # Errors
/// When it was not, or the report is unreadable.
pub fn weight() -> Result<Weight> {
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(file())?).context("sizes.json")?;
    let files = report["files"].as_array().context("sizes.json")?;
    let size = |file: &serde_json::Value| {
        Some((file["name"].as_str()?.to_owned(), usize::try_from(file["brotli"].as_u64()?).ok()?))
    };
    Ok(Weight::of(files.iter().map(size).collect::<Option<Vec<_>>>().context("sizes.json")?))
}

fn file() -> PathBuf {
    workspace::path("target/web/sizes.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(files: &[(&str, usize)]) -> Weight {
        Weight::of(files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)))
    }

    #[test]
    fn sections_do_not_count_before_sign_in() {
        let files =
            [("assets/app.0.wasm", 4), ("assets/app.0.js", 3), ("index.html", 2), ("assets/staff.0.wasm", 9)];
        assert_eq!(weight(&files).before_sign_in, 9);
        assert_eq!(weight(&files).sections, [("assets/staff.0.wasm".to_owned(), 9)]);
    }

    #[test]
    fn a_byte_over_the_budget_fails() {
        assert!(weight(&[("assets/app.0.wasm", BUDGET)]).check().is_ok());
        assert!(weight(&[("assets/app.0.wasm", BUDGET + 1)]).check().is_err());
        assert!(weight(&[("assets/staff.0.wasm", SECTION_BUDGET)]).check().is_ok());
        assert!(weight(&[("assets/staff.0.wasm", SECTION_BUDGET + 1)]).check().is_err());
        assert!(weight(&[("assets/guessing.0.wasm", GUESSING_BUDGET)]).check().is_ok());
        assert!(weight(&[("assets/guessing.0.wasm", GUESSING_BUDGET + 1)]).check().is_err());
    }
}
