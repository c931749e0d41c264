//! Language, notices, and how pages look.

use leptos::prelude::*;
use portal_domain::accounts::{AccountView, NoticeChoice, Preferences};

use super::{
    appearance::Appearance,
    parts::{back, root},
};
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios, Select},
        done::Done,
        form::{ErrorSummary, Form, Submit},
        load::{Load, load, loaded},
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
    let notices = RwSignal::new(view.notices.as_str().to_string());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = notices.get_untracked();
        let notices = NoticeChoice::ALL.iter().find(|choice| choice.as_str() == chosen);
        let preferences = Preferences {
            language: language.get_untracked(),
            notices: notices.copied().unwrap_or(NoticeChoice::Now),
        };
        said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.change_preferences(&preferences).await).await },
            move |view| {
                account.put(view);
                said.set(t("preferences.saved").into());
            },
        );
    };
    // Those that the portal speaks (BCP 47), each by its own name.
    let languages = vec![Choice::new("en", t("preferences.en"))];
    let choices: Vec<Choice> = NoticeChoice::ALL
        .iter()
        .map(|choice| Choice::new(choice.as_str(), t_word("notices", choice.as_str())))
        .collect();
    let without = view.email.is_none().then(|| {
        view! {
            <p>
                {t("preferences.no_email")} " " <a href=format!("{}/email", root())>{t("preferences.add_email")}</a>
            </p>
        }
    });
    view! {
        <form on:submit=send novalidate>
            <Select form name="language" label=t("preferences.language") choices=languages value=language />
            <Radios form name="notices" legend=t("preferences.notices") choices value=notices />
            {without}
            <p class="app-quiet">{t("preferences.security")}</p>
            <Submit form label=t("preferences.save").to_string() />
        </form>
    }
    .into_any()
}
