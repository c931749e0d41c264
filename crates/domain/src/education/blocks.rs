//! A text as it is shown: typed parts, so that no HTML is made of what somebody wrote.

use serde::{Deserialize, Serialize};

/// A part of a text that stands on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading below the item's title.
    Heading {
        /// 2 to 4.
        level: u8,
        /// Its words.
        content: Vec<Span>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        content: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// Its items.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        items: Vec<Vec<Block>>,
    },
    /// Something quoted or set apart.
    Quote {
        /// What is in it.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        blocks: Vec<Block>,
    },
    /// Text to be shown as typed.
    Verbatim {
        /// The text.
        text: String,
    },
    /// A line between two parts.
    Rule,
}

/// A run of words inside a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Span {
    /// Plain words.
    Text {
        /// The words.
        text: String,
    },
    /// Important words.
    Strong {
        /// The words.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        content: Vec<Span>,
    },
    /// Stressed words.
    Emphasis {
        /// The words.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        content: Vec<Span>,
    },
    /// Words that lead elsewhere.
    Link {
        /// An address that [`is_safe_link`] lets through.
        href: String,
        /// The words.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        content: Vec<Span>,
    },
    /// The next line.
    Break,
}

/// Whether an address may stand behind a link: web pages, mail and telephone, nothing that runs.
pub fn is_safe_link(href: &str) -> bool {
    let plain = href.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '\\');
    let begins = |scheme: &str| {
        href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && href.len() > scheme.len()
    };
    plain
        && href.len() <= 2_000
        && ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| begins(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_mail_and_telephone_stand_behind_links() {
        for safe in
            ["https://medlineplus.gov/flu", "HTTP://example.org", "mailto:a@example.org", "tel:+15550100"]
        {
            assert!(is_safe_link(safe), "{safe}");
        }
        for hostile in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            " javascript:alert(1)",
            "\u{1}javascript:x",
            "data:text/html,<script>",
            "vbscript:x",
            "//evil.example",
            "/\\evil.example",
            "file:///etc/passwd",
            "https://",
            "",
            "https://a b",
            "blob:https://x",
        ] {
            assert!(!is_safe_link(hostile), "{hostile}");
        }
    }
}
