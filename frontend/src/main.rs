//! Starts the portal's single-page app.

fn main() {
    #[cfg(target_arch = "wasm32")]
    portal_frontend::start();
}
