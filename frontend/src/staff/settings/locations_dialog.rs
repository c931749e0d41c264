//! Where a member of staff works (ADM-6): records of patients of other locations then open only in an emergency.

use leptos::prelude::*;
use portal_domain::{
    accounts::{StaffAccount, StaffLocations},
    ids::{AccountId, LocationId},
};

use crate::{
    api::ask,
    shared::{
        choice::{Checkboxes, Choice},
        dialog::Dialog,
        form::{ErrorSummary, Form, Submit},
        live::live,
        practice::Practice,
    },
    text::{t, t_with},
};

/// Whose locations are chosen.
pub type Chosen = RwSignal<Option<StaffAccount>>;

/// The names of a person's locations, or that it is the whole practice.
pub fn in_words(locations: &[LocationId]) -> String {
    let all = Practice::here().0.read(|practice| practice.locations.clone()).unwrap_or_default();
    let names: Vec<String> =
        all.into_iter().filter(|one| locations.contains(&one.id)).map(|one| one.name).collect();
    if names.is_empty() { t("people.everywhere").into() } else { names.join(", ") }
}

/// The dialog; `done` gets the name of whose locations were set.
#[component]
pub fn LocationsDialog(chosen: Chosen, done: Callback<String>) -> impl IntoView {
    let title = Signal::derive(move || {
        let name = chosen.read().as_ref().map(|one| one.display_name.clone()).unwrap_or_default();
        t_with("people.works_at_title", &[("name", &name)])
    });
    let close = Callback::new(move |()| chosen.set(None));
    view! {
        <Dialog open=Signal::derive(move || chosen.read().is_some()) id="locations-title" title close>
            {live(move || {
                let one = chosen.get()?;
                Some(view! { <Fields id=one.id name=one.display_name held=one.locations chosen done /> })
            })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Fields(
    id: AccountId,
    name: String,
    held: Vec<LocationId>,
    chosen: Chosen,
    done: Callback<String>,
) -> impl IntoView {
    let form = Form::new();
    let value = RwSignal::new(held.iter().map(ToString::to_string).collect::<Vec<_>>());
    let all = untrack(|| Practice::here().0.read(|practice| practice.locations.clone())).unwrap_or_default();
    let choices: Vec<Choice> = all.into_iter().map(|one| Choice::new(one.id.to_string(), one.name)).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let locations = value.with_untracked(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect());
        let (new, name) = (StaffLocations { locations }, name.clone());
        form.send(
            async move { ask(async |portal| portal.set_staff_locations(id, &new).await).await },
            move |()| {
                chosen.set(None);
                done.run(name);
            },
        );
    };
    view! {
        <form on:submit=send novalidate>
            <ErrorSummary form />
            <p>{t("people.works_at_text")}</p>
            <Checkboxes form name="locations" legend=t("people.works_at") choices value />
            <div class="app-dialog__actions">
                <Submit form label=t("people.works_at_save").to_string() />
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    on:click=move |_| chosen.set(None)
                >
                    {t("action.cancel")}
                </button>
            </div>
        </form>
    }
    .into_any()
}
