//! The form of a notice, with its words in each language and a preview.

use leptos::prelude::*;
use portal_domain::{
    language::OFFERED,
    notices::{MAX_BODY, NoticeContent, NoticeText, NoticeView, Severity},
    problem::FieldError,
    time::Date,
};

use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Checkbox, Choice, Radios, Select},
        field::{Kind, TextArea, TextField},
        form::{Form, Submit},
        intl,
        live::{Work, live},
        notice::{NoticeWords, SeverityTag, language_name},
        practice::Practice,
    },
    staff::audience::{AudienceFields, AudienceText, Counting},
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

#[derive(Clone, Copy)]
struct Words {
    language: RwSignal<String>,
    title: RwSignal<String>,
    body: RwSignal<String>,
}

impl Words {
    fn of(text: &NoticeText) -> Self {
        Self {
            language: RwSignal::new(text.language.clone()),
            title: RwSignal::new(text.title.clone()),
            body: RwSignal::new(text.body.clone()),
        }
    }

    fn read(self) -> NoticeText {
        NoticeText { language: self.language.get(), title: self.title.get(), body: self.body.get() }
    }
}

/// Nothing written yet, for today.
pub fn empty() -> NoticeContent {
    let today = intl::today(&Practice::here().zone());
    NoticeContent {
        audience: Default::default(),
        severity: Severity::Info,
        must_acknowledge: false,
        starts_on: today,
        ends_on: today,
        texts: vec![in_language("en")],
    }
}

fn in_language(tag: &str) -> NoticeText {
    NoticeText { language: tag.into(), title: String::new(), body: String::new() }
}

/// Sends what was written.
pub type Send = Callback<NoticeContent, Work<Result<NoticeView, ApiError>>>;

/// The form.
#[component]
pub fn Composer(
    /// What is written so far.
    content: NoticeContent,
    /// Errors and key.
    form: Form,
    /// What the button says.
    label: &'static str,
    /// Whether the notice has begun, so that audience and first day stay.
    begun: bool,
    /// Sends it.
    send: Send,
    /// What comes after.
    done: Callback<NoticeView>,
    /// What went wrong, after it is shown.
    failed: Callback<ApiError>,
) -> impl IntoView {
    let audience = AudienceText::of(&content.audience);
    let counting = Counting::new(|audience| {
        Box::pin(async move { ask(async |portal| portal.notice_reach(&audience).await).await })
    });
    let severity = RwSignal::new(content.severity.to_string());
    let must = RwSignal::new(content.must_acknowledge);
    let day = |date: Date| RwSignal::new(date.to_string());
    let (from, to) = (day(content.starts_on), day(content.ends_on));
    // Room for every language is there from the start: what is made by a button would go with the button.
    let blank = in_language("");
    let texts = content.texts.iter().chain(std::iter::repeat(&blank));
    let slots = StoredValue::new(texts.take(FIELDS.len()).map(Words::of).collect::<Vec<_>>());
    let count = RwSignal::new(content.texts.len().clamp(1, FIELDS.len()));
    let words = move || slots.with_value(|slots| slots.iter().take(count.get()).copied().collect::<Vec<_>>());
    let read = move || -> Result<NoticeContent, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut date = |field: &str, text: RwSignal<String>| {
            text.get().parse::<Date>().unwrap_or_else(|_| {
                errors.push(FieldError::new(field, "date_missing", t("field_error.date_missing")));
                Date::default()
            })
        };
        let (starts_on, ends_on) = (date("starts_on", from), date("ends_on", to));
        let audience = audience.read().unwrap_or_else(|wrong| {
            errors.extend(wrong);
            Default::default()
        });
        let content = NoticeContent {
            audience,
            severity: severity.get().parse().unwrap_or(Severity::Info),
            must_acknowledge: must.get(),
            starts_on,
            ends_on,
            texts: words().into_iter().map(Words::read).collect(),
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        let today = intl::today(&Practice::here().zone());
        content.check(today).map_err(|problem| problem.errors)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match untrack(read) {
            Err(errors) => form.refuse(errors),
            Ok(content) => {
                form.send_or(send.run(content), move |view| done.run(view), move |why| failed.run(why))
            }
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
    let severities = Severity::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), t_word("severity", one.as_str())))
        .collect::<Vec<_>>();
    let date =
        Kind { input: "date", autocomplete: "off", width: "nhsuk-input--width-10", ..Default::default() };
    view! {
        <form on:submit=submit novalidate>
            {if begun {
                view! { <p class="nhsuk-inset-text">{t("notices_staff.begun")}</p> }.into_any()
            } else {
                view! {
                    <AudienceFields form text=audience counting />
                    <TextField form name="starts_on" label=t("notices_staff.first_day") value=from kind=date />
                }
                    .into_any()
            }}
            <TextField
                form
                name="ends_on"
                label=t("notices_staff.last_day")
                hint=t("notices_staff.window_hint")
                value=to
                kind=date
            />
            <Radios form name="severity" legend=t("notices_staff.severity") choices=severities value=severity />
            <Checkbox form name="must_acknowledge" label=t("notices_staff.must") value=must />
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
            <section aria-label=t("notices_staff.preview")>
                <h2 class="nhsuk-heading-m">{t("notices_staff.preview")}</h2>
                {live(move || {
                    words()
                        .into_iter()
                        .map(|one| {
                            let text = one.read();
                            let severity = severity.get().parse().unwrap_or(Severity::Info);
                            view! {
                                <div class="nhsuk-inset-text">
                                    <p>
                                        <SeverityTag severity />
                                    </p>
                                    <p class="nhsuk-heading-s" lang=text.language.clone()>
                                        <bdi>{text.title.clone()}</bdi>
                                    </p>
                                    <NoticeWords text />
                                </div>
                            }
                        })
                        .collect_view()
                })}
            </section>
            <Submit form label=label.to_string() />
        </form>
    }
    .into_any()
}

/// The words in one language.
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
    view! {
        <fieldset class="nhsuk-fieldset nhsuk-u-margin-top-4">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">
                {if index == 0 { t("notices_staff.words") } else { t("notices_staff.translation") }}
            </legend>
            <Select form name=language label=t("notices_staff.language") choices value=one.language />
            <TextField form name=title label=t("notices_staff.title") value=one.title />
            <TextArea form name=body label=t("notices_staff.body") value=one.body max=MAX_BODY rows=6 />
            {(index > 0 && index == last)
                .then(|| {
                    view! {
                        <button type="button" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" on:click=move |_| remove.run(())>
                            {t("notices_staff.remove_language")}
                        </button>
                    }
                })}
        </fieldset>
    }
    .into_any()
}
