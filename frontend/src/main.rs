//! The portal's single-page app. For now a page that shows the frame stands.

use leptos::prelude::*;

#[component]
fn App() -> impl IntoView {
    view! {
        <div class="app">
            <header class="app-header">
                <div class="app-header__inner">
                    <a class="app-brand" href="/">
                        <span class="app-brand__name">"Infinity Health"</span>
                    </a>
                </div>
            </header>
            <main class="app-main" id="main">
                <div class="app-width">
                    <h1 class="nhsuk-heading-l">"Welcome"</h1>
                </div>
            </main>
        </div>
    }
}

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
}
