//! Where a value lies, in words with a shape: never by colour alone (LAB-3).

use leptos::prelude::*;
use portal_domain::results::Flag;

use crate::text::t_word;

/// The words of a flag; nothing where nothing can be said.
#[component]
pub fn FlagWords(
    /// The flag.
    flag: Flag,
    /// In one word, for the column of a table.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let class = match flag {
        Flag::None => return ().into_any(),
        Flag::Normal => "app-flag app-flag--usual",
        Flag::Low => "app-flag app-flag--low",
        Flag::High | Flag::Abnormal => "app-flag app-flag--high",
        Flag::CriticalLow | Flag::CriticalHigh | Flag::CriticalAbnormal => "app-flag app-flag--critical",
    };
    let words = if short { t_word("flag_short", flag.as_str()) } else { t_word("flag", flag.as_str()) };
    view! { <span class=class>{words}</span> }.into_any()
}
