//! Whose records staff open (ADM-6): those of patients whom their own locations know, restricted ones only when they are
//! named, and anybody's in an emergency, for a reason that is told to the privacy officer and to the patient.

use chrono::TimeDelta;

use super::{Action, Category, Denied, Role, roles_for};
use crate::{
    ids::{EmergencyAccessId, LocationId},
    time::Time,
};

/// How long an emergency access lasts: one shift's half. Who needs longer says so again, and is told of again.
pub const EMERGENCY_LASTS: TimeDelta = TimeDelta::hours(4);

/// Whether a record is restricted to named staff, as one of the staff finds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Circle {
    /// It is not restricted.
    #[default]
    Open,
    /// It is, and this member of staff is named.
    Named,
    /// It is, to others.
    Closed,
}

/// How a member of staff stands to a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nearness {
    /// Where the member of staff works; empty: everywhere.
    pub works_at: Vec<LocationId>,
    /// Where the patient is known, by an appointment or by what was written to a team there; empty: everywhere.
    pub known_at: Vec<LocationId>,
    /// Whether the record is restricted, and whether to this member of staff.
    pub circle: Circle,
    /// The emergency access of this member of staff to this patient that ends last, and when that is.
    pub emergency: Option<(EmergencyAccessId, Time)>,
}

impl Nearness {
    /// Whether they have to do with each other anyhow. Of a restricted record the names say so, and no location does.
    pub fn is_near(&self) -> bool {
        match self.circle {
            Circle::Named => true,
            Circle::Closed => false,
            Circle::Open => {
                self.works_at.is_empty()
                    || self.known_at.is_empty()
                    || self.works_at.iter().any(|location| self.known_at.contains(location))
            }
        }
    }

    /// The emergency access that holds now.
    pub fn emergency_at(&self, now: Time) -> Option<EmergencyAccessId> {
        self.emergency.filter(|(_, ends_at)| now < *ends_at).map(|(id, _)| id)
    }
}

/// On what leave a record is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The role's, for patients of the own locations.
    Ordinary,
    /// An emergency's.
    Emergency(EmergencyAccessId),
}

/// Whether an act looks into a record, so that it matters where the patient belongs and to whom it is restricted. Who may work on a message is told by
/// the members of the team that it was sent to; who watches over access watches over all of it; what comes in from other
/// systems shows nothing; asking for an emergency access is how one begins; and who restricts a record looks after its names.
const fn looks_into_a_record(action: Action, category: Category) -> bool {
    use Category as C;
    !matches!(category, C::Messages | C::Audit | C::EmergencyAccess | C::RestrictedAccess)
        && !matches!(action, Action::Import)
}

