//! Where a person goes once signed in.

use leptos::prelude::untrack;

use super::{list::Address, live::follow};
use crate::{
    logic::paths::{encode, safe_next},
    session::{Session, Side},
};

/// An address that remembers where the person was going.
pub fn with_next(path: &str, next: &str) -> String {
    match safe_next(next) {
        Some(next) => format!("{path}?next={}", encode(next)),
        None => path.into(),
    }
}

/// Goes on to where the person was going, or to the first page, as soon as somebody is signed in without duties. What
/// must be done first comes first.
pub fn follow_onward() {
    let session = Session::here();
    let address = Address::here();
    follow(move |_| {
        let home = match session.side() {
            Side::Patient => "/home",
            Side::Staff => "/staff",
            _ => return,
        };
        let duty = session.duty().is_some();
        let asked = untrack(|| address.get("next"));
        let next = safe_next(&asked).unwrap_or(home);
        match duty {
            true => address.replace(&format!("/duty?next={}", encode(next))),
            false => address.replace(next),
        }
    });
}
