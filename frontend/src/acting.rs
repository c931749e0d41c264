//! For whom this page acts (PRX-5): it stands in the address (`/for/PATIENT/...`) and holds for the life of the page, so
//! that what was loaded for one person is never shown for another. Whoever switches loads the page anew.

use std::cell::OnceCell;

use leptos::prelude::*;
use portal_domain::ids::PatientId;

use crate::logic::paths::acting_in;

thread_local! {
    static WHOM: OnceCell<Option<PatientId>> = const { OnceCell::new() };
}

/// The patient for whom the page acts; none when for the account's own.
pub fn whom() -> Option<PatientId> {
    WHOM.with(|whom| {
        *whom.get_or_init(|| {
            let path = window().location().pathname().unwrap_or_default();
            acting_in(&path).and_then(|id| id.parse().ok())
        })
    })
}

/// What every address of this page begins with: nothing, or `/for/PATIENT`.
pub fn base() -> String {
    whom().map_or_else(String::new, |patient| format!("/for/{patient}"))
}

/// The address of another page for the same person.
pub fn link(path: &str) -> String {
    format!("{}{path}", base())
}

/// A path of this page without what says for whom.
pub fn within(path: &str) -> String {
    path.strip_prefix(base().as_str()).unwrap_or(path).to_owned()
}

/// Leaves for an address that says by itself for whom it is: the page is loaded anew.
pub fn leave_for(to: &str) {
    // Refused only for what is no address.
    let _ = window().location().replace(to);
}