/// Decides whether a member of staff with these roles may do `action` with the `category` of a patient's data. An emergency
/// opens what the role would open nearby, and never more.
pub fn may_near(
    roles: &[Role],
    action: Action,
    category: Category,
    nearness: &Nearness,
    now: Time,
) -> Result<Leave, Denied> {
    let needed = roles_for(action, category);
    if !roles.iter().any(|role| needed.contains(role)) {
        return Err(Denied::NeedsRole(needed));
    }
    if nearness.is_near() || !looks_into_a_record(action, category) {
        return Ok(Leave::Ordinary);
    }
    let shut = if nearness.circle == Circle::Closed { Denied::Restricted } else { Denied::OtherLocation };
    nearness.emergency_at(now).map(Leave::Emergency).ok_or(shut)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*, sample::select};
    use uuid::Uuid;

    use super::{super::Who, *};
    use crate::ids::PatientId;

    fn location() -> impl Strategy<Value = LocationId> {
        (0u128..3).prop_map(|n| LocationId(Uuid::from_u128(n)))
    }

    fn at(minutes: i64) -> Time {
        let begin: Time = "2026-10-05T08:00:00Z".parse().unwrap();
        begin.plus(TimeDelta::minutes(minutes))
    }

    prop_compose! {
        fn a_nearness()(
            works_at in vec(location(), 0..3), known_at in vec(location(), 0..3), ends in option::of(0i64..600),
            circle in select(vec![Circle::Open, Circle::Named, Circle::Closed]),
        ) -> Nearness {
            let emergency = ends.map(|ends| (EmergencyAccessId(Uuid::nil()), at(ends)));
            Nearness { works_at, known_at, circle, emergency }
        }
    }

    prop_compose! {
        fn an_act()(
            roles in vec(select(Role::ALL), 0..3), action in select(Action::ALL), category in select(Category::ALL),
        ) -> (Vec<Role>, Action, Category) {
            (roles, action, category)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn an_emergency_never_opens_more_than_the_role_does_nearby(
            roles in vec(select(Role::ALL), 0..3), action in select(Action::ALL), category in select(Category::ALL),
            nearness in a_nearness(), now in 0i64..600,
        ) {
            let by_role = super::super::may(
                &Who::Staff(roles.clone()), action, category, Some(PatientId(Uuid::nil())),
            );
            let decided = may_near(&roles, action, category, &nearness, at(now));
            match by_role {
                Err(why) => prop_assert_eq!(decided, Err(why)),
                Ok(()) => {
                    let live = nearness.emergency_at(at(now)).is_some();
                    let open = nearness.is_near() || !looks_into_a_record(action, category) || live;
                    prop_assert_eq!(decided.is_ok(), open);
                    let closed = nearness.circle == Circle::Closed;
                    let why = if closed { Denied::Restricted } else { Denied::OtherLocation };
                    prop_assert!(open || decided == Err(why));
                }
            }
        }

        #[test]
        fn a_restricted_record_opens_to_the_named_or_in_an_emergency_wherever_anybody_works(
            (roles, action, category) in an_act(), nearness in a_nearness(), now in 0i64..600,
        ) {
            let of = |circle, emergency| {
                let nearness = Nearness { circle, emergency, ..nearness.clone() };
                may_near(&roles, action, category, &nearness, at(now))
            };
            if looks_into_a_record(action, category) {
                prop_assert!(of(Circle::Closed, None).is_err(), "no location opens it");
                let live = nearness.emergency_at(at(now));
                let opened = of(Circle::Closed, nearness.emergency);
                prop_assert!(opened.is_err() || opened.ok() == live.map(Leave::Emergency));
            }
            let by_role = super::super::may(
                &Who::Staff(roles.clone()), action, category, Some(PatientId(Uuid::nil())),
            );
            prop_assert_eq!(of(Circle::Named, nearness.emergency).map(drop), by_role, "a name gives the role's, and no more");
            prop_assert!(!matches!(of(Circle::Named, nearness.emergency), Ok(Leave::Emergency(_))));
        }

        #[test]
        fn restricting_a_record_shuts_out_and_opens_nothing_to_the_others(
            (roles, action, category) in an_act(), nearness in a_nearness(), now in 0i64..600,
        ) {
            let of = |circle| {
                may_near(&roles, action, category, &Nearness { circle, ..nearness.clone() }, at(now)).is_ok()
            };
            prop_assert!(!of(Circle::Closed) || of(Circle::Open));
        }

        #[test]
        fn whoever_works_everywhere_and_whoever_is_known_nowhere_are_near(nearness in a_nearness()) {
            let open = Nearness { circle: Circle::Open, ..nearness };
            let everywhere = Nearness { works_at: vec![], ..open.clone() };
            let nowhere = Nearness { known_at: vec![], ..open };
            prop_assert!(everywhere.is_near() && nowhere.is_near());
        }
    }

    #[test]
    fn an_emergency_ends_with_its_last_instant_and_is_used_only_where_it_is_needed() {
        let id = EmergencyAccessId(Uuid::from_u128(7));
        let (here, there) = (LocationId(Uuid::from_u128(1)), LocationId(Uuid::from_u128(2)));
        let far = Nearness {
            works_at: vec![here],
            known_at: vec![there],
            emergency: Some((id, at(240))),
            ..Nearness::default()
        };
        let open = |nearness: &Nearness, minutes| {
            may_near(&[Role::Nurse], Action::View, Category::Results, nearness, at(minutes))
        };
        assert_eq!(open(&far, 239), Ok(Leave::Emergency(id)));
        assert_eq!(open(&far, 240), Err(Denied::OtherLocation));
        let near = Nearness { known_at: vec![there, here], ..far };
        assert_eq!(open(&near, 239), Ok(Leave::Ordinary));
    }
}
