//! Amounts of money: whole minor units of one currency, never a fraction (PAY-1).

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// A currency (ISO 4217).
    Currency {
        /// US dollar.
        Usd = "USD",
        /// Euro.
        Eur = "EUR",
        /// Pound sterling.
        Gbp = "GBP",
        /// Canadian dollar.
        Cad = "CAD",
        /// Swiss franc.
        Chf = "CHF",
        /// Japanese yen, which has no minor unit.
        Jpy = "JPY",
    }
}

impl Currency {
    /// How many digits stand behind the point.
    pub const fn digits(self) -> u32 {
        match self {
            Self::Jpy => 0,
            _ => 2,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Usd => "$",
            Self::Eur => "€",
            Self::Gbp => "£",
            Self::Cad => "CA$",
            Self::Chf => "CHF ",
            Self::Jpy => "¥",
        }
    }
}

/// The largest amount of one charge or payment, in minor units: ten million dollars.
pub const MOST_MONEY: i64 = 1_000_000_000;

/// An amount, in minor units: 1250 USD is $12.50.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// In minor units (cents).
    pub amount: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// Why amounts can't be put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    /// They are of two currencies.
    #[error("two currencies")]
    Currencies,
    /// The sum is larger than a ledger can hold.
    #[error("too large")]
    TooLarge,
}

impl Money {
    /// So many minor units.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Result<Self, NotMoney> {
        if self.currency != other.currency {
            return Err(NotMoney::Currencies);
        }
        let amount = self.amount.checked_add(other.amount).ok_or(NotMoney::TooLarge)?;
        Ok(Self { amount, ..self })
    }

    /// What is left after `other` is taken away.
    pub fn minus(self, other: Self) -> Result<Self, NotMoney> {
        self.plus(other.negated()?)
    }

    /// The same the other way round.
    pub fn negated(self) -> Result<Self, NotMoney> {
        Ok(Self { amount: self.amount.checked_neg().ok_or(NotMoney::TooLarge)?, ..self })
    }

    /// Whether it is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.amount > 0
    }

    /// As it stands in tables: `-1250.00`.
    pub fn plain(self) -> String {
        let digits = self.currency.digits();
        let unit = 10_u64.pow(digits);
        let (sign, size) = (if self.amount < 0 { "-" } else { "" }, self.amount.unsigned_abs());
        match digits {
            0 => format!("{sign}{size}"),
            _ => format!("{sign}{}.{:0width$}", size / unit, size % unit, width = digits as usize),
        }
    }

    /// As people read it: `$1,250.00`, and with a minus before it when it is a credit.
    pub fn shown(self) -> String {
        let plain = self.plain();
        let plain = plain.trim_start_matches('-');
        let (whole, part) = plain.split_once('.').map_or((plain, None), |(whole, part)| (whole, Some(part)));
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.amount < 0 { "\u{2212}" } else { "" };
        let part = part.map_or(String::new(), |part| format!(".{part}"));
        format!("{sign}{}{grouped}{part}", self.currency.sign())
    }

    /// What somebody typed: `12.5`, `$1,250.00`. None when it is no amount, or has more digits than the currency.
    pub fn read(text: &str, currency: Currency) -> Option<Self> {
        let text = text.trim().trim_start_matches(currency.sign().trim()).trim().replace(',', "");
        let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
        let digits = currency.digits() as usize;
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || part.len() > digits || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        format!("{whole}{part:0<digits$}").parse().ok().map(|amount| Self { amount, currency })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    proptest! {
        #[test]
        fn sums_do_not_depend_on_the_order_and_taking_away_undoes_adding(
            a in any::<i32>(), b in any::<i32>(), c in any::<i32>(), currency in select(Currency::ALL),
        ) {
            let [a, b, c] = [a, b, c].map(|amount| Money::new(amount.into(), currency));
            prop_assert_eq!(a.plus(b), b.plus(a));
            prop_assert_eq!(a.plus(b).unwrap().plus(c), a.plus(b.plus(c).unwrap()));
            prop_assert_eq!(a.plus(b).unwrap().minus(b), Ok(a));
            prop_assert_eq!(a.plus(a.negated().unwrap()), Ok(Money::zero(currency)));
        }

        #[test]
        fn what_is_shown_is_read_back(amount in 0..=MOST_MONEY, currency in select(Currency::ALL)) {
            let money = Money::new(amount, currency);
            prop_assert_eq!(Money::read(&money.plain(), currency), Some(money));
            prop_assert_eq!(Money::read(&money.shown(), currency), Some(money));
        }

        #[test]
        fn no_text_is_taken_for_an_amount_that_it_does_not_say(text in "[0-9.,$+-]{0,12}") {
            if let Some(money) = Money::read(&text, Currency::Usd) {
                prop_assert!(money.amount >= 0 && !text.contains(['+', '-']));
            }
        }
    }

    #[test]
    fn amounts_are_written_as_people_write_them() {
        assert_eq!(Money::new(125_000, Currency::Usd).shown(), "$1,250.00");
        assert_eq!(Money::new(-5, Currency::Usd).shown(), "\u{2212}$0.05");
        assert_eq!(Money::new(1_234_567, Currency::Jpy).shown(), "¥1,234,567");
        assert_eq!(Money::new(-1_205, Currency::Eur).plain(), "-12.05");
        for wrong in ["", ".5", "1.234", "1e5", "-1", "12 34", "９"] {
            assert_eq!(Money::read(wrong, Currency::Usd), None, "{wrong}");
        }
    }

    #[test]
    fn two_currencies_and_what_overflows_are_no_sum() {
        let (dollar, euro) = (Money::new(1, Currency::Usd), Money::new(1, Currency::Eur));
        assert_eq!(dollar.plus(euro), Err(NotMoney::Currencies));
        assert_eq!(Money::new(i64::MAX, Currency::Usd).plus(dollar), Err(NotMoney::TooLarge));
        assert_eq!(Money::new(i64::MIN, Currency::Usd).negated(), Err(NotMoney::TooLarge));
    }
}
