//! What an item says: its draft, and each version that was published.

use leptos::prelude::*;
use portal_domain::{
    education::{EducationContent, EducationFile, EducationText, EducationVersion, PreviewText},
    ids::EducationId,
};

use crate::{
    api::ask,
    shared::{
        intl::{self, Style},
        live::live,
        load::{load, loaded},
        notice::language_name,
        practice::Practice,
        reading::{files as file_list, reading},
    },
    text::{t, t_with},
};

/// Content in every language, as readers see it.
#[component]
pub fn Content(
    /// Of which item.
    id: EducationId,
    /// What it says.
    content: EducationContent,
    /// The files of the item.
    files: Vec<EducationFile>,
) -> impl IntoView {
    let named = content.files.iter().filter_map(|id| files.iter().find(|file| file.id == *id).cloned());
    let named: Vec<EducationFile> = named.collect();
    view! {
        {content.texts.into_iter().map(text).collect_view()}
        {file_list(id, named)}
    }
    .into_any()
}

/// The server reads Markdown, so that staff see what readers see.
fn text(text: EducationText) -> AnyView {
    let asked = PreviewText { body: text.body };
    let parts = load(move || {
        let asked = asked.clone();
        async move { ask(async |portal| portal.preview_education(&asked).await).await }
    });
    let language = language_name(&text.language);
    view! {
        <section class="nhsuk-inset-text">
            <p class="app-quiet">{language}</p>
            <div lang=text.language dir="auto">
                <p class="nhsuk-heading-m">{text.title}</p>
                {loaded(parts, t("what.reading"), |preview| reading(preview.blocks))}
            </div>
        </section>
    }
    .into_any()
}

/// Every published version, the newest first; each is shown when it is unfolded.
#[component]
pub fn Versions(
    /// Of which item.
    id: EducationId,
    /// The versions.
    versions: Vec<EducationVersion>,
    /// The files of the item.
    files: Vec<EducationFile>,
) -> impl IntoView {
    if versions.is_empty() {
        return ().into_any();
    }
    let zone = Practice::here().zone();
    let version = move |version: EducationVersion| {
        let date = intl::format(version.published_at, Style::Short, &zone);
        let label = t_with(
            "library.version",
            &[("number", &version.number.to_string()), ("date", &date), ("name", &version.published_by)],
        );
        let (open, files) = (RwSignal::new(false), files.clone());
        let toggle = move |event: web_sys::Event| {
            let details = event.target().map(wasm_bindgen::JsCast::unchecked_into::<web_sys::Element>);
            open.set(details.is_some_and(|details| details.has_attribute("open")));
        };
        view! {
            <details class="nhsuk-details" on:toggle=toggle>
                <summary class="nhsuk-details__summary">
                    <span class="nhsuk-details__summary-text">{label}</span>
                </summary>
                <div class="nhsuk-details__text">
                    {live(move || {
                        let (content, files) = (version.content.clone(), files.clone());
                        open.get().then(|| view! { <Content id content files /> })
                    })}
                </div>
            </details>
        }
        .into_any()
    };
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("library.versions")}</h2>
        {versions.into_iter().map(version).collect_view()}
    }
    .into_any()
}
