//! What was begun and not sent (MSG-2).

use leptos::prelude::*;
use portal_domain::{messages::DraftView, page::Page as Items};

use super::{FolderTab, Folders};
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        live::live,
        load::Load,
        page::Page,
        practice::Practice,
    },
    text::{t, t_with},
};

/// What the rows share.
#[derive(Clone, Copy)]
struct Discard {
    asked: RwSignal<Option<DraftView>>,
    confirm: RwSignal<bool>,
}

/// `/mail/drafts`
#[component]
pub fn DraftsPage() -> AnyView {
    let session = Session::here();
    let form = Form::new();
    let discard = Discard { asked: RwSignal::new(None), confirm: RwSignal::new(false) };
    provide_context(discard);
    let drafts = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.drafts(patient, &page).await).await
        }
    });
    let done = RwSignal::new(String::new());
    let act = Callback::new(move |()| throw_away(discard, drafts, form, done));
    let about = Signal::derive(move || {
        let title = discard.asked.with(|draft| draft.as_ref().map(title)).unwrap_or_default();
        t_with("draft.discard_text", &[("title", &title)])
    });
    view! {
        <Page title=t("mail.drafts").to_string() section=t("nav.mail") form=form>
            <Folders open=FolderTab::Drafts />
            <ErrorSummary form />
            <Done said=done />
            {listing(
                drafts,
                t("what.drafts"),
                move || view! { <Empty text=t("mail.drafts_empty") /> }.into_any(),
                move || view! { <Rows load=drafts id="drafts" row=row /> }.into_any(),
            )}
            <Confirm
                open=discard.confirm
                id="discard-title"
                title=Signal::derive(|| t("draft.discard_title").to_string())
                text=about
                yes=t("draft.discard_yes")
                act
            />
        </Page>
    }
    .into_any()
}

fn throw_away(discard: Discard, drafts: Load<Items<DraftView>>, form: Form, done: RwSignal<String>) {
    let (Some(draft), Some(patient)) = (discard.asked.get_untracked(), Session::here().patient()) else {
        return;
    };
    form.send(
        async move { ask(async |portal| portal.delete_draft(patient, draft.id).await).await },
        move |()| {
            done.set(t("draft.discarded").into());
            drafts.again();
        },
    );
}

/// What a draft is called in lists.
fn title(draft: &DraftView) -> String {
    let subject = draft.thread_subject.clone().unwrap_or_else(|| draft.content.subject.trim().into());
    match draft.content.thread_id {
        Some(_) => t_with("draft.answer", &[("subject", &subject)]),
        None if subject.is_empty() => t("thread.no_subject").into(),
        None => subject,
    }
}

fn row(draft: DraftView) -> AnyView {
    let practice = Practice::here();
    let discard = expect_context::<Discard>();
    let href = match draft.content.thread_id {
        Some(thread) => link(&format!("/mail/threads/{thread}")),
        None => link(&format!("/mail/new?draft={}", draft.id)),
    };
    let (title, saved_at) = (title(&draft), draft.saved_at);
    let label = t_with("draft.discard_what", &[("title", &title)]);
    let beginning: String = draft.content.text.chars().take(100).collect();
    view! {
        <li class="app-row">
            <a class="app-row__link" href=href>
                {title}
            </a>
            <p class="app-row__meta">
                {draft.team.clone().map(|team| view! { <bdi>{team}</bdi> ", " })}
                {live(move || intl::format(saved_at, Style::Short, &practice.zone()))}
            </p>
            <p class="app-row__text">{beginning}</p>
            <div class="app-row__side app-row__side--act">
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                    aria-label=label
                    on:click=move |_| {
                        discard.asked.set(Some(draft.clone()));
                        discard.confirm.set(true);
                    }
                >
                    {t("draft.discard")}
                </button>
            </div>
        </li>
    }
    .into_any()
}
