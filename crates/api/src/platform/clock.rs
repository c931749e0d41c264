//! The one place that asks what time it is, and the one that makes ids.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use portal_domain::time::Time;
use uuid::Uuid;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that tests move by hand (microseconds since 1970).
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until it is moved.
    pub fn standing_at(at: Time) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.micros())))
    }

    /// Moves a manual clock; the machine's clock can't be moved.
    pub fn advance(&self, by: chrono::TimeDelta) {
        if let Self::Manual(micros) = self {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }

    /// Now, in whole microseconds.
    pub fn now(&self) -> Time {
        let micros = match self {
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            Self::System => chrono::Utc::now().timestamp_micros(),
            Self::Manual(micros) => micros.load(Ordering::SeqCst),
        };
        Time::from_micros(micros).unwrap_or_else(|_| unreachable_time())
    }
}

/// A clock beyond the year 262,000 is broken hardware: the portal refuses to guess.
fn unreachable_time() -> Time {
    tracing::error!("the machine's clock shows no date that a calendar has");
    std::process::abort()
}

/// A new id: version 7, so that rows made later sort later.
pub fn new_id() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
    Uuid::now_v7()
}
