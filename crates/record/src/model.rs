//! What a health record holds.

use chrono_tz::Tz;
use portal_domain::{
    chart::{
        Address, ChartAllergy, ChartCarePlan, ChartCondition, ChartCoverage, ChartDirective, ChartEncounter,
        ChartEntry, ChartGoal, ChartImmunization, ChartInstruction, ChartMedication, ChartObservation,
        ChartPatient, ChartProcedure, ChartReferral, ChartRelative, ChartReport, ENTERED_IN_ERROR,
        ObservationCategory, ObservationStatus,
    },
    documents::DocumentKind,
    ids::PatientId,
    record::{DateRange, Section},
    results::{Laboratory, ReportStatus},
    time::{Date, Time},
};
use uuid::Uuid;

use crate::range::Span;

/// A record of the chart with its id in the portal. Whoever is named in it is named in words (`Party::display`).
#[derive(Clone, Debug, PartialEq)]
pub struct Item<T> {
    /// The id.
    pub id: Uuid,
    /// What it says.
    pub record: T,
}

/// The practice that keeps the record (the custodian of a clinical document).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// Its id in the portal.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its phone number; may be empty.
    pub phone: String,
    /// Where it is.
    pub address: Address,
    /// Its zone: dates for people are on this calendar.
    pub zone: Tz,
}

/// Whose record it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The id in the portal.
    pub id: PatientId,
    /// Medical record number.
    pub mrn: String,
    /// Who it is.
    pub person: ChartPatient,
}

/// Somebody who cares for the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareTeamMember {
    /// The id in the portal.
    pub id: Uuid,
    /// With prefix.
    pub name: String,
    /// In plain words; may be empty.
    pub specialty: String,
    /// National provider identifier.
    pub npi: Option<String>,
}

/// A result that a provider released, with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultReport {
    /// The id.
    pub id: Uuid,
    /// What the laboratory reported.
    pub report: ChartReport,
    /// Who performed it.
    pub laboratory: Option<Laboratory>,
    /// Who ordered it.
    pub ordered_by: Option<String>,
    /// What the provider told the patient.
    pub provider_comment: Option<String>,
    /// When it was released.
    pub released_at: Time,
    /// The values, in the laboratory's order.
    pub values: Vec<Item<ChartObservation>>,
}

/// A document that the practice released to the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasedDocument {
    /// The id.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The day that it is about.
    pub date: Date,
    /// Who attached it.
    pub author: String,
    /// What it says; empty when it is all in the file.
    pub text: String,
    /// The name of its file, where it has one. The file itself stays in the portal.
    pub file: Option<String>,
    /// When it was released.
    pub released_at: Time,
}

/// Everything of one chart that its reader may take away.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthRecord {
    /// The document's own id.
    pub id: Uuid,
    /// When it was made.
    pub made_at: Time,
    /// Who keeps it.
    pub practice: Practice,
    /// Whose it is.
    pub patient: Subject,
    /// The days that it covers.
    pub range: DateRange,
    /// What was asked for, each once, in the order of [`Section::ALL`].
    pub sections: Vec<Section>,
    /// Who cares for the patient.
    pub care_team: Vec<CareTeamMember>,
    /// Allergies, or the statement that there is none.
    pub allergies: Vec<Item<ChartAllergy>>,
    /// Prescriptions.
    pub medications: Vec<Item<ChartMedication>>,
    /// Problems.
    pub conditions: Vec<Item<ChartCondition>>,
    /// Released results, newest first.
    pub results: Vec<ResultReport>,
    /// Vital signs.
    pub vital_signs: Vec<Item<ChartObservation>>,
    /// Vaccinations.
    pub immunizations: Vec<Item<ChartImmunization>>,
    /// What was done.
    pub procedures: Vec<Item<ChartProcedure>>,
    /// Insurance.
    pub coverages: Vec<Item<ChartCoverage>>,
    /// Smoking, work, housing and the like.
    pub social_history: Vec<Item<ChartObservation>>,
    /// Relatives.
    pub relatives: Vec<Item<ChartRelative>>,
    /// Advance directives.
    pub directives: Vec<Item<ChartDirective>>,
    /// What the patient was told to do.
    pub instructions: Vec<Item<ChartInstruction>>,
    /// Referrals.
    pub referrals: Vec<Item<ChartReferral>>,
    /// Plans.
    pub care_plans: Vec<Item<ChartCarePlan>>,
    /// Goals.
    pub goals: Vec<Item<ChartGoal>>,
    /// Daily life, and other questionnaires.
    pub functional_status: Vec<Item<ChartObservation>>,
    /// Visits.
    pub encounters: Vec<Item<ChartEncounter>>,
    /// Released documents, newest first.
    pub documents: Vec<ReleasedDocument>,
}

