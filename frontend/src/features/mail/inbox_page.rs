//! What arrived, newest first.

use leptos::prelude::*;
use portal_domain::{live::LiveKind, mail::InboxItem, page::Page as Items};

use super::Folders;
use crate::{
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        inbox::{inbox_href, inbox_title},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        live::live,
        page::Page,
        practice::Practice,
        shell::Unread,
    },
    text::t,
};

/// `/mail`
#[component]
pub fn InboxPage() -> AnyView {
    let session = Session::here();
    let unread = expect_context::<Unread>();
    let inbox = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let inbox = ask(async |portal| portal.inbox(patient, &page).await).await?;
            unread.0.try_set(Some(inbox.unread));
            Ok(Items { items: inbox.items, next: inbox.next })
        }
    });
    News::here().on(LiveKind::Inbox, move || inbox.again());
    view! {
        <Page title=t("nav.inbox").to_string() section=t("nav.mail")>
            <Folders inbox=true />
            {listing(
                inbox,
                t("what.inbox"),
                move || view! { <Empty text=t("mail.inbox_empty") /> }.into_any(),
                move || view! { <Rows load=inbox id="inbox" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(item: InboxItem) -> AnyView {
    let practice = Practice::here();
    let new = item.read_at.is_none();
    let class = if new { "app-row app-row--new" } else { "app-row" };
    view! {
        <li class=class>
            <a class="app-row__link" href=inbox_href(&item)>
                {inbox_title(&item)}
            </a>
            <p class="app-row__meta">{live(move || intl::format(item.at, Style::Short, &practice.zone()))}</p>
            <div class="app-row__side">
                {new.then(|| view! { <strong class="nhsuk-tag nhsuk-tag--blue">{t("mail.new")}</strong> })}
            </div>
        </li>
    }
    .into_any()
}
