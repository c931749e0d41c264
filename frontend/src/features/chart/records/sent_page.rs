//! The copies that were sent: to whom, and what became of each.

use leptos::prelude::*;
use portal_domain::transmissions::{TransmissionState, TransmissionView};

use super::back;
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        page::Page,
        practice::Practice,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// The copy that the dialog asks about, and whether it stands.
#[derive(Clone, Copy)]
struct Asked {
    copy: RwSignal<Option<TransmissionView>>,
    open: RwSignal<bool>,
}

/// `/chart/records/sent`
#[component]
pub fn SentPage() -> AnyView {
    let session = Session::here();
    let copies = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.transmissions(patient, &page).await).await
        }
    });
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let asked = Asked { copy: RwSignal::new(None), open: RwSignal::new(false) };
    provide_context(asked);
    let text = Signal::derive(move || {
        let to = asked.copy.with(|copy| copy.as_ref().map(|copy| copy.recipient.clone())).unwrap_or_default();
        t_with("sent.withdraw_text", &[("to", &to)])
    });
    let withdraw = Callback::new(move |()| {
        asked.open.set(false);
        let (Some(patient), Some(copy)) = (session.patient(), asked.copy.get_untracked()) else { return };
        said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.withdraw_transmission(patient, copy.id).await).await },
            move |copy| {
                said.set(t_with("sent.withdrawn", &[("to", &copy.recipient)]));
                copies.refresh();
            },
        );
    });
    view! {
        <Page title=t("sent.title").to_string() section=t("record.title") form=form back=back()>
            <ErrorSummary form />
            <Done said />
            <p class="nhsuk-lede-text">{t("sent.intro")}</p>
            {listing(
                copies,
                t("what.copies"),
                || view! { <Empty text=t("sent.empty") /> }.into_any(),
                move || view! { <Rows load=copies id="copies" row=row /> }.into_any(),
            )}
            <Confirm
                open=asked.open
                id="withdraw-copy"
                title=t("sent.withdraw_title").to_string()
                text
                yes=t("sent.withdraw")
                act=withdraw
            />
        </Page>
    }
    .into_any()
}

fn row(copy: TransmissionView) -> AnyView {
    let asked = expect_context::<Asked>();
    let zone = Practice::here().zone();
    let at = |time| intl::format(time, Style::Short, &zone);
    let saved = copy
        .downloaded_at
        .map(|first| t_with("sent.saved", &[("first", &at(first)), ("count", &copy.downloads.to_string())]));
    let facts = vec![
        Fact::text(t("sent.at"), at(copy.sent_at)),
        Fact::text(t("sent.format"), t_word("record_format", copy.format.as_str())),
        Fact::text(t("sent.way"), t_word("send_way", copy.way.as_str())),
        Fact::maybe(t("sent.opened"), copy.opened_at.map(at)),
        Fact::maybe(t("sent.downloaded"), saved),
        Fact::maybe(t("sent.withdrawn_at"), copy.withdrawn_at.map(at)),
        Fact::maybe(t("sent.ends"), copy.expires_at.map(at)),
    ];
    let means = t_word("sent_means", copy.state.as_str());
    let (state, to) = (copy.state, copy.recipient.clone());
    let button = copy.can_withdraw.then(|| {
        let label = t_with("sent.withdraw_one", &[("to", &to)]);
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0"
                aria-label=label
                on:click=move |_| {
                    asked.copy.set(Some(copy.clone()));
                    asked.open.set(true);
                }
            >
                {t("sent.withdraw")}
            </button>
        }
    });
    view! {
        <li class="app-box nhsuk-u-margin-bottom-4">
            <h2 class="nhsuk-heading-s nhsuk-u-margin-bottom-2">
                <bdi>{to}</bdi>
                " "
                {tag(state)}
            </h2>
            <p class="nhsuk-u-margin-bottom-2">{means}</p>
            {summary(facts)}
            {button}
        </li>
    }
    .into_any()
}

fn tag(state: TransmissionState) -> AnyView {
    let colour = match state {
        TransmissionState::Waiting | TransmissionState::Sent => "nhsuk-tag nhsuk-tag--yellow",
        TransmissionState::Opened | TransmissionState::Downloaded => "nhsuk-tag nhsuk-tag--green",
        TransmissionState::NotSent | TransmissionState::Locked => "nhsuk-tag nhsuk-tag--red",
        TransmissionState::Withdrawn | TransmissionState::Expired => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("sent_state", state.as_str())}</strong> }.into_any()
}
