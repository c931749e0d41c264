//! What patients question of their bills, soonest due first, and what became of it (PAY-4, ADM-1).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    billing::{DisputeQuery, DisputeState, DisputeView},
    live::LiveKind,
};

use super::back;
use crate::{
    api::ask,
    news::News,
    shared::{
        dispute::{dispute_tag, disputed_title},
        intl::{self, Style},
        list::{Address, Empty, Rows, listing, load_rows},
        live::live,
        page::Page,
        practice::Practice,
        summary::{Fact, summary},
    },
    staff::parts::{KeysHint, age, for_role, queue_keys},
    text::{t, t_with, t_word},
};

/// `/staff/billing/queue/disputes`
#[component]
pub fn DisputesPage() -> AnyView {
    for_role(Action::View, Category::Billing, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let address = Address::here();
    let state =
        Memo::new(move |_| address.get("state").parse::<DisputeState>().unwrap_or(DisputeState::Open));
    let list = load_rows(move || {
        let state = state.get();
        move |page| {
            let query = DisputeQuery { state: Some(state), cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.dispute_queue(&query).await).await }
        }
    });
    News::here().on(LiveKind::Queue, move || list.again());
    queue_keys("disputes");
    let tab = move |of: DisputeState, label: &'static str| {
        view! {
            <li>
                <a
                    class="app-tabs__link"
                    href=format!("/staff/billing/queue/disputes?state={of}")
                    aria-current=move || (state.get() == of).then_some("page")
                >
                    {label}
                </a>
            </li>
        }
        .into_any()
    };
    let none = move || match state.get_untracked() {
        DisputeState::Open => t("staff_billing.no_disputes"),
        DisputeState::Resolved => t("staff_billing.no_resolved"),
    };
    view! {
        <Page title=t("staff.nav.disputes").to_string() section=t("staff_billing.title") back=back()>
            <nav class="app-tabs" aria-label=t("staff.nav.disputes")>
                <ul>
                    {tab(DisputeState::Open, t("dispute.open"))}
                    {tab(DisputeState::Resolved, t("staff_billing.resolved"))}
                </ul>
            </nav>
            <KeysHint />
            {live(move || {
                state.track();
                listing(
                    list,
                    t("what.queue"),
                    move || view! { <Empty text=none() /> }.into_any(),
                    move || view! { <Rows load=list id="disputes" row=row /> }.into_any(),
                )
            })}
        </Page>
    }
    .into_any()
}

/// What staff must know of one before they decide, with the way to its conversation.
pub fn facts(one: &DisputeView) -> AnyView {
    let zone = Practice::here().zone();
    let date = |at| intl::format(at, Style::Date, &zone);
    let thread = format!("/staff/messages/{}/{}", one.patient.id, one.thread_id);
    let owner = one.owner.as_ref().map(|owner| owner.name.clone());
    summary(vec![
        Fact::text(t("dispute.reason"), t_word("dispute_reason", one.reason.as_str())),
        Fact::view(t("dispute.state"), dispute_tag(one)),
        Fact::text(t("staff_billing.since"), date(one.opened_at)),
        Fact::text(t("dispute.due"), date(one.due_at)),
        Fact::text(t("staff_billing.owner"), owner.unwrap_or_else(|| t("staff_billing.no_owner").into())),
        Fact::view(
            t("staff_billing.conversation"),
            view! { <a href=thread>{t("dispute.see")}</a> }.into_any(),
        ),
    ])
}

fn row(one: DisputeView) -> AnyView {
    let zone = Practice::here().zone();
    let name = one.patient.full_name();
    let owner =
        one.owner.as_ref().map_or_else(|| t("staff_billing.no_owner").into(), |owner| owner.name.clone());
    let standing = match one.closed_at {
        Some(at) => intl::format(at, Style::Date, &zone),
        None => {
            let due = intl::format(one.due_at, Style::Date, &zone);
            let waits = t_with("staff.waits", &[("age", &age(one.opened_at))]);
            format!("{waits} · {}", t_with("staff_billing.due", &[("date", &due)]))
        }
    };
    let label = format!("{}: {name}", t("dispute.see"));
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=format!("/staff/billing/patients/{}", one.patient.id)>
                <bdi>{name}</bdi>
                ": "
                <bdi>{disputed_title(&one.disputed)}</bdi>
            </a>
            <p class="app-row__meta">
                {t_word("dispute_reason", one.reason.as_str())} " · " <bdi>{owner}</bdi> " · " {standing}
            </p>
            <p class="app-row__meta">
                <a href=format!("/staff/messages/{}/{}", one.patient.id, one.thread_id) aria-label=label>
                    {t("dispute.see")}
                </a>
            </p>
            <div class="app-row__side">{dispute_tag(&one)}</div>
        </li>
    }
    .into_any()
}
