//! Insurance, family, wishes, instructions, referrals and daily life of a demo patient.

use portal_domain::chart::systems::{CONSENT_SCOPE, LOINC, SNOMED_CT};
use serde_json::json;

use super::{Chart, concept};

impl Chart {
    /// Insurance that the patient holds: insurer, plan, member number, since when.
    pub fn insurance(&mut self, insurer: &str, plan: &str, member: &str, days_ago: u64) {
        let class = "http://terminology.hl7.org/CodeSystem/coverage-class";
        let resource = json!({
            "resourceType": "Coverage", "status": "active", "type": { "text": "Health insurance" },
            "subscriberId": member, "payor": [{ "display": insurer }], "order": 1,
            "relationship": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "code": "self",
            }], "text": "Policy holder" },
            "class": [{ "type": { "coding": [{ "system": class, "code": "plan" }] }, "value": plan, "name": plan }],
            "period": { "start": self.date(days_ago) },
        });
        self.record(resource);
    }

    /// A relative (HL7 v3 role code and words) with one illness and the age at which it began.
    pub fn relative(
        &mut self,
        relationship: (&str, &str),
        illness: (&str, &str),
        age: &str,
        died_of_it: bool,
    ) {
        let resource = json!({
            "resourceType": "FamilyMemberHistory", "status": "completed", "date": self.date(700),
            "relationship": concept("http://terminology.hl7.org/CodeSystem/v3-RoleCode", relationship),
            "deceasedBoolean": died_of_it,
            "condition": [{
                "code": concept(SNOMED_CT, illness), "onsetString": age, "contributedToDeath": died_of_it,
            }],
        });
        self.record(resource);
    }

    /// A living will: what is wanted, and who decides for the patient.
    pub fn living_will(&mut self, wanted: &str, agent: &str, days_ago: u64) {
        let resource = json!({
            "resourceType": "Consent", "status": "active", "dateTime": self.date(days_ago),
            "scope": { "coding": [{ "system": CONSENT_SCOPE, "code": "adr" }] },
            "category": [concept(LOINC, ("75320-2", "Advance directive"))],
            "policyRule": { "text": "As the law of the state allows" },
            "provision": {
                "period": { "start": self.date(days_ago) }, "code": [{ "text": wanted }],
                "actor": [{ "role": { "text": "Health care agent" }, "reference": { "display": agent } }],
            },
        });
        self.record(resource);
    }

    /// What the patient was told at a visit.
    pub fn instruction(&mut self, topic: &str, text: &str, days_ago: u64) {
        let resource = json!({
            "resourceType": "Communication", "status": "completed", "topic": { "text": topic },
            "category": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/communication-category", "code": "instruction",
            }] }],
            "sent": self.hour(days_ago, 15), "sender": self.provider(), "payload": [{ "contentString": text }],
        });
        self.record(resource);
    }

    /// To whom the patient was sent, and why.
    pub fn referral(&mut self, to: &str, service: &str, reason: &str, days_ago: u64) {
        let resource = json!({
            "resourceType": "ServiceRequest", "status": "active", "intent": "order", "authoredOn": self.date(days_ago),
            "category": [concept(SNOMED_CT, ("3457005", "Patient referral"))], "code": { "text": service },
            "requester": self.provider(), "performer": [{ "display": to }], "reasonCode": [{ "text": reason }],
            "patientInstruction": "Call them for an appointment, and bring your list of medications.",
        });
        self.record(resource);
    }

    /// Something of daily life that the patient was asked about.
    pub fn daily_life(&mut self, question: &str, answer: &str, days_ago: u64) {
        let mut resource = self.observation("functional-status", json!({ "text": question }), days_ago, 14);
        resource["category"][0]["coding"][0]["system"] =
            json!("http://hl7.org/fhir/us/core/CodeSystem/us-core-category");
        resource["valueString"] = json!(answer);
        self.record(resource);
    }
}
