//! The e-mail address (ENR-3): optional, and counting only once its link was opened.

use leptos::prelude::*;
use portal_domain::accounts::{AccountView, EmailChange, parse_email};

use super::parts::back;
use crate::{
    api::ask,
    shared::{
        dialog::Confirm,
        done::Done,
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        live::live,
        load::{Load, load, loaded},
        page::Page,
    },
    text::{t, t_with},
};

/// `/account/email`
#[component]
pub fn EmailPage() -> AnyView {
    let form = Form::new();
    let said = RwSignal::new(String::new());
    let account = load(|| ask(async |portal| portal.account().await));
    view! {
        <Page title=t("account.email").to_string() section=t("account.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(account, t("what.account"), move |view| view! { <Address view account form said /> }.into_any())}
        </Page>
    }
    .into_any()
}

/// Has a link mailed to an address.
fn mail_link(form: Form, account: Load<AccountView>, said: RwSignal<String>, email: String) {
    said.set(String::new());
    let change = EmailChange { email: email.clone() };
    form.send(async move { ask(async |portal| portal.change_email(&change).await).await }, move |view| {
        account.put(view);
        said.set(t_with("email.sent", &[("email", &email)]));
    });
}

#[component]
fn Address(
    view: AccountView,
    account: Load<AccountView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let removing = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match parse_email("email", &typed.get_untracked()) {
            Ok(email) => mail_link(form, account, said, email),
            Err(error) => form.refuse(vec![error]),
        }
    };
    let remove = Callback::new(move |()| {
        said.set(String::new());
        form.send(ask(async |portal| portal.remove_email().await), move |view| {
            account.put(view);
            said.set(t("email.removed").into());
        });
    });
    let waiting = view.unverified_email.map(|email| {
        let again = email.clone();
        view! {
            <div class="nhsuk-inset-text">
                <p>
                    <strong>{t_with("email.waits", &[("email", &email)])}</strong>
                </p>
                <p>{t("email.waits_text")}</p>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0"
                    aria-disabled=move || form.busy().then_some("true")
                    on:click=move |_| mail_link(form, account, said, again.clone())
                >
                    {t("email.again")}
                </button>
            </div>
        }
        .into_any()
    });
    let has_one = view.email.is_some();
    let now = match view.email {
        Some(email) => view! {
            <p>{t("email.now")}</p>
            <p>
                <strong>
                    <bdi>{email}</bdi>
                </strong>
            </p>
            <p>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    aria-disabled=move || form.busy().then_some("true")
                    on:click=move |_| removing.set(true)
                >
                    {t("email.remove")}
                </button>
            </p>
        }
        .into_any(),
        None => view! {
            <p>{t("email.none")}</p>
            <ul>
                <li>{t("email.missing_1")}</li>
                <li>{t("email.missing_2")}</li>
            </ul>
        }
        .into_any(),
    };
    let (heading, label) = match has_one {
        true => (t("email.change"), t("email.new")),
        false => (t("email.add"), t("recovery.email")),
    };
    view! {
        {now} {waiting} <h2 class="nhsuk-heading-m">{heading}</h2>
        <form on:submit=send novalidate>
            <TextField
                form
                name="email"
                label
                hint=t("email.hint")
                value=typed
                kind=Kind { autocomplete: "email", input: "email", verbatim: true, ..Default::default() }
            />
            <Submit form label=t("email.send").to_string() />
        </form>
        {live(move || {
            has_one
                .then(|| {
                    view! {
                        <Confirm
                            open=removing
                            id="remove-title"
                            title=Signal::derive(|| t("email.remove_title").to_string())
                            text=Signal::derive(|| t("email.remove_text").to_string())
                            yes=t("email.remove_yes")
                            act=remove
                        />
                    }
                })
        })}
    }
    .into_any()
}
