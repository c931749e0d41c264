//! The token that a mailed link or a printed code carries in the address.

use std::cell::RefCell;

use leptos::prelude::{window, window_event_listener_untyped};

use crate::logic::paths::token_in;

thread_local! {
    static TOKEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Takes the token out of this page's address before anything is shown, so that it stays out of bookmarks, history and
/// what the browser tells others. Once, before the first page.
pub fn take_from_address() {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    if let Some(token) = token_in(&fragment) {
        TOKEN.set(token.into());
        if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
            // Where the browser refuses, the token stays in the address; it works once all the same.
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
        }
    }
    // Another link opened in this same window changes the fragment alone: then the page begins anew with it.
    let _ = window_event_listener_untyped("hashchange", |_| {
        let location = window().location();
        if token_in(&location.hash().unwrap_or_default()).is_some() {
            let _ = location.reload();
        }
    });
}

/// The token that came with the address; empty without one. It is handed over once.
pub fn token_from_address() -> String {
    TOKEN.take()
}
