//! What comes in from the practice's billing system: line by line, each known by the system's own id, so that sending it
//! again changes nothing (PAY-1).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    ledger::{NotPostable, Posting, TransactionKind},
    money::{Currency, Money},
};
use crate::{
    csv,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::{Date, is_plausible, iso_date},
    words::words,
};

/// At most so many lines come in one request of the API.
pub const MOST_LINES: usize = 200;
/// At most so many lines come in one file.
pub const MOST_FILE_LINES: usize = 5_000;
/// The largest file, in bytes.
pub const MAX_FILE: usize = 1024 * 1024;
/// The longest id of a line, in characters.
pub const MAX_ID: usize = 64;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 200;
/// The longest number of a statement, in characters.
pub const MAX_STATEMENT: usize = 40;

/// The columns of a file, in this order.
pub const COLUMNS: [&str; 11] = [
    "id",
    "mrn",
    "birth_date",
    "kind",
    "amount",
    "currency",
    "date",
    "description",
    "statement",
    "guarantor_mrn",
    "guarantor_birth_date",
];

/// A patient as a billing system knows one: by two things that must fit each other, since a typing error in one of them
/// would bill somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BilledPerson {
    /// The medical record number.
    pub mrn: String,
    /// The date of birth.
    #[serde(with = "crate::time::iso_date")]
    pub birth_date: Date,
}

/// One line of the billing system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BillingLine {
    /// The billing system's own id of this line, at most 64 characters. The same id again changes nothing.
    pub id: String,
    /// Who was treated.
    pub patient: BilledPerson,
    /// Who pays, when it is somebody else (a parent for a child).
    #[serde(default)]
    pub guarantor: Option<BilledPerson>,
    /// `charge`, `insurance_pending`, `insurance_payment`, `patient_share`, `adjustment` or `insurance_adjustment`.
    pub kind: TransactionKind,
    /// How much, always more than zero; the kind says in which direction.
    pub amount: Money,
    /// The day of the service, or of the insurer's answer.
    #[serde(with = "crate::time::iso_date")]
    pub date: Date,
    /// What it is for, at most 200 characters.
    pub description: String,
    /// The number of the statement that it stands on, at most 40 characters; absent: on none yet.
    #[serde(default)]
    pub statement: Option<String>,
}

/// Lines of the billing system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewBillingLines {
    /// 1 to 200.
    pub lines: Vec<BillingLine>,
}

words! {
    /// What became of a line.
    LineResult {
        /// It is in the ledger now.
        Posted = "posted",
        /// It was there already.
        Unchanged = "unchanged",
        /// Nothing of it was kept.
        Refused = "refused",
    }
}

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineOutcome {
    /// Which one, from 1; of a file the row, whose header is row 1.
    pub line: u32,
    /// The billing system's id, where the line has one.
    pub id: String,
    /// What became of it.
    pub result: LineResult,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<FieldError>,
}

/// What became of all lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BillingImport {
    /// How many are in the ledger now.
    pub posted: u32,
    /// How many were there already.
    pub unchanged: u32,
    /// How many were refused.
    pub refused: u32,
    /// Each, in the order sent.
    pub lines: Vec<LineOutcome>,
}

impl BillingImport {
    /// The outcomes with their counts.
    pub fn of(lines: Vec<LineOutcome>) -> Self {
        let count = |result| lines.iter().filter(|line| line.result == result).count() as u32;
        Self {
            posted: count(LineResult::Posted),
            unchanged: count(LineResult::Unchanged),
            refused: count(LineResult::Refused),
            lines,
        }
    }
}

/// A line that was read, or why it can't be, with its number and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLine {
    /// Its number, see [`LineOutcome::line`].
    pub number: u32,
    /// Its id; empty where it has none.
    pub id: String,
    /// The line with its texts cleaned.
    pub line: Result<BillingLine, FieldError>,
}

impl NewBillingLines {
    /// Each line, checked by itself. Refused as a whole only when there is none or too many.
    pub fn read(self, currency: Currency) -> Result<Vec<ReadLine>, Problem> {
        if self.lines.is_empty() || self.lines.len() > MOST_LINES {
            return Err(Problem::field("lines", "lines_count", "Send 1 to 200 lines."));
        }
        let lines = self.lines.into_iter().map(Ok).collect();
        Ok(checked(lines, 1, currency))
    }
}

