//! What the reader's teams wrote to many patients, the newest first.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    live::LiveKind,
    messages::CohortMessageView,
};

use super::ROOT;
use crate::{
    api::ask,
    news::News,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        page::{Back, Page},
        practice::Practice,
    },
    staff::parts::for_role,
    text::{t, t_count, t_with},
};

/// `/staff/cohort-messages`
#[component]
pub fn ListPage() -> AnyView {
    for_role(Action::View, Category::Messages, || {
        let list =
            load_rows(|| |page| async move { ask(async |portal| portal.cohort_messages(&page).await).await });
        News::here().on(LiveKind::Queue, move || list.again());
        view! {
            <Page
                title=t("cohort.title").to_string()
                section=t("shell.staff_portal")
                back=Back { href: "/staff/messages".into(), label: t("staff.nav.messages") }
            >
                <a class="nhsuk-button" href=format!("{ROOT}/new")>
                    {t("cohort.new")}
                </a>
                {listing(
                    list,
                    t("what.cohort_messages"),
                    move || view! { <Empty text=t("cohort.none") /> }.into_any(),
                    move || view! { <Rows load=list id="cohort-messages" row=row /> }.into_any(),
                )}
            </Page>
        }
        .into_any()
    })
}

/// Who sent it, for which team and when.
pub fn sender(view: &CohortMessageView) -> String {
    let date = intl::format(view.sent_at, Style::Short, &Practice::here().zone());
    t_with("cohort.sent_by", &[("name", &view.sent_by), ("team", &view.team), ("date", &date)])
}

/// How many have it and how many of them opened it.
pub fn tally(view: &CohortMessageView) -> String {
    let has = if view.delivered < view.patients {
        let (done, count) = (view.delivered.to_string(), view.patients.to_string());
        t_with("cohort.delivering", &[("done", &done), ("count", &count)])
    } else {
        t_count("cohort.has_it", view.delivered)
    };
    format!("{has}, {}", t_with("cohort.opened_count", &[("opened", &view.opened.to_string())]))
}

fn row(view: CohortMessageView) -> AnyView {
    let (sender, tally) = (sender(&view), tally(&view));
    view! {
        <li class="app-row">
            <a class="app-row__link" href=format!("{ROOT}/{}", view.id)>
                <bdi>{view.subject}</bdi>
            </a>
            <p class="app-row__meta">{sender} ". " {tally}</p>
        </li>
    }
    .into_any()
}
