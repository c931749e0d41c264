//! A document as another program reads it: a tree that a parser of others made of the bytes.

use std::collections::HashSet;

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

/// An element.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    /// The root of a document, which must be well formed.
    pub fn read(document: &str) -> Self {
        let mut reader = Reader::from_str(document);
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event().unwrap();
            let last = open.last_mut().unwrap();
            match event {
                Event::Start(tag) => open.push(Self::of(&tag)),
                Event::Empty(tag) => last.children.push(Self::of(&tag)),
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(text) => last.text.push_str(&text.decode().unwrap()),
                Event::GeneralRef(named) => match named.resolve_char_ref().unwrap() {
                    Some(c) => last.text.push(c),
                    None => last.text.push_str(resolve_predefined_entity(&named.decode().unwrap()).unwrap()),
                },
                Event::Decl(_) => {}
                Event::Eof => break,
                other => panic!("no part of such a document: {other:?}"),
            }
        }
        assert_eq!(open.len(), 1, "an element is not closed");
        open.pop().unwrap().children.pop().unwrap()
    }

    fn of(tag: &BytesStart<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let attributes = tag.attributes().map(|one| {
            let one = one.unwrap();
            let value = quick_xml::escape::unescape(std::str::from_utf8(&one.value).unwrap()).unwrap();
            (text(one.key.as_ref()), value.into_owned())
        });
        Self { name: text(tag.name().as_ref()), attributes: attributes.collect(), ..Self::default() }
    }

    /// An attribute; empty when it is not there.
    pub fn a(&self, name: &str) -> &str {
        self.attributes.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// The first element on a path of names such as `consumable/manufacturedProduct`.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |here, name| here.children.iter().find(|child| child.name == name))
    }

    /// Its own text, and what stands in its elements.
    pub fn words(&self) -> String {
        self.children.iter().fold(self.text.clone(), |words, child| words + &child.words())
    }

    /// The element and everything in it.
    pub fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.children.iter().flat_map(Self::all)).collect()
    }

    /// Everything in it of a template.
    pub fn of_template(&self, root: &str) -> Vec<&Self> {
        let has = |one: &&Self| {
            one.children.iter().any(|child| child.name == "templateId" && child.a("root") == root)
        };
        self.all().into_iter().filter(has).collect()
    }

    /// The names within the narrative that nothing bears although an entry of the same section points at them, and
    /// those that two parts bear.
    pub fn dangling(&self) -> Vec<String> {
        let mut borne = HashSet::new();
        let mut wrong = Vec::new();
        for section in self.all().into_iter().filter(|one| one.name == "section") {
            let mut here = HashSet::new();
            for one in section.all().into_iter().filter(|one| !one.a("ID").is_empty()) {
                here.insert(one.a("ID"));
                if !borne.insert(one.a("ID")) {
                    wrong.push(one.a("ID").to_owned());
                }
            }
            let pointers = section.all().into_iter().filter(|one| one.name == "reference");
            let pointed = pointers.map(|one| one.a("value").trim_start_matches('#'));
            wrong.extend(pointed.filter(|name| !here.contains(name)).map(str::to_owned));
        }
        wrong
    }
}
