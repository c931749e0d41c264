//! What staff screens share: whose record is open, how long something waits, keys for a queue.

use leptos::{ev, prelude::*};
use portal_domain::{
    access::{Action, Category, roles_for},
    patients::PatientSummary,
    time::Time,
};
use wasm_bindgen::JsCast;

use crate::{
    session::Session,
    shared::{form::focus, intl, live::follow, page::Page, practice::Practice},
    text::{t, t_count, t_with, t_word},
};

/// Name, date of birth and number, in view before any act on a chart.
#[component]
pub fn PatientBar(
    /// Whose record is open.
    patient: PatientSummary,
    /// Whether the name leads to the patient's page.
    #[prop(default = true)]
    link: bool,
) -> impl IntoView {
    let zone = Practice::here().zone();
    let age = intl::age(patient.birth_date, intl::today(&zone));
    let born = t_with("staff.born", &[("date", &intl::date(patient.birth_date)), ("age", &age.to_string())]);
    let name = patient.full_name();
    let name = if link {
        view! {
            <a href=format!("/staff/patients/{}", patient.id)>
                <bdi>{name}</bdi>
            </a>
        }
        .into_any()
    } else {
        view! { <bdi>{name}</bdi> }.into_any()
    };
    view! {
        <div class="staff-patient">
            <span class="staff-patient__name">{name}</span>
            <span>{born}</span>
            <span>{t_with("staff.mrn", &[("mrn", &patient.mrn)])}</span>
            <span>{t_word("gender", patient.gender.as_str())}</span>
        </div>
    }
    .into_any()
}

/// The page, where a role of the signed-in member of staff allows it; else which roles do (ADM-2).
pub fn for_role(action: Action, category: Category, page: impl FnOnce() -> AnyView) -> AnyView {
    if Session::here().may(action, category) {
        return page();
    }
    let roles: Vec<&str> =
        roles_for(action, category).iter().map(|role| t_word("role", role.as_str())).collect();
    view! {
        <Page title=t("refused.title").to_string() section=t("shell.staff_portal")>
            <p>{t_with("refused.roles", &[("roles", &roles.join(", "))])}</p>
            <a class="nhsuk-button" href="/staff">
                {t("refused.home")}
            </a>
        </Page>
    }
    .into_any()
}

/// How long ago something happened, in the largest whole unit: `3 days`.
pub fn age(at: Time) -> String {
    intl::now().map_or_else(|| t("age.now").into(), |now| span(now.since(at)))
}

/// A span of time in the largest whole unit: `3 days`.
pub fn span(time: chrono::TimeDelta) -> String {
    let minutes = time.num_minutes().max(0);
    match minutes {
        0 => t("age.now").into(),
        1..60 => t_count("age.minutes", minutes),
        60..1_440 => t_count("age.hours", minutes / 60),
        _ => t_count("age.days", minutes / 1_440),
    }
}

fn typing(event: &ev::KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let fields = ["INPUT", "TEXTAREA", "SELECT"];
    element.is_some_and(|element| fields.contains(&element.tag_name().as_str()))
}

/// Moves focus among the links in the element `id`: one further, or one back.
pub fn step_links(id: &str, forward: bool) {
    let Ok(links) = document().query_selector_all(&format!("#{id} a")) else { return };
    let now = document().active_element();
    let at: Option<u32> = (0..links.length()).find(|index| {
        links.item(*index).is_some_and(|link| now.as_ref().is_some_and(|now| now.is_same_node(Some(&link))))
    });
    let open: Option<u32> = (0..links.length()).find(|index| {
        let link = links.item(*index).and_then(|link| link.dyn_into::<web_sys::Element>().ok());
        link.is_some_and(|link| link.has_attribute("aria-current"))
    });
    let next = match (at.or(open), forward) {
        (None, _) => 0,
        (Some(at), true) => at + 1,
        (Some(at), false) => at.saturating_sub(1),
    };
    if let Some(link) = links.item(next).and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A link always takes focus.
        let _ = link.focus();
    }
}

/// j and k walk through the list `id`; Enter opens, as on every link.
pub fn queue_keys(id: &'static str) {
    let keys = window_event_listener(ev::keydown, move |event| {
        if typing(&event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "j" => step_links(id, true),
            "k" => step_links(id, false),
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
}

/// The heading of the item that is open beside a list. It takes focus when the item opens.
#[component]
pub fn ItemHeading(
    /// An id for it.
    id: &'static str,
    /// What is open.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    follow(move |_| request_animation_frame(move || focus(id)));
    view! {
        <h2 class="nhsuk-heading-m staff-item-heading" id=id tabindex="-1">
            {title}
        </h2>
    }
    .into_any()
}

/// The keys of a queue, said once above it.
#[component]
pub fn KeysHint() -> impl IntoView {
    view! { <p class="app-quiet no-print">{t("staff.keys")}</p> }.into_any()
}

/// A table of rows that scrolls by itself where it is wider than the window, by its name and the heads of its columns.
pub fn table(name: &'static str, heads: &[&'static str], id: &'static str, rows: Vec<AnyView>) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    view! {
        <div class="staff-scroll" role="region" tabindex="0" aria-label=name>
            <table class="staff-table">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody id=id>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
