//! The health records that were asked for, newest first.

use leptos::prelude::*;
use portal_domain::{live::LiveKind, record::HealthRecordView};

use super::{Offered, days, parts, state_tag};
use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        page::{Back, Page},
        practice::Practice,
    },
    text::{t, t_with},
};

/// `/chart/records`
#[component]
pub fn ListPage() -> AnyView {
    let session = Session::here();
    let records = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.health_records(patient, &page).await).await
        }
    });
    // A record that is ready comes as an item of the inbox.
    News::here().on(LiveKind::Inbox, move || records.refresh());
    view! {
        <Page
            title=t("record.title").to_string()
            section=t("nav.chart")
            back=Back { href: link("/chart"), label: t("nav.chart") }
        >
            <p class="nhsuk-lede-text">{t("record.intro")}</p>
            <Offered>
                <p>
                    <a class="nhsuk-button nhsuk-u-margin-bottom-3" href=link("/chart/records/new")>
                        {t("record.ask")}
                    </a>
                </p>
            </Offered>
            <p>
                <a href=link("/chart/records/sent")>{t("sent.title")}</a>
            </p>
            {listing(
                records,
                t("what.records"),
                || view! { <Empty text=t("record.empty") /> }.into_any(),
                move || {
                    view! {
                        <h2 class="nhsuk-heading-m">{t("record.asked_for")}</h2>
                        <Rows load=records id="records" row=row />
                    }
                    .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

fn row(record: HealthRecordView) -> AnyView {
    let asked = intl::format(record.requested_at, Style::Short, &Practice::here().zone());
    let words = format!("{}. {}", parts(&record), days(&record.range));
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=link(&format!("/chart/records/{}", record.id))>
                {t_with("record.asked_on", &[("date", &asked)])}
            </a>
            <p class="app-row__meta">{words}</p>
            <div class="app-row__side">{state_tag(record.state)}</div>
        </li>
    }
    .into_any()
}
