//! One patient's account: what is owed, every line, and what staff may do with each.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    billing::{BillingView, LedgerLine, TransactionKind, can_be_voided},
    ids::PatientId,
    patients::PatientView,
    problem::{Code, Problem},
};

use super::{
    back,
    desk_form::DeskForm,
    disputed::{Disputed, OpenDisputes, marked},
    plan_part::PlanPart,
    refund_form::GiveBack,
    write_off_form::WriteOffForm,
};
use crate::{
    api::{ApiError, ask},
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        live::live,
        load::{Load, load, load_keeping, loaded},
        page::Page,
        summary::{Fact, summary},
    },
    staff::parts::{self, PatientBar, for_role},
    text::{t, t_word},
};

/// What the forms of this page share.
#[derive(Clone, Copy)]
pub struct Ledger {
    /// What is owed.
    pub bills: Load<BillingView>,
    lines: Load<portal_domain::page::Page<LedgerLine>>,
    /// Whose errors.
    pub form: Form,
    /// What was just done.
    pub said: RwSignal<String>,
    /// The line that is given back or taken back just now.
    chosen: RwSignal<Option<LedgerLine>>,
}

impl Ledger {
    /// Says what was done and shows how it stands now.
    pub fn done(self, said: String) {
        self.chosen.set(None);
        self.said.set(said);
        self.bills.again();
        self.lines.again();
    }
}

/// `/staff/billing/patients/:id`
#[component]
pub fn LedgerPage() -> AnyView {
    for_role(Action::View, Category::Billing, || view! { <Open /> }.into_any())
}

fn not_found() -> ApiError {
    ApiError::Problem(Box::new(Problem::new(Code::NotFound)))
}

#[component]
fn Open() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<PatientId>().ok())
    });
    let patient = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(not_found)?;
            ask(async |portal| portal.patient(id).await).await
        }
    });
    let bills = load_keeping(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(not_found)?;
            ask(async |portal| portal.billing(id).await).await
        }
    });
    let lines = load_rows(move || {
        let id = id.get();
        move |page| async move {
            let id = id.ok_or_else(not_found)?;
            ask(async |portal| portal.billing_lines(id, &page).await).await
        }
    });
    let (form, said, chosen) = (Form::new(), RwSignal::new(String::new()), RwSignal::new(None::<LedgerLine>));
    let ledger = Ledger { bills, lines, form, said, chosen };
    provide_context(ledger);
    let title = Signal::derive(move || {
        patient.read(|view| view.summary.full_name()).unwrap_or_else(|| t("staff_billing.title").into())
    });
    OpenDisputes::provide(id);
    let disputed = move || id.get().map(|patient| view! { <Disputed patient ledger /> });
    let forms = move || {
        let id = id.get()?;
        Some(match chosen.get() {
            Some(line) => view! { <GiveBack patient=id line ledger /> }.into_any(),
            None => view! {
                <DeskForm patient=id ledger />
                <WriteOffForm patient=id ledger />
            }
            .into_any(),
        })
    };
    view! {
        <Page title section=t("staff_billing.title") form=form back=back()>
            {loaded(
                patient,
                t("what.patient"),
                |view: PatientView| view! { <PatientBar patient=view.summary /> }.into_any(),
            )}
            <ErrorSummary form />
            <Done said />
            {loaded(bills, t("what.balances"), |view| facts(&view))}
            {live(disputed)}
            {live(forms)}
            {live(move || id.get().map(|patient| view! { <PlanPart patient ledger /> }))}
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("staff_billing.ledger")}</h2>
            {listing(
                lines,
                t("what.balances"),
                || view! { <Empty text=t("staff_billing.no_lines") /> }.into_any(),
                move || view! { <Rows load=lines id="ledger" row=row within=within /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn facts(view: &BillingView) -> AnyView {
    summary(vec![
        Fact::text(t("staff_billing.balance"), view.balance.shown()),
        Fact::text(t("staff_billing.payable"), view.payable.shown()),
        Fact::text(t("staff_billing.pending"), view.insurance_pending.shown()),
    ])
}

fn row(line: LedgerLine) -> AnyView {
    let ledger = expect_context::<Ledger>();
    let choose = {
        let line = line.clone();
        move |_| {
            ledger.form.renew();
            ledger.said.set(String::new());
            ledger.chosen.set(Some(line.clone()));
        }
    };
    let act = match line.kind {
        TransactionKind::Payment => Some(t("staff_billing.refund")),
        kind if can_be_voided(kind, line.is_reversed) => Some(t("staff_billing.void")),
        _ => None,
    };
    let label = format!("{}: {}", act.unwrap_or_default(), line.amount.shown());
    let act = act.map(|act| {
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                aria-label=label
                on:click=choose
            >
                {act}
            </button>
        }
    });
    let reversed = line
        .is_reversed
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--grey">{t("billing.reversed")}</strong> });
    view! {
        <tr>
            <th scope="row" class="staff-table__when">{intl::calendar(line.date, Style::ShortDate)}</th>
            <td>{t_word("ledger_kind", line.kind.as_str())} " " {reversed} {marked(line.id.0)}</td>
            <td>
                <bdi>{line.description}</bdi>
                {line.about.map(|name| format!(" ({name})"))}
            </td>
            <td>{line.statement}</td>
            <td class="app-money">{line.amount.shown()}</td>
            <td class="app-money">{line.owed.shown()}</td>
            <td class="staff-table__act">{act}</td>
        </tr>
    }
    .into_any()
}

fn within(id: &'static str, rows: Vec<AnyView>) -> AnyView {
    let heads = [
        t("staff_billing.date"),
        t("staff_billing.kind"),
        t("staff_billing.what"),
        t("staff_billing.statement"),
        t("staff_billing.amount"),
        t("staff_billing.owed"),
        t("staff_billing.act"),
    ];
    parts::table(t("staff_billing.ledger"), &heads, id, rows)
}
