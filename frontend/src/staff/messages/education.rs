//! Items of the library that go along with an answer.

use leptos::prelude::*;
use portal_domain::education::EducationSummary;

use crate::{
    api::ask,
    shared::{
        draft::Draft,
        live::{go_on, live},
    },
    staff::education::picker::Picker,
    text::{t, t_with},
};

/// What is chosen, and the field to choose more.
#[component]
pub fn AddEducation(
    /// Of which draft.
    draft: Draft,
) -> impl IntoView {
    // Titles by the side of the ids that the draft keeps.
    let known = RwSignal::new(Vec::<EducationSummary>::new());
    for id in draft.education.get_untracked() {
        go_on(async move {
            // What was retired since has no title any more; sending says so.
            if let Ok(item) = ask(async |portal| portal.read_education(id, &Default::default()).await).await {
                known.try_update(|known| known.push(item.summary));
            }
        });
    }
    let choose = Callback::new(move |item: EducationSummary| {
        let id = item.id;
        known.update(|known| known.push(item));
        draft.education.update(|chosen| {
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        });
    });
    let rows = move || {
        let known = known.get();
        draft
            .education
            .get()
            .into_iter()
            .map(|id| {
                let title = known.iter().find(|item| item.id == id).map(|item| item.title.clone());
                let title = title.unwrap_or_else(|| t("library.gone").into());
                let label = t_with("files.remove_what", &[("name", &title)]);
                let remove = move |_| draft.education.update(|chosen| chosen.retain(|other| *other != id));
                view! {
                    <li class="app-files__row">
                        <bdi>{title}</bdi>
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                            aria-label=label
                            on:click=remove
                        >
                            {t("files.remove")}
                        </button>
                    </li>
                }
                .into_any()
            })
            .collect_view()
    };
    view! {
        <ul class="app-files" aria-label=t("thread.to_read")>
            {live(rows)}
        </ul>
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("library.send_along")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <Picker id="send-item" verb=t("library.add") choose />
            </div>
        </details>
    }
    .into_any()
}
