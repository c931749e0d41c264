//! The token that a mailed link or a printed code carries in the address.

use leptos::prelude::window;

use crate::logic::paths::token_in;

/// The token in this page's address; empty without one. It is taken out of the address at once, so that it stays out
/// of bookmarks and history.
pub fn token_from_address() -> String {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    let Some(token) = token_in(&fragment) else { return String::new() };
    if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        // Where the browser refuses, the token stays in the address; it works once all the same.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
    token.to_string()
}
