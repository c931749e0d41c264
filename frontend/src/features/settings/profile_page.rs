//! Who is signed in, and the one free change of the username.

use leptos::prelude::*;
use portal_domain::{
    accounts::{AccountView, UsernameChange, parse_username},
    problem::Code,
};

use super::parts::back;
use crate::{
    api::ask,
    session::Session,
    shared::{
        done::Done,
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        intl,
        load::{load, loaded},
        page::Page,
        summary::{Fact, summary},
    },
    text::{t, t_with},
};

/// `/account/profile`
#[component]
pub fn ProfilePage() -> AnyView {
    let session = Session::here();
    let form = Form::new();
    let said = RwSignal::new(String::new());
    let account = load(|| ask(async |portal| portal.account().await));
    let show = move |view: AccountView| {
        let (name, patient) = session
            .read(|session| (session.display_name.clone(), session.patient.clone()))
            .unwrap_or_default();
        let mut facts =
            vec![Fact::text(t("account.name"), name), Fact::text(t("account.username"), view.username)];
        if let Some(patient) = patient {
            facts.push(Fact::text(t("account.born"), intl::date(patient.birth_date)));
            facts.push(Fact::text(t("account.mrn"), patient.mrn));
        }
        let change = match view.can_change_username {
            true => view! { <ChangeUsername form account said /> }.into_any(),
            false => view! { <p>{t("profile.changed_once")}</p> }.into_any(),
        };
        view! {
            {summary(facts)}
            <p class="app-quiet">{t("account.wrong")}</p>
            <h2 class="nhsuk-heading-m">{t("profile.change")}</h2>
            {change}
        }
        .into_any()
    };
    view! {
        <Page title=t("account.profile").to_string() section=t("account.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(account, t("what.account"), show)}
        </Page>
    }
    .into_any()
}

#[component]
fn ChangeUsername(
    form: Form,
    account: crate::shared::load::Load<AccountView>,
    said: RwSignal<String>,
) -> impl IntoView {
    let session = Session::here();
    let username = RwSignal::new(String::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let change = match parse_username("username", &username.get_untracked()) {
            Ok(username) => UsernameChange { username },
            Err(error) => return form.refuse(vec![error]),
        };
        form.send_or(
            async move { ask(async |portal| portal.change_username(&change).await).await },
            move |view| {
                said.set(t_with("profile.done", &[("username", &view.username)]));
                account.put(view);
                session.ask_again();
            },
            move |error| {
                if error.code() == Some(Code::UsernameTaken) {
                    form.refuse_at("username", Code::UsernameTaken);
                }
            },
        );
    };
    view! {
        <p>{t("profile.once")}</p>
        <form on:submit=send novalidate>
            <TextField
                form
                name="username"
                label=t("profile.new")
                hint=t("enrol.username_hint")
                value=username
                kind=Kind { autocomplete: "username", verbatim: true, ..Default::default() }
            />
            <Submit form label=t("profile.save").to_string() />
        </form>
    }
    .into_any()
}
