//! The medication list, and what may be asked for now (MED-2).

use chrono::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{
    audience::CodedTerm,
    chart::{ChartMedication, MedicationIntent, MedicationStatus, PartialTime},
    ids::{ChartItemId, MedicationRequestId, MedicationRequestItemId},
    time::{Date, Time},
    words::words,
};

words! {
    /// What a patient asks for.
    RequestKind {
        /// One more fill of a prescription that stands.
        Refill = "refill",
        /// A new prescription of the same drug.
        Renewal = "renewal",
    }
}

words! {
    /// Why nothing can be asked for.
    WhyNot {
        /// It waits for an answer already.
        AlreadyRequested = "already_requested",
        /// It was stopped.
        Stopped = "stopped",
        /// It was withdrawn before anything was taken.
        Cancelled = "cancelled",
        /// It is paused.
        OnHold = "on_hold",
        /// It was recorded in error.
        EnteredInError = "entered_in_error",
        /// It is not signed yet.
        NotSigned = "not_signed",
        /// The practice did not prescribe it: it is what the patient says, or a plan.
        NotPrescribed = "not_prescribed",
    }
}

impl WhyNot {
    /// What to do instead, in a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::AlreadyRequested => {
                "You asked for this already. Wait for the answer or take the request back."
            }
            Self::Stopped => "This medication was stopped. Ask your care team if you think you need it.",
            Self::Cancelled => {
                "This prescription was cancelled. Ask your care team if you think you need it."
            }
            Self::OnHold => "This medication is paused. Ask your care team before you take it again.",
            Self::EnteredInError => "This was recorded by mistake.",
            Self::NotSigned => "This prescription is not signed yet.",
            Self::NotPrescribed => "Our practice did not prescribe this. Ask whoever did, or your care team.",
        }
    }
}

/// What is known of a prescription when somebody asks for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// Where the prescription stands.
    pub status: MedicationStatus,
    /// How binding it is.
    pub intent: MedicationIntent,
    /// How often it may be filled again after the first time; none when nobody said so.
    pub refills_allowed: Option<u32>,
    /// How often a pharmacy handed it out.
    pub fills: u32,
    /// The last day on which it may be filled; none when nobody said so.
    pub last_day: Option<Date>,
    /// Whether a request for it waits for an answer.
    pub is_requested: bool,
}

impl Supply {
    /// The supply of a prescription that was handed out `fills` times, on the practice's calendar.
    pub fn of<Z: TimeZone>(record: &ChartMedication, fills: u32, is_requested: bool, zone: &Z) -> Self {
        Self {
            status: record.status,
            intent: record.intent,
            refills_allowed: record.refills_allowed,
            fills,
            last_day: record.valid_until.map(|until| until.days(zone).1),
            is_requested,
        }
    }

    /// Fills that are left after the first one; none when nobody said how many there are.
    pub fn refills_left(&self) -> Option<u32> {
        Some(self.refills_allowed?.saturating_sub(self.fills.saturating_sub(1)))
    }

    /// Whether it may not be filled any more on this day of the practice's calendar.
    pub fn is_expired(&self, today: Date) -> bool {
        self.last_day.is_some_and(|last| last < today)
    }

    /// What may be asked for on this day of the practice's calendar (MED-2): a refill only while refills are left and the
    /// prescription has not expired, else a renewal; nothing of what was stopped, withdrawn, paused or never prescribed.
    pub fn requestable(&self, today: Date) -> Result<RequestKind, WhyNot> {
        use {MedicationIntent as I, MedicationStatus as S};
        match self.status {
            S::EnteredInError => return Err(WhyNot::EnteredInError),
            S::Stopped => return Err(WhyNot::Stopped),
            S::Cancelled => return Err(WhyNot::Cancelled),
            S::OnHold => return Err(WhyNot::OnHold),
            S::Draft => return Err(WhyNot::NotSigned),
            S::Active | S::Completed | S::Unknown => {}
        }
        if matches!(self.intent, I::Proposal | I::Plan | I::Option) {
            return Err(WhyNot::NotPrescribed);
        }
        if self.is_requested {
            return Err(WhyNot::AlreadyRequested);
        }
        let has_refills = self.refills_left().is_some_and(|left| left > 0);
        let is_running = self.status == S::Active && !self.is_expired(today);
        Ok(if has_refills && is_running { RequestKind::Refill } else { RequestKind::Renewal })
    }
}

/// Whether a medication stands with those that are taken now, rather than with past ones.
pub const fn is_current(status: MedicationStatus) -> bool {
    matches!(status, MedicationStatus::Active | MedicationStatus::OnHold)
}

