//! A new notice, and another version of one.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    notices::{NoticeView, Phase},
};

use super::{
    composer::{Composer, Send, empty},
    item_page::load_notice,
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

/// `/staff/notices/new`
#[component]
pub fn NewPage() -> AnyView {
    for_role(Action::Change, Category::Notices, || {
        let (form, address) = (Form::new(), Address::here());
        let send = Send::new(move |content| {
            let key = form.key();
            Box::pin(async move { ask(async |portal| portal.publish_notice(&content, key).await).await })
        });
        let done = Callback::new(move |view: NoticeView| address.go(&format!("/staff/notices/{}", view.id)));
        let failed = Callback::new(|_| ());
        view! {
            <Page
                title=t("notices_staff.new").to_string()
                section=t("shell.staff_portal")
                form=form
                back=Back { href: "/staff/notices".into(), label: t("staff.nav.notices") }
                reading=true
            >
                <ErrorSummary form />
                <Composer content=empty() form label=t("notices_staff.publish") begun=false send done failed />
            </Page>
        }
        .into_any()
    })
}

/// `/staff/notices/:id/edit`
#[component]
pub fn EditPage() -> AnyView {
    for_role(Action::Change, Category::Notices, || {
        let (form, address, notice) = (Form::new(), Address::here(), load_notice());
        let back = Back { href: "/staff/notices".into(), label: t("staff.nav.notices") };
        let edit = move |view: NoticeView| {
            let (id, version) = (view.id, view.version);
            let send = Send::new(move |content| {
                Box::pin(async move {
                    ask(async |portal| portal.change_notice(id, version, &content).await).await
                })
            });
            let done = Callback::new(move |_| address.go(&format!("/staff/notices/{id}")));
            // Where somebody else was faster the message says so, and what was typed stays.
            let failed = Callback::new(|_: crate::api::ApiError| {});
            let begun = view.phase != Phase::Scheduled;
            view! {
                <Composer content=view.content form label=t("notices_staff.save") begun send done failed />
            }
            .into_any()
        };
        view! {
            <Page
                title=t("notices_staff.edit").to_string()
                section=t("shell.staff_portal")
                form=form
                back=back
                reading=true
            >
                <ErrorSummary form />
                {loaded(notice, t("what.notice"), edit)}
            </Page>
        }
        .into_any()
    })
}
