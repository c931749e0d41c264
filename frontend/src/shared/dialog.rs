//! Native dialogs: focus, Escape and the ground behind are the browser's.

use leptos::{ev, html, prelude::*};

use super::live::{follow, live};
use crate::text::t;

/// A dialog that stands while `open`.
#[component]
pub fn Dialog(
    /// Whether it stands.
    open: Signal<bool>,
    /// What it is about; an id for its heading.
    id: &'static str,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What Escape does.
    close: Callback<()>,
    /// Whether it must be answered (`alertdialog`).
    #[prop(optional)]
    alert: bool,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    follow(move |_| {
        let open = open.get();
        let Some(dialog) = dialog.get() else { return };
        if open && !dialog.open() {
            // Fails only where it is open already.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="app-dialog"
            aria-labelledby=id
            role=alert.then_some("alertdialog")
            node_ref=dialog
            on:cancel=move |event: ev::Event| {
                event.prevent_default();
                close.run(());
            }
        >
            <h2 class="nhsuk-heading-m" id=id>
                {live(move || title.get())}
            </h2>
            {children()}
        </dialog>
    }
    .into_any()
}

/// Asks before something that can't be undone.
#[component]
pub fn Confirm(
    /// Whether it stands.
    open: RwSignal<bool>,
    /// An id for its heading.
    id: &'static str,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
    #[prop(into)]
    text: Signal<String>,
    /// What the button says that does it.
    yes: &'static str,
    /// Does it.
    act: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open.into() id title close=Callback::new(move |()| open.set(false))>
            <p>{live(move || text.get())}</p>
            <div class="app-dialog__actions">
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--warning"
                    on:click=move |_| {
                        open.set(false);
                        act.run(());
                    }
                >
                    {yes}
                </button>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    autofocus
                    on:click=move |_| open.set(false)
                >
                    {t("action.keep")}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}
