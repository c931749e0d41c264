//! What a proposal says, for whoever proposes and whoever answers.

use leptos::prelude::*;
use portal_domain::proposals::{
    Fields, ProposalField, ProposalState, ProposalSubject, ProposalSummary, Takes,
};

use super::{
    choice::{Choice, Radios},
    field::{Kind, TextArea, TextField},
    form::Form,
    summary::{Fact, summary},
};
use crate::text::{t_word, t_word_opt};

/// What is typed of an entry, field by field.
#[derive(Clone, Copy)]
pub struct Typed(StoredValue<Vec<(ProposalField, RwSignal<String>)>>);

impl Typed {
    /// The fields of a part of the chart, filled in.
    pub fn of(about: ProposalSubject, says: &Fields) -> Self {
        let field = |field: &ProposalField| (*field, RwSignal::new(says.get(*field).to_owned()));
        Self(StoredValue::new(about.fields().iter().map(field).collect()))
    }

    /// What is typed now.
    pub fn read(self) -> Fields {
        let mut says = Fields::default();
        self.0.with_value(|all| {
            for (field, text) in all {
                says.set(*field, text.get_untracked().trim());
            }
        });
        says
    }

    /// The fields to type in, with the words of whoever reads them.
    pub fn inputs(self, form: Form, reader: Reader) -> AnyView {
        self.0
            .with_value(|all| {
                all.iter().map(|(field, text)| input(form, *field, *text, reader)).collect_view()
            })
            .into_any()
    }
}

/// Who reads the words to choose from: where the patient says "I", staff read "the patient".
#[derive(Clone, Copy, PartialEq)]
pub enum Reader {
    /// Whoever proposes.
    Patient,
    /// Whoever answers.
    Staff,
}

impl Reader {
    fn word(self, word: &str) -> Option<&'static str> {
        let own = (self == Self::Staff).then(|| t_word_opt("proposal_staff_word", word)).flatten();
        own.or_else(|| t_word_opt("proposal_word", word))
    }
}

fn input(form: Form, field: ProposalField, value: RwSignal<String>, reader: Reader) -> AnyView {
    let (name, label) = (field.path(), t_word("proposal_field", field.as_str()));
    let hint = t_word_opt("proposal_hint", field.as_str()).unwrap_or_default();
    match field.takes() {
        Takes::OneOf(words) => {
            let choice = |word: &&str| Choice::new(*word, reader.word(word).unwrap_or_default());
            let unsure = Choice::new("", t_word("proposal_word", "unsure"));
            let choices = words.iter().map(choice).chain([unsure]).collect();
            view! { <Radios form name legend=label choices value /> }.into_any()
        }
        Takes::Lines(max) => view! { <TextArea form name label hint value max rows=3 /> }.into_any(),
        Takes::Line(_) => {
            let autocomplete = match field {
                ProposalField::City => "address-level2",
                ProposalField::Region => "address-level1",
                ProposalField::PostalCode => "postal-code",
                ProposalField::HomePhone => "home tel",
                ProposalField::MobilePhone => "mobile tel",
                ProposalField::WorkPhone => "work tel",
                _ => "",
            };
            let kind = Kind { autocomplete, ..Kind::default() };
            match hint {
                "" => view! { <TextField form name label value kind /> }.into_any(),
                hint => view! { <TextField form name label hint value kind /> }.into_any(),
            }
        }
    }
}

/// What a field says, in words.
pub fn in_words(field: ProposalField, says: &str, reader: Reader) -> String {
    let word = matches!(field.takes(), Takes::OneOf(_)).then(|| reader.word(says)).flatten();
    word.map_or_else(|| says.to_owned(), str::to_owned)
}

/// All that is said, as facts.
pub fn facts(says: &Fields) -> AnyView {
    let fact = |(field, says): (ProposalField, &str)| {
        Fact::view(
            t_word("proposal_field", field.as_str()),
            view! {
                <span class="app-lines">
                    <bdi>{in_words(field, says, Reader::Patient)}</bdi>
                </span>
            }
            .into_any(),
        )
    };
    summary(says.iter().filter(|(field, _)| *field != ProposalField::Status).map(fact).collect())
}

/// Where a proposal stands, as a tag.
pub fn state_tag(state: ProposalState) -> AnyView {
    let colour = match state {
        ProposalState::Pending => "nhsuk-tag nhsuk-tag--yellow",
        ProposalState::Accepted | ProposalState::EditedAndAccepted => "nhsuk-tag nhsuk-tag--green",
        ProposalState::Declined => "nhsuk-tag nhsuk-tag--red",
        ProposalState::Withdrawn => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("proposal_state", state.as_str())}</strong> }.into_any()
}

/// What is asked for, in a few words: `Stop a medication`.
pub fn asks(proposal: &ProposalSummary) -> &'static str {
    t_word("proposal_asks", &format!("{}_{}", proposal.about, proposal.change))
}
