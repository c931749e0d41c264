//! Any record of the chart.

use std::iter;

use serde::{Deserialize, Serialize};

use crate::chart::{
    ChartAllergy, ChartCarePlan, ChartCondition, ChartCoverage, ChartDirective, ChartDispense,
    ChartEncounter, ChartGoal, ChartImmunization, ChartInstruction, ChartKind, ChartMedication,
    ChartObservation, ChartOrganization, ChartPatient, ChartPractitioner, ChartProcedure, ChartReferral,
    ChartRelative, ChartReport, Link, Party,
};

/// Declares the enumeration over every kind of record.
macro_rules! entries {
    ($($(#[$doc:meta])* $kind:ident($record:ty)),+ $(,)?) => {
        /// A record of the chart, of whichever kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum ChartEntry {
            $($(#[$doc])* $kind(Box<$record>),)+
        }

        impl ChartEntry {
            /// Which kind it is.
            pub fn kind(&self) -> ChartKind {
                match self {
                    $(Self::$kind(_) => ChartKind::$kind,)+
                }
            }
        }

        $(impl From<$record> for ChartEntry {
            fn from(record: $record) -> Self {
                Self::$kind(Box::new(record))
            }
        })+
    };
}

entries! {
    /// Who sees, orders and signs.
    Practitioner(ChartPractitioner),
    /// A practice, hospital or laboratory.
    Organization(ChartOrganization),
    /// A person with a chart.
    Patient(ChartPatient),
    /// A visit.
    Encounter(ChartEncounter),
    /// A problem or diagnosis.
    Condition(ChartCondition),
    /// An allergy or intolerance.
    Allergy(ChartAllergy),
    /// A prescription.
    Medication(ChartMedication),
    /// What a pharmacy handed out.
    Dispense(ChartDispense),
    /// A vaccination.
    Immunization(ChartImmunization),
    /// Something done to or for the patient.
    Procedure(ChartProcedure),
    /// What treatment aims at.
    Goal(ChartGoal),
    /// What is planned.
    CarePlan(ChartCarePlan),
    /// Insurance.
    Coverage(ChartCoverage),
    /// A relative and their illnesses.
    Relative(ChartRelative),
    /// An advance directive.
    Directive(ChartDirective),
    /// What the patient was told to do.
    Instruction(ChartInstruction),
    /// To whom the patient was sent.
    Referral(ChartReferral),
    /// One measured or observed value.
    Observation(ChartObservation),
    /// A report of results.
    Report(ChartReport),
}

impl ChartEntry {
    /// The patient whose record this is; `None` for people and organizations.
    pub fn patient(&self) -> Option<&Link> {
        match self {
            Self::Practitioner(_) | Self::Organization(_) | Self::Patient(_) => None,
            Self::Encounter(record) => Some(&record.patient),
            Self::Condition(record) => Some(&record.patient),
            Self::Allergy(record) => Some(&record.patient),
            Self::Medication(record) => Some(&record.patient),
            Self::Dispense(record) => Some(&record.patient),
            Self::Immunization(record) => Some(&record.patient),
            Self::Procedure(record) => Some(&record.patient),
            Self::Goal(record) => Some(&record.patient),
            Self::CarePlan(record) => Some(&record.patient),
            Self::Coverage(record) => Some(&record.patient),
            Self::Relative(record) => Some(&record.patient),
            Self::Directive(record) => Some(&record.patient),
            Self::Instruction(record) => Some(&record.patient),
            Self::Referral(record) => Some(&record.patient),
            Self::Observation(record) => Some(&record.patient),
            Self::Report(record) => Some(&record.patient),
        }
    }

    /// Every reference of this record to another.
    pub fn links_mut(&mut self) -> Vec<&mut Link> {
        fn parties(all: &mut [Party]) -> impl Iterator<Item = &mut Link> {
            all.iter_mut().filter_map(|party| party.link.as_mut())
        }
        match self {
            Self::Practitioner(_) | Self::Organization(_) | Self::Patient(_) => Vec::new(),
            Self::Encounter(r) => {
                let ChartEncounter { patient, practitioners, organization, .. } = &mut **r;
                iter::once(patient)
                    .chain(parties(practitioners))
                    .chain(parties(organization.as_mut_slice()))
                    .collect()
            }
            Self::Condition(r) => iter::once(&mut r.patient).chain(&mut r.encounter).collect(),
            Self::Allergy(r) => vec![&mut r.patient],
            Self::Relative(r) => vec![&mut r.patient],
            Self::Medication(r) => {
                let ChartMedication { patient, requester, encounter, reason_conditions, .. } = &mut **r;
                let own = iter::once(patient).chain(parties(requester.as_mut_slice()));
                own.chain(encounter).chain(reason_conditions).collect()
            }
            Self::Dispense(r) => iter::once(&mut r.patient).chain(&mut r.prescriptions).collect(),
            Self::Immunization(r) => {
                let ChartImmunization { patient, performers, encounter, .. } = &mut **r;
                iter::once(patient).chain(parties(performers)).chain(encounter).collect()
            }
            Self::Procedure(r) => {
                let ChartProcedure { patient, performers, encounter, reason_conditions, .. } = &mut **r;
                iter::once(patient)
                    .chain(parties(performers))
                    .chain(encounter)
                    .chain(reason_conditions)
                    .collect()
            }
            Self::Goal(r) => iter::once(&mut r.patient).chain(&mut r.addresses).collect(),
            Self::CarePlan(r) => {
                let ChartCarePlan { patient, addresses, goals, encounter, .. } = &mut **r;
                iter::once(patient).chain(addresses).chain(goals).chain(encounter).collect()
            }
            Self::Coverage(r) => {
                let ChartCoverage { patient, payer, .. } = &mut **r;
                iter::once(patient).chain(parties(payer.as_mut_slice())).collect()
            }
            Self::Directive(r) => {
                let ChartDirective { patient, agents, .. } = &mut **r;
                iter::once(patient).chain(parties(agents)).collect()
            }
            Self::Instruction(r) => {
                let ChartInstruction { patient, by, encounter, .. } = &mut **r;
                iter::once(patient).chain(parties(by.as_mut_slice())).chain(encounter).collect()
            }
            Self::Referral(r) => {
                let ChartReferral { patient, requester, performers, reason_conditions, encounter, .. } =
                    &mut **r;
                let own = iter::once(patient).chain(parties(requester.as_mut_slice()));
                own.chain(parties(performers)).chain(reason_conditions).chain(encounter).collect()
            }
            Self::Observation(r) => {
                let ChartObservation { patient, members, performers, encounter, .. } = &mut **r;
                iter::once(patient).chain(members).chain(parties(performers)).chain(encounter).collect()
            }
            Self::Report(r) => r.links_mut(),
        }
    }

    /// The same bytes for the same content, whatever the order or spacing of the JSON it came in:
    /// their hash tells whether a record changed since it was stored.
    pub fn canonical(&self) -> Vec<u8> {
        // Plain structs, strings and finite numbers: writing them to memory can't fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
