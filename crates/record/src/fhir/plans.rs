//! What the patient wants, was told to do and is to do: directives, instructions, referrals, plans and goals.

use portal_domain::chart::{
    CarePlanActivity, ChartCarePlan, ChartDirective, ChartGoal, ChartInstruction, ChartReferral, Code,
    PlanActivityStatus, systems,
};

use super::{
    json::{Json, list, object},
    types::{
        Held, coded, concept, concepts, date, notes, parties, party, period, some_concept, some_party,
        unknown,
    },
    xhtml::paragraph,
};

/// An advance directive. Whoever may decide instead is an agent in the sense of HL7 v3.
pub fn directive(r: &ChartDirective, held: &Held) -> Json {
    let role = || coded("http://terminology.hl7.org/CodeSystem/v3-RoleClass", "AGNT");
    let agent = |agent: &portal_domain::chart::Party| match party(agent) {
        Json::Empty => Json::Empty,
        named => object([("role", role()), ("reference", named)]),
    };
    let provision = object([
        ("period", period(r.start, r.end)),
        ("actor", list(r.agents.iter().map(agent))),
        ("code", concepts(&r.wanted)),
    ]);
    object([
        ("status", r.status.code().into()),
        ("scope", coded(systems::CONSENT_SCOPE, "adr")),
        ("category", list([concept(&r.kind)])),
        ("patient", held.subject()),
        ("dateTime", r.given.into()),
        // FHIR ppc-1 wants a policy, which no chart tells.
        ("policyRule", unknown()),
        ("provision", provision),
    ])
}

/// What the patient was told to do.
pub fn instruction(r: &ChartInstruction, held: &Held) -> Json {
    let category = coded("http://terminology.hl7.org/CodeSystem/communication-category", "instruction");
    object([
        ("status", r.status.code().into()),
        ("category", list([category])),
        ("subject", held.subject()),
        ("topic", some_concept(&r.topic)),
        ("encounter", held.visit(&r.encounter)),
        ("sent", r.given.into()),
        ("recipient", list([held.subject()])),
        ("sender", some_party(&r.by)),
        ("payload", list(r.text.iter().map(|text| object([("contentString", text.into())])))),
    ])
}

/// To whom the patient was sent: "Patient referral" in SNOMED CT.
pub fn referral(r: &ChartReferral, held: &Held) -> Json {
    object([
        ("status", r.status.code().into()),
        ("intent", "order".into()),
        ("category", list([coded(systems::SNOMED_CT, "3457005")])),
        ("code", concept(&r.code)),
        ("subject", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        ("authoredOn", r.authored.into()),
        ("requester", some_party(&r.requester)),
        ("performer", parties(&r.performers)),
        ("reasonCode", concepts(&r.reasons)),
        ("reasonReference", held.links(&r.reason_conditions)),
        ("note", notes(&r.notes)),
        ("patientInstruction", r.patient_instruction.as_ref().into()),
    ])
}

/// A plan. US Core wants it in words also, and one category that says what it is.
pub fn care_plan(r: &ChartCarePlan, held: &Held) -> Json {
    let words =
        r.title.as_deref().or(r.description.as_deref()).or(r.categories.first().map(|one| &*one.text));
    let assess_plan = coded("http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "assess-plan");
    // Last, so that whoever keeps one category keeps the practice's.
    let is_said =
        r.categories.iter().any(|one| one.coding.as_ref().is_some_and(|one| one.code == "assess-plan"));
    let categories = r.categories.iter().map(concept).chain((!is_said).then_some(assess_plan));
    object([
        ("text", paragraph(words.unwrap_or("Care plan"))),
        ("status", r.status.code().into()),
        ("intent", "plan".into()),
        ("category", list(categories)),
        ("title", r.title.as_ref().into()),
        ("description", r.description.as_ref().into()),
        ("subject", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        ("period", period(r.start, r.end)),
        ("addresses", held.links(&r.addresses)),
        ("goal", held.links(&r.goals)),
        ("activity", list(r.activities.iter().map(activity))),
        ("note", notes(&r.notes)),
    ])
}

/// A thing to do. FHIR wants a status with its details: where nobody told one, words alone go without them.
fn activity(activity: &CarePlanActivity) -> Json {
    let words = activity.description.as_ref();
    if activity.code.is_none() && activity.status.is_none() {
        return object([("reference", object([("display", words.into())]))]);
    }
    let status = activity.status.unwrap_or(PlanActivityStatus::Unknown);
    let detail = object([
        ("code", some_concept(&activity.code)),
        ("status", status.code().into()),
        ("description", words.into()),
    ]);
    object([("detail", detail)])
}

/// A goal.
pub fn goal(r: &ChartGoal, held: &Held) -> Json {
    object([
        ("lifecycleStatus", r.status.code().into()),
        ("achievementStatus", some_concept(&r.achievement)),
        ("description", concept(&r.description)),
        ("subject", held.subject()),
        ("startDate", date(r.start)),
        ("target", list([object([("dueDate", date(r.due))])])),
        ("addresses", held.links(&r.addresses)),
    ])
}
