//! Closed lists of words, spelled once for the API, the database and the audit trail.

/// A spelling that a list does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of this list")]
pub struct NotAWord;

/// Declares an enum whose members have one spelling everywhere.
macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $each:literal])* $member:ident = $spelling:literal),+ $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "sql", diesel(sql_type = $crate::sql::Word))]
        pub enum $name {
            $($(#[doc = $each])* #[serde(rename = $spelling)] $member,)+
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

        #[cfg(feature = "openapi")]
        $crate::words::described!($name, concat!($($doc,)* $("\n`", $spelling, "`:", $($each,)*)+), [$($spelling),+]);

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

/// How the contract describes a closed list: by the spellings that are sent. (The derive of `utoipa` would name the
/// members, because it does not read a spelling that comes out of a macro.)
#[cfg(feature = "openapi")]
macro_rules! described {
    ($name:ident, $text:expr, [$($spelling:expr),+]) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some($text.trim().replace("\n ", "\n")))
                    .enum_values(Some([$($spelling),+]))
                    .build()
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
#[cfg(feature = "openapi")]
pub(crate) use described;
