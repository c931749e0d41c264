//! A letter with a token, on the screen as it will stand on paper.

use leptos::prelude::*;
use portal_domain::{accounts::IssuedReset, enrolment::IssuedToken, time::Time};

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

/// What a letter hands out.
#[derive(Clone)]
pub struct Handout {
    /// To whom.
    name: String,
    /// What it is for.
    intro: &'static str,
    /// What goes with the token.
    username: Option<String>,
    token: String,
    expires_at: Time,
    /// The page with the token in its fragment, and as a QR code (SVG).
    url: String,
    qr_svg: String,
    qr_alt: &'static str,
    heading: &'static str,
    /// What to do once the page is open.
    steps: Vec<&'static str>,
}

impl Handout {
    /// The enrolment letter (ENR-1).
    pub fn enrolment(issued: IssuedToken) -> Self {
        Self {
            name: issued.patient.full_name(),
            intro: t("letter.intro"),
            username: None,
            token: issued.token,
            expires_at: issued.expires_at,
            url: issued.enrol_url,
            qr_svg: issued.qr_svg,
            qr_alt: t("letter.qr"),
            heading: t("letter.steps"),
            steps: vec![t("letter.step_2"), t("letter.step_3"), t("letter.step_4")],
        }
    }

    /// The letter of the desk for a forgotten password (SEC-6).
    pub fn reset(name: String, issued: IssuedReset) -> Self {
        Self {
            name,
            intro: t("letter.reset_intro"),
            username: Some(issued.username),
            token: issued.token,
            expires_at: issued.expires_at,
            url: issued.reset_url,
            qr_svg: issued.qr_svg,
            qr_alt: t("letter.reset_qr"),
            heading: t("letter.reset_steps"),
            steps: vec![t("letter.reset_step_2"), t("letter.reset_step_3")],
        }
    }
}

/// The letter. Only now the token can be read; afterwards it is known by its hash alone.
#[component]
pub fn Letter(
    /// What is handed out.
    handout: Handout,
) -> impl IntoView {
    let practice = Practice::here();
    let zone = practice.zone();
    let expires = intl::format(handout.expires_at, Style::Full, &zone);
    let today = intl::calendar(intl::today(&zone), Style::Date);
    let name = handout.name;
    // An image may not run scripts, whatever stands in it.
    let qr = format!("data:image/svg+xml,{}", encode(&handout.qr_svg));
    // The address without the token, which is typed by hand.
    let page = handout.url.split('#').next().unwrap_or_default().to_string();
    let username = handout.username.map(|username| {
        view! {
            <p class="nhsuk-u-margin-bottom-1">{t("letter.username")}</p>
            <p>
                <strong class="app-code">
                    <bdi>{username}</bdi>
                </strong>
            </p>
        }
    });
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
            <p>{handout.intro}</p>
            <div class="letter__code">
                <img class="letter__qr" src=qr alt=handout.qr_alt width="160" height="160" />
                <div>
                    {username}
                    <p class="nhsuk-u-margin-bottom-1">{t("letter.token")}</p>
                    <p class="nhsuk-u-margin-bottom-1">
                        <strong class="app-code">{handout.token}</strong>
                    </p>
                    <p class="nhsuk-u-margin-bottom-0">{t_with("letter.until", &[("date", &expires)])}</p>
                </div>
            </div>
            <h2 class="nhsuk-heading-s">{handout.heading}</h2>
            <ol>
                <li>{t("letter.step_1")} " " <span class="letter__address">{page}</span></li>
                {handout.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}
            </ol>
            <p>{t("letter.keep")}</p>
            <h2 class="nhsuk-heading-s">{t("letter.help")}</h2>
            <Locations />
        </article>
    }
    .into_any()
}
