//! Ready texts of care teams, put into what is being written.

use leptos::prelude::*;
use portal_domain::messages::TemplateView;
use wasm_bindgen::JsCast;

use crate::{
    api::ask,
    logic::insert::insert_at,
    shared::{
        choice::{Choice, Select},
        form::Form,
        live::live,
        load::load,
    },
    text::t,
};

/// A choice of ready texts and a button that puts one in at the cursor. Nothing while there are none.
#[component]
pub fn TemplatePicker(
    /// Whose form.
    form: Form,
    /// The team in whose name is written, by id; all teams of the writer when absent.
    #[prop(optional)]
    team: Option<Signal<String>>,
    /// The text.
    text: RwSignal<String>,
    /// The id of the box it is typed in.
    field: &'static str,
    /// The id of the choice, where a page has several.
    #[prop(default = "template")]
    name: &'static str,
) -> impl IntoView {
    let all = load(|| ask(async |portal| portal.templates().await));
    let chosen = RwSignal::new(String::new());
    let own = Memo::new(move |_| {
        let team = team.map(|team| team.get());
        all.get()
            .unwrap_or_default()
            .into_iter()
            .filter(|one| team.as_ref().is_none_or(|team| one.template.team_id.to_string() == *team))
            .collect::<Vec<TemplateView>>()
    });
    let insert = move |_| {
        let wanted = chosen.get_untracked();
        let piece = own.with_untracked(|own| {
            own.iter().find(|one| one.id.to_string() == wanted).map(|one| one.template.text.clone())
        });
        if let Some(piece) = piece {
            put_in(text, &piece, field);
        }
    };
    live(move || {
        let own = own.get();
        if own.is_empty() {
            return ().into_any();
        }
        let choices = std::iter::once(Choice::new("", t("templates.choose")))
            .chain(own.into_iter().map(|one| Choice::new(one.id.to_string(), one.template.title)))
            .collect::<Vec<_>>();
        view! {
            <div class="app-cluster staff-dense staff-pick">
                <Select form name label=t("templates.label") choices value=chosen />
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                    on:click=insert
                >
                    {t("templates.insert")}
                </button>
            </div>
        }
        .into_any()
    })
}

/// Puts a text in at the cursor and leaves the cursor behind it.
fn put_in(text: RwSignal<String>, piece: &str, field: &'static str) {
    let area = document()
        .get_element_by_id(field)
        .and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    let at = area.as_ref().and_then(|area| area.selection_end().ok().flatten());
    let (whole, cursor) = text.with_untracked(|text| insert_at(text, piece, at));
    text.set(whole);
    // The box has its new text after this turn.
    request_animation_frame(move || {
        if let Some(area) = area {
            // Fails only on an element that is gone.
            let _ = area.focus();
            let _ = area.set_selection_range(cursor, cursor);
        }
    });
}
