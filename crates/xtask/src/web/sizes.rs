//! How much a phone must load before anybody can sign in, held to a budget.

use super::assets::Size;
use crate::proc::tell;
use crate::workspace;
use anyhow::{Result, bail};
use serde_json::json;
use std::fs;

/// Most that everything before sign-in may weigh, in bytes of brotli.
const BUDGET: usize = 200_000;

/// Prints the sizes, writes them to `target/web/sizes.json` and holds them to the budget.
///
/// # Errors
/// When the app is over its budget.
pub fn report(sizes: &[Size]) -> Result<()> {
    tell("size             plain   brotli     gzip");
    for size in sizes {
        tell(&format!("{:>20} {:>8} {:>8}  {}", size.plain, size.brotli, size.gzip, size.name));
    }
    // The app is one piece: all of it loads before the sign-in page works.
    let total = sizes.iter().map(|size| size.brotli).sum::<usize>();
    let files: Vec<_> = sizes
        .iter()
        .map(|s| json!({ "name": s.name, "plain": s.plain, "brotli": s.brotli, "gzip": s.gzip }))
        .collect();
    let report = json!({ "files": files, "before_sign_in_brotli": total, "budget_brotli": BUDGET });
    fs::write(workspace::path("target/web/sizes.json"), format!("{report:#}\n"))?;
    let [total_kb, budget_kb] = [total, BUDGET].map(|bytes| bytes.div_ceil(1000));
    tell(&format!("before sign-in works: {total_kb} kB of brotli, the budget is {budget_kb} kB"));
    if total > BUDGET {
        bail!("the app weighs {total_kb} kB before sign-in works, over its budget of {budget_kb} kB");
    }
    Ok(())
}
