use super::{CodeableConcept, Extension, Identifier, Period, read};

read! {
    /// A person's name. Lists may hold `null` beside an extension.
    HumanName {
        usage as "use": Option<String>, family: Option<String>, given: Vec<Option<String>>,
        prefix: Vec<Option<String>>, suffix: Vec<Option<String>>, period: Option<Period>,
    }
    /// Telephone, e-mail and the like.
    ContactPoint {
        system: Option<String>, value: Option<String>, usage as "use": Option<String>,
        rank: Option<u32>, period: Option<Period>,
    }
    /// A postal address.
    Address {
        usage as "use": Option<String>, line: Vec<Option<String>>, city: Option<String>, state: Option<String>,
        postal_code: Option<String>, country: Option<String>, period: Option<Period>,
    }
    Communication { language: Option<CodeableConcept>, preferred: Option<bool> }
    Patient {
        active: Option<bool>, extension: Vec<Extension>, identifier: Vec<Identifier>, name: Vec<HumanName>,
        telecom: Vec<ContactPoint>, gender: Option<String>, birth_date: Option<String>,
        deceased_boolean: Option<bool>, deceased_date_time: Option<String>, address: Vec<Address>,
        marital_status: Option<CodeableConcept>, communication: Vec<Communication>,
    }
    Practitioner {
        active: Option<bool>, identifier: Vec<Identifier>, name: Vec<HumanName>, telecom: Vec<ContactPoint>,
        gender: Option<String>,
    }
    Organization {
        active: Option<bool>, identifier: Vec<Identifier>, name: Option<String>, telecom: Vec<ContactPoint>,
        address: Vec<Address>,
    }
}
