//! The form of an item: topic, codes, words in each language with a preview, files.

use leptos::prelude::*;
use portal_domain::{
    audience::CodedTerm,
    chart::systems,
    education::{
        Block, EducationContent, EducationText, EducationTopic, EducationView, MAX_BODY, PreviewText,
    },
    language::OFFERED,
    problem::FieldError,
};

use super::files::{Attached, Files};
use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Choice, Select},
        field::{TextArea, TextField},
        form::{Form, Submit},
        live::{Work, go_on, live},
        notice::language_name,
        reading::reading,
    },
    text::{t, t_word},
};

/// The fields of each language, by their paths in the request.
const FIELDS: [[&str; 3]; 6] = [
    ["texts[0].language", "texts[0].title", "texts[0].body"],
    ["texts[1].language", "texts[1].title", "texts[1].body"],
    ["texts[2].language", "texts[2].title", "texts[2].body"],
    ["texts[3].language", "texts[3].title", "texts[3].body"],
    ["texts[4].language", "texts[4].title", "texts[4].body"],
    ["texts[5].language", "texts[5].title", "texts[5].body"],
];

/// Code systems by the short names that staff type.
const SYSTEMS: [(&str, &str); 4] = [
    ("LOINC", systems::LOINC),
    ("SNOMED", systems::SNOMED_CT),
    ("ICD10", systems::ICD_10_CM),
    ("RXNORM", systems::RXNORM),
];

#[derive(Clone, Copy)]
struct Words {
    language: RwSignal<String>,
    title: RwSignal<String>,
    body: RwSignal<String>,
}

impl Words {
    fn of(text: &EducationText) -> Self {
        Self {
            language: RwSignal::new(text.language.clone()),
            title: RwSignal::new(text.title.clone()),
            body: RwSignal::new(text.body.clone()),
        }
    }

    fn read(self) -> EducationText {
        EducationText { language: self.language.get(), title: self.title.get(), body: self.body.get() }
    }
}

fn in_language(tag: &str) -> EducationText {
    EducationText { language: tag.into(), title: String::new(), body: String::new() }
}

/// Nothing written yet.
pub fn empty() -> EducationContent {
    EducationContent {
        topic: EducationTopic::Conditions,
        codes: Vec::new(),
        files: Vec::new(),
        texts: vec![in_language("en")],
    }
}

/// A code as staff type and read it: `LOINC 4548-4`.
pub fn spell(term: &CodedTerm) -> String {
    let name = SYSTEMS.iter().find(|(_, system)| *system == term.system).map(|(name, _)| *name);
    format!("{} {}", name.unwrap_or(&term.system), term.code)
}

