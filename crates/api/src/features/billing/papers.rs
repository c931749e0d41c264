//! Bills to keep: a year for tax, and statements, receipts and years as PDF (PAY-1).

use chrono::Datelike;
use portal_domain::{
    access::{Action, Category},
    billing::{LedgerLine, Money, PaymentState, PaymentView, StatementView, TransactionKind, YearView},
    ids::{PatientId, PaymentId, StatementId},
    patients::PatientSummary,
    problem::Code,
    time::Time,
};
use portal_typeset::{Line, Lines, Paper};

use super::{
    paying::{self, wrong_state},
    service::{self, told},
    store,
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{patients, practice},
    platform::{auth::Actor, work::Work},
};

/// The years that can be asked for: a patient's whole life.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A calendar year of a patient's account; one in which nothing was posted is empty.
pub async fn year(app: &App, actor: &Actor, patient: PatientId, year: i32) -> Result<YearView> {
    let currency = app.settings.currency;
    if !YEARS.contains(&year) {
        return Err(Code::NotFound.into());
    }
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Billing, patient)?;
        let mut rows = store::transactions(work.conn, &grant)?;
        let mut years: Vec<i32> = rows.iter().map(|row| row.day.year()).collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        years.dedup();
        rows.retain(|row| row.day.year() == year);
        let lines = told(work, &grant, rows)?;
        let payer = patients::summary(work.conn, patient)?;
        YearView::of(year, payer, years, lines, currency).map_err(Error::internal)
    })
    .await
}

/// The practice as a paper names it, and today on its calendar.
struct Letterhead {
    practice: String,
    phone: String,
    today: String,
    made_at: Time,
}

impl Letterhead {
    fn of(work: &mut Work<'_>) -> Result<Self> {
        let practice = practice::practice(work.conn)?;
        let today = practice::today(work.conn, work.now)?;
        Ok(Self { practice: practice.name, phone: practice.phone, today: day(today), made_at: work.now })
    }

