//! What was just done, in words.

use leptos::{html, prelude::*};

use super::live::{follow, live};

/// Says what was done. It takes focus, so that it is seen and heard wherever the button stood that did it.
#[component]
pub fn Done(
    /// What was done; nothing while empty.
    said: RwSignal<String>,
) -> impl IntoView {
    let message = NodeRef::<html::P>::new();
    follow(move |_| {
        if said.with(String::is_empty) {
            return;
        }
        request_animation_frame(move || {
            if let Some(message) = message.try_get_untracked().flatten() {
                let _ = message.focus();
            }
        });
    });
    view! {
        <div role="status">
            {live(move || {
                let said = said.get();
                (!said.is_empty())
                    .then(|| {
                        view! {
                            <p class="app-done nhsuk-u-margin-bottom-4" tabindex="-1" node_ref=message>
                                {said}
                            </p>
                        }
                    })
            })}
        </div>
    }
    .into_any()
}
