//! What the practice's billing system sends, by the API or as a file. Each line is kept whole or not at all, and each is
//! told for itself; sending a line again changes nothing.

use std::collections::BTreeSet;

use portal_domain::{
    access::{Action, Category, may},
    billing::{
        BilledPerson, BillingImport, BillingLine, LineOutcome, LineResult, NewBillingLines, ReadLine,
        read_file,
    },
    ids::{LedgerTransactionId, PatientId},
    problem::FieldError,
};

use super::{
    plans,
    store::{self, TransactionRow},
};
use crate::{
    app::App,
    error::Result,
    features::patients,
    platform::{auth::Actor, clock::new_id, work::Work},
};

/// So many lines share one transaction.
const TOGETHER: usize = 100;

/// Refuses those who may not, before anything of a file is taken in.
pub async fn check(app: &App, actor: &Actor) -> Result<()> {
    if actor.who().is_some_and(|who| may(who, Action::Import, Category::Billing, None).is_ok()) {
        return Ok(());
    }
    app.read(actor, |work| work.permit(Action::Import, Category::Billing)).await
}

/// Posts lines that came by the API.
pub async fn post(app: &App, actor: &Actor, new: NewBillingLines) -> Result<BillingImport> {
    check(app, actor).await?;
    post_all(app, actor, new.read(app.settings.currency)?).await
}

/// Posts the lines of a file.
pub async fn upload(app: &App, actor: &Actor, file: Vec<u8>) -> Result<BillingImport> {
    check(app, actor).await?;
    post_all(app, actor, read_file(&file, app.settings.currency)?).await
}

async fn post_all(app: &App, actor: &Actor, lines: Vec<ReadLine>) -> Result<BillingImport> {
    let mut outcomes = Vec::with_capacity(lines.len());
    for some in lines.chunks(TOGETHER) {
        let some = some.to_vec();
        let done = app
            .write(actor, move |work| {
                work.permit(Action::Import, Category::Billing)?;
                let mut payers = BTreeSet::new();
                let done: Result<Vec<_>> =
                    some.iter().map(|line| post_one(work, line, &mut payers)).collect();
                payers.into_iter().try_for_each(|payer| plans::finish_paid(work, payer))?;
                done
            })
            .await?;
        outcomes.extend(done);
    }
    Ok(BillingImport::of(outcomes))
}

fn post_one(work: &mut Work<'_>, read: &ReadLine, payers: &mut BTreeSet<PatientId>) -> Result<LineOutcome> {
    let kept = match &read.line {
        Ok(line) => keep(work, line, payers)?,
        Err(error) => Err(error.clone()),
    };
    let (result, error) = match kept {
        Ok(result) => (result, None),
        Err(error) => (LineResult::Refused, Some(error)),
    };
    Ok(LineOutcome { line: read.number, id: read.id.clone(), result, error })
}

type Kept = Result<LineResult, FieldError>;

/// Keeps one line, and whose account it changed. Everything is looked at before anything is written.
fn keep(work: &mut Work<'_>, line: &BillingLine, payers: &mut BTreeSet<PatientId>) -> Result<Kept> {
    let Some(patient) = known(work, &line.patient)? else { return Ok(Err(unknown("mrn"))) };
    let payer = match &line.guarantor {
        None => patient,
        Some(guarantor) => match known(work, guarantor)? {
            Some(payer) => payer,
            None => return Ok(Err(unknown("guarantor_mrn"))),
        },
    };
    let earlier = store::posted_from(work.conn, &line.id)?;
    if let Some(earlier) = &earlier
        && !is_same(earlier, line, payer, patient)
    {
        let message =
            "This id was used for a line with other content. Send a correction as a line of its own.";
        return Ok(Err(FieldError::new("id", "id_used", message)));
    }
    if earlier.is_some() {
        return Ok(Ok(LineResult::Unchanged));
    }
    let statement_id = match &line.statement {
        None => None,
        Some(number) => Some(store::statement_named(work.conn, payer, number, line.date)?),
    };
    let row = TransactionRow {
        payer_id: payer,
        id: LedgerTransactionId(new_id()),
        patient_id: patient,
        posted_at: work.now,
        day: line.date,
        kind: line.kind,
        amount: line.amount.amount,
        currency: line.amount.currency,
        description: line.description.clone(),
        statement_id,
        source_id: Some(line.id.clone()),
        reverses: None,
        posted_by: work.actor.account_id().ok(),
    };
    store::post(work.conn, &row)?;
    payers.insert(payer);
    work.note_of_each(Action::Import, Category::Billing, &[payer]);
    Ok(Ok(LineResult::Posted))
}

/// Whether a line says what was posted. The statement is left out: billing systems put lines on statements later.
fn is_same(row: &TransactionRow, line: &BillingLine, payer: PatientId, patient: PatientId) -> bool {
    (row.payer_id, row.patient_id, row.kind, row.day) == (payer, patient, line.kind, line.date)
        && row.money() == line.amount
        && row.description == line.description
}

fn known(work: &mut Work<'_>, person: &BilledPerson) -> Result<Option<PatientId>> {
    patients::identified(work.conn, &person.mrn, person.birth_date)
}

/// The same sentence for a number that nobody has and for a date that does not fit it.
fn unknown(field: &str) -> FieldError {
    FieldError::new(field, "unknown_patient", "No patient has this number and date of birth.")
}
