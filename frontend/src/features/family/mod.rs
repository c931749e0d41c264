//! Families and access: whom the account looks after, who looks after its owner, and how either begins (PRX-1). Comes with
//! the chart's section of the download.

mod add_page;
mod family_page;
mod invite_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::{
    shared::{
        page::Back,
        section::{Opened, lazy},
    },
    text::{self, t},
};

/// The pages.
#[derive(Clone, Copy)]
enum FamilyPage {
    Everybody,
    ByToken,
    ByCode,
    ByRequest,
    Invite,
}

/// The section of the download that holds these pages.
#[wasm_split(chart, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: FamilyPage) -> Opened {
    text::bring(text::CHART);
    Ok(match page {
        FamilyPage::Everybody => view! { <family_page::FamilyPage /> }.into_any(),
        FamilyPage::ByToken => view! { <add_page::TokenPage /> }.into_any(),
        FamilyPage::ByCode => view! { <add_page::CodePage /> }.into_any(),
        FamilyPage::ByRequest => view! { <add_page::RequestPage /> }.into_any(),
        FamilyPage::Invite => view! { <invite_page::InvitePage /> }.into_any(),
    })
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/family") view=lazy(|| open(FamilyPage::Everybody)) />
        <Route path=path!("/family/token") view=lazy(|| open(FamilyPage::ByToken)) />
        <Route path=path!("/family/code") view=lazy(|| open(FamilyPage::ByCode)) />
        <Route path=path!("/family/request") view=lazy(|| open(FamilyPage::ByRequest)) />
        <Route path=path!("/family/invite") view=lazy(|| open(FamilyPage::Invite)) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way back to everybody.
fn back() -> Back {
    Back { href: "/family".into(), label: t("family.title") }
}
