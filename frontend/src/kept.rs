//! What was typed when a session ran out: it is there again once the same person has signed in (SEC-3).
//!
//! It lives in this page's memory alone, belongs to one account and is dropped when that person signs out or another
//! signs in. Passwords and codes never come here: their fields don't call [`keep`].

use std::{cell::RefCell, collections::HashMap};

use leptos::prelude::*;
use portal_domain::ids::AccountId;

use crate::session::Session;

#[derive(Default)]
struct Kept {
    /// Whose session ran out; none while somebody is signed in or nothing is kept.
    owner: Option<AccountId>,
    /// Whether pages that go away now leave what was typed in them.
    open: bool,
    texts: HashMap<String, String>,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

/// The session of this account ran out: pages that go away now leave what was typed.
pub fn ran_out(owner: AccountId) {
    KEPT.with_borrow_mut(|kept| *kept = Kept { owner: Some(owner), open: true, texts: HashMap::new() });
}

/// A session of this account begins or goes on: nothing of anybody else is kept.
pub fn begin(account: AccountId) {
    KEPT.with_borrow_mut(|kept| {
        kept.open = false;
        if kept.owner != Some(account) {
            kept.texts.clear();
        }
    });
}

/// Nothing is kept any more.
pub fn forget() {
    KEPT.take();
}

/// Keeps a text over a session that ran out; `key` says which text it is. What is kept already comes back at once.
pub fn keep(key: String, value: RwSignal<String>) {
    let Some(session) = use_context::<Session>() else { return };
    // Outside a session there is no telling whose text it is.
    if session.read(|_| ()).is_none() {
        return;
    }
    if let Some(text) = KEPT.with_borrow_mut(|kept| kept.texts.remove(&key)) {
        value.set(text);
    }
    on_cleanup(move || {
        let text = value.try_get_untracked().filter(|text| !text.is_empty());
        KEPT.with_borrow_mut(|kept| {
            if let Some(text) = text.filter(|_| kept.open) {
                kept.texts.insert(key, text);
            }
        });
    });
}

/// [`keep`] for a field of the page that is open, by its name.
pub fn keep_field(name: &str, value: RwSignal<String>) {
    let page = window().location().pathname().unwrap_or_default();
    keep(format!("{page} {name}"), value);
}
