//! What the patient brought from elsewhere, and bringing more.

use leptos::prelude::*;
use portal_domain::{
    outside::{MAX_OUTSIDE_BYTES, OutsideRecordView},
    page::PageQuery,
    problem::FieldError,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

use super::super::back;
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        form::{ErrorSummary, FieldMessage, Form},
        list::{Address, Empty, Rows, fetch_rows, listing, load_rows},
        live::live,
        load::load,
        outside,
        outside_entries::{self, MOST_SHOWN},
        page::Page,
    },
    text::t,
};

/// `/chart/elsewhere`
#[component]
pub fn ListPage() -> AnyView {
    let session = Session::here();
    let records = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.outside_records(patient, &page).await).await
        }
    });
    let taken = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let page = async |page: PageQuery| {
                ask(async |portal| portal.outside_entries(patient, &page).await).await
            };
            fetch_rows(MOST_SHOWN, page).await
        }
    });
    let form = Form::new();
    view! {
        <Page title=t("elsewhere.title").to_string() section=t("nav.chart") form=form back=back()>
            <ErrorSummary form />
            <p class="nhsuk-lede-text">{t("elsewhere.intro")}</p>
            {listing(
                records,
                t("what.outside_records"),
                || view! { <Empty text=t("elsewhere.empty") /> }.into_any(),
                move || view! { <Rows load=records id="elsewhere" row=row /> }.into_any(),
            )}
            <FileField form />
            {outside_entries::taken(taken, |_| ().into_any())}
        </Page>
    }
    .into_any()
}

fn row(record: OutsideRecordView) -> AnyView {
    let href = format!("/chart/elsewhere/{}", record.id);
    outside::row(record, href)
}

#[component]
fn FileField(form: Form) -> impl IntoView {
    let (session, address) = (Session::here(), Address::here());
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file may be chosen again.
        input.set_value("");
        let (Some(file), Some(patient)) = (file, session.patient()) else { return };
        if file.size() > MAX_OUTSIDE_BYTES as f64 {
            let message = t("field_error.outside_too_large");
            return form.refuse(vec![FieldError::new("file", "outside_too_large", message)]);
        }
        form.send(
            async move {
                let bytes = bytes_of(&file).await?;
                ask(async |portal| portal.bring_outside_record(patient, bytes.clone()).await).await
            },
            move |record| address.go(&format!("/chart/elsewhere/{}", record.id)),
        );
    };
    view! {
        <div class="nhsuk-form-group nhsuk-u-margin-top-5">
            <label class="nhsuk-label nhsuk-label--s" for="file">
                {t("elsewhere.bring")}
            </label>
            <div class="nhsuk-hint" id="file-hint">
                {t("elsewhere.bring_hint")}
            </div>
            <FieldMessage form name="file" />
            <input
                class="app-file-input"
                type="file"
                id="file"
                aria-describedby="file-hint"
                accept=".xml,.json,application/xml,text/xml,application/json"
                on:change=choose
            />
            <p role="status">{live(move || form.busy().then(|| t("form.busy")))}</p>
        </div>
    }
    .into_any()
}

async fn bytes_of(file: &File) -> Result<Vec<u8>, ApiError> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| ApiError::Network)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
