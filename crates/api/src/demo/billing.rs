//! The demo practice's bills: statements of the patients who have an account, something that waits for an insurer, a payment
//! at the desk, a child's visit that is billed to who looks after her, a line that its patient questions, and a kept card with
//! a plan that runs.

use chrono::Days;
use portal_domain::{
    access::Role,
    billing::{
        BilledPerson, BillingLine, DeskMethod, DisputeAbout, DisputeReason, DisputeSubject, Money,
        NewBillingLines, NewDeskPayment, NewDispute, NewPlan, TransactionKind, due_days,
    },
    patients::{PatientQuery, PatientSummary},
};

use super::{day::Enrolled, staff::Staff};
use crate::{
    app::App,
    error::{Error, Result},
    features::{billing, patients, practice},
    platform::{gateway::sandbox, idempotency::Once},
};

/// Whom a guarantor pays for: Amina, 4.
const CHILD: &str = "Yusuf-Okonkwo";
/// On which day of the month the plan takes its payments.
const PLAN_DAY: u32 = 15;

/// Posts them as the billing system and billing staff do.
pub async fn seed(app: &App, staff: &Staff, enrolled: &[Enrolled]) -> Result<()> {
    let [thandiwe, joerg, ..] = enrolled else { return Ok(()) };
    let query = PatientQuery { limit: Some(100), ..Default::default() };
    let all = patients::find(app, &staff.actor(Role::FrontDesk), query).await?.items;
    let named = |wanted: &dyn Fn(&PatientSummary) -> bool| {
        all.iter().find(|one| wanted(one)).ok_or_else(|| Error::internal("the demo has not that patient"))
    };
    let (first, second) = (named(&|one| one.id == thandiwe.patient)?, named(&|one| one.id == joerg.patient)?);
    let child = named(&|one| one.family_name == CHILD)?;
    let new = Lines { app, lines: Vec::new() }
        .add(first, None, TransactionKind::Charge, 4_500, 62, "Office visit", Some("S-10021"))
        .add(
            first,
            None,
            TransactionKind::PatientShare,
            3_860,
            60,
            "Laboratory: hemoglobin A1c",
            Some("S-10021"),
        )
        .add(first, None, TransactionKind::InsurancePending, 3_860, 62, "Laboratory: hemoglobin A1c", None)
        .add(first, None, TransactionKind::Charge, 2_500, 20, "Office visit, copay", Some("S-10058"))
        .add(first, None, TransactionKind::InsurancePending, 18_400, 20, "Office visit", None)
        .add(second, None, TransactionKind::Charge, 3_000, 35, "Office visit, copay", Some("S-10033"))
        .add(
            child,
            Some(second),
            TransactionKind::Charge,
            2_500,
            30,
            "Well-child visit, copay",
            Some("S-10033"),
        )
        .add(child, Some(second), TransactionKind::InsurancePending, 21_000, 30, "Well-child visit", None);
    let biller = staff.actor(Role::Billing);
    billing::post(app, &biller, NewBillingLines { lines: new.lines }).await?;
    let paid = NewDeskPayment {
        amount: Money::new(4_500, app.settings.currency),
        method: DeskMethod::Check,
        check_number: "1107".into(),
    };
    billing::take_payment(app, &biller, thandiwe.patient, paid, Once::without_key()).await?;
    question(app, thandiwe).await?;
    plan(app, joerg).await
}

/// What the insurer left to her, she thinks it should have paid.
async fn question(app: &App, by: &Enrolled) -> Result<()> {
    let lines = billing::lines(app, &by.actor, by.patient, Default::default()).await?.items;
    let share = lines.iter().find(|line| line.kind == TransactionKind::PatientShare);
    let share = share.ok_or_else(|| Error::internal("the demo has no such bill"))?;
    let new = NewDispute {
        about: DisputeAbout { kind: DisputeSubject::Line, id: share.id.0 },
        reason: DisputeReason::Insurance,
        text:
            "My insurer wrote to me that this test is covered in full. Can you send the bill to them again?"
                .into(),
    };
    billing::dispute_now(app, &by.actor, by.patient, new).await?;
    Ok(())
}

/// He keeps a card with the sandbox, and pays in two parts; where somebody else takes payments there is neither.
async fn plan(app: &App, of: &Enrolled) -> Result<()> {
    let Some(gateway) = app.gateways.taking().filter(|gateway| gateway.name() == sandbox::NAME) else {
        return Ok(());
    };
    let Some(sandbox) = &app.sandbox else { return Ok(()) };
    let account = of.actor.account_id()?;
    let card = sandbox::give(sandbox, gateway.customer(account).await?).await?;
    let method = billing::keep_card(app, account, gateway, card).await?;
    let now = app.now();
    let today = app.db.read(move |conn| practice::today(conn, now)).await?;
    let first_due = due_days(PLAN_DAY, today).next();
    let new = NewPlan {
        amount: Money::new(5_500, app.settings.currency),
        instalments: 2,
        day: PLAN_DAY.into(),
        method,
        first_due: first_due.ok_or_else(|| Error::internal("no day is due"))?,
        agreed: true,
    };
    billing::agree_to_plan(app, &of.actor, of.patient, new, Once::without_key()).await?;
    Ok(())
}

struct Lines<'a> {
    app: &'a App,
    lines: Vec<BillingLine>,
}

impl Lines<'_> {
    #[expect(clippy::too_many_arguments, reason = "a row of a table, one cell each")]
    fn add(
        mut self,
        patient: &PatientSummary,
        payer: Option<&PatientSummary>,
        kind: TransactionKind,
        amount: i64,
        days_ago: u64,
        description: &str,
        statement: Option<&str>,
    ) -> Self {
        let known = |one: &PatientSummary| BilledPerson { mrn: one.mrn.clone(), birth_date: one.birth_date };
        self.lines.push(BillingLine {
            id: format!("DEMO-{}", self.lines.len() + 1),
            patient: known(patient),
            guarantor: payer.map(known),
            kind,
            amount: Money::new(amount, self.app.settings.currency),
            date: self.app.now().utc().date_naive() - Days::new(days_ago),
            description: description.into(),
            statement: statement.map(Into::into),
        });
        self
    }
}
