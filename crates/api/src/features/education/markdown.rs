//! Markdown to the parts that the page shows. No HTML is made anywhere: what is no part of ours is text.

use portal_domain::education::{Block, Span, is_safe_link};
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Deeper nesting is flattened, so that neither the answer nor the page is nested at a writer's will.
const DEEPEST: usize = 12;
/// The least important heading.
const LOWEST: u8 = 4;

/// The parts of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut open = vec![Frame::new(Kind::Root)];
    let mut flattened = 0usize;
    for event in Parser::new_ext(text, Options::empty()) {
        match event {
            Event::Start(_) if flattened > 0 || open.len() >= DEEPEST => flattened += 1,
            Event::End(_) if flattened > 0 => flattened -= 1,
            Event::Start(tag) => open.push(Frame::new(Kind::of(&tag))),
            Event::End(_) => close(&mut open),
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                top(&mut open, |frame| frame.text(&words));
            }
            Event::SoftBreak => top(&mut open, |frame| frame.text(" ")),
            Event::HardBreak => top(&mut open, |frame| frame.spans.push(Span::Break)),
            Event::Rule => top(&mut open, |frame| frame.block(Block::Rule)),
            _ => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    let mut blocks = open.pop().map(Frame::into_blocks).unwrap_or_default();
    let highest = highest_heading(&blocks);
    level_headings(&mut blocks, highest, &mut 1);
    blocks
}

/// The level of the most important heading; 1 where there is none.
fn highest_heading(blocks: &[Block]) -> u8 {
    let of = |block: &Block| match block {
        Block::Heading { level, .. } => *level,
        Block::List { items, .. } => items.iter().map(|item| highest_heading(item)).min().unwrap_or(u8::MAX),
        Block::Quote { blocks } => highest_heading(blocks),
        Block::Paragraph { .. } | Block::Verbatim { .. } | Block::Rule => u8::MAX,
    };
    blocks.iter().map(of).min().unwrap_or(u8::MAX)
}

/// The most important headings come right below the item's title, and none skips a level, whichever a writer chose:
/// that is how screen readers tell the parts of a page.
fn level_headings(blocks: &mut [Block], highest: u8, before: &mut u8) {
    for block in blocks {
        match block {
            Block::Heading { level, .. } => {
                *level = (*level - highest + 2).min(*before + 1).min(LOWEST);
                *before = *level;
            }
            Block::List { items, .. } => {
                items.iter_mut().for_each(|item| level_headings(item, highest, before));
            }
            Block::Quote { blocks } => level_headings(blocks, highest, before),
            Block::Paragraph { .. } | Block::Verbatim { .. } | Block::Rule => {}
        }
    }
}

/// The words alone, for the search.
pub fn words(blocks: &[Block]) -> String {
    fn of_spans(spans: &[Span], to: &mut String) {
        for span in spans {
            match span {
                Span::Text { text } => to.push_str(text),
                Span::Strong { content } | Span::Emphasis { content } | Span::Link { content, .. } => {
                    of_spans(content, to);
                }
                Span::Break => to.push(' '),
            }
        }
    }
    fn of_blocks(blocks: &[Block], to: &mut String) {
        for block in blocks {
            match block {
                Block::Heading { content, .. } | Block::Paragraph { content } => of_spans(content, to),
                Block::List { items, .. } => items.iter().for_each(|item| of_blocks(item, to)),
                Block::Quote { blocks } => of_blocks(blocks, to),
                Block::Verbatim { text } => to.push_str(text),
                Block::Rule => {}
            }
            to.push('\n');
        }
    }
    let mut all = String::new();
    of_blocks(blocks, &mut all);
    all
}

enum Kind {
    Root,
    Paragraph,
    Heading(u8),
    List(bool),
    Item,
    Quote,
    Verbatim,
    Strong,
    Emphasis,
    Link(String),
    /// Only its words count: an image's description, a link that leads nowhere safe.
    Words,
}

