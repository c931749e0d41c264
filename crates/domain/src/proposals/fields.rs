//! What a proposal says, field by field, and which fields each part of the chart has.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Visitor},
};

use super::{ProposalChange, ProposalSubject};
use crate::{
    problem::FieldError,
    text::{self, Lines},
    words::words,
};

/// Declares the fields, each with its path in requests.
macro_rules! fields {
    ($($(#[doc = $doc:literal])* $member:ident = $spelling:literal),+ $(,)?) => {
        words! {
            /// One thing that a proposal says, and that the chart says now.
            ProposalField { $($(#[doc = $doc])* $member = $spelling),+ }
        }

        impl ProposalField {
            /// Where it stands in a request; the page names its field so.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$member => concat!("fields.", $spelling)),+ }
            }
        }
    };
}

fields! {
    /// The drug.
    Drug = "drug",
    /// How it is taken.
    Directions = "directions",
    /// What it is taken for.
    Reason = "reason",
    /// What the patient is allergic to.
    Substance = "substance",
    /// What happened.
    Reaction = "reaction",
    /// How bad it was: `mild`, `moderate` or `severe`.
    Severity = "severity",
    /// How it is known: `reported` by the patient or family, or `observed` by a clinician.
    Known = "known",
    /// Street and number, apartment; a line each.
    Street = "street",
    /// Town.
    City = "city",
    /// State or region.
    Region = "region",
    /// Postal code.
    PostalCode = "postal_code",
    /// Telephone at home.
    HomePhone = "home_phone",
    /// Mobile telephone.
    MobilePhone = "mobile_phone",
    /// Telephone at work.
    WorkPhone = "work_phone",
    /// The insurer.
    Payer = "payer",
    /// The name of the plan.
    Plan = "plan",
    /// The number on the card.
    MemberNumber = "member_number",
    /// The number of the group.
    GroupNumber = "group_number",
    /// What a relative is to the patient.
    Relationship = "relationship",
    /// What a relative has or had, an illness a line.
    Illnesses = "illnesses",
    /// Whether a relative has died: `yes` or `no`.
    Died = "died",
    /// What of the patient's life it is about.
    Topic = "topic",
    /// How it is.
    Answer = "answer",
    /// Where the entry stands. Nobody types it: to stop or remove an entry changes it.
    Status = "status",
}

/// What may be typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One line of so many characters.
    Line(usize),
    /// Several lines, so many characters together.
    Lines(usize),
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl ProposalField {
    /// What may be typed.
    pub const fn takes(self) -> Takes {
        match self {
            Self::Directions | Self::Illnesses => Takes::Lines(500),
            Self::Street => Takes::Lines(200),
            Self::Severity => Takes::OneOf(&["mild", "moderate", "severe"]),
            Self::Known => Takes::OneOf(&["reported", "observed"]),
            Self::Died => Takes::OneOf(&["yes", "no"]),
            Self::PostalCode => Takes::Line(20),
            Self::HomePhone | Self::MobilePhone | Self::WorkPhone => Takes::Line(40),
            Self::MemberNumber | Self::GroupNumber | Self::City | Self::Region => Takes::Line(100),
            _ => Takes::Line(200),
        }
    }
}

impl ProposalSubject {
    /// The fields of an entry, in the order in which pages show them. The first one names the entry and must be filled
    /// in, except for contact data.
    pub const fn fields(self) -> &'static [ProposalField] {
        use ProposalField as F;
        match self {
            Self::Medication => &[F::Drug, F::Directions, F::Reason],
            Self::Allergy => &[F::Substance, F::Reaction, F::Severity, F::Known],
            Self::Contact => {
                &[F::Street, F::City, F::Region, F::PostalCode, F::HomePhone, F::MobilePhone, F::WorkPhone]
            }
            Self::Insurance => &[F::Payer, F::Plan, F::MemberNumber, F::GroupNumber],
            Self::FamilyHistory => &[F::Relationship, F::Illnesses, F::Died],
            Self::SocialHistory => &[F::Topic, F::Answer],
        }
    }

    /// The field that must be filled in, which names the entry.
    pub const fn name_field(self) -> Option<ProposalField> {
        match self {
            Self::Medication => Some(ProposalField::Drug),
            Self::Allergy => Some(ProposalField::Substance),
            Self::Insurance => Some(ProposalField::Payer),
            Self::FamilyHistory => Some(ProposalField::Relationship),
            Self::SocialHistory => Some(ProposalField::Topic),
            Self::Contact => None,
        }
    }

    /// Whether a patient may propose this.
    pub const fn allows(self, change: ProposalChange) -> bool {
        match (self, change) {
            (Self::Allergy, _) | (Self::Contact, ProposalChange::Change) => true,
            (Self::Contact, _) | (_, ProposalChange::NoneKnown) => false,
            _ => true,
        }
    }
}

/// What is said, by field. A field about which nothing is said is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Fields(BTreeMap<ProposalField, String>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let said = BTreeMap::<Known, String>::deserialize(deserializer)?;
        Ok(Self(said.into_iter().map(|(field, says)| (field.0, says)).collect()))
    }
}

/// The name of a field; another name is refused as every unknown field is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Known(ProposalField);

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Known;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field of a proposal")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Known, E> {
                name.parse().map(Known).map_err(|_| E::unknown_field(name, &[]))
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

impl Fields {
    /// What a field says; empty when nothing is said.
    pub fn get(&self, field: ProposalField) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }

    /// Lets a field say this; empty text takes it out.
    pub fn set(&mut self, field: ProposalField, says: impl Into<String>) {
        let says = says.into();
        if says.is_empty() {
            self.0.remove(&field);
        } else {
            self.0.insert(field, says);
        }
    }

    /// The same with this field.
    #[must_use]
    pub fn with(mut self, field: ProposalField, says: impl Into<String>) -> Self {
        self.set(field, says);
        self
    }

    /// The same without the state of the entry, which nobody types.
    #[must_use]
    pub fn typed(mut self) -> Self {
        self.0.remove(&ProposalField::Status);
        self
    }

    /// The same with the state of the entry that `other` tells.
    #[must_use]
    pub fn with_status_of(self, other: &Self) -> Self {
        self.with(ProposalField::Status, other.get(ProposalField::Status))
    }

    /// Whether nothing is said at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said, in the order of the list of fields.
    pub fn iter(&self) -> impl Iterator<Item = (ProposalField, &str)> {
        self.0.iter().map(|(field, says)| (*field, says.as_str()))
    }

    /// The fields cleaned, or what is wrong with each.
    pub fn check(self, about: ProposalSubject, errors: &mut Vec<FieldError>) -> Self {
        let mut clean = Self::default();
        for (field, says) in &self.0 {
            let path = field.path();
            if !about.fields().contains(field) {
                errors.push(FieldError::new(path, "not_used", "Leave this out here."));
                continue;
            }
            match cleaned(*field, says) {
                Ok(says) => clean.set(*field, says),
                Err(error) => errors.push(error),
            }
        }
        let names = about.name_field().filter(|name| clean.get(*name).is_empty());
        if let Some(name) = names
            && !errors.iter().any(|error| error.field == name.path())
        {
            errors.push(FieldError::new(name.path(), "required", "Fill this in."));
        }
        clean
    }
}

