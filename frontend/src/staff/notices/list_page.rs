//! Every notice, the newest first.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    notices::{NoticeView, Phase},
};

use crate::{
    api::ask,
    shared::{
        intl,
        list::{Empty, Rows, listing, load_rows},
        notice::SeverityTag,
        page::Page,
    },
    staff::parts::for_role,
    text::{t, t_count, t_with, t_word},
};

/// `/staff/notices`
#[component]
pub fn ListPage() -> AnyView {
    for_role(Action::View, Category::Notices, || {
        let list = load_rows(|| |page| async move { ask(async |portal| portal.notices(&page).await).await });
        view! {
            <Page title=t("staff.nav.notices").to_string() section=t("shell.staff_portal")>
                <a class="nhsuk-button" href="/staff/notices/new">
                    {t("notices_staff.new")}
                </a>
                {listing(
                    list,
                    t("what.notices"),
                    move || view! { <Empty text=t("notices_staff.none") /> }.into_any(),
                    move || view! { <Rows load=list id="notices" row=row /> }.into_any(),
                )}
            </Page>
        }
        .into_any()
    })
}

/// Where a notice stands, in words and colour.
#[component]
pub fn PhaseTag(
    /// Where.
    phase: Phase,
) -> impl IntoView {
    let class = match phase {
        Phase::Running => "nhsuk-tag nhsuk-tag--green",
        Phase::Scheduled => "nhsuk-tag nhsuk-tag--blue",
        Phase::Ended | Phase::Withdrawn => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=class>{t_word("notice_phase", phase.as_str())}</strong> }.into_any()
}

/// How many confirmed it, of how many who have it.
pub fn tally(view: &NoticeView) -> String {
    if view.content.must_acknowledge {
        let (reached, done) = (view.reached.to_string(), view.acknowledged.to_string());
        t_with("notices_staff.tally", &[("done", &done), ("reached", &reached)])
    } else {
        t_count("notices_staff.reached", view.reached)
    }
}

/// The days on which it is shown.
pub fn window(view: &NoticeView) -> String {
    let (from, to) = (intl::date(view.content.starts_on), intl::date(view.content.ends_on));
    t_with("notices_staff.window", &[("from", &from), ("to", &to)])
}

fn row(view: NoticeView) -> AnyView {
    let (window, tally) = (window(&view), tally(&view));
    let title = view.content.texts.into_iter().next().map(|text| text.title).unwrap_or_default();
    view! {
        <li class="app-row">
            <a class="app-row__link" href=format!("/staff/notices/{}", view.id)>
                <bdi>{title}</bdi>
            </a>
            <p class="app-row__meta">{window} ". " {tally}</p>
            <div class="app-row__side">
                <SeverityTag severity=view.content.severity />
                " "
                <PhaseTag phase=view.phase />
            </div>
        </li>
    }
    .into_any()
}
