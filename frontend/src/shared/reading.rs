//! An item of the library as it is read: its parts as elements of the page, so that nothing of a text ever runs.

use leptos::prelude::*;
use portal_domain::{
    education::{Block, EducationFile, EducationReading, Span},
    ids::EducationId,
};

use super::notice::language_name;
use crate::{
    api::education_file_path,
    text::{t, t_with},
};

/// The parts of a text.
pub fn reading(blocks: Vec<Block>) -> AnyView {
    blocks.into_iter().map(block).collect_view().into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Heading { level, content } => heading(level, spans(content)),
        Block::Paragraph { content } => view! { <p>{spans(content)}</p> }.into_any(),
        Block::List { ordered, items } => {
            let items: Vec<AnyView> =
                items.into_iter().map(|item| view! { <li>{item_of(item)}</li> }.into_any()).collect();
            match ordered {
                true => view! { <ol class="nhsuk-list nhsuk-list--number">{items}</ol> }.into_any(),
                false => view! { <ul class="nhsuk-list nhsuk-list--bullet">{items}</ul> }.into_any(),
            }
        }
        Block::Quote { blocks } => view! { <div class="nhsuk-inset-text">{reading(blocks)}</div> }.into_any(),
        Block::Verbatim { text } => view! { <p class="app-lines">{text}</p> }.into_any(),
        Block::Rule => {
            view! { <hr class="nhsuk-section-break nhsuk-section-break--m nhsuk-section-break--visible" /> }
                .into_any()
        }
    }
}

/// A point of a list that is one paragraph stands without the paragraph's room round it.
fn item_of(item: Vec<Block>) -> AnyView {
    match <[Block; 1]>::try_from(item) {
        Ok([Block::Paragraph { content }]) => spans(content),
        Ok([one]) => block(one),
        Err(item) => reading(item),
    }
}

fn heading(level: u8, words: AnyView) -> AnyView {
    match level {
        ..=2 => view! { <h2 class="nhsuk-heading-m">{words}</h2> }.into_any(),
        3 => view! { <h3 class="nhsuk-heading-s">{words}</h3> }.into_any(),
        _ => view! { <h4 class="nhsuk-heading-xs">{words}</h4> }.into_any(),
    }
}

fn spans(content: Vec<Span>) -> AnyView {
    content.into_iter().map(span).collect_view().into_any()
}

fn span(span: Span) -> AnyView {
    match span {
        Span::Text { text } => text.into_any(),
        Span::Strong { content } => view! { <strong>{spans(content)}</strong> }.into_any(),
        Span::Emphasis { content } => view! { <em>{spans(content)}</em> }.into_any(),
        Span::Link { href, content } => {
            view! { <a href=href rel="external noopener noreferrer">{spans(content)}</a> }.into_any()
        }
        Span::Break => view! { <br /> }.into_any(),
    }
}

/// An item whole: a word about its language, its text, its files.
#[component]
pub fn Reading(
    /// What came.
    view: EducationReading,
    /// The address of the page, to read it in another language.
    path: String,
) -> impl IntoView {
    let own = view.summary.language.clone();
    let note = (!view.in_wanted_language).then(|| {
        let language = language_name(&own);
        view! { <p class="nhsuk-inset-text">{t_with("learn.other_language", &[("language", &language)])}</p> }
    });
    let others = view.languages.iter().filter(|tag| **tag != own).cloned();
    let others: Vec<_> = others
        .map(|tag| {
            let href = format!("{path}?language={tag}");
            view! {
                <li>
                    <a href=href lang=tag.clone() hreflang=tag.clone()>
                        {language_name(&tag)}
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <nav class="no-print" aria-label=t("learn.languages")>
                <ul class="app-cluster app-plain-list">{others}</ul>
            </nav>
        }
    });
    view! {
        {note}
        {others}
        <div lang=own dir="auto">
            {reading(view.blocks)}
        </div>
        {files(view.summary.id, view.files)}
    }
    .into_any()
}

/// The files of an item, to be saved.
pub fn files(id: EducationId, files: Vec<EducationFile>) -> Option<AnyView> {
    let file = |file: EducationFile| {
        let (name, size) = (file.name.clone(), (file.size / 1024 + 1).to_string());
        view! {
            <li>
                <a href=education_file_path(id, file.id) download=name rel="external">
                    <bdi>{file.name}</bdi>
                </a>
                " "
                <span class="app-quiet">{t_with("thread.file_size", &[("size", &size)])}</span>
            </li>
        }
        .into_any()
    };
    (!files.is_empty()).then(|| {
        let files: Vec<_> = files.into_iter().map(file).collect();
        view! {
            <h2 class="nhsuk-heading-m">{t("learn.files")}</h2>
            <ul class="nhsuk-list">{files}</ul>
        }
        .into_any()
    })
}
