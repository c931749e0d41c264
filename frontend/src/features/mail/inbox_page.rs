//! What arrived, newest first, and what was put away.

use leptos::prelude::*;
use portal_domain::{
    live::LiveKind,
    mail::{Folder, InboxItem, InboxQuery},
    page::Page as Items,
};

use super::{FolderTab, Folders, Nothing, Search};
use crate::{
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        form::{ErrorSummary, Form},
        inbox::{inbox_href, inbox_title},
        intl::{self, Style},
        list::{Address, Rows, listing, load_rows},
        live::live,
        load::Load,
        page::Page,
        practice::Practice,
        sharing::Shared,
        shell::Unread,
    },
    text::{t, t_with},
};

/// What the rows share.
#[derive(Clone, Copy)]
struct Shelf {
    folder: Folder,
    list: Load<Items<InboxItem>>,
    form: Form,
    /// What was just put away or taken out, for undoing.
    moved: RwSignal<Option<InboxItem>>,
}

/// `/mail?q=`
#[component]
pub fn InboxPage() -> AnyView {
    page_of(Folder::Inbox)
}

/// `/mail/archive?q=`
#[component]
pub fn ArchivePage() -> AnyView {
    page_of(Folder::Archive)
}

fn page_of(folder: Folder) -> AnyView {
    let session = Session::here();
    let unread = expect_context::<Unread>();
    let address = Address::here();
    let words = Memo::new(move |_| address.get("q"));
    let list = load_rows(move || {
        let (patient, q) = (session.patient(), Some(words.get()).filter(|words| !words.is_empty()));
        move |page| {
            let query =
                InboxQuery { folder: Some(folder), q: q.clone(), cursor: page.cursor, limit: page.limit };
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                let inbox = ask(async |portal| portal.inbox(patient, &query).await).await?;
                unread.0.try_set(Some(inbox.unread));
                Ok(Items { items: inbox.items, next: inbox.next })
            }
        }
    });
    News::here().on(LiveKind::Inbox, move || list.again());
    let form = Form::new();
    let shelf = Shelf { folder, list, form, moved: RwSignal::new(None) };
    provide_context(shelf);
    let (title, tab, none) = match folder {
        Folder::Inbox => (t("nav.inbox"), FolderTab::Inbox, t("mail.inbox_empty")),
        Folder::Archive => (t("mail.archive"), FolderTab::Archive, t("mail.archive_empty")),
    };
    view! {
        <Page title=title.to_string() section=t("nav.mail") form=form>
            <Folders open=tab />
            <Search />
            <ErrorSummary form />
            <Undo shelf />
            {listing(
                list,
                t("what.inbox"),
                move || view! { <Nothing none /> }.into_any(),
                move || view! { <Rows load=list id="inbox" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

/// Says what was moved, with the way back.
#[component]
fn Undo(shelf: Shelf) -> impl IntoView {
    view! {
        <div role="status">
            {live(move || {
                shelf
                    .moved
                    .get()
                    .map(|item| {
                        let title = inbox_title(&item);
                        let said = match item.archived {
                            true => t_with("mail.archived", &[("title", &title)]),
                            false => t_with("mail.unarchived", &[("title", &title)]),
                        };
                        view! {
                            <div class="app-done app-cluster nhsuk-u-margin-bottom-4">
                                <p>{said}</p>
                                <button
                                    type="button"
                                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                                    on:click=move |_| move_item(shelf, item.clone(), false)
                                >
                                    {t("mail.undo")}
                                </button>
                            </div>
                        }
                    })
            })}
        </div>
    }
    .into_any()
}

/// Puts an item into the other folder; `tell` says so, with the way back.
fn move_item(shelf: Shelf, item: InboxItem, tell: bool) {
    let Some(patient) = Session::here().patient() else { return };
    let (id, to_archive) = (item.id, !item.archived);
    shelf.form.send(
        async move {
            ask(async |portal| match to_archive {
                true => portal.archive_item(patient, id).await,
                false => portal.unarchive_item(patient, id).await,
            })
            .await
        },
        move |()| {
            shelf.moved.set(tell.then_some(InboxItem { archived: to_archive, ..item }));
            shelf.list.again();
        },
    );
}

fn row(item: InboxItem) -> AnyView {
    let practice = Practice::here();
    let shelf = expect_context::<Shelf>();
    let new = item.read_at.is_none();
    let class = if new { "app-row app-row--new" } else { "app-row" };
    let title = inbox_title(&item);
    let (word, label) = match shelf.folder {
        Folder::Inbox => (t("mail.put_away"), t_with("mail.put_away_what", &[("title", &title)])),
        Folder::Archive => (t("mail.take_out"), t_with("mail.take_out_what", &[("title", &title)])),
    };
    let (href, at) = (inbox_href(&item), item.at);
    let button = Shared::here().tidies().then(|| {
        view! {
            <button
                type="button"
                class="app-link-button app-row__button no-print"
                aria-label=label
                on:click=move |_| move_item(shelf, item.clone(), true)
            >
                {word}
            </button>
        }
    });
    view! {
        <li class=class>
            <a class="app-row__link" href=href>
                {title}
            </a>
            <p class="app-row__meta">{live(move || intl::format(at, Style::Short, &practice.zone()))}</p>
            <div class="app-row__side app-row__side--act">
                {new.then(|| view! { <strong class="nhsuk-tag nhsuk-tag--blue">{t("mail.new")}</strong> })}
                {button}
            </div>
        </li>
    }
    .into_any()
}
