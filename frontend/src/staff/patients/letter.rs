//! The letter with the enrolment token, on the screen as it will stand on paper.

use leptos::prelude::*;
use portal_domain::enrolment::IssuedToken;

use crate::{
    logic::paths::encode,
    shared::{
        form::focus,
        intl::{self, Style},
        live::{follow, live},
        page::print,
        practice::{Locations, Practice},
    },
    text::{t, t_with},
};

/// The letter. Only now the token can be read; afterwards it is known by its hash alone.
#[component]
pub fn Letter(
    /// What was issued.
    token: IssuedToken,
) -> impl IntoView {
    let practice = Practice::here();
    let zone = practice.zone();
    let expires = intl::format(token.expires_at, Style::Full, &zone);
    let today = intl::calendar(intl::today(&zone), Style::Date);
    let name = token.patient.full_name();
    // An image may not run scripts, whatever stands in it.
    let qr = format!("data:image/svg+xml,{}", encode(&token.qr_svg));
    // The address without the token, which is typed by hand.
    let page = token.enrol_url.split('#').next().unwrap_or_default().to_string();
    follow(|_| request_animation_frame(|| focus("letter")));
    view! {
        <div class="nhsuk-inset-text no-print">
            <p>{t("letter.once")}</p>
            <button type="button" class="nhsuk-button nhsuk-u-margin-bottom-0" on:click=move |_| print()>
                {t("letter.print")}
            </button>
        </div>
        <article class="letter" id="letter" tabindex="-1" aria-label=t("letter.label")>
            <header class="letter__head">
                <strong class="letter__practice">{live(move || practice.name())}</strong>
                <span>{today}</span>
            </header>
            <address class="letter__to">
                <bdi>{name.clone()}</bdi>
            </address>
            <p>{t_with("letter.dear", &[("name", &name)])}</p>
            <p>{t("letter.intro")}</p>
            <div class="letter__code">
                <img class="letter__qr" src=qr alt=t("letter.qr") width="160" height="160" />
                <div>
                    <p class="nhsuk-u-margin-bottom-1">{t("letter.token")}</p>
                    <p class="nhsuk-u-margin-bottom-1">
                        <strong class="app-code">{token.token}</strong>
                    </p>
                    <p class="nhsuk-u-margin-bottom-0">{t_with("letter.until", &[("date", &expires)])}</p>
                </div>
            </div>
            <h3 class="nhsuk-heading-s">{t("letter.steps")}</h3>
            <ol>
                <li>{t("letter.step_1")} " " <span class="letter__address">{page}</span></li>
                <li>{t("letter.step_2")}</li>
                <li>{t("letter.step_3")}</li>
                <li>{t("letter.step_4")}</li>
            </ol>
            <p>{t("letter.keep")}</p>
            <h3 class="nhsuk-heading-s">{t("letter.help")}</h3>
            <Locations />
        </article>
    }
    .into_any()
}
