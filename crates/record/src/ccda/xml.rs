//! XML as a tree, written with everything escaped and without the characters that XML 1.0 forbids (section 2.2).

/// An element.
#[derive(Clone, Debug)]
pub struct El {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
enum Node {
    El(El),
    Text(String),
}

/// An element with nothing in it yet.
pub fn el(name: &'static str) -> El {
    El { name, attributes: Vec::new(), nodes: Vec::new() }
}

impl El {
    /// Adds an attribute.
    pub fn a(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Adds an attribute that may be missing.
    pub fn maybe(self, name: &'static str, value: Option<&'static str>) -> Self {
        match value {
            Some(value) => self.a(name, value),
            None => self,
        }
    }

    /// Whether it has an attribute.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(given, _)| *given == name)
    }

    /// Whether it has such an element in it.
    pub fn holds(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::El(child) if child.name == name))
    }

    /// Adds an element.
    pub fn c(mut self, child: Self) -> Self {
        self.nodes.push(Node::El(child));
        self
    }

    /// Adds elements; an `Option` is none or one.
    pub fn cs(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.nodes.extend(children.into_iter().map(Node::El));
        self
    }

    /// Adds text.
    pub fn t(mut self, text: impl Into<String>) -> Self {
        self.nodes.push(Node::Text(text.into()));
        self
    }

    /// The document whose root this is, in UTF-8.
    pub fn document(&self) -> Vec<u8> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut out);
        out.push('\n');
        out.into_bytes()
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(out, value);
            out.push('"');
        }
        if self.nodes.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for node in &self.nodes {
            match node {
                Node::El(child) => child.write(out),
                Node::Text(text) => escape(out, text),
            }
        }
        out.push_str("</");
        out.push_str(self.name);
        out.push('>');
    }
}

/// Whether XML 1.0 can carry it.
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars().filter(|c| is_allowed(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Parsers make other characters of these.
            '\r' => out.push_str("&#13;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other => out.push(other),
        }
    }
}
