//! Closed lists of words, spelled once for the API, the database and the audit trail.

/// A spelling that a list does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of this list")]
pub struct NotAWord;

/// Declares an enum whose members have one spelling everywhere.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $member:ident = $spelling:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "sql", diesel(sql_type = $crate::sql::Word))]
        pub enum $name {
            $($(#[$each])* #[serde(rename = $spelling)] $member,)+
        }

        #[cfg(feature = "sql")]
        $crate::sql::stored_as_word!($name);

        impl $name {
            /// Every word of the list.
            pub const ALL: &[Self] = &[$(Self::$member),+];

            /// The spelling used in JSON, in the database and in the audit trail.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$member => $spelling),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::NotAWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($spelling => Ok(Self::$member),)+ _ => Err($crate::words::NotAWord) }
            }
        }
    };
}
pub(crate) use words;
