//! A notice in words: as patients read it, and as staff preview it.

use leptos::prelude::*;
use portal_domain::notices::{NoticeText, Severity};

use crate::text::{t_word, t_word_opt};

pub use crate::logic::wording::LANGUAGES;

/// A language by its own name; its tag where the catalogue has none.
pub fn language_name(tag: &str) -> String {
    t_word_opt("language", tag).map_or_else(|| tag.to_string(), Into::into)
}

/// How much it matters, in words and colour.
#[component]
pub fn SeverityTag(
    /// How much.
    severity: Severity,
) -> impl IntoView {
    let class = match severity {
        Severity::Info => "nhsuk-tag nhsuk-tag--blue",
        Severity::Important => "nhsuk-tag nhsuk-tag--yellow",
        Severity::Urgent => "nhsuk-tag nhsuk-tag--red",
    };
    view! { <strong class=class>{t_word("severity", severity.as_str())}</strong> }.into_any()
}

/// The paragraphs of a notice: plain text, an empty line parts them.
#[component]
pub fn NoticeWords(
    /// In one language.
    text: NoticeText,
) -> impl IntoView {
    let body = text.body.replace("\r\n", "\n");
    let paragraphs: Vec<_> = body
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| view! { <p class="app-lines">{paragraph.trim().to_string()}</p> }.into_any())
        .collect();
    view! {
        <div lang=text.language dir="auto">
            {paragraphs}
        </div>
    }
    .into_any()
}
