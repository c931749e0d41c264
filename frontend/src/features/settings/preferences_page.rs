//! Language, notices, and how pages look.

use leptos::prelude::*;
use portal_domain::{
    accounts::{AccountView, NoticeChoice, Preferences},
    language::OFFERED,
    notifications::{NotificationChoices, NotificationKind},
};

use super::{
    appearance::Appearance,
    parts::{back, root},
};
use crate::{
    api::ask,
    session::{Session, Side},
    shared::{
        choice::{Choice, Select},
        done::Done,
        form::{ErrorSummary, Form, Submit},
        load::{Load, load, loaded},
        notice::language_name,
        page::Page,
    },
    text::{t, t_word},
};

/// `/account/preferences`
#[component]
pub fn PreferencesPage() -> AnyView {
    let form = Form::new();
    let said = RwSignal::new(String::new());
    let account = load(|| ask(async |portal| portal.account().await));
    view! {
        <Page title=t("account.preferences").to_string() section=t("account.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(account, t("what.account"), move |view| view! { <Choices view account form said /> }.into_any())}
            <Appearance />
        </Page>
    }
    .into_any()
}

#[component]
fn Choices(
    view: AccountView,
    account: Load<AccountView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let language = RwSignal::new(view.language.clone());
    let chosen: Vec<(NotificationKind, RwSignal<String>)> = NotificationKind::ALL
        .iter()
        .map(|kind| (*kind, RwSignal::new(view.notices.of(*kind).as_str().to_string())))
        .collect();
    let asked = StoredValue::new(chosen.clone());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut notices = NotificationChoices::default();
        asked.with_value(|asked| {
            for (kind, chosen) in asked {
                let chosen = chosen.get_untracked();
                let choice = NoticeChoice::ALL.iter().find(|choice| choice.as_str() == chosen);
                *notices.of_mut(*kind) = choice.copied().unwrap_or_default();
            }
        });
        let preferences = Preferences { language: language.get_untracked(), notices };
        said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.change_preferences(&preferences).await).await },
            move |view| {
                account.put(view);
                said.set(t("preferences.saved").into());
            },
        );
    };
    // Each by its own name.
    let languages = OFFERED.map(|tag| Choice::new(tag, language_name(tag))).to_vec();
    let choices = || {
        NoticeChoice::ALL
            .iter()
            .map(|choice| Choice::new(choice.as_str(), t_word("notices", choice.as_str())))
            .collect::<Vec<_>>()
    };
    let without = view.email.is_none().then(|| {
        view! {
            <p>
                {t("preferences.no_email")} " " <a href=format!("{}/email", root())>{t("preferences.add_email")}</a>
            </p>
        }
    });
    // Only patients have an inbox that tells of news.
    let news = (Session::here().side() == Side::Patient).then(|| {
        let kinds = chosen.into_iter().map(|(kind, value)| {
            let label = t_word("notification_kind", kind.as_str());
            view! { <Select form name=field(kind) label choices=choices() value /> }
        });
        view! {
            <fieldset class="nhsuk-fieldset">
                <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">{t("preferences.notices")}</legend>
                <p>{t("preferences.notices_text")}</p>
                {without}
                {kinds.collect_view()}
            </fieldset>
            <p class="app-quiet">{t("preferences.security")}</p>
        }
    });
    view! {
        <form on:submit=send novalidate>
            <Select form name="language" label=t("preferences.language") choices=languages value=language />
            <p class="app-quiet">{t("preferences.language_text")}</p>
            {news}
            <Submit form label=t("preferences.save").to_string() />
        </form>
    }
    .into_any()
}

/// Where a choice stands in the request.
fn field(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Messages => "notices.messages",
        NotificationKind::Appointments => "notices.appointments",
        NotificationKind::Results => "notices.results",
        NotificationKind::Notices => "notices.notices",
        NotificationKind::Education => "notices.education",
        NotificationKind::HealthRecords => "notices.health_records",
        NotificationKind::Medications => "notices.medications",
        NotificationKind::Bills => "notices.bills",
    }
}
