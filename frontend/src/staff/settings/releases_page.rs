//! How results reach patients: the groups of tests and their rules (LAB-2).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    results::{GroupRule, ReleasePoliciesView, ReleaseRule, TestGroup},
};

use crate::{
    api::ask,
    shared::{
        load::{load, loaded},
        page::Page,
    },
    staff::parts::for_role,
    text::{t, t_count, t_with},
};

/// Where the groups are listed.
pub const ROOT: &str = "/staff/settings/releases";

/// `/staff/settings/releases`
#[component]
pub fn ReleasesPage() -> AnyView {
    for_role(Action::Change, Category::Settings, || {
        let policies = load(|| ask(async |portal| portal.release_policies().await));
        view! {
            <Page title=t("staff.nav.release_rules").to_string() section=t("shell.staff_portal") reading=true>
                <p>{t("rules.intro")}</p>
                {loaded(policies, t("what.policies"), groups)}
                <a class="nhsuk-button" href=format!("{ROOT}/new")>
                    {t("rules.add")}
                </a>
            </Page>
        }
        .into_any()
    })
}

fn groups(view: ReleasePoliciesView) -> AnyView {
    let group = |(at, group): (usize, TestGroup)| {
        let tests = t_count("rules.codes", i64::try_from(group.codes.len()).unwrap_or(i64::MAX));
        let sensitive = group.sensitive.then(
            || view! { <strong class="nhsuk-tag nhsuk-tag--yellow">{t("rules.is_sensitive")}</strong> },
        );
        view! {
            <li class="app-row">
                <a class="app-row__link" href=format!("{ROOT}/{at}")>
                    <bdi>{group.name}</bdi>
                </a>
                <p class="app-row__meta">{says(&group.release)}</p>
                <p class="app-row__meta">{tests}</p>
                <div class="app-row__side">{sensitive}</div>
            </li>
        }
        .into_any()
    };
    let rest = view! {
        <li class="app-row">
            <a class="app-row__link" href=format!("{ROOT}/default")>
                {t("rules.default")}
            </a>
            <p class="app-row__meta">{says(&view.policies.default)}</p>
            <p class="app-row__meta">
                {if view.policies.critical_waits { t("rules.critical_waits") } else { t("rules.critical_goes") }}
            </p>
        </li>
    };
    view! {
        <ul class="app-rows">
            {view.policies.groups.into_iter().enumerate().map(group).collect_view()} {rest}
        </ul>
    }
    .into_any()
}

/// A rule in words.
fn says(rule: &GroupRule) -> String {
    let hours = |hours: i64| hours.to_string();
    match rule.rule {
        ReleaseRule::Manual => t_with("rules.says_manual", &[("hours", &hours(rule.deadline_hours))]),
        ReleaseRule::After => {
            t_with("rules.says_after", &[("hours", &hours(rule.hours.unwrap_or_default()))])
        }
        ReleaseRule::Immediate => t("rules.says_immediate").to_owned(),
    }
}
