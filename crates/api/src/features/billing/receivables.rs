//! What the practice is owed in all: its age, and twelve months of it (PAY-4). Sums over every account, whoever may see it:
//! they name nobody, and one that was left out would make them wrong.

use std::collections::HashMap;

use chrono::{Datelike, Months};
use portal_domain::{
    access::{Action, Category},
    billing::{
        AgeBucket, AgedLine, AgedSum, Currency, Money, MonthColumn, MonthSums, RECEIVABLE_MONTHS,
        Receivables, TransactionKind, month_column, open_parts,
    },
    csv::{self, Cell},
    time::{Date, Time},
};

use super::store;
use crate::{
    app::App,
    error::{Error, Result},
    features::practice,
    platform::{auth::Actor, work::Work},
};

/// Now.
pub async fn receivables(app: &App, actor: &Actor) -> Result<Receivables> {
    let currency = app.settings.currency;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Receivables)?;
        read(work, currency)
    })
    .await
}

/// The same as a table: one sum a row.
pub async fn table(app: &App, actor: &Actor) -> Result<String> {
    let currency = app.settings.currency;
    app.read(actor, move |work| {
        work.permit(Action::Export, Category::Receivables)?;
        Ok(as_table(&read(work, currency)?))
    })
    .await
}

fn as_table(all: &Receivables) -> String {
    let mut text = csv::row(&["day", "of", "sum", "amount", "currency"]);
    let day = all.day.to_string();
    let mut row = |of: &str, sum: &str, amount: Money| {
        let plain = amount.plain();
        let [day, of, sum, currency] = [&day, of, sum, amount.currency.as_str()].map(Cell::Text);
        text += &csv::mixed_row(&[day, of, sum, Cell::Number(&plain), currency]);
    };
    for one in &all.aging {
        row(one.age.as_str(), "open", one.open);
    }
    row("all", "credit", all.credit);
    row("all", "owed", all.owed);
    for one in &all.months {
        let month = one.month.format("%Y-%m").to_string();
        for (sum, amount) in [
            ("charged", one.charged),
            ("paid", one.paid),
            ("adjusted", one.adjusted),
            ("refunded", one.refunded),
            ("owed", one.owed),
        ] {
            row(&month, sum, amount);
        }
    }
    text
}

fn read(work: &mut Work<'_>, currency: Currency) -> Result<Receivables> {
    let day = practice::today(work.conn, work.now)?;
    let money = |amount| Money::new(amount, currency);
    let (mut open, mut credit) = (HashMap::<AgeBucket, i64>::new(), 0);
    for lines in accounts(work, currency)? {
        let balance: i64 = lines.iter().map(|line| line.owed).sum();
        credit += (-balance).max(0);
        for (of, amount) in open_parts(&lines) {
            *open.entry(AgeBucket::of(of, day)).or_default() += amount;
        }
    }
    let aged = |age: &AgeBucket| AgedSum { age: *age, open: money(open.get(age).copied().unwrap_or(0)) };
    let aging: Vec<AgedSum> = AgeBucket::ALL.iter().map(aged).collect();
    let owed = aging.iter().map(|one| one.open.amount).sum::<i64>() - credit;
    Ok(Receivables {
        day,
        aging,
        credit: money(credit),
        owed: money(owed),
        months: months(work, day, currency)?,
    })
}

/// The lines of each account that is not even.
fn accounts(work: &mut Work<'_>, currency: Currency) -> Result<Vec<Vec<AgedLine>>> {
    let rows = store::of_accounts_that_owe(work.conn)?;
    let mut accounts = Vec::new();
    for rows in rows.chunk_by(|one, next| one.0 == next.0) {
        let line = |(_, day, statement, kind, amount): &store::BareRow| {
            let owed = kind.owed(Money::new(*amount, currency)).map_err(Error::internal)?.amount;
            Ok(AgedLine { day: *day, statement: *statement, kind: *kind, owed })
        };
        accounts.push(rows.iter().map(line).collect::<Result<Vec<AgedLine>>>()?);
    }
    Ok(accounts)
}

/// The last months with what was owed at the end of each, counted from the first transaction of all.
fn months(work: &mut Work<'_>, today: Date, currency: Currency) -> Result<Vec<MonthSums>> {
    let zone = practice::zone(work.conn)?;
    let this = today.with_day(1).unwrap_or(today);
    let begins = |ahead: usize| -> Result<(Date, Time)> {
        let back = Months::new(u32::try_from(RECEIVABLE_MONTHS - 1).map_err(Error::internal)?);
        let ahead = Months::new(u32::try_from(ahead).map_err(Error::internal)?);
        let month = this.checked_sub_months(back).and_then(|first| first.checked_add_months(ahead));
        let month = month.ok_or_else(|| Error::internal("a month beyond the calendar"))?;
        Ok((month, practice::begin_of(month, zone)?))
    };
    // Nothing was posted before that.
    let ever = Time::from_micros(0).map_err(Error::internal)?;
    let mut owed = change_of(&store::sums_between(work.conn, ever, begins(0)?.1)?);
    let mut months = Vec::with_capacity(RECEIVABLE_MONTHS);
    for ahead in 0..RECEIVABLE_MONTHS {
        let ((month, from), (_, to)) = (begins(ahead)?, begins(ahead + 1)?);
        let sums = store::sums_between(work.conn, from, to)?;
        owed += change_of(&sums);
        let column = |column| Money::new(column_of(&sums, column), currency);
        months.push(MonthSums {
            month,
            charged: column(MonthColumn::Charged),
            paid: column(MonthColumn::Paid),
            adjusted: column(MonthColumn::Adjusted),
            refunded: column(MonthColumn::Refunded),
            owed: Money::new(owed, currency),
        });
    }
    Ok(months)
}

fn column_of(sums: &HashMap<TransactionKind, i64>, wanted: MonthColumn) -> i64 {
    let counted = |(kind, sum): (&TransactionKind, &i64)| {
        let (column, against) = month_column(*kind)?;
        (column == wanted).then_some(if against { -*sum } else { *sum })
    };
    sums.iter().filter_map(counted).sum()
}

fn change_of(sums: &HashMap<TransactionKind, i64>) -> i64 {
    use MonthColumn as C;
    let of = |column| column_of(sums, column);
    of(C::Charged) - of(C::Paid) - of(C::Adjusted) + of(C::Refunded)
}