    fn paper(
        self,
        id: String,
        title: String,
        patient: &PatientSummary,
        mut about: Vec<(&'static str, String)>,
    ) -> Paper {
        let Self { practice, phone, today, made_at } = self;
        about.push(("Practice", format!("{practice}\n{phone}")));
        Paper {
            id,
            running: format!("{} · {title}", patient.full_name()),
            foot: format!("Made {today} by {practice}"),
            title,
            practice,
            made_at,
            about,
            tables: vec![],
            notes: vec![],
        }
    }
}

async fn letterhead(app: &App, actor: &Actor, patient: PatientId) -> Result<(Letterhead, PatientSummary)> {
    app.read(actor, move |work| {
        work.grant(Action::View, Category::Billing, patient)?;
        Ok((Letterhead::of(work)?, patients::summary(work.conn, patient)?))
    })
    .await
}

/// A statement on paper.
pub async fn statement_pdf(app: &App, actor: &Actor, patient: PatientId, id: StatementId) -> Result<Vec<u8>> {
    let StatementView { statement, payer, lines } = service::statement(app, actor, patient, id).await?;
    let (head, _) = letterhead(app, actor, patient).await?;
    let about = vec![
        ("Billed to", format!("{}\nRecord number {}", payer.full_name(), payer.mrn)),
        ("Statement", statement.number.clone()),
        ("Date", day(statement.date)),
        ("Open", statement.open.shown()),
    ];
    let mut paper = head.paper(id.to_string(), format!("Statement {}", statement.number), &payer, about);
    paper.tables = vec![Lines {
        title: "On this statement",
        none: "Nothing stands on it.",
        rows: lines.iter().map(|line| row(line, line.owed)).collect(),
        sums: vec![("Billed to you", statement.billed.shown()), ("Open", statement.open.shown())],
    }];
    paper.notes = vec!["What your insurance has not decided yet is not part of what is open."];
    set(paper).await
}

/// The receipt of a payment, online or at the desk; 409 while there is nothing to receipt.
pub async fn receipt_pdf(app: &App, actor: &Actor, patient: PatientId, id: PaymentId) -> Result<Vec<u8>> {
    let view: PaymentView = paying::open(app, actor, patient, id).await?;
    if view.state != PaymentState::Succeeded {
        return Err(wrong_state(view.state));
    }
    let paid = view.settled_at.unwrap_or(view.begun_at);
    let paid = app.read(actor, move |work| practice_day(work, paid)).await?;
    let (head, payer) = letterhead(app, actor, patient).await?;
    let refunded = if view.refunded.is_positive() { view.refunded.shown() } else { String::new() };
    let about = vec![
        ("Received from", format!("{}\nRecord number {}", payer.full_name(), payer.mrn)),
        ("Amount", view.amount.shown()),
        ("Paid on", paid),
        ("Paid with", view.method),
        ("Statement", view.statement.unwrap_or_default()),
        ("Given back", refunded),
        ("Receipt", view.receipt.clone()),
    ];
    let mut paper = head.paper(id.to_string(), format!("Receipt {}", view.receipt), &payer, about);
    paper.notes = vec!["Thank you. Keep this receipt for your records."];
    set(paper).await
}

/// A year for tax.
pub async fn year_pdf(app: &App, actor: &Actor, patient: PatientId, of: i32) -> Result<Vec<u8>> {
    let view = year(app, actor, patient, of).await?;
    let (head, payer) = letterhead(app, actor, patient).await?;
    let about = vec![
        ("Account of", format!("{}\nRecord number {}", payer.full_name(), payer.mrn)),
        ("Year", of.to_string()),
        ("You paid", view.paid.shown()),
        ("You got back", view.returned.shown()),
        ("You spent", view.spent.shown()),
    ];
    let mut paper = head.paper(format!("{patient} {of}"), format!("Payments in {of}"), &payer, about);
    let returned =
        |line: &LedgerLine| line.owed.negated().map_err(Error::internal).map(|paid| row(line, paid));
    paper.tables = vec![
        Lines {
            title: "Payments",
            none: "You paid nothing in this year.",
            rows: view.payments.iter().map(returned).collect::<Result<_>>()?,
            sums: vec![("You spent", view.spent.shown())],
        },
        Lines {
            title: "Charges",
            none: "Nothing was charged to you in this year.",
            rows: view.charges.iter().map(|line| row(line, line.owed)).collect(),
            sums: vec![("Charged to you", view.charged.shown())],
        },
    ];
    paper.notes = vec!["Days are those on which it was paid or done. What insurers paid is not part of it."];
    set(paper).await
}

fn practice_day(work: &mut Work<'_>, at: Time) -> Result<String> {
    Ok(day(at.utc().with_timezone(&practice::zone(work.conn)?).date_naive()))
}

fn day(date: portal_domain::time::Date) -> String {
    date.format("%b %-d, %Y").to_string()
}

fn row(line: &LedgerLine, amount: Money) -> Line {
    let kind = named(line.kind);
    let mut what = match line.description.as_str() {
        "" => kind.to_owned(),
        text if line.kind == TransactionKind::Charge => text.to_owned(),
        text => format!("{kind}: {text}"),
    };
    if let Some(name) = &line.about {
        what.push_str(&format!(", for {name}"));
    }
    if line.is_reversed {
        what.push_str(" (taken back)");
    }
    Line { date: day(line.date), what, amount: amount.shown() }
}

const fn named(kind: TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Charge => "Charge",
        TransactionKind::InsurancePending => "Waits for your insurance",
        TransactionKind::InsurancePayment => "Paid by your insurance",
        TransactionKind::PatientShare => "Left to you by your insurance",
        TransactionKind::Adjustment => "Adjustment",
        TransactionKind::InsuranceAdjustment => "Adjustment for your insurance",
        TransactionKind::Payment => "Payment",
        TransactionKind::DeskPayment => "Payment at the desk",
        TransactionKind::Refund => "Refund",
        TransactionKind::RefundFailed => "Refund that failed",
        TransactionKind::Void => "Payment taken back",
        TransactionKind::WriteOff => "Written off",
    }
}

/// Setting a page takes the processor for a while, so that it has a thread of its own.
async fn set(paper: Paper) -> Result<Vec<u8>> {
    let written = tokio::task::spawn_blocking(move || portal_typeset::write_paper(&paper));
    written.await.map_err(Error::internal)?.map_err(Error::internal)
}
