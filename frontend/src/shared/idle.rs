//! The warning before an idle session ends (SEC-3).

use leptos::prelude::*;

use super::{dialog::Dialog, live::live};
use crate::{
    session::{Session, WARNING_SECONDS},
    text::{t, t_count},
};

/// Moments at which the time left is spoken, in seconds.
const SPOKEN: [u32; 3] = [WARNING_SECONDS, 60, 30];

fn in_words(seconds: u32) -> String {
    if seconds > 60 {
        t_count("idle.minutes", i64::from(seconds.div_ceil(60)))
    } else {
        t_count("idle.seconds", i64::from(seconds))
    }
}

/// The warning; it stands above every page while few seconds are left.
#[component]
pub fn IdleWarning() -> impl IntoView {
    let session = Session::here();
    let open = Memo::new(move |_| session.left().is_some());
    // The moment passed last: screen readers hear three sentences, not a hundred and twenty.
    let spoken = Memo::new(move |_| {
        let left = session.left()?;
        SPOKEN.into_iter().filter(|moment| left <= *moment).min()
    });
    let stay = Callback::new(move |()| session.ask_again());
    view! {
        <Dialog
            open=open.into()
            id="idle-title"
            title=Signal::derive(|| t("idle.title").to_string())
            close=stay
            alert=true
        >
            <p aria-hidden="true">{live(move || session.left().map(in_words))}</p>
            <p class="nhsuk-u-visually-hidden" role="status">
                {live(move || spoken.get().map(in_words))}
            </p>
            <p>{t("idle.why")}</p>
            <div class="app-dialog__actions">
                <button type="button" class="nhsuk-button" autofocus on:click=move |_| stay.run(())>
                    {t("idle.stay")}
                </button>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    on:click=move |_| session.sign_out()
                >
                    {t("action.sign_out")}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}
