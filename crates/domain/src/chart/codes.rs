//! Words that are codes of a standard.

/// A closed list of which each word is the code of a standard, such as `final` or `HH`.
pub trait Code: Sized + Copy + 'static {
    /// Every word of the list.
    const ALL: &'static [Self];

    /// The code as the standard writes it.
    fn code(self) -> &'static str;

    /// The word of a code; `None` when the list has no such code. Codes are case sensitive.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.code() == code)
    }
}

/// Makes lists of words readable as codes.
macro_rules! coded {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::chart::Code for $name {
            const ALL: &'static [Self] = <$name>::ALL;

            fn code(self) -> &'static str {
                self.as_str()
            }
        }
    )+};
}

/// Declares a list of [`words`](crate::words) that are codes of a standard.
macro_rules! codes {
    ($(#[doc = $doc:literal])* $name:ident $words:tt) => {
        $crate::words::words! { $(#[doc = $doc])* $name $words }
        $crate::chart::codes::coded!($name);
    };
}

pub(crate) use coded;
pub(crate) use codes;

coded!(crate::patients::Gender, crate::results::ReportStatus);

#[cfg(test)]
mod tests {
    use crate::chart::{Code, Interpretation, ObservationStatus};

    #[test]
    fn a_code_reads_back_as_its_word_and_an_unknown_one_is_refused() {
        for word in Interpretation::ALL {
            assert_eq!(Interpretation::from_code(word.code()), Some(*word));
            let json = serde_json::to_string(word).unwrap();
            assert_eq!(json, format!("\"{}\"", word.code()));
            assert_eq!(serde_json::from_str::<Interpretation>(&json).unwrap(), *word);
        }
        assert_eq!(ObservationStatus::from_code("finale"), None);
        assert_eq!(ObservationStatus::from_code("Final"), None, "codes are case sensitive in FHIR");
    }
}
