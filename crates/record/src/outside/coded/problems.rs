//! Allergies and problems.

use portal_domain::chart::{
    AllergyCategory, AllergyClinicalStatus, AllergyKind, AllergyReaction, ChartAllergy, ChartCondition,
    ChartEntry, Coding, Concept, ConditionClinicalStatus, Criticality, Severity, Verification, systems,
};

use super::{
    Told, related, template,
    values::{interval, nobody, value_code, written},
};
use crate::outside::{MAX_LINE, tree::Element, within};

impl Told<'_> {
    pub(super) fn allergy(&self, entry: &Element, seen: &Element) -> Option<ChartEntry> {
        let denied = seen.attribute("negationInd") == Some("true");
        let substance = seen.at(&["participant", "participantRole", "playingEntity"]);
        let code = substance.and_then(|entity| {
            let named =
                || Some(Concept { coding: None, text: within(&entity.at(&["name"])?.text(), MAX_LINE) });
            entity.at(&["code"]).and_then(|code| self.concept(code)).or_else(named)
        });
        let code = code.filter(|code| !code.text.is_empty());
        let sort = seen.at(&["value"]).and_then(|value| value.attribute("code")).unwrap_or_default();
        let (kind, category) = sort_of_allergy(sort);
        let (code, verification) = match (code, denied) {
            (Some(code), true) => (code, Some(Verification::Refuted)),
            (Some(code), false) => (code, None),
            (None, true) => (none_known(category), None),
            (None, false) => return None,
        };
        let reactions = related(seen, "observation").filter(|one| template(one, "9"));
        let reaction = |one: &Element| {
            let manifestation = self.concept(one.at(&["value"])?)?;
            let severity = related(one, "observation").find_map(severity);
            Some(AllergyReaction { manifestations: vec![manifestation], severity })
        };
        let mut reactions: Vec<AllergyReaction> = reactions.filter_map(reaction).collect();
        // R1.1 tells of the whole allergy how bad it is.
        if reactions.is_empty()
            && let Some(grade) = related(seen, "observation").find_map(severity)
        {
            reactions.push(AllergyReaction { manifestations: Vec::new(), severity: Some(grade) });
        }
        let criticality = related(seen, "observation").find_map(|one| {
            Some(match (template(one, "145"), one.at(&["value"])?.attribute("code")?) {
                (true, "CRITL") => Criticality::Low,
                (true, "CRITH") => Criticality::High,
                (true, "CRITU") => Criticality::UnableToAssess,
                _ => return None,
            })
        });
        let told = related(seen, "observation").find(|one| template(one, "28")).and_then(value_code);
        let clinical_status = match told {
            Some("55561003") => AllergyClinicalStatus::Active,
            Some("413322009") => AllergyClinicalStatus::Resolved,
            Some("73425007") => AllergyClinicalStatus::Inactive,
            _ if concern_is_over(entry) => AllergyClinicalStatus::Inactive,
            _ => AllergyClinicalStatus::Active,
        };
        let record = ChartAllergy {
            patient: nobody(),
            code,
            clinical_status: Some(clinical_status),
            verification,
            kind,
            categories: category.into_iter().collect(),
            criticality,
            reactions,
            onset: interval(seen).0,
            recorded: written(seen).or_else(|| written(entry.at(&["act"])?)),
            reported: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    pub(super) fn condition(&self, entry: &Element, seen: &Element) -> Option<ChartEntry> {
        let code = self.concept(seen.at(&["value"])?)?;
        let denied = seen.attribute("negationInd") == Some("true");
        let (onset, abatement) = interval(seen);
        let told = related(seen, "observation").find(|one| template(one, "6")).and_then(value_code);
        let clinical_status = match told {
            Some("55561003") => ConditionClinicalStatus::Active,
            Some("246455001") => ConditionClinicalStatus::Recurrence,
            Some("263855007") => ConditionClinicalStatus::Relapse,
            Some("73425007") => ConditionClinicalStatus::Inactive,
            Some("277022003") => ConditionClinicalStatus::Remission,
            Some("413322009") => ConditionClinicalStatus::Resolved,
            _ if abatement.is_some() => ConditionClinicalStatus::Resolved,
            _ if concern_is_over(entry) => ConditionClinicalStatus::Inactive,
            _ => ConditionClinicalStatus::Active,
        };
        let record = ChartCondition {
            patient: nobody(),
            code,
            clinical_status: Some(clinical_status),
            verification: denied.then_some(Verification::Refuted),
            category: None,
            severity: None,
            onset,
            onset_text: None,
            abatement,
            recorded: written(seen).or_else(|| written(entry.at(&["act"])?)),
            encounter: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }
}

fn severity(seen: &Element) -> Option<Severity> {
    Some(match (template(seen, "8"), value_code(seen)?) {
        (true, "255604002") => Severity::Mild,
        (true, "6736007") => Severity::Moderate,
        (true, "24484000" | "399166001") => Severity::Severe,
        _ => return None,
    })
}

/// What the codes for sorts of allergy say of kind and substance.
fn sort_of_allergy(code: &str) -> (Option<AllergyKind>, Option<AllergyCategory>) {
    use {AllergyCategory as C, AllergyKind as K};
    match code {
        "416098002" => (Some(K::Allergy), Some(C::Medication)),
        "414285001" => (Some(K::Allergy), Some(C::Food)),
        "419199007" | "418038007" => (Some(K::Allergy), None),
        "59037007" => (Some(K::Intolerance), Some(C::Medication)),
        "235719002" => (Some(K::Intolerance), Some(C::Food)),
        "419511003" => (None, Some(C::Medication)),
        "418471000" => (None, Some(C::Food)),
        "426232007" => (Some(K::Allergy), Some(C::Environment)),
        _ => (None, None),
    }
}

/// The statement that no allergy of some sort is known (SNOMED CT).
fn none_known(category: Option<AllergyCategory>) -> Concept {
    let (code, text) = match category {
        Some(AllergyCategory::Medication) => ("409137002", "No known drug allergies"),
        Some(AllergyCategory::Food) => ("429625007", "No known food allergies"),
        _ => ("716186003", "No known allergies"),
    };
    let coding = Coding { system: systems::SNOMED_CT.into(), code: code.into(), display: Some(text.into()) };
    Concept { coding: Some(coding), text: text.into() }
}

/// Whether the concern that an entry tells of is closed.
fn concern_is_over(entry: &Element) -> bool {
    let status = entry.at(&["act", "statusCode"]).and_then(|status| status.attribute("code"));
    matches!(status, Some("completed" | "aborted"))
}