impl Kind {
    fn of(tag: &Tag<'_>) -> Self {
        match tag {
            Tag::Heading { level, .. } => Self::Heading(*level as u8),
            Tag::List(first) => Self::List(first.is_some()),
            Tag::Item => Self::Item,
            Tag::BlockQuote(_) => Self::Quote,
            Tag::CodeBlock(_) => Self::Verbatim,
            Tag::Strong => Self::Strong,
            Tag::Emphasis => Self::Emphasis,
            Tag::Link { dest_url, .. } if is_safe_link(dest_url) => Self::Link(dest_url.to_string()),
            Tag::Link { .. } | Tag::Image { .. } => Self::Words,
            _ => Self::Paragraph,
        }
    }
}

struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    spans: Vec<Span>,
    items: Vec<Vec<Block>>,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { kind, blocks: Vec::new(), spans: Vec::new(), items: Vec::new() }
    }

    fn text(&mut self, words: &str) {
        match self.spans.last_mut() {
            Some(Span::Text { text }) => text.push_str(words),
            _ => self.spans.push(Span::Text { text: words.into() }),
        }
    }

    fn block(&mut self, block: Block) {
        self.flush();
        self.blocks.push(block);
    }

    /// Words that stand in no paragraph, as in the items of a tight list, get one.
    fn flush(&mut self) {
        if !self.spans.is_empty() {
            let content = std::mem::take(&mut self.spans);
            self.blocks.push(Block::Paragraph { content });
        }
    }

    fn into_blocks(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }

    fn into_words(self) -> String {
        let words = |span: Span| if let Span::Text { text } = span { text } else { String::new() };
        self.spans.into_iter().map(words).collect()
    }
}

fn top(open: &mut [Frame], act: impl FnOnce(&mut Frame)) {
    if let Some(frame) = open.last_mut() {
        act(frame);
    }
}

