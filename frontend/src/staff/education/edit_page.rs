//! A new item, and the draft of one.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    education::EducationView,
};

use super::{
    editor::{Editor, Send, empty},
    item_page::load_item,
};
use crate::{
    api::ask,
    shared::{
        form::{ErrorSummary, Form},
        list::Address,
        load::loaded,
        page::{Back, Page},
    },
    staff::parts::for_role,
    text::t,
};

/// `/staff/education/new`
#[component]
pub fn NewPage() -> AnyView {
    for_role(Action::Change, Category::Library, || {
        let (form, address) = (Form::new(), Address::here());
        let send = Send::new(move |content| {
            let key = form.key();
            Box::pin(async move { ask(async |portal| portal.create_education(&content, key).await).await })
        });
        let done =
            Callback::new(move |view: EducationView| address.go(&format!("/staff/education/{}", view.id)));
        view! {
            <Page
                title=t("library.new").to_string()
                section=t("shell.staff_portal")
                form=form
                back=Back { href: "/staff/education".into(), label: t("staff.nav.education") }
                reading=true
            >
                <ErrorSummary form />
                <Editor content=empty() item=None form send done />
            </Page>
        }
        .into_any()
    })
}

/// `/staff/education/:id/edit`
#[component]
pub fn EditPage() -> AnyView {
    for_role(Action::Change, Category::Library, || {
        let (form, address, item) = (Form::new(), Address::here(), load_item());
        let edit = move |view: EducationView| {
            let (id, version) = (view.id, view.version);
            // Where somebody else was faster the message says so, and what was typed stays.
            let send = Send::new(move |content| {
                Box::pin(async move {
                    ask(async |portal| portal.save_education(id, version, &content).await).await
                })
            });
            let done = Callback::new(move |_| address.go(&format!("/staff/education/{id}")));
            view! { <Editor content=view.draft.clone() item=Some(view) form send done /> }.into_any()
        };
        view! {
            <Page
                title=t("library.edit").to_string()
                section=t("shell.staff_portal")
                form=form
                back=Back { href: "/staff/education".into(), label: t("staff.nav.education") }
                reading=true
            >
                <ErrorSummary form />
                {loaded(item, t("what.reading"), edit)}
            </Page>
        }
        .into_any()
    })
}