/// Codes, one a line.
fn read_codes(text: &str) -> Result<Vec<CodedTerm>, FieldError> {
    let wrong = || FieldError::new("codes", "code_line", t("field_error.code_line"));
    let line = |line: &str| {
        let (name, code) = line.trim().split_once(char::is_whitespace).ok_or_else(wrong)?;
        let known = SYSTEMS.iter().find(|(short, _)| short.eq_ignore_ascii_case(name));
        let system = known.map(|(_, system)| *system).or_else(|| name.contains(':').then_some(name));
        Ok(CodedTerm { system: system.ok_or_else(wrong)?.into(), code: code.trim().into() })
    };
    text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

/// Sends what was written.
pub type Send = Callback<EducationContent, Work<Result<EducationView, ApiError>>>;

/// The form.
#[component]
pub fn Editor(
    /// What is written so far.
    content: EducationContent,
    /// The item, once it was saved: files are uploaded to it.
    item: Option<EducationView>,
    /// Errors and key.
    form: Form,
    /// Sends it.
    send: Send,
    /// What comes after.
    done: Callback<EducationView>,
) -> impl IntoView {
    let topic = RwSignal::new(content.topic.to_string());
    let codes = RwSignal::new(content.codes.iter().map(spell).collect::<Vec<_>>().join("\n"));
    let attached = Attached::of(item.as_ref(), &content);
    // Room for every language is there from the start: what is made by a button would go with the button.
    let blank = in_language("");
    let texts = content.texts.iter().chain(std::iter::repeat(&blank));
    let slots = StoredValue::new(texts.take(FIELDS.len()).map(Words::of).collect::<Vec<_>>());
    let count = RwSignal::new(content.texts.len().clamp(1, FIELDS.len()));
    let words = move || slots.with_value(|slots| slots.iter().take(count.get()).copied().collect::<Vec<_>>());
    let read = move || -> Result<EducationContent, Vec<FieldError>> {
        let content = EducationContent {
            topic: topic.get().parse().unwrap_or(EducationTopic::Conditions),
            codes: codes.with(|text| read_codes(text)).map_err(|error| vec![error])?,
            files: attached.ids(),
            texts: words().into_iter().map(Words::read).collect(),
        };
        content.check().map_err(|problem| problem.errors.into_iter().map(at_codes).collect())
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match untrack(read) {
            Err(errors) => form.refuse(errors),
            Ok(content) => form.send(send.run(content), move |view| done.run(view)),
        }
    };
    let add = move |_| {
        let written = untrack(words);
        let free = OFFERED
            .iter()
            .find(|tag| !written.iter().any(|one| one.language.with_untracked(|language| language == *tag)));
        let next = slots.with_value(|slots| slots.get(written.len()).copied());
        if let Some(next) = next {
            next.language.set(free.copied().unwrap_or_default().into());
            count.set(written.len() + 1);
        }
    };
    let remove = Callback::new(move |()| count.update(|count| *count -= 1));
    let topics: Vec<_> = EducationTopic::ALL
        .iter()
        .map(|topic| Choice::new(topic.as_str(), t_word("education_topic", topic.as_str())))
        .collect();
    let files = match item {
        Some(item) => view! { <Files item=item.id attached /> }.into_any(),
        None => view! { <p class="app-quiet">{t("library.files_later")}</p> }.into_any(),
    };
    view! {
        <form on:submit=submit novalidate>
            <Select form name="topic" label=t("learn.topic") choices=topics value=topic />
            {live(move || {
                let all = words();
                let last = all.len() - 1;
                all.into_iter()
                    .zip(FIELDS)
                    .enumerate()
                    .map(|(index, (one, names))| view! { <Language form index one names remove last /> })
                    .collect_view()
            })}
            {live(move || {
                (count.get() < FIELDS.len())
                    .then(|| {
                        view! {
                            <p>
                                <button
                                    type="button"
                                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                                    on:click=add
                                >
                                    {t("notices_staff.add_language")}
                                </button>
                            </p>
                        }
                    })
            })}
            <TextArea
                form
                name="codes"
                label=t("library.codes")
                hint=t("library.codes_hint")
                value=codes
                max=4_000
                rows=3
            />
            {files}
            <Submit form label=t("library.save").to_string() />
        </form>
    }
    .into_any()
}

/// All codes stand in one field.
fn at_codes(error: FieldError) -> FieldError {
    if error.field.starts_with("codes[") { FieldError { field: "codes".into(), ..error } } else { error }
}

/// The words in one language, and how they will look.
#[component]
fn Language(
    form: Form,
    index: usize,
    one: Words,
    names: [&'static str; 3],
    remove: Callback<()>,
    last: usize,
) -> impl IntoView {
    let [language, title, body] = names;
    let mut tags: Vec<String> = OFFERED.iter().map(|tag| (*tag).into()).collect();
    let own = one.language.get_untracked();
    if !tags.contains(&own) {
        tags.push(own);
    }
    let choices: Vec<_> = tags.into_iter().map(|tag| Choice::new(tag.clone(), language_name(&tag))).collect();
    let hint = (index == 0).then(|| t("library.body_hint"));
    view! {
        <fieldset class="nhsuk-fieldset nhsuk-u-margin-top-4">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">
                {if index == 0 { t("notices_staff.words") } else { t("notices_staff.translation") }}
            </legend>
            <Select form name=language label=t("notices_staff.language") choices value=one.language />
            <TextField form name=title label=t("notices_staff.title") value=one.title />
            {match hint {
                Some(hint) => {
                    view! {
                        <TextArea form name=body label=t("notices_staff.body") hint value=one.body max=MAX_BODY rows=14 />
                    }
                        .into_any()
                }
                None => {
                    view! { <TextArea form name=body label=t("notices_staff.body") value=one.body max=MAX_BODY rows=14 /> }
                        .into_any()
                }
            }}
            <Preview form one />
            {(index > 0 && index == last)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                            on:click=move |_| remove.run(())
                        >
                            {t("notices_staff.remove_language")}
                        </button>
                    }
                })}
        </fieldset>
    }
    .into_any()
}

/// The text as readers will see it, when asked for: the server reads Markdown, and shows the same to readers.
#[component]
fn Preview(form: Form, one: Words) -> impl IntoView {
    let shown = RwSignal::new(None::<Vec<Block>>);
    let show = move |_| {
        let text = PreviewText { body: one.body.get_untracked() };
        go_on(async move {
            match ask(async |portal| portal.preview_education(&text).await).await {
                Ok(preview) => drop(shown.try_set(Some(preview.blocks))),
                Err(error) => form.fail(&error),
            }
        });
    };
    view! {
        <p>
            <button type="button" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" on:click=show>
                {t("library.preview")}
            </button>
        </p>
        <div role="status">
            {live(move || {
                shown
                    .get()
                    .map(|blocks| {
                        view! {
                            <div class="nhsuk-inset-text" lang=one.language.get() dir="auto">
                                <p class="nhsuk-heading-m">{one.title.get()}</p>
                                {reading(blocks)}
                            </div>
                        }
                    })
            })}
        </div>
    }
    .into_any()
}
