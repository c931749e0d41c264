//! The token that a mailed link or a printed code carries in the address, and what it is for.

use std::cell::RefCell;

use leptos::prelude::{window, window_event_listener_untyped};

use crate::logic::paths::secret_in;

thread_local! {
    static SECRET: RefCell<(bool, String)> = const { RefCell::new((false, String::new())) };
}

/// Takes the token out of this page's address before anything is shown, so that it stays out of bookmarks, history and
/// what the browser tells others. Once, before the first page.
pub fn take_from_address() {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    if let Some((is_invite, secret)) = secret_in(&fragment) {
        SECRET.set((is_invite, secret.into()));
        if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
            // Where the browser refuses, the token stays in the address; it works once all the same.
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
        }
    }
    // Another link opened in this same window changes the fragment alone: then the page begins anew with it.
    let _ = window_event_listener_untyped("hashchange", |_| {
        let location = window().location();
        if secret_in(&location.hash().unwrap_or_default()).is_some() {
            let _ = location.reload();
        }
    });
}

/// The token that came with the address; empty without one. It is handed over once.
pub fn token_from_address() -> String {
    take(false)
}

/// The code of an invitation that came with the address, the same way. It waits while somebody signs in or enrols.
pub fn invite_from_address() -> String {
    take(true)
}

fn take(wanted: bool) -> String {
    SECRET.with_borrow_mut(|(is_invite, secret)| match *is_invite == wanted {
        true => std::mem::take(secret),
        false => String::new(),
    })
}