/// A medication of the chart, for its patient and for staff (MED-2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MedicationView {
    /// The row of the chart.
    pub id: ChartItemId,
    /// The drug.
    pub drug: String,
    /// The drug's code, by which the library knows it (EDU-1); null where none was sent.
    pub code: Option<CodedTerm>,
    /// How much at a time; empty where the directions tell it or nobody said so.
    pub dose: String,
    /// How to take it, in words; may be empty.
    pub directions: String,
    /// Who prescribed it, as far as known.
    pub prescriber: Option<String>,
    /// Where it stands (FHIR `medicationrequest-status`).
    pub status: MedicationStatus,
    /// The same in words.
    pub status_text: String,
    /// Whether it stands with what is taken now.
    pub is_current: bool,
    /// When it was prescribed: a year, month or day of the practice's calendar.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub prescribed: Option<PartialTime>,
    /// When a pharmacy handed it out last, in the same way.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub last_filled: Option<PartialTime>,
    /// Fills that are left after the first; null when nobody said how many there are.
    pub refills_left: Option<u32>,
    /// The last day on which it may be filled.
    pub valid_until: Option<Date>,
    /// Whether that day is over.
    pub is_expired: bool,
    /// What may be asked for now; null when nothing can, and then `why_not` says why.
    pub can_request: Option<RequestKind>,
    /// Why nothing may be asked for.
    pub why_not: Option<WhyNot>,
    /// The request that waits for an answer.
    pub request: Option<OpenRequest>,
}

/// A request for a medication that waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenRequest {
    /// The request.
    pub id: MedicationRequestId,
    /// The medication within it.
    pub item: MedicationRequestItemId,
    /// What was asked for.
    pub kind: RequestKind,
    /// When.
    pub requested_at: Time,
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::{option, prelude::*, sample::select};

    use super::*;

    fn today() -> Date {
        "2026-10-05".parse().unwrap()
    }

    fn supply() -> impl Strategy<Value = Supply> {
        let day = option::of((0u64..200).prop_map(|days| today() + Days::new(100) - Days::new(days)));
        (
            select(MedicationStatus::ALL),
            select(MedicationIntent::ALL),
            option::of(0u32..6),
            0u32..8,
            day,
            any::<bool>(),
        )
            .prop_map(|(status, intent, refills_allowed, fills, last_day, is_requested)| Supply {
                status,
                intent,
                refills_allowed,
                fills,
                last_day,
                is_requested,
            })
    }

    proptest! {
        #[test]
        fn a_refill_is_asked_for_exactly_while_one_is_left_and_the_prescription_runs(supply in supply()) {
            let fillable = supply.status == MedicationStatus::Active
                && supply.refills_allowed.is_some_and(|allowed| allowed >= supply.fills.max(1))
                && supply.last_day.is_none_or(|last| last >= today());
            match supply.requestable(today()) {
                Ok(kind) => prop_assert_eq!(kind == RequestKind::Refill, fillable),
                Err(_) => prop_assert!(!fillable || supply.is_requested || !matches!(
                    supply.intent,
                    MedicationIntent::Order | MedicationIntent::OriginalOrder | MedicationIntent::ReflexOrder
                        | MedicationIntent::FillerOrder | MedicationIntent::InstanceOrder
                )),
            }
        }

        #[test]
        fn nothing_is_asked_for_twice_nor_of_what_ended_or_was_never_prescribed(supply in supply()) {
            let ended = matches!(
                supply.status,
                MedicationStatus::Stopped | MedicationStatus::Cancelled | MedicationStatus::EnteredInError
                    | MedicationStatus::OnHold | MedicationStatus::Draft
            );
            let unprescribed = matches!(
                supply.intent,
                MedicationIntent::Proposal | MedicationIntent::Plan | MedicationIntent::Option
            );
            prop_assert_eq!(supply.requestable(today()).is_err(), ended || unprescribed || supply.is_requested);
        }

        #[test]
        fn a_further_fill_never_leaves_more_refills_nor_a_later_day_more_than_a_renewal(supply in supply()) {
            let filled = Supply { fills: supply.fills + 1, ..supply };
            prop_assert!(filled.refills_left() <= supply.refills_left());
            if supply.requestable(today()) == Ok(RequestKind::Renewal) {
                prop_assert_eq!(supply.requestable(today() + Days::new(1)), Ok(RequestKind::Renewal));
            }
        }
    }

    #[test]
    fn the_first_fill_is_no_refill_and_the_last_day_still_counts() {
        let supply = Supply {
            status: MedicationStatus::Active,
            intent: MedicationIntent::Order,
            refills_allowed: Some(1),
            fills: 1,
            last_day: Some(today()),
            is_requested: false,
        };
        assert_eq!((supply.refills_left(), supply.requestable(today())), (Some(1), Ok(RequestKind::Refill)));
        assert_eq!(Supply { fills: 0, ..supply }.refills_left(), Some(1), "the first fill is still to come");
        assert_eq!(Supply { fills: 2, ..supply }.requestable(today()), Ok(RequestKind::Renewal));
        assert_eq!(supply.requestable(today() + Days::new(1)), Ok(RequestKind::Renewal));
        let unknown = Supply { refills_allowed: None, ..supply };
        assert_eq!((unknown.refills_left(), unknown.requestable(today())), (None, Ok(RequestKind::Renewal)));
    }
}
