//! Enumerations whose values are codes of a standard.

/// A value that stands for exactly one code of a standard, such as `final` or `HH`.
pub trait Code: Sized + Copy + 'static {
    /// Every value, in the standard's order.
    const ALL: &'static [Self];

    /// The code as the standard writes it; also how it is stored and sent.
    fn code(self) -> &'static str;

    /// The value of a code; `None` when the standard (as used here) has no such code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

/// Declares an enumeration of codes: each value with its code, read and written as that code.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $code)] $value,)+
        }

        impl $crate::chart::Code for $name {
            const ALL: &'static [Self] = &[$(Self::$value,)+];

            fn code(self) -> &'static str {
                match self {
                    $(Self::$value => $code,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::chart::Code::code(*self))
            }
        }
    };
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    use crate::chart::{Code, Flag, ObservationStatus};

    #[test]
    fn a_code_reads_back_as_its_value_and_an_unknown_one_is_refused() {
        for flag in Flag::ALL {
            assert_eq!(Flag::from_code(flag.code()), Some(*flag));
            let json = serde_json::to_string(flag).unwrap();
            assert_eq!(json, format!("\"{}\"", flag.code()));
            assert_eq!(serde_json::from_str::<Flag>(&json).unwrap(), *flag);
        }
        assert_eq!(ObservationStatus::from_code("finale"), None);
        assert_eq!(ObservationStatus::from_code("Final"), None, "codes are case sensitive in FHIR");
    }
}
