//! Writes one patient's chart as a FHIR R4 transaction bundle.

mod background;

use chrono::{Days, Months, NaiveDate};
use portal_domain::chart::systems::{CVX, IDENTIFIER_TYPE, LOINC, RXNORM, SNOMED_CT, UCUM, US_NPI};
use serde_json::{Value, json};

use super::codes::{Measurement, Panel, Test};

/// A chart being written.
pub struct Chart {
    key: &'static str,
    today: NaiveDate,
    provider: &'static str,
    entries: Vec<Value>,
    count: usize,
}

/// Who the patient is.
pub struct Person {
    /// A short name for ids.
    pub key: &'static str,
    /// The practice's number.
    pub mrn: &'static str,
    pub given: &'static [&'static str],
    pub family: &'static str,
    pub gender: &'static str,
    /// Age in whole years.
    pub age: u32,
    /// Days since the last birthday.
    pub since_birthday: u64,
    pub language: (&'static str, &'static str),
    pub phone: &'static str,
    pub email: Option<&'static str>,
    /// Street, city, state, postal code.
    pub address: [&'static str; 4],
    /// NPI of who looks after the patient.
    pub provider: &'static str,
}

/// A value of a test: a number (its digits) or words.
pub enum Found {
    /// Digits as the laboratory writes them.
    Number(&'static str),
    /// Words.
    Words(&'static str),
}

/// Digits as the laboratory writes them.
pub fn n(digits: &'static str) -> Found {
    Found::Number(digits)
}

/// Words.
pub fn w(words: &'static str) -> Found {
    Found::Words(words)
}

/// One value of a report: the test, what was found, and the laboratory's flag (empty for none).
pub type Line = (Test, Found, &'static str);

/// A drug that was tried on a germ: LOINC code, name, the amount that stops it in ug/mL, and whether it works (S, I, R).
pub type Drug = (&'static str, &'static str, &'static str, &'static str);

/// What a culture asks.
const GERM: (&str, &str) = ("630-4", "Bacteria identified");

impl Chart {
    /// Begins the chart of a person.
    pub fn of(person: &Person, today: NaiveDate) -> Self {
        let mut chart =
            Self { key: person.key, today, provider: person.provider, entries: Vec::new(), count: 0 };
        let born = today.checked_sub_months(Months::new(12 * person.age)).unwrap_or(today);
        let [line, city, state, postal_code] = person.address;
        let (tag, language) = person.language;
        let mut telecom = vec![json!({ "system": "phone", "value": person.phone, "use": "mobile" })];
        telecom.extend(person.email.map(|email| json!({ "system": "email", "value": email })));
        let id = chart.patient_id();
        chart.add(&id, json!({
            "resourceType": "Patient",
            "identifier": [{
                "type": { "coding": [{ "system": IDENTIFIER_TYPE, "code": "MR" }] },
                "system": "https://infinity-health.example/mrn", "value": person.mrn,
            }],
            "name": [{ "use": "official", "family": person.family, "given": person.given }],
            "gender": person.gender,
            "birthDate": before(born, person.since_birthday),
            "telecom": telecom,
            "address": [{
                "use": "home", "line": [line], "city": city, "state": state, "postalCode": postal_code, "country": "US",
            }],
            "communication": [{ "language": { "coding": [{ "system": "urn:ietf:bcp:47", "code": tag }], "text": language } }],
        }));
        chart.add("lab", json!({
            "resourceType": "Organization", "name": "Harborview Clinical Laboratory",
            "telecom": [{ "system": "phone", "value": "+1 617 555 0170" }],
            "address": [{ "line": ["77 Beacon Wharf"], "city": "Boston", "state": "MA", "postalCode": "02110" }],
        }));
        chart
    }

    /// More of the chart of a person who is there already.
    pub fn more_of(key: &'static str, today: NaiveDate, provider: &'static str) -> Self {
        Self { key, today, provider, entries: Vec::new(), count: 0 }
    }

    /// The finished bundle as JSON.
    pub fn bundle(self) -> String {
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": self.entries });
        with_digits(&bundle.to_string())
    }

    fn patient_id(&self) -> String {
        format!("demo-{}", self.key)
    }

    /// Adds a resource under its id; the answer is a reference to it.
    fn add(&mut self, id: &str, mut resource: Value) -> Value {
        resource["id"] = json!(id);
        let kind = resource["resourceType"].clone();
        let url = format!("https://infinity-health.example/fhir/{}/{id}", kind.as_str().unwrap_or_default());
        self.entries.push(
            json!({ "fullUrl": url, "resource": resource, "request": { "method": "POST", "url": kind } }),
        );
        json!({ "reference": url })
    }

    /// Adds a record of the patient's under a counted id.
    fn record(&mut self, mut resource: Value) -> Value {
        self.count += 1;
        let of = match resource["resourceType"].as_str() {
            Some("AllergyIntolerance" | "Immunization" | "FamilyMemberHistory" | "Consent") => "patient",
            Some("Coverage") => "beneficiary",
            _ => "subject",
        };
        resource[of] = json!({ "reference": format!("Patient/{}", self.patient_id()) });
        self.add(&format!("demo-{}-{}", self.key, self.count), resource)
    }

    fn provider(&self) -> Value {
        json!({ "reference": format!("Practitioner?identifier={US_NPI}|{}", self.provider) })
    }

    fn day(&self, days_ago: u64) -> NaiveDate {
        before(self.today, days_ago)
    }

    /// The hour of that day, in UTC: the morning in the practice's locations.
    fn hour(&self, days_ago: u64, hour: u32) -> String {
        format!("{}T{hour:02}:30:00Z", self.day(days_ago))
    }

    /// A visit.
    pub fn visit(&mut self, days_ago: u64, kind: (&str, &str)) -> Value {
        let resource = json!({
            "resourceType": "Encounter", "status": "finished",
            "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" },
            "type": [concept(SNOMED_CT, kind)],
            "participant": [{ "individual": self.provider() }],
            "period": { "start": self.hour(days_ago, 14), "end": self.hour(days_ago, 15) },
        });
        self.record(resource)
    }

    /// A problem; `resolved` is how many days ago it ended.
    pub fn problem(&mut self, code: (&str, &str), onset: &str, resolved: Option<u64>) -> Value {
        let status = if resolved.is_some() { "resolved" } else { "active" };
        let mut resource = json!({
            "resourceType": "Condition",
            "clinicalStatus": { "coding": [{ "code": status }] },
            "verificationStatus": { "coding": [{ "code": "confirmed" }] },
            "category": [{ "coding": [{ "code": "problem-list-item" }], "text": "Problem list" }],
            "code": concept(SNOMED_CT, code),
            "onsetDateTime": onset,
        });
        if let Some(days_ago) = resolved {
            resource["abatementDateTime"] = json!(self.day(days_ago));
        }
        self.record(resource)
    }

    /// The year, so many years ago: how patients remember when something began.
    pub fn year(&self, years_ago: u32) -> String {
        let then = self.today.checked_sub_months(Months::new(12 * years_ago)).unwrap_or(self.today);
        then.format("%Y").to_string()
    }

    /// The date, so many days ago.
    pub fn date(&self, days_ago: u64) -> String {
        self.day(days_ago).to_string()
    }

    /// An allergy with one reaction: sign and severity.
    pub fn allergy(
        &mut self,
        substance: (&str, &str),
        category: &str,
        reaction: (&str, &str),
        severity: &str,
    ) {
        let criticality = if severity == "severe" { "high" } else { "low" };
        let resource = json!({
            "resourceType": "AllergyIntolerance", "type": "allergy", "category": [category], "criticality": criticality,
            "clinicalStatus": { "coding": [{ "code": "active" }] },
            "verificationStatus": { "coding": [{ "code": "confirmed" }] },
            "code": concept(SNOMED_CT, substance), "recordedDate": self.date(700),
            "reaction": [{ "manifestation": [concept(SNOMED_CT, reaction)], "severity": severity }],
        });
        self.record(resource);
    }

    /// The statement that no allergy is known.
    pub fn no_known_allergies(&mut self) {
        let resource = json!({
            "resourceType": "AllergyIntolerance", "recordedDate": self.date(400),
            "clinicalStatus": { "coding": [{ "code": "active" }] },
            "verificationStatus": { "coding": [{ "code": "confirmed" }] },
            "code": concept(SNOMED_CT, ("716186003", "No known allergies")),
        });
        self.record(resource);
    }

    /// A prescription: RxNorm code (empty when the pharmacy sent none), directions, days since, refills. It may be filled
    /// for a year. The answer is a reference to it.
    pub fn medication(
        &mut self,
        drug: (&str, &str),
        status: &str,
        directions: &str,
        days_ago: u64,
        refills: u32,
    ) -> Value {
        let resource = json!({
            "resourceType": "MedicationRequest", "status": status, "intent": "order",
            "medicationCodeableConcept": medicine(drug), "authoredOn": self.date(days_ago),
            "requester": self.provider(),
            "dosageInstruction": [{ "text": directions, "asNeededBoolean": directions.contains("as needed") }],
            "dispenseRequest": {
                "validityPeriod": { "start": self.date(days_ago), "end": self.day(days_ago) + Days::new(365) },
                "numberOfRepeatsAllowed": refills,
                "expectedSupplyDuration": quantity("30", "d"),
            },
        });
        self.record(resource)
    }

    /// What a pharmacy handed out for a prescription: thirty days each time.
    pub fn filled(&mut self, prescription: &Value, drug: (&str, &str), days_ago: &[u64]) {
        for days_ago in days_ago {
            let resource = json!({
                "resourceType": "MedicationDispense", "status": "completed",
                "medicationCodeableConcept": medicine(drug), "authorizingPrescription": [prescription],
                "daysSupply": quantity("30", "d"), "whenHandedOver": self.hour(*days_ago, 17),
            });
            self.record(resource);
        }
    }

    /// Vaccines given on one day, by CVX.
    pub fn vaccines(&mut self, days_ago: u64, vaccines: &[(&str, &str)]) {
        for vaccine in vaccines {
            let resource = json!({
                "resourceType": "Immunization", "status": "completed", "vaccineCode": concept(CVX, *vaccine),
                "occurrenceDateTime": self.hour(days_ago, 15), "primarySource": true,
                "performer": [{ "actor": self.provider() }],
            });
            self.record(resource);
        }
    }

    /// A procedure.
    pub fn procedure(&mut self, code: (&str, &str), days_ago: u64) {
        let resource = json!({
            "resourceType": "Procedure", "status": "completed", "code": concept(SNOMED_CT, code),
            "performedDateTime": self.date(days_ago), "performer": [{ "actor": self.provider() }],
        });
        self.record(resource);
    }

    /// A plan for a problem, with its goal and what to do.
    pub fn plan(&mut self, title: &str, problem: &Value, goal: &str, activities: &[&str], days_ago: u64) {
        let goal = json!({
            "resourceType": "Goal", "lifecycleStatus": "active", "description": { "text": goal },
            "startDate": self.date(days_ago), "addresses": [problem],
        });
        let goal = self.record(goal);
        let activities: Vec<Value> = activities
            .iter()
            .map(|text| json!({ "detail": { "status": "in-progress", "description": text } }))
            .collect();
        let resource = json!({
            "resourceType": "CarePlan", "status": "active", "intent": "plan", "title": title,
            "period": { "start": self.date(days_ago) }, "addresses": [problem], "goal": [goal], "activity": activities,
        });
        self.record(resource);
    }

    /// What was measured at a visit.
    pub fn vitals(&mut self, days_ago: u64, measured: &[(Measurement, &str)]) {
        for ((code, name, unit), digits) in measured {
            let mut resource = self.observation("vital-signs", concept(LOINC, (*code, *name)), days_ago, 14);
            resource["valueQuantity"] = quantity(digits, unit);
            self.record(resource);
        }
    }

    /// A blood pressure in mm[Hg].
    pub fn blood_pressure(&mut self, days_ago: u64, systolic: &str, diastolic: &str) {
        let mut resource =
            self.observation("vital-signs", concept(LOINC, ("85354-9", "Blood pressure")), days_ago, 14);
        let part = |code, digits| json!({ "code": concept(LOINC, code), "valueQuantity": quantity(digits, "mm[Hg]") });
        resource["component"] =
            json!([part(("8480-6", "Systolic"), systolic), part(("8462-4", "Diastolic"), diastolic)]);
        self.record(resource);
    }

    /// Whether the patient smokes, by SNOMED CT.
    pub fn smoking(&mut self, days_ago: u64, status: (&str, &str)) {
        let code = concept(LOINC, ("72166-2", "Tobacco smoking status"));
        let mut resource = self.observation("social-history", code, days_ago, 14);
        resource["valueCodeableConcept"] = concept(SNOMED_CT, status);
        self.record(resource);
    }

    /// A laboratory report, ordered by the patient's provider. A single test needs no panel of its own name.
    pub fn laboratory(&mut self, days_ago: u64, panel: Panel, lines: &[Line], conclusion: Option<&str>) {
        let results: Vec<Value> = lines.iter().map(|line| self.laboratory_value(days_ago, line)).collect();
        let mut report = self.report(days_ago, panel, "LAB");
        report["result"] = json!(results);
        if let Some(conclusion) = conclusion {
            report["conclusion"] = json!(conclusion);
        }
        self.record(report);
    }

    /// A single value that came in no report, under a name by which it can be sent again, corrected.
    pub fn single(&mut self, name: &str, days_ago: u64, line: &Line, status: &str) {
        let mut resource = self.laboratory_resource(days_ago, line);
        resource["status"] = json!(status);
        resource["subject"] = json!({ "reference": format!("Patient/{}", self.patient_id()) });
        self.add(&format!("demo-{}-{name}", self.key), resource);
    }

    /// A culture: the germ that grew, and which drugs work on it (LOINC code, name, amount in ug/mL, interpretation).
    pub fn culture(
        &mut self,
        days_ago: u64,
        panel: Panel,
        germ: (&str, &str),
        drugs: &[Drug],
        conclusion: &str,
    ) {
        let interpretation = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
        let tried = |chart: &mut Self, (code, name, amount, works): &Drug| {
            let mut resource = chart.observation("laboratory", concept(LOINC, (code, name)), days_ago, 13);
            resource["issued"] = json!(chart.hour(days_ago, 22));
            resource["performer"] = json!([laboratory()]);
            resource["valueQuantity"] = quantity(amount, "ug/mL");
            resource["interpretation"] = json!([{ "coding": [{ "system": interpretation, "code": works }] }]);
            chart.record(resource)
        };
        let members: Vec<Value> = drugs.iter().map(|drug| tried(self, drug)).collect();
        let mut found = self.observation("laboratory", concept(LOINC, GERM), days_ago, 13);
        found["issued"] = json!(self.hour(days_ago, 22));
        found["performer"] = json!([laboratory()]);
        found["valueCodeableConcept"] = concept(SNOMED_CT, germ);
        found["hasMember"] = json!(members);
        let found = self.record(found);
        let mut report = self.report(days_ago, panel, "MB");
        report["result"] = json!([found]);
        report["conclusion"] = json!(conclusion);
        self.record(report);
    }

    /// A report in words.
    pub fn narrative(&mut self, days_ago: u64, panel: Panel, section: &str, text: &str, conclusion: &str) {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let mut report = self.report(days_ago, panel, section);
        report["presentedForm"] = json!([{ "contentType": "text/plain", "data": STANDARD.encode(text) }]);
        report["conclusion"] = json!(conclusion);
        self.record(report);
    }

    fn report(&mut self, days_ago: u64, panel: Panel, section: &str) -> Value {
        let order = json!({
            "resourceType": "ServiceRequest", "status": "completed", "intent": "order", "requester": self.provider(),
            "code": concept(LOINC, (panel.code, panel.name)),
        });
        let order = self.record(order);
        let specimen = json!({
            "resourceType": "Specimen", "type": { "text": panel.specimen },
            "collection": { "collectedDateTime": self.hour(days_ago, 13) },
        });
        let specimen = self.record(specimen);
        json!({
            "resourceType": "DiagnosticReport", "status": "final",
            "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": section }] }],
            "code": concept(LOINC, (panel.code, panel.name)), "effectiveDateTime": self.hour(days_ago, 13),
            "issued": self.hour(days_ago, 22), "basedOn": [order], "specimen": [specimen], "performer": [laboratory()],
        })
    }

    fn laboratory_value(&mut self, days_ago: u64, line: &Line) -> Value {
        let resource = self.laboratory_resource(days_ago, line);
        self.record(resource)
    }

    fn laboratory_resource(&self, days_ago: u64, (test, found, flag): &Line) -> Value {
        let mut resource =
            self.observation("laboratory", concept(LOINC, (test.code, test.name)), days_ago, 13);
        resource["issued"] = json!(self.hour(days_ago, 22));
        resource["performer"] = json!([laboratory()]);
        match found {
            Found::Number(digits) => resource["valueQuantity"] = quantity(digits, test.unit),
            Found::Words(words) => resource["valueString"] = json!(words),
        }
        if !flag.is_empty() {
            let system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
            resource["interpretation"] = json!([{ "coding": [{ "system": system, "code": flag }] }]);
        }
        let end = |digits: Option<&str>| digits.map(|digits| quantity(digits, test.unit));
        let mut range = json!({});
        for (name, value) in [("low", end(test.low)), ("high", end(test.high))] {
            if let Some(value) = value {
                range[name] = value;
            }
        }
        if test.low.is_some() || test.high.is_some() {
            resource["referenceRange"] = json!([range]);
        }
        resource
    }

    fn observation(&self, category: &str, code: Value, days_ago: u64, hour: u32) -> Value {
        let system = "http://terminology.hl7.org/CodeSystem/observation-category";
        json!({
            "resourceType": "Observation", "status": "final",
            "category": [{ "coding": [{ "system": system, "code": category }] }],
            "code": code, "effectiveDateTime": self.hour(days_ago, hour),
        })
    }
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn concept(system: &str, (code, text): (&str, &str)) -> Value {
    json!({ "coding": [{ "system": system, "code": code }], "text": text })
}

/// A drug by RxNorm; in words alone when the pharmacy sent no code.
fn medicine(drug: (&str, &str)) -> Value {
    let (code, text) = drug;
    if code.is_empty() { json!({ "text": text }) } else { concept(RXNORM, drug) }
}

fn laboratory() -> Value {
    json!({ "reference": "Organization/lab" })
}

/// Marks the digits of a decimal until the bundle is written: a JSON number of serde would lose the last zero of
/// `4.10`, which FHIR says has a meaning.
const DIGITS: &str = "\"digits:";

fn quantity(digits: &str, unit: &str) -> Value {
    json!({ "value": format!("digits:{digits}"), "unit": unit, "system": UCUM, "code": unit })
}

/// The JSON with every marked decimal as a number.
fn with_digits(marked: &str) -> String {
    let mut parts = marked.split(DIGITS);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once('"').unwrap_or((part, ""));
        text.push_str(digits);
        text.push_str(rest);
    }
    text
}
