//! Passkeys: adding one, naming it, and taking it away.

use leptos::prelude::*;
use portal_domain::accounts::{NewPasskey, PasskeyName, PasskeyView, parse_passkey_name};

use super::parts::back;
use crate::{
    api::ask,
    shared::{
        dialog::{Confirm, Dialog},
        done::Done,
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        live::live,
        load::{Load, load, loaded},
        page::Page,
        passkey::{self, Refused},
        practice::Practice,
    },
    text::{t, t_with},
};

/// What the page's parts share.
#[derive(Clone, Copy)]
struct Shared {
    form: Form,
    said: RwSignal<String>,
    passkeys: Load<Vec<PasskeyView>>,
}

impl Shared {
    /// Carries out one change of the list and says what was done.
    fn done(self, said: String) {
        self.said.set(said);
        self.passkeys.again();
    }
}

/// `/account/passkeys`
#[component]
pub fn PasskeysPage() -> AnyView {
    let passkeys = load(|| ask(async |portal| portal.passkeys().await));
    let shared = Shared { form: Form::new(), said: RwSignal::new(String::new()), passkeys };
    let form = shared.form;
    let add = match passkey::available() {
        true => {
            let added = Callback::new(move |added: PasskeyView| {
                shared.done(t_with("passkey.added", &[("name", &added.name)]));
            });
            view! { <Add form added /> }.into_any()
        }
        false => view! { <p>{t("passkey.unable")}</p> }.into_any(),
    };
    view! {
        <Page title=t("account.passkeys_title").to_string() section=t("account.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said=shared.said />
            <p>{t("passkey.what")}</p>
            {loaded(passkeys, t("what.passkeys"), move |list| view! { <List list shared /> }.into_any())}
            <h2 class="nhsuk-heading-m">{t("passkey.add")}</h2>
            {add}
        </Page>
    }
    .into_any()
}

/// A name, and the button that has the browser make a passkey.
#[component]
pub fn Add(
    /// Errors.
    form: Form,
    /// Takes the new passkey.
    added: Callback<PasskeyView>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name_given = match parse_passkey_name("name", &name.get_untracked()) {
            Ok(name) => name,
            Err(error) => return form.refuse(vec![error]),
        };
        let refused = RwSignal::new(None::<&'static str>);
        let work = async move {
            let options = ask(async |portal| portal.new_passkey_options().await).await?;
            let credential = match passkey::create(&options).await {
                Ok(credential) => credential,
                Err(Refused::Portal(error)) => return Err(error),
                Err(other) => {
                    refused.try_set(other.sentence());
                    return Ok(None);
                }
            };
            let passkey = NewPasskey { ceremony_id: options.ceremony_id, credential, name: name_given };
            ask(async |portal| portal.add_passkey(&passkey).await).await.map(Some)
        };
        form.send(work, move |made| match made {
            Some(passkey) => {
                name.set(String::new());
                added.run(passkey);
            }
            None => form.say(refused.get_untracked().unwrap_or_default()),
        });
    };
    view! {
        <form on:submit=send novalidate>
            <TextField
                form
                name="name"
                label=t("passkey.name")
                hint=t("passkey.name_hint")
                value=name
                kind=Kind { autocomplete: "off", ..Default::default() }
            />
            <Submit form label=t("passkey.add_button").to_string() />
        </form>
    }
    .into_any()
}

#[component]
fn List(list: Vec<PasskeyView>, shared: Shared) -> impl IntoView {
    if list.is_empty() {
        return view! { <p>{t("passkey.none")}</p> }.into_any();
    }
    let renaming = RwSignal::new(None::<PasskeyView>);
    let removing = RwSignal::new(None::<PasskeyView>);
    let asked = RwSignal::new(false);
    let zone = Practice::here().zone();
    let row = move |passkey: PasskeyView| {
        let added = intl::format(passkey.created_at, Style::Date, &zone);
        let used = passkey.last_used_at.map_or_else(
            || t("passkey.unused").into(),
            |at| t_with("passkey.used", &[("date", &intl::format(at, Style::Date, &zone))]),
        );
        let name = [("name", passkey.name.as_str())];
        let (rename, remove) = (t_with("passkey.rename_label", &name), t_with("passkey.remove_label", &name));
        let (this, that) = (passkey.clone(), passkey.clone());
        view! {
            <li class="app-row">
                <strong class="app-row__text">
                    <bdi>{passkey.name}</bdi>
                </strong>
                <p class="app-row__meta">{t_with("passkey.since", &[("date", &added)])} " " {used}</p>
                <div class="app-row__side app-row__side--act">
                    <button
                        type="button"
                        class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                        aria-label=rename
                        on:click=move |_| renaming.set(Some(this.clone()))
                    >
                        {t("passkey.rename")}
                    </button>
                    <button
                        type="button"
                        class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                        aria-label=remove
                        on:click=move |_| {
                            removing.set(Some(that.clone()));
                            asked.set(true);
                        }
                    >
                        {t("passkey.remove")}
                    </button>
                </div>
            </li>
        }
        .into_any()
    };
    let remove = Callback::new(move |()| {
        let Some(passkey) = removing.get_untracked() else { return };
        let id = passkey.id;
        shared.form.send(ask(async move |portal| portal.remove_passkey(id).await), move |()| {
            shared.done(t_with("passkey.removed", &[("name", &passkey.name)]));
        });
    });
    let question = Signal::derive(move || {
        let name = removing.get().map(|passkey| passkey.name).unwrap_or_default();
        t_with("passkey.remove_title", &[("name", &name)])
    });
    view! {
        <ul class="app-rows nhsuk-u-margin-bottom-4">{list.into_iter().map(row).collect_view()}</ul>
        <Rename renaming shared />
        <Confirm
            open=asked
            id="remove-title"
            title=question
            text=Signal::derive(|| t("passkey.remove_text").to_string())
            yes=t("passkey.remove_yes")
            act=remove
        />
    }
    .into_any()
}

/// The dialog that asks for another name.
#[component]
fn Rename(renaming: RwSignal<Option<PasskeyView>>, shared: Shared) -> impl IntoView {
    let open = Signal::derive(move || renaming.with(Option::is_some));
    let close = Callback::new(move |()| renaming.set(None));
    let part = move || {
        renaming.get().map(|passkey| {
            let form = Form::new();
            let name = RwSignal::new(passkey.name.clone());
            let id = passkey.id;
            let send = move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                let to = match parse_passkey_name("passkey_name", &name.get_untracked()) {
                    Ok(name) => PasskeyName { name },
                    Err(error) => return form.refuse(vec![error]),
                };
                form.send(
                    async move { ask(async |portal| portal.rename_passkey(id, &to).await).await },
                    move |renamed| {
                        renaming.set(None);
                        shared.done(t_with("passkey.renamed", &[("name", &renamed.name)]));
                    },
                );
            };
            view! {
                <ErrorSummary form />
                <form on:submit=send novalidate>
                    <TextField
                        form
                        name="passkey_name"
                        label=t("passkey.name")
                        value=name
                        kind=Kind { autocomplete: "off", ..Default::default() }
                    />
                    <div class="app-dialog__actions">
                        <Submit form label=t("passkey.rename_yes").to_string() />
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary"
                            on:click=move |_| close.run(())
                        >
                            {t("action.cancel")}
                        </button>
                    </div>
                </form>
            }
            .into_any()
        })
    };
    view! {
        <Dialog
            open
            id="rename-title"
            title=Signal::derive(|| t("passkey.rename_title").to_string())
            close
        >
            {live(part)}
        </Dialog>
    }
    .into_any()
}
