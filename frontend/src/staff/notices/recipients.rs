//! Who has a notice, and who confirmed it.

use leptos::prelude::*;
use portal_domain::{ids::NoticeId, notices::Acknowledgement};

use crate::{
    api::{acknowledgements_path, ask},
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        practice::Practice,
    },
    text::{t, t_with},
};

/// The list, with its download.
#[component]
pub fn Recipients(
    /// Of which notice.
    id: NoticeId,
) -> impl IntoView {
    let list = load_rows(move || {
        move |page| async move { ask(async |portal| portal.acknowledgements(id, &page).await).await }
    });
    view! {
        <h2 class="nhsuk-heading-m">{t("notices_staff.who")}</h2>
        <p class="no-print">
            <a href=acknowledgements_path(id) download="">
                {t("notices_staff.download")}
            </a>
        </p>
        {listing(
            list,
            t("what.recipients"),
            move || view! { <Empty text=t("notices_staff.nobody") /> }.into_any(),
            move || view! { <Rows load=list id="recipients" row=row /> }.into_any(),
        )}
    }
    .into_any()
}

fn row(one: Acknowledgement) -> AnyView {
    let zone = Practice::here().zone();
    let done = one
        .acknowledged_at
        .map(|at| t_with("notices_staff.confirmed", &[("date", &intl::format(at, Style::Short, &zone))]));
    let class = if done.is_some() { "nhsuk-tag nhsuk-tag--green" } else { "nhsuk-tag nhsuk-tag--grey" };
    view! {
        <li class="app-row">
            <a class="app-row__link" href=format!("/staff/patients/{}", one.patient.id)>
                <bdi>{one.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">{t_with("staff.mrn", &[("mrn", &one.patient.mrn)])}</p>
            <div class="app-row__side">
                <strong class=class>{done.unwrap_or_else(|| t("notices_staff.waiting").into())}</strong>
            </div>
        </li>
    }
    .into_any()
}