impl HealthRecord {
    /// A record with nothing in it yet. `sections` that stand twice count once; none at all means every one.
    pub fn new(
        id: Uuid,
        made_at: Time,
        practice: Practice,
        patient: Subject,
        range: DateRange,
        sections: &[Section],
    ) -> Self {
        let asked = |section: &Section| sections.is_empty() || sections.contains(section);
        Self {
            id,
            made_at,
            practice,
            patient,
            range,
            sections: Section::ALL.iter().copied().filter(asked).collect(),
            care_team: Vec::new(),
            allergies: Vec::new(),
            medications: Vec::new(),
            conditions: Vec::new(),
            results: Vec::new(),
            vital_signs: Vec::new(),
            immunizations: Vec::new(),
            procedures: Vec::new(),
            coverages: Vec::new(),
            social_history: Vec::new(),
            relatives: Vec::new(),
            directives: Vec::new(),
            instructions: Vec::new(),
            referrals: Vec::new(),
            care_plans: Vec::new(),
            goals: Vec::new(),
            functional_status: Vec::new(),
            encounters: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Whether a section was asked for.
    pub fn has(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    /// Puts a record of the chart where it belongs; false when it does not: recorded in error, of a section that was not
    /// asked for, out of the days, or something that comes with a released result only (LAB-1).
    pub fn add(&mut self, id: Uuid, entry: ChartEntry) -> bool {
        if entry.item().is_some_and(|facts| facts.status == ENTERED_IN_ERROR) {
            return false;
        }
        let Some(section) = section_of(&entry) else { return false };
        if !self.has(section) || !Span::of(&entry, self.practice.zone).meets(&self.range) {
            return false;
        }
        match entry {
            ChartEntry::Allergy(r) => push(&mut self.allergies, id, *r),
            ChartEntry::Medication(r) => push(&mut self.medications, id, *r),
            ChartEntry::Condition(r) => push(&mut self.conditions, id, *r),
            ChartEntry::Immunization(r) => push(&mut self.immunizations, id, *r),
            ChartEntry::Procedure(r) => push(&mut self.procedures, id, *r),
            ChartEntry::Coverage(r) => push(&mut self.coverages, id, *r),
            ChartEntry::Relative(r) => push(&mut self.relatives, id, *r),
            ChartEntry::Directive(r) => push(&mut self.directives, id, *r),
            ChartEntry::Instruction(r) => push(&mut self.instructions, id, *r),
            ChartEntry::Referral(r) => push(&mut self.referrals, id, *r),
            ChartEntry::CarePlan(r) => push(&mut self.care_plans, id, *r),
            ChartEntry::Goal(r) => push(&mut self.goals, id, *r),
            ChartEntry::Encounter(r) => push(&mut self.encounters, id, *r),
            ChartEntry::Observation(r) => {
                let list = match section {
                    Section::VitalSigns => &mut self.vital_signs,
                    Section::SocialHistory => &mut self.social_history,
                    _ => &mut self.functional_status,
                };
                push(list, id, *r);
            }
            ChartEntry::Practitioner(_)
            | ChartEntry::Organization(_)
            | ChartEntry::Patient(_)
            | ChartEntry::Dispense(_)
            | ChartEntry::Report(_) => return false,
        }
        true
    }

    /// Puts a released document in; false when it does not belong here.
    pub fn add_document(&mut self, document: ReleasedDocument) -> bool {
        let day = Some(document.date);
        let belongs = self.has(Section::Documents) && self.range.meets(day, day);
        if belongs {
            self.documents.push(document);
        }
        belongs
    }

    /// Puts a released result in, without values that were recorded in error; false when it does not belong here.
    pub fn add_result(&mut self, mut result: ResultReport) -> bool {
        let span = Span::of_report(&result.report, self.practice.zone);
        let is_valid = result.report.status != ReportStatus::EnteredInError;
        let belongs = is_valid && self.has(Section::Results) && span.meets(&self.range);
        if belongs {
            result.values.retain(|value| value.record.status != ObservationStatus::EnteredInError);
            self.results.push(result);
        }
        belongs
    }
}

fn push<T>(list: &mut Vec<Item<T>>, id: Uuid, record: T) {
    list.push(Item { id, record });
}

/// The section that a record of the chart belongs to by itself; none for people, for what a pharmacy handed out (its
/// prescription tells of it), and for what waits for release.
fn section_of(entry: &ChartEntry) -> Option<Section> {
    Some(match entry {
        ChartEntry::Practitioner(_)
        | ChartEntry::Organization(_)
        | ChartEntry::Patient(_)
        | ChartEntry::Dispense(_)
        | ChartEntry::Report(_) => return None,
        ChartEntry::Allergy(_) => Section::Allergies,
        ChartEntry::Medication(_) => Section::Medications,
        ChartEntry::Condition(_) => Section::Conditions,
        ChartEntry::Immunization(_) => Section::Immunizations,
        ChartEntry::Procedure(_) => Section::Procedures,
        ChartEntry::Coverage(_) => Section::Insurance,
        ChartEntry::Relative(_) => Section::FamilyHistory,
        ChartEntry::Directive(_) => Section::AdvanceDirectives,
        ChartEntry::Instruction(_) => Section::Instructions,
        ChartEntry::Referral(_) => Section::Referrals,
        ChartEntry::CarePlan(_) | ChartEntry::Goal(_) => Section::PlanOfCare,
        ChartEntry::Encounter(_) => Section::Encounters,
        ChartEntry::Observation(seen) => {
            if seen.category.waits_for_release() || seen.status == ObservationStatus::EnteredInError {
                return None;
            }
            match seen.category {
                ObservationCategory::VitalSigns => Section::VitalSigns,
                ObservationCategory::SocialHistory => Section::SocialHistory,
                _ => Section::FunctionalStatus,
            }
        }
    })
}
