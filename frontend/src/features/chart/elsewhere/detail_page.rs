//! One record from elsewhere: what it says, saving its file, removing it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::OutsideRecordId,
    outside::OutsideRecordOpened,
    problem::{Code, Problem},
};

use crate::{
    acting::link,
    api::{ApiError, ask, outside_record_file_path},
    session::Session,
    shared::{
        dialog::Confirm,
        form::{ErrorSummary, Form},
        list::Address,
        load::{load, loaded},
        outside, outside_entries,
        page::{Back, Page},
        people::{PrintButton, PrintHead},
    },
    text::t,
};

/// `/chart/elsewhere/:id`
#[component]
pub fn DetailPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<OutsideRecordId>().ok())
    });
    let record = load(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.outside_record(patient, id).await).await
        }
    });
    let title = Signal::derive(move || {
        record.read(|view| outside::name_of(&view.record)).unwrap_or_else(|| t("elsewhere.one").into())
    });
    let form = Form::new();
    view! {
        <Page
            title
            caption=t("elsewhere.caption")
            section=t("elsewhere.title")
            form=form
            back=Back { href: link("/chart/elsewhere"), label: t("elsewhere.title") }
        >
            <ErrorSummary form />
            {loaded(record, t("what.outside_record"), move |view| view! { <Opened view form /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: OutsideRecordOpened, form: Form) -> impl IntoView {
    let (session, address, open) = (Session::here(), Address::here(), RwSignal::new(false));
    let id = view.record.id;
    let entries = outside_entries::entries(view.entries.clone(), |_| ().into_any());
    let remove = Callback::new(move |()| {
        let Some(patient) = session.patient() else { return };
        form.send(
            async move { ask(async |portal| portal.remove_outside_record(patient, id).await).await },
            move |()| address.replace("/chart/elsewhere"),
        );
    });
    let owner = session.subject();
    let file = session.patient().map(|patient| outside_record_file_path(patient, id));
    view! {
        {owner.map(|patient| view! { <PrintHead patient /> })}
        {outside::opened(view, entries)}
        <div class="nhsuk-button-group nhsuk-u-margin-top-5 no-print">
            {file.map(|href| view! {
                <a class="nhsuk-button nhsuk-button--secondary" href=href download="">
                    {t("elsewhere.save")}
                </a>
            })}
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary"
                on:click=move |_| open.set(true)
            >
                {t("elsewhere.remove")}
            </button>
        </div>
        <PrintButton />
        <Confirm
            open
            id="remove-record"
            title=t("elsewhere.remove_title").to_string()
            text=t("elsewhere.remove_text").to_string()
            yes=t("elsewhere.remove")
            act=remove
        />
    }
    .into_any()
}
