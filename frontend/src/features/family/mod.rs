//! Families and access: whom the account looks after, who looks after its owner, and how either begins (PRX-1). Comes with
//! the chart's section of the download.

mod add_page;
mod family_page;
mod invite_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    hooks::use_params_map,
    path,
};

use crate::{
    shared::{
        live::live,
        page::Back,
        section::{Opened, lazy},
    },
    text::{self, t},
};

/// The pages.
#[derive(Clone, Copy)]
enum FamilyPage {
    Everybody,
    /// One of the ways in which looking after somebody begins, by the address.
    Way,
}

/// The section of the download that holds these pages. Its words stand with those of the chart.
#[wasm_split(told, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: FamilyPage) -> Opened {
    text::bring(text::CHART);
    Ok(match page {
        FamilyPage::Everybody => view! { <family_page::FamilyPage /> }.into_any(),
        FamilyPage::Way => view! { <Way /> }.into_any(),
    })
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/family") view=lazy(|| open(FamilyPage::Everybody)) />
        <Route path=path!("/family/:way") view=lazy(|| open(FamilyPage::Way)) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// `/family/token`, `/family/code`, `/family/request`, `/family/invite`: one route, since routes load before sign-in.
#[component]
fn Way() -> impl IntoView {
    let params = use_params_map();
    let way = Memo::new(move |_| params.with(|params| params.get("way")).unwrap_or_default());
    live(move || match way.get().as_str() {
        "token" => view! { <add_page::TokenPage /> }.into_any(),
        "code" => view! { <add_page::CodePage /> }.into_any(),
        "invite" => view! { <invite_page::InvitePage /> }.into_any(),
        _ => view! { <add_page::RequestPage /> }.into_any(),
    })
}

/// The way back to everybody.
fn back() -> Back {
    Back { href: "/family".into(), label: t("family.title") }
}
