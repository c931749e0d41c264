//! What a grant gives, in words and in fields (PRX-2).

use leptos::prelude::*;
use portal_domain::{
    access::{Category, Depth, Level, SHAREABLE, Share},
    dependents::{GrantTerms, Relationship},
    problem::FieldError,
};

use super::{
    choice::{Checkbox, Checkboxes, Choice, Radios, Select},
    form::Form,
    live::live,
};
use crate::text::{t, t_word};

/// Relationships to choose from.
pub fn relationships() -> Vec<Choice> {
    let one = |one: &Relationship| Choice::new(one.as_str(), t_word("relationship", one.as_str()));
    std::iter::once(Choice::new("", t("family.choose"))).chain(Relationship::ALL.iter().map(one)).collect()
}

/// The chosen relationship, or the error at its field.
pub fn relationship(value: RwSignal<String>) -> Result<Relationship, FieldError> {
    let chosen = value.with_untracked(|word| word.parse().ok());
    chosen.ok_or_else(|| {
        FieldError::new("relationship", "relationship_missing", t("field_error.relationship_missing"))
    })
}

/// What somebody is to somebody.
#[component]
pub fn RelationshipField(
    /// Whose errors.
    form: Form,
    /// Who is what to whom.
    label: &'static str,
    /// The chosen word.
    value: RwSignal<String>,
) -> impl IntoView {
    view! { <Select form name="relationship" label choices=relationships() value /> }.into_any()
}

/// What is shared, each category in plain words.
pub fn shared(shares: &[Share]) -> AnyView {
    let line = |share: &Share| {
        let what = t_word("share", share.category.as_str());
        let how = t_word("share_depth", share.depth.as_str());
        view! {
            <li>
                {what} ": " {how}
            </li>
        }
        .into_any()
    };
    let lines: Vec<_> = shares.iter().map(line).collect();
    view! { <ul class="nhsuk-list nhsuk-list--bullet">{lines}</ul> }.into_any()
}

/// What is chosen of a grant's terms.
#[derive(Clone, Copy)]
pub struct Chosen {
    level: RwSignal<String>,
    categories: RwSignal<Vec<String>>,
    acts: RwSignal<bool>,
}

impl Chosen {
    /// The least to begin with.
    pub fn new() -> Self {
        Self {
            level: RwSignal::new(Level::ViewOnly.as_str().into()),
            categories: RwSignal::new(Vec::new()),
            acts: RwSignal::new(false),
        }
    }

    /// The terms, or the error at their field.
    pub fn read(self) -> Result<GrantTerms, FieldError> {
        let level = self.level.with_untracked(|word| word.parse().unwrap_or(Level::ViewOnly));
        let depth = if self.acts.get_untracked() { Depth::Act } else { Depth::View };
        let shares: Vec<Share> = self.categories.with_untracked(|all| {
            let known = all.iter().filter_map(|word| word.parse::<Category>().ok());
            known.map(|category| Share { category, depth }).collect()
        });
        match level {
            Level::Limited if shares.is_empty() => {
                Err(FieldError::new("shares", "shares_missing", t("field_error.shares_missing")))
            }
            Level::Limited => Ok(GrantTerms { level, shares, ends_on: None }),
            _ => Ok(GrantTerms { level, shares: Vec::new(), ends_on: None }),
        }
    }
}

/// The fields for it.
#[component]
pub fn TermsFields(
    /// Whose errors.
    form: Form,
    /// What is chosen.
    chosen: Chosen,
) -> impl IntoView {
    let level = |level: &Level| {
        Choice::new(level.as_str(), t_word("level", level.as_str()))
            .hint(t_word("level_hint", level.as_str()))
    };
    let levels: Vec<Choice> = Level::ALL.iter().map(level).collect();
    let categories = || {
        let one = |one: &Category| Choice::new(one.as_str(), t_word("share", one.as_str()));
        SHAREABLE.iter().map(one).collect::<Vec<_>>()
    };
    let limited = Memo::new(move |_| chosen.level.with(|level| level == Level::Limited.as_str()));
    view! {
        <Radios form name="level" legend=t("family.level") choices=levels value=chosen.level />
        {live(move || {
            limited
                .get()
                .then(|| {
                    view! {
                        <Checkboxes
                            form
                            name="shares"
                            legend=t("family.shares")
                            choices=categories()
                            value=chosen.categories
                        />
                        <Checkbox form name="acts" label=t("family.acts") value=chosen.acts />
                    }
                })
        })}
    }
    .into_any()
}