/// The lines of a file (RFC 4180) with the header [`COLUMNS`].
pub fn read_file(bytes: &[u8], currency: Currency) -> Result<Vec<ReadLine>, Problem> {
    let wrong = |code: &str, message: &str| Problem::field("file", code, message);
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("not_utf8", "Save the file as UTF-8."))?;
    let mut rows = csv::read(text.trim_start_matches('\u{feff}'))
        .map_err(|_| wrong("not_csv", "A quote in this file is never closed."))?
        .into_iter();
    let header = rows.next().unwrap_or_default();
    if header.iter().map(|name| name.trim()).ne(COLUMNS) {
        let message = format!("The first row must be: {}", COLUMNS.join(","));
        return Err(Problem::field("file", "header", message));
    }
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() || rows.len() > MOST_FILE_LINES {
        return Err(wrong("lines_count", "A file holds 1 to 5,000 lines."));
    }
    let lines = rows.iter().map(|row| of_row(row)).collect();
    Ok(checked(lines, 2, currency))
}

type Parsed = Result<BillingLine, (String, FieldError)>;

fn of_row(row: &[String]) -> Parsed {
    let cell = |name: &str| {
        let at = COLUMNS.iter().position(|column| *column == name);
        at.and_then(|at| row.get(at)).map(|text| text.trim()).unwrap_or_default()
    };
    let id: String = cell("id").chars().take(MAX_ID).filter(|c| !c.is_control()).collect();
    let fail = |field: &str, code: &str, message: &str| (id.clone(), FieldError::new(field, code, message));
    if row.len() != COLUMNS.len() {
        return Err(fail("row", "cells", "This row has more or fewer cells than the header."));
    }
    let date = |name: &str| {
        iso_date::read(cell(name)).ok_or_else(|| fail(name, "not_a_date", "Write dates as YYYY-MM-DD."))
    };
    let currency: Currency =
        cell("currency").parse().map_err(|_| fail("currency", "unknown", "This is no currency we know."))?;
    let amount = Money::read(cell("amount"), currency)
        .ok_or_else(|| fail("amount", "not_money", "Write amounts as 12.34, without a minus."))?;
    let guarantor = match cell("guarantor_mrn") {
        "" => None,
        mrn => Some(BilledPerson { mrn: mrn.into(), birth_date: date("guarantor_birth_date")? }),
    };
    Ok(BillingLine {
        id: cell("id").into(),
        patient: BilledPerson { mrn: cell("mrn").into(), birth_date: date("birth_date")? },
        guarantor,
        kind: cell("kind").parse().map_err(|_| fail("kind", "unknown", "This kind is not known."))?,
        amount,
        date: date("date")?,
        description: cell("description").into(),
        statement: Some(cell("statement").to_owned()).filter(|number| !number.is_empty()),
    })
}

fn checked(lines: Vec<Parsed>, first: u32, currency: Currency) -> Vec<ReadLine> {
    let mut seen = HashSet::new();
    let one = |(number, line): (u32, Parsed)| match line {
        Err((id, error)) => ReadLine { number, id, line: Err(error) },
        Ok(line) => {
            let id: String = line.id.chars().take(MAX_ID).filter(|c| !c.is_control()).collect();
            let line = line.check(currency).and_then(|line| {
                if seen.insert(line.id.clone()) {
                    Ok(line)
                } else {
                    Err(FieldError::new("id", "twice", "This id stands here twice."))
                }
            });
            ReadLine { number, id, line }
        }
    };
    (first..).zip(lines).map(one).collect()
}

impl BillingLine {
    fn check(mut self, currency: Currency) -> Result<Self, FieldError> {
        self.id = text::required("id", &self.id, MAX_ID, Lines::One)?;
        self.patient.mrn = text::required("mrn", &self.patient.mrn, 64, Lines::One)?;
        if let Some(guarantor) = &mut self.guarantor {
            guarantor.mrn = text::required("guarantor_mrn", &guarantor.mrn, 64, Lines::One)?;
        }
        self.description = text::required("description", &self.description, MAX_DESCRIPTION, Lines::One)?;
        self.statement = match self.statement {
            None => None,
            Some(number) => Some(text::required("statement", &number, MAX_STATEMENT, Lines::One)?),
        };
        let guarantor = self.guarantor.as_ref().is_none_or(|one| is_plausible(one.birth_date));
        if !is_plausible(self.date) || !is_plausible(self.patient.birth_date) || !guarantor {
            return Err(FieldError::new("date", "not_a_date", "This date can't be."));
        }
        if !self.kind.is_from_outside() {
            return Err(FieldError::new("kind", "not_from_outside", "The portal writes this kind itself."));
        }
        check_amount("amount", self.amount, currency)?;
        Ok(self)
    }
}

