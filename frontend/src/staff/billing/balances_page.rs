//! The practice's balances, and the billing system's files.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    billing::{BalanceView, BillingImport, LineResult, MAX_FILE},
    problem::FieldError,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use crate::{
    api::{ApiError, ask},
    shared::{
        form::{ErrorSummary, FieldMessage, Form},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        live::live,
        load::Load,
        page::Page,
        practice::Practice,
    },
    staff::parts::{self, for_role},
    text::{t, t_with},
};

/// `/staff/billing`
#[component]
pub fn BalancesPage() -> AnyView {
    for_role(Action::View, Category::Billing, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let form = Form::new();
    let list = load_rows(|| |page| async move { ask(async |portal| portal.balances(&page).await).await });
    view! {
        <Page title=t("staff_billing.title").to_string() section=t("shell.staff_portal") form=form>
            <ErrorSummary form />
            <p class="no-print">
                <a class="nhsuk-button nhsuk-button--secondary" href="/staff/billing/reports/close">
                    {t("staff_billing.close")}
                </a>
                " "
                <a class="nhsuk-button nhsuk-button--secondary" href="/staff/billing/reports/receivables">
                    {t("staff_billing.receivables")}
                </a>
                " "
                <a class="nhsuk-button nhsuk-button--secondary" href="/staff/billing/queue/disputes">
                    {t("staff.nav.disputes")}
                </a>
                " "
                <a class="nhsuk-button nhsuk-button--secondary" href="/staff/billing/queue/write-offs">
                    {t("staff.nav.write_offs")}
                </a>
                " "
                <a class="nhsuk-button nhsuk-button--secondary" href="/staff/billing/plans/live">
                    {t("staff_billing.plans")}
                </a>
            </p>
            {listing(
                list,
                t("what.balances"),
                || view! { <Empty text=t("staff_billing.none") /> }.into_any(),
                move || view! { <Rows load=list id="balances" row=row within=within /> }.into_any(),
            )}
            <Upload form list />
        </Page>
    }
    .into_any()
}

fn row(one: BalanceView) -> AnyView {
    let at = intl::format(one.changed_at, Style::Short, &Practice::here().zone());
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/staff/billing/patients/{}", one.patient.id)>
                    <bdi>{one.patient.full_name()}</bdi>
                </a>
            </th>
            <td>{one.patient.mrn}</td>
            <td class="app-money">{one.balance.shown()}</td>
            <td class="app-money">{one.insurance_pending.shown()}</td>
            <td>{at}</td>
        </tr>
    }
    .into_any()
}

fn within(id: &'static str, rows: Vec<AnyView>) -> AnyView {
    let heads = [
        t("staff_billing.patient"),
        t("staff_billing.mrn"),
        t("staff_billing.balance"),
        t("staff_billing.pending"),
        t("staff_billing.changed"),
    ];
    parts::table(t("staff_billing.title"), &heads, id, rows)
}

/// A file of the billing system; what became of each line is told.
#[component]
fn Upload(form: Form, list: Load<portal_domain::page::Page<BalanceView>>) -> impl IntoView {
    let done = RwSignal::new(None::<BillingImport>);
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file may be chosen again.
        input.set_value("");
        let Some(file) = file else { return };
        if file.size() > MAX_FILE as f64 {
            let message = t("field_error.billing_file_too_large");
            return form.refuse(vec![FieldError::new("file", "billing_file_too_large", message)]);
        }
        done.set(None);
        form.send(
            async move {
                let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| ApiError::Network)?;
                let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
                ask(async |portal| portal.upload_billing_file(bytes.clone()).await).await
            },
            move |import| {
                done.set(Some(import));
                list.again();
            },
        );
    };
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("staff_billing.upload")}</h2>
        <div class="nhsuk-form-group">
            <label class="nhsuk-label" for="file">
                {t("staff_billing.file")}
            </label>
            <div class="nhsuk-hint" id="file-hint">
                {t("staff_billing.file_hint")}
            </div>
            <FieldMessage form name="file" />
            <input
                class="app-file-input"
                type="file"
                id="file"
                aria-describedby="file-hint"
                accept=".csv,text/csv"
                on:change=choose
            />
        </div>
        <div role="status">{live(move || if form.busy() { t("form.busy").into_any() } else { told(done.get()) })}</div>
    }
    .into_any()
}

fn told(import: Option<BillingImport>) -> AnyView {
    let Some(import) = import else { return ().into_any() };
    let counts = t_with(
        "staff_billing.uploaded",
        &[
            ("posted", &import.posted.to_string()),
            ("unchanged", &import.unchanged.to_string()),
            ("refused", &import.refused.to_string()),
        ],
    );
    let refused = import.lines.into_iter().filter(|line| line.result == LineResult::Refused).map(|line| {
        let why = line.error.map(|error| format!("{}: {}", error.field, error.message)).unwrap_or_default();
        let number = t_with("staff_billing.line", &[("line", &line.line.to_string()), ("id", &line.id)]);
        view! {
            <li>
                <bdi>{number}</bdi>
                " "
                {why}
            </li>
        }
        .into_any()
    });
    view! {
        <p class="app-done">{counts}</p>
        <ul class="nhsuk-list nhsuk-list--bullet" id="refused-lines">
            {refused.collect_view()}
        </ul>
    }
    .into_any()
}
