//! Counting passes and failures over several runners.

use std::process::ExitCode;

/// What ran and how it ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Tests or checks that passed.
    pub passed: usize,
    /// Tests or checks that failed.
    pub failed: usize,
}

impl Tally {
    /// One thing that passed or failed.
    pub fn of(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed) }
    }

    /// Adds another count to this one.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Prints one line a part and the plain closing line `N passed, N failed`; the exit code says whether all passed.
    pub fn close(parts: &[(String, Self)]) -> ExitCode {
        let mut total = Self::default();
        println!();
        for (name, tally) in parts {
            println!("{name:32} {:>5} passed {:>5} failed", tally.passed, tally.failed);
            total.add(*tally);
        }
        println!("\n{} passed, {} failed", total.passed, total.failed);
        // A run that tested nothing proves nothing.
        if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
