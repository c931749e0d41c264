//! What one page hands to the next without a trace in the address, the history or the browser's storage.

use std::cell::RefCell;

/// Something for the next page.
pub enum Handed {
    /// A temporary password (ENR-2), which enrolment takes in place of a token.
    Token(String),
    /// What may be used for the second step of the sign-in that is under way.
    Methods(Vec<portal_domain::accounts::SecondStep>),
    /// The second step came too late.
    StepExpired,
    /// A message was just sent.
    Sent,
    /// Who just got a new password.
    Username(String),
}

thread_local! {
    static HANDED: RefCell<Option<Handed>> = const { RefCell::new(None) };
}

/// Hands something to the page that is opened next.
pub fn hand(what: Handed) {
    HANDED.set(Some(what));
}

/// Takes what `wanted` recognises. Something else that lies there was for a page that never opened, and is dropped.
pub fn take<T>(wanted: impl FnOnce(Handed) -> Option<T>) -> Option<T> {
    HANDED.take().and_then(wanted)
}
