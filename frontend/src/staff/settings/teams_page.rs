//! The practice's care teams, for administrators: each with where it works, who is in it and how soon it answers.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    messages::CareTeamView,
};

use crate::{
    api::ask,
    shared::{
        list::Empty,
        load::{load, loaded},
        page::Page,
    },
    staff::parts::for_role,
    text::{t, t_count, t_word},
};

/// Where the teams stand.
pub const ROOT: &str = "/staff/settings/teams";

/// `/staff/settings/teams`
#[component]
pub fn TeamsPage() -> AnyView {
    for_role(Action::View, Category::Settings, || {
        let teams = load(|| ask(async |portal| portal.care_teams().await));
        view! {
            <Page title=t("staff.nav.teams").to_string() section=t("shell.staff_portal")>
                <a class="nhsuk-button" href=format!("{ROOT}/new")>
                    {t("teams.new")}
                </a>
                {loaded(
                    teams,
                    t("what.teams"),
                    move |teams| {
                        if teams.is_empty() {
                            return view! { <Empty text=t("teams.none") /> }.into_any();
                        }
                        view! { <Table teams /> }.into_any()
                    },
                )}
            </Page>
        }
        .into_any()
    })
}

#[component]
fn Table(teams: Vec<CareTeamView>) -> impl IntoView {
    let row = |view: CareTeamView| {
        let names: Vec<String> = view.members.into_iter().map(|member| member.name).collect();
        let closed = (!view.team.is_open)
            .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--grey">{t("teams.retired")}</strong> });
        view! {
            <tr>
                <th scope="row">
                    <a class="staff-cell-link" href=format!("{ROOT}/{}", view.team.id)>
                        <bdi>{view.team.name}</bdi>
                    </a>
                    " "
                    {closed}
                </th>
                <td>{t_word("team_category", view.team.category.as_str())}</td>
                <td>{view.team.location.unwrap_or_else(|| t("compose.whole_practice").into())}</td>
                <td>
                    <bdi>{names.join(", ")}</bdi>
                </td>
                <td>{t_count("teams.hours", view.team.reply_hours)}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <div class="staff-scroll staff-dense" role="region" tabindex="0" aria-label=t("staff.nav.teams")>
            <table class="staff-table">
                <thead>
                    <tr>
                        <th scope="col">{t("teams.name")}</th>
                        <th scope="col">{t("teams.category")}</th>
                        <th scope="col">{t("teams.location")}</th>
                        <th scope="col">{t("teams.members")}</th>
                        <th scope="col">{t("teams.reply")}</th>
                    </tr>
                </thead>
                <tbody id="teams">{teams.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