fn close(open: &mut Vec<Frame>) {
    if open.len() < 2 {
        return;
    }
    let Some(mut frame) = open.pop() else { return };
    let Some(parent) = open.last_mut() else { return };
    let spans = std::mem::take(&mut frame.spans);
    match std::mem::replace(&mut frame.kind, Kind::Root) {
        Kind::Strong => parent.spans.push(Span::Strong { content: spans }),
        Kind::Emphasis => parent.spans.push(Span::Emphasis { content: spans }),
        Kind::Link(href) if spans.is_empty() => {
            // A link without words would be there for nobody.
            let content = vec![Span::Text { text: href.clone() }];
            parent.spans.push(Span::Link { href, content });
        }
        Kind::Link(href) => parent.spans.push(Span::Link { href, content: spans }),
        Kind::Words => parent.spans.extend(spans),
        Kind::Heading(_) if spans.is_empty() => {}
        Kind::Heading(level) => parent.block(Block::Heading { level, content: spans }),
        kind => {
            frame.spans = spans;
            match kind {
                Kind::List(ordered) => parent.block(Block::List { ordered, items: frame.items }),
                Kind::Quote => parent.block(Block::Quote { blocks: frame.into_blocks() }),
                Kind::Verbatim => parent.block(Block::Verbatim { text: frame.into_words() }),
                Kind::Item => parent.items.push(frame.into_blocks()),
                _ => {
                    for block in frame.into_blocks() {
                        parent.block(block);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn depth_of_spans(spans: &[Span]) -> usize {
        let inner = |span: &Span| match span {
            Span::Strong { content } | Span::Emphasis { content } | Span::Link { content, .. } => {
                1 + depth_of_spans(content)
            }
            Span::Text { .. } | Span::Break => 0,
        };
        spans.iter().map(inner).max().unwrap_or(0)
    }

    fn depth(blocks: &[Block]) -> usize {
        let inner = |block: &Block| match block {
            Block::List { items, .. } => items.iter().map(|item| 2 + depth(item)).max().unwrap_or(0),
            Block::Quote { blocks } => 1 + depth(blocks),
            Block::Heading { content, .. } | Block::Paragraph { content } => 1 + depth_of_spans(content),
            Block::Verbatim { .. } | Block::Rule => 0,
        };
        blocks.iter().map(inner).max().unwrap_or(0)
    }

    fn links(json: &str) -> Vec<String> {
        json.match_indices("\"href\":\"")
            .map(|(at, key)| json[at + key.len()..].split('"').next().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn headings_lists_and_links_become_parts() {
        let parts =
            blocks("# Asthma\n\nTake it **twice**, see [more](https://example.org).\n\n1. in\n2. out\n");
        let json = serde_json::to_string(&parts).unwrap();
        assert!(
            json.contains(r#"{"kind":"heading","level":2,"content":[{"kind":"text","text":"Asthma"}]}"#),
            "{json}"
        );
        assert!(json.contains(r#"{"kind":"strong","content":[{"kind":"text","text":"twice"}]}"#), "{json}");
        assert!(
            json.contains(r#""href":"https://example.org""#) && json.contains(r#""ordered":true"#),
            "{json}"
        );
    }

    #[test]
    fn what_would_run_is_text_or_gone() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "[x](javascript:alert(1))",
            "[x](JAVASCRIPT:alert(1))",
            "[x](data:text/html;base64,xx)",
            "<javascript:alert(1)>",
            "![x](javascript:alert(1))",
            "[x]: javascript:alert(1)\n\n[x]",
            "[x](java&#10;script:alert(1))",
            "[x](&#x6A;avascript:alert(1))",
        ] {
            let json = serde_json::to_string(&blocks(hostile)).unwrap();
            assert_eq!(links(&json), Vec::<String>::new(), "{hostile}: {json}");
        }
    }

    #[test]
    fn what_is_searched_is_what_is_read() {
        let parts = blocks("# Sugar\n\n- Eat **well**, [more](https://example.org/hidden)\n- Walk");
        assert_eq!(
            words(&parts).split_whitespace().collect::<Vec<_>>(),
            ["Sugar", "Eat", "well,", "more", "Walk"]
        );
    }

    #[test]
    fn a_link_and_a_heading_are_never_empty() {
        let json = serde_json::to_string(&blocks("#\n\n[](https://example.org)")).unwrap();
        assert!(json.contains(r#""text":"https://example.org""#) && !json.contains("heading"), "{json}");
    }

    #[test]
    fn headings_begin_below_the_title_and_skip_no_level() {
        let levels = |text: &str| -> Vec<u8> {
            let level =
                |block: Block| if let Block::Heading { level, .. } = block { Some(level) } else { None };
            blocks(text).into_iter().filter_map(level).collect()
        };
        assert_eq!(levels("## a\n\n### b\n\n## c"), [2, 3, 2]);
        assert_eq!(levels("# a\n\n#### b\n\n###### c\n\n## d"), [2, 3, 4, 3]);
        assert_eq!(levels("### a\n\n# b"), [2, 2]);
    }

    #[test]
    fn nesting_has_an_end() {
        for hostile in ["> ".repeat(5_000), "- ".repeat(5_000), "*a ".repeat(3_000), "[".repeat(8_000)] {
            assert!(depth(&blocks(&format!("{hostile}x"))) <= 2 * DEEPEST, "{}", &hostile[..4]);
        }
    }

    proptest! {
        #[test]
        fn every_link_of_every_text_is_safe(text in r"([\[\]()<>*_#`>\-! \n]|javascript:|https://e\.x|data:|a){0,60}") {
            let json = serde_json::to_string(&blocks(&text)).unwrap();
            for href in links(&json) {
                prop_assert!(is_safe_link(&href.replace("\\\\", "\\")), "{}", href);
            }
        }
    }
}
