//! The portal's single-page app: patients and staff in the browser.
//!
//! Pages live in `features/<slice>`; they ask the API through `api` (the only file that knows the client crate), take
//! their words from [`text`] and their parts from `shared`. What needs no browser lives in [`logic`] and [`text`], which
//! also build natively, so that plain `cargo test` covers them.

pub mod logic;
pub mod text;

#[cfg(target_arch = "wasm32")]
mod acting;
#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod features;
#[cfg(target_arch = "wasm32")]
mod kept;
#[cfg(target_arch = "wasm32")]
mod news;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod shared;
#[cfg(target_arch = "wasm32")]
mod staff;

#[cfg(target_arch = "wasm32")]
pub use app::start;
