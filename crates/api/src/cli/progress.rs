//! How far a long command is, on standard error.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use super::in_words;
use crate::features::health_record::Exported;

/// Back to the line's beginning, and the line emptied (ECMA-48).
const CLEAR: &str = "\r\x1b[K";

/// On a terminal one line that changes, else a line now and then, for a log.
pub struct Told {
    terminal: bool,
    last: Option<Instant>,
}

impl Told {
    /// Nothing was told yet.
    pub fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), last: None }
    }

    /// Tells it, unless something was told a moment ago. The end and each failure are always told.
    pub fn tell(&mut self, state: &Exported) {
        if let Some((mrn, why)) = &state.failure {
            eprintln!("{}{mrn}: {}", if self.terminal { CLEAR } else { "" }, in_words(why));
        }
        let pause = if self.terminal { Duration::from_millis(100) } else { Duration::from_secs(10) };
        let is_end = state.done() == state.patients;
        if !is_end && self.last.as_ref().is_some_and(|last| last.elapsed() < pause) {
            return;
        }
        self.last = Some(Instant::now());
        let line = format!("{} of {} patients", state.done(), state.patients);
        if !self.terminal {
            eprintln!("{line}");
            return;
        }
        eprint!("{CLEAR}{line}{}", if is_end { "\n" } else { "" });
        // Who closed the other end does not want to know.
        drop(io::stderr().flush());
    }
}