fn cleaned(field: ProposalField, says: &str) -> Result<String, FieldError> {
    match field.takes() {
        Takes::Line(max) => text::clean(field.path(), says, max, Lines::One),
        Takes::Lines(max) => text::clean(field.path(), says, max, Lines::Many),
        Takes::OneOf(words) if says.is_empty() || words.contains(&says) => Ok(says.to_owned()),
        Takes::OneOf(_) => Err(FieldError::new(field.path(), "unknown", "Choose one of the answers.")),
    }
}

/// One field of an entry: as the chart has it now, as the patient saw it, and as it is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// Which one.
    pub field: ProposalField,
    /// In the chart now, or at the time of the answer; empty when the chart says nothing.
    pub now: String,
    /// As it stood when the patient proposed.
    pub seen: String,
    /// As it is proposed.
    pub proposed: String,
}

impl Difference {
    /// Whether the proposal would change it.
    pub fn is_change(&self) -> bool {
        self.now != self.proposed
    }

    /// Whether the chart changed since the patient saw it.
    pub fn has_moved(&self) -> bool {
        self.now != self.seen
    }
}

/// An entry field by field, as far as anybody says something of a field.
pub fn differences(
    about: ProposalSubject,
    now: &Fields,
    seen: &Fields,
    proposed: &Fields,
) -> Vec<Difference> {
    let of = |field: &ProposalField| Difference {
        field: *field,
        now: now.get(*field).to_owned(),
        seen: seen.get(*field).to_owned(),
        proposed: proposed.get(*field).to_owned(),
    };
    let all = about.fields().iter().chain([&ProposalField::Status]).map(of);
    // Where the entry stands is told only where it matters.
    let told = |one: &Difference| match one.field {
        ProposalField::Status => one.is_change() || one.has_moved(),
        _ => ![&one.now, &one.seen, &one.proposed].iter().all(|says| says.is_empty()),
    };
    all.filter(told).collect()
}
