//! What happened to the account, newest first (SEC-7).

use leptos::prelude::*;
use portal_domain::accounts::AccountEventView;

use super::parts::{back, root};
use crate::{
    api::ask,
    shared::{
        intl::{self, Style},
        list::Empty,
        load::{load, loaded},
        page::Page,
        practice::Practice,
    },
    text::{t, t_word},
};

/// `/account/activity`
#[component]
pub fn ActivityPage() -> AnyView {
    let zone = Practice::here().zone();
    let events = load(|| ask(async |portal| portal.account_events().await));
    let show = move |events: Vec<AccountEventView>| {
        if events.is_empty() {
            return view! { <Empty text=t("activity.none") /> }.into_any();
        }
        let row = |event: AccountEventView| {
            view! {
                <li class="app-row">
                    <span class="app-row__text">{t_word("account_event", event.event.as_str())}</span>
                    <p class="app-row__meta">
                        {(!event.label.is_empty()).then(|| view! { <bdi>{event.label}</bdi> ", " })}
                        {intl::format(event.at, Style::Full, &zone)}
                    </p>
                </li>
            }
            .into_any()
        };
        view! { <ul class="app-rows">{events.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! {
        <Page title=t("account.activity").to_string() section=t("account.title") back=back() reading=true>
            {loaded(events, t("what.activity"), show)}
            <h2 class="nhsuk-heading-s nhsuk-u-margin-top-5">{t("activity.not_you")}</h2>
            <p>{t("activity.not_you_text")}</p>
            <p>
                <a href=format!("{}/password", root())>{t("activity.password")}</a>
            </p>
            <p>
                <a href=format!("{}/devices", root())>{t("activity.devices")}</a>
            </p>
        </Page>
    }
    .into_any()
}
