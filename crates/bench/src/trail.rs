//! Checking the audit trail that the requests of this run wrote (AUD-2).

use anyhow::{Context, Result, bail};
use std::{cell::Cell, time::Duration};

use crate::{
    load::{Shot, Volley},
    measure::JUDGED,
    portal::{Server, Site},
};

/// With fewer rows the start of the process would count too much.
const ROWS: u32 = 200_000;
/// As many as a volley sends.
const AT_ONCE: u32 = 50_000;
/// How often the check is made before the seals count as missing.
const LOOKS: usize = 20;

/// What a check of the whole trail took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checked {
    /// Rows of the trail.
    pub rows: f64,
    /// From begin to end.
    pub seconds: f64,
}

impl Checked {
    /// How many rows are checked in a minute.
    pub fn in_a_minute(self) -> f64 {
        60.0 * self.rows / self.seconds
    }

    /// What `portal audit verify` said of itself: `N entries, .. checked in S s`.
    fn said(text: &str) -> Option<Self> {
        let line = text.lines().next()?;
        let rows = line.split_whitespace().next()?.parse().ok()?;
        let (_, rest) = line.rsplit_once("checked in ")?;
        let seconds = rest.strip_suffix(" s")?.parse().ok()?;
        Some(Self { rows, seconds })
    }
}

/// Asks until the trail is long enough, each request a row, waits until it is sealed, and checks it.
pub async fn measure(site: &Site, server: &Server, shots: &[Shot], number: &Cell<u64>) -> Result<Checked> {
    let mut sent = 0;
    while sent < ROWS {
        let volley = Volley::prepare(server.address, shots, JUDGED, number).await?;
        sent += volley.fire(Duration::from_secs(60), AT_ONCE, number).await?.requests;
    }
    // Until the server has sealed every row; each look takes longer than that.
    for _ in 0..LOOKS {
        let said = site.call(&["audit", "verify"])?;
        if !said.contains("wait to be sealed") {
            return Checked::said(&said).with_context(|| format!("the check said something else: {said}"));
        }
    }
    bail!("rows of the trail stay unsealed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_check_says_of_itself_is_understood() {
        let said =
            "120000 entries, 119990 of them sealed in 40 seals, checked in 2.5 s\nthe audit trail holds\n";
        let checked = Checked::said(said).unwrap();
        assert_eq!(checked, Checked { rows: 120_000.0, seconds: 2.5 });
        assert!((checked.in_a_minute() - 2_880_000.0).abs() < 1.0);
        assert_eq!(Checked::said("the audit trail holds"), None);
    }
}