/// Refuses an amount of another currency, and one that no ledger takes.
pub fn check_amount(field: &str, amount: Money, currency: Currency) -> Result<(), FieldError> {
    if amount.currency != currency {
        let message = format!("The practice's currency is {currency}.");
        return Err(FieldError::new(field, "foreign_currency", message));
    }
    match Posting::of(TransactionKind::Charge, amount) {
        Ok(_) => Ok(()),
        Err(NotPostable::NotPositive) => {
            Err(FieldError::new(field, "not_positive", "Give an amount of more than zero."))
        }
        Err(NotPostable::TooLarge) => Err(FieldError::new(field, "too_large", "This amount is too large.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "id,mrn,birth_date,kind,amount,currency,date,description,statement,guarantor_mrn,guarantor_birth_date\n";

    fn outcome(row: &str) -> Result<BillingLine, (String, String)> {
        let read = read_file(format!("{HEADER}{row}").as_bytes(), Currency::Usd).unwrap();
        read[0].line.clone().map_err(|error| (error.field, error.code))
    }

    #[test]
    fn a_row_is_read_with_its_quotes_and_its_guarantor() {
        let line = outcome("c1,MRN-1,2020-02-03,charge,\"1,250.50\",USD,2026-09-01,\"Visit, \"\"long\"\"\",S-1,MRN-2,1980-01-01\n").unwrap();
        assert_eq!(line.amount, Money::new(125_050, Currency::Usd));
        assert_eq!(
            (line.description.as_str(), line.guarantor.unwrap().mrn.as_str()),
            ("Visit, \"long\"", "MRN-2")
        );
    }

    #[test]
    fn every_row_is_refused_for_itself() {
        let refused = |row: &str| outcome(row).unwrap_err();
        let is = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(refused("c1,M,2020-02-03,charge,-5,USD,2026-09-01,Visit,,,"), is("amount", "not_money"));
        assert_eq!(refused("c1,M,2020-02-03,charge,0,USD,2026-09-01,Visit,,,"), is("amount", "not_positive"));
        assert_eq!(
            refused("c1,M,2020-02-03,charge,5,EUR,2026-09-01,Visit,,,"),
            is("amount", "foreign_currency")
        );
        assert_eq!(
            refused("c1,M,2020-02-03,payment,5,USD,2026-09-01,Visit,,,"),
            is("kind", "not_from_outside")
        );
        assert_eq!(
            refused("c1,M,03.02.2020,charge,5,USD,2026-09-01,Visit,,,"),
            is("birth_date", "not_a_date")
        );
        assert_eq!(refused("c1,M,2020-02-03,charge,5,USD,2026-09-01"), is("row", "cells"));
        assert_eq!(refused(",M,2020-02-03,charge,5,USD,2026-09-01,Visit,,,"), is("id", "required"));
        let twice = "c1,M,2020-02-03,charge,5,USD,2026-09-01,Visit,,,\n".repeat(2);
        let read = read_file(format!("{HEADER}{twice}").as_bytes(), Currency::Usd).unwrap();
        assert_eq!(read[1].line.clone().unwrap_err().code, "twice");
        assert_eq!((read[0].number, read[1].number), (2, 3));
    }

    #[test]
    fn a_file_that_is_none_is_refused_as_a_whole() {
        let code = |bytes: &[u8]| read_file(bytes, Currency::Usd).unwrap_err().errors[0].code.clone();
        assert_eq!(code(b"\xff"), "not_utf8");
        assert_eq!(code(b"a,b\n1,2\n"), "header");
        assert_eq!(code(HEADER.as_bytes()), "lines_count");
        assert_eq!(code(format!("{HEADER}\"c1").as_bytes()), "not_csv");
    }
}
