//! What others may do for minors, age by age (PRX-3): the practice chooses one of three rules.

use leptos::prelude::*;
use portal_domain::{
    access::{AgePolicy, AgePreset},
    dependents::AgePolicyView,
    problem::{Code, FieldError},
};

use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios},
        done::Done,
        form::{ErrorSummary, Form, Submit},
        load::{Load, load, loaded},
    },
    text::{t, t_word},
};

/// The rule that holds, and the choice of another.
#[component]
pub fn Ages() -> impl IntoView {
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let policy = load(|| ask(async |portal| portal.age_policy().await));
    view! {
        <section class="nhsuk-u-margin-top-6" aria-labelledby="ages-title">
            <h2 class="nhsuk-heading-m" id="ages-title">{t("ages.title")}</h2>
            <p>{t("ages.text")}</p>
            <ErrorSummary form />
            <Done said />
            {loaded(policy, t("what.policies"), move |view| view! { <Choose view form said policy /> }.into_any())}
        </section>
    }
    .into_any()
}

#[component]
fn Choose(
    view: AgePolicyView,
    form: Form,
    said: RwSignal<String>,
    policy: Load<AgePolicyView>,
) -> impl IntoView {
    let version = view.version;
    let chosen = RwSignal::new(view.preset.map(|preset| preset.to_string()).unwrap_or_default());
    let own = view.preset.is_none().then(|| view! { <p class="nhsuk-inset-text">{t("ages.own")}</p> });
    let choice = |preset: &AgePreset| {
        Choice::new(preset.as_str(), t_word("age_preset", preset.as_str()))
            .hint(t_word("age_preset_hint", preset.as_str()))
    };
    let choices: Vec<Choice> = AgePreset::ALL.iter().map(choice).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        said.set(String::new());
        let Some(preset) = chosen.with_untracked(|word| word.parse::<AgePreset>().ok()) else {
            let missing = FieldError::new("preset", "preset_missing", t("field_error.preset_missing"));
            return form.refuse(vec![missing]);
        };
        let changed = AgePolicy::of(preset);
        form.send_or(
            async move { ask(async |portal| portal.change_age_policy(version, &changed).await).await },
            move |view| {
                policy.put(view);
                said.set(t("ages.saved").into());
            },
            // Somebody else was faster: their rule is shown, the message says so.
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    policy.again();
                }
            },
        );
    };
    view! {
        <form on:submit=send novalidate>
            {own}
            <Radios form name="preset" legend=t("ages.legend") choices value=chosen />
            <Submit form label=t("ages.save").to_string() />
        </form>
    }
    .into_any()
}
