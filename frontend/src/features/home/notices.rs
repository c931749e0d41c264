//! The practice's notices, above everything else.

use leptos::prelude::*;
use portal_domain::notices::PatientNotice;

use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{live::live, load::load, notice::SeverityTag},
    text::t,
};

/// What is running now; nothing while there is none. A notice that can't be fetched is in the inbox as well.
#[component]
pub fn Notices() -> impl IntoView {
    let session = Session::here();
    let notices = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.current_notices(patient).await).await
        }
    });
    live(move || {
        let running = notices.get().filter(|running| !running.is_empty())?;
        Some(view! {
            <section aria-label=t("notice.plural")>
                <ul class="app-grid app-plain-list nhsuk-u-margin-bottom-4">
                    {running.into_iter().map(card).collect_view()}
                </ul>
            </section>
        })
    })
}

fn card(notice: PatientNotice) -> AnyView {
    let waits = notice.must_acknowledge && notice.acknowledged_at.is_none();
    view! {
        <li class="nhsuk-card nhsuk-card--clickable app-todo">
            <div class="nhsuk-card__content">
                <p class="nhsuk-u-margin-bottom-2">
                    <SeverityTag severity=notice.severity />
                </p>
                <h2 class="nhsuk-card__heading nhsuk-heading-s" lang=notice.text.language.clone()>
                    <a class="nhsuk-card__link" href=link(&format!("/notices/{}", notice.id))>
                        <bdi>{notice.text.title}</bdi>
                    </a>
                </h2>
                {waits.then(|| view! { <p class="nhsuk-card__description">{t("notice.please")}</p> })}
            </div>
        </li>
    }
    .into_any()
}
