//! What an account may do for another patient (PRX-1 to PRX-3): a grant, cut down to what the practice allows for the
//! patient's age today, and never more than the patient could do alone.
//!
//! Nothing here is kept or prepared by a job: revoking, the last day and a birthday count from the first question asked
//! after them.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::{Action, Category, Denied, own};
use crate::{ids::ProxyGrantId, problem::FieldError, time::Date, words::words};

words! {
    /// How much a grant gives.
    Level {
        /// Look at everything that can be shared, and act as the patient does.
        Full = "full",
        /// Look at everything that can be shared.
        ViewOnly = "view_only",
        /// What is listed, category by category.
        Limited = "limited",
    }
}

words! {
    /// How far a grant goes in one category.
    Depth {
        /// Look.
        View = "view",
        /// Look, and act as the patient does: ask, write, answer, take away.
        Act = "act",
    }
}

words! {
    /// On what a grant rests.
    Basis {
        /// The patient is a minor: it bends to the practice's age policy, and ends with it.
        Minor = "minor",
        /// A grown patient's own wish, or papers that staff checked.
        Adult = "adult",
    }
}

words! {
    /// Why a grant does not help.
    NoAccess {
        /// It was revoked.
        Revoked = "revoked",
        /// It has not begun.
        NotBegun = "not_begun",
        /// Its last day has passed.
        Ended = "ended",
        /// The patient's age leaves nothing of it.
        AgedOut = "aged_out",
        /// It does not go so far.
        NotShared = "not_shared",
    }
}

/// What can be shared with others at all. The mailbox follows from it: each item is seen by those who see what it tells
/// of. Whatever else an account holds (its own security, who else acts for the patient) is never anybody else's.
pub const SHAREABLE: &[Category] = &[
    Category::Demographics,
    Category::Appointments,
    Category::Results,
    Category::Medications,
    Category::Chart,
    Category::Documents,
    Category::OutsideRecords,
    Category::Proposals,
    Category::Amendments,
    Category::Messages,
    Category::Education,
    Category::Notices,
    Category::Billing,
];

/// A category that is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Which.
    pub category: Category,
    /// How far.
    pub depth: Depth,
}

/// What somebody may do, category by category; nothing in those left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach(Vec<Share>);

impl Reach {
    /// What a level gives; `shares` count for [`Level::Limited`] alone.
    pub fn of(level: Level, shares: &[Share]) -> Self {
        let all = |depth| SHAREABLE.iter().map(|category| Share { category: *category, depth }).collect();
        match level {
            Level::Full => Self(all(Depth::Act)),
            Level::ViewOnly => Self(all(Depth::View)),
            Level::Limited => {
                let deepest = |category: &Category| {
                    let named = shares.iter().filter(|share| share.category == *category);
                    named.map(|share| share.depth).max().map(|depth| Share { category: *category, depth })
                };
                Self(SHAREABLE.iter().filter_map(deepest).collect())
            }
        }
    }

    /// How far it goes in a category.
    pub fn depth(&self, category: Category) -> Option<Depth> {
        self.0.iter().find(|share| share.category == category).map(|share| share.depth)
    }

    /// Whether this category may be looked at.
    pub fn sees(&self, category: Category) -> bool {
        self.depth(category).is_some()
    }

    /// Whether everything that can be shared may be looked at.
    pub fn sees_all(&self) -> bool {
        SHAREABLE.iter().all(|category| self.sees(*category))
    }

    /// The categories with how far each goes.
    pub fn shares(&self) -> &[Share] {
        &self.0
    }

    /// What both allow.
    pub fn meet(&self, other: &Self) -> Self {
        let both = |share: &Share| {
            let depth = share.depth.min(other.depth(share.category)?);
            Some(Share { category: share.category, depth })
        };
        Self(self.0.iter().filter_map(both).collect())
    }

    /// Whether it goes as far as this act needs.
    pub fn allows(&self, action: Action, category: Category) -> bool {
        match (action, category) {
            // The mailbox shows what else is shared; having read an item is the reader's own.
            (Action::View | Action::Act, Category::Mail) => !self.0.is_empty(),
            // The calendar file says what the page says; a health record leaves the portal for good.
            (Action::View, _) | (Action::Export, Category::Appointments) => self.sees(category),
            (Action::Act | Action::Export | Action::Transmit, _) => self.depth(category) == Some(Depth::Act),
            _ => false,
        }
    }
}

/// One span of ages in the practice's policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    /// From this birthday.
    pub from: u32,
    /// Until this birthday.
    pub until: u32,
    /// The most that a grant gives in between.
    pub level: Level,
    /// What that is, for `limited`.
    #[serde(default)]
    pub shares: Vec<Share>,
    /// Whether the young patient's own assent, given at this age, lifts the bound.
    #[serde(default)]
    pub assent_lifts: bool,
}

/// A policy has at most so many bands.
pub const AGE_POLICY_BANDS: usize = 6;

words! {
    /// Policies to choose from (PRX-3).
    AgePreset {
        /// Everything until the 18th birthday.
        FullTo18 = "full_to_18",
        /// From 12 to 17 appointments and reading only.
        LimitedFrom12 = "limited_from_12",
        /// From 13 to 17 the young patient agrees, or it is as limited.
        AssentFrom13 = "assent_from_13",
    }
}

/// What the practice lets others do for minors, age by age. Above the last band a grant for a minor gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AgePolicy {
    /// From 0, each beginning where the one before ends.
    pub bands: Vec<AgeBand>,
}

impl AgePolicy {
    /// The bands of a preset, to be kept as the practice's own.
    pub fn of(preset: AgePreset) -> Self {
        let full =
            |from, until| AgeBand { from, until, level: Level::Full, shares: vec![], assent_lifts: false };
        let limited = |from, assent_lifts| AgeBand {
            from,
            until: 18,
            level: Level::Limited,
            shares: vec![
                Share { category: Category::Demographics, depth: Depth::View },
                Share { category: Category::Appointments, depth: Depth::Act },
                Share { category: Category::Education, depth: Depth::Act },
                Share { category: Category::Notices, depth: Depth::Act },
            ],
            assent_lifts,
        };
        let bands = match preset {
            AgePreset::FullTo18 => vec![full(0, 18)],
            AgePreset::LimitedFrom12 => vec![full(0, 12), limited(12, false)],
            AgePreset::AssentFrom13 => vec![full(0, 13), limited(13, true)],
        };
        Self { bands }
    }

    /// The preset that it is, if it is one.
    pub fn preset(&self) -> Option<AgePreset> {
        AgePreset::ALL.iter().copied().find(|preset| Self::of(*preset) == *self)
    }

    /// From which birthday a patient decides alone.
    pub fn adult_from(&self) -> u32 {
        self.bands.last().map_or(0, |band| band.until)
    }

    /// Whether somebody born then is a minor.
    pub fn is_minor(&self, born: Date, today: Date) -> bool {
        today.years_since(born).is_none_or(|age| age < self.adult_from())
    }

    fn band(&self, age: u32) -> Option<&AgeBand> {
        self.bands.iter().find(|band| (band.from..band.until).contains(&age))
    }

    /// What is wrong with it; `field` is its place in the request.
    pub fn check(&self, field: &str) -> Vec<FieldError> {
        let mut next = 0;
        let mut errors = Vec::new();
        if self.bands.is_empty() || self.bands.len() > AGE_POLICY_BANDS {
            errors.push(FieldError::new(field, "bands_count", "Give one to six spans of ages."));
        }
        for (place, band) in self.bands.iter().take(AGE_POLICY_BANDS).enumerate() {
            if band.from != next || band.until <= band.from || band.until > 26 {
                let message = "Begin at 0, leave no gap, and end by 26.";
                errors.push(FieldError::new(format!("{field}[{place}]"), "bands_gap", message));
            }
            errors.extend(check_shares(&format!("{field}[{place}].shares"), band.level, &band.shares));
            next = band.until;
        }
        errors
    }
}

/// What is wrong with the shares that go with a level.
pub(crate) fn check_shares(field: &str, level: Level, shares: &[Share]) -> Option<FieldError> {
    let wrong = |code: &str, message: &str| Some(FieldError::new(field, code, message));
    match level {
        Level::Limited if shares.is_empty() => wrong("shares_missing", "Choose what is shared."),
        Level::Limited if shares.iter().any(|share| !SHAREABLE.contains(&share.category)) => {
            wrong("not_shareable", "This can't be shared.")
        }
        Level::Limited if shares.len() > SHAREABLE.len() => wrong("too_many", "Name each category once."),
        Level::Full | Level::ViewOnly if !shares.is_empty() => {
            wrong("shares_unused", "Only a limited grant lists what is shared.")
        }
        _ => None,
    }
}

/// A grant as it is kept (PRX-2). Days are the practice's, and belong to it as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyGrant {
    /// The id, for the audit trail.
    pub id: ProxyGrantId,
    /// On what it rests.
    pub basis: Basis,
    /// How much it gives.
    pub level: Level,
    /// What that is, for a limited one.
    pub shares: Vec<Share>,
    /// The first day.
    pub starts_on: Date,
    /// The last day; none: until it is revoked.
    pub ends_on: Option<Date>,
    /// Whether it was revoked.
    pub is_revoked: bool,
    /// When the young patient agreed.
    pub assented_on: Option<Date>,
}

/// Whose data it is, and what the practice says of such patients today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The patient's date of birth.
    pub born: Date,
    /// The practice's date now.
    pub today: Date,
    /// The practice's policy for minors.
    pub policy: AgePolicy,
}

impl ProxyGrant {
    /// What it gives today.
    pub fn reach(&self, subject: &Subject) -> Result<Reach, NoAccess> {
        if self.is_revoked {
            return Err(NoAccess::Revoked);
        }
        if subject.today < self.starts_on {
            return Err(NoAccess::NotBegun);
        }
        if self.ends_on.is_some_and(|last| subject.today > last) {
            return Err(NoAccess::Ended);
        }
        let given = Reach::of(self.level, &self.shares);
        if self.basis == Basis::Adult {
            return Ok(given);
        }
        // Somebody not born yet has no age, and nothing to look at.
        let age = subject.today.years_since(subject.born).ok_or(NoAccess::AgedOut)?;
        let band = subject.policy.band(age).ok_or(NoAccess::AgedOut)?;
        let assented = |on: Date| on.years_since(subject.born).is_some_and(|age| age >= band.from);
        if band.assent_lifts && self.assented_on.is_some_and(assented) {
            return Ok(given);
        }
        match given.meet(&Reach::of(band.level, &band.shares)) {
            Reach(shares) if shares.is_empty() => Err(NoAccess::AgedOut),
            reach => Ok(reach),
        }
    }
}

/// A birthday: of who was born on 29 February, in other years, 1 March.
fn birthday(born: Date, age: u32) -> Option<Date> {
    let year = born.year().checked_add(i32::try_from(age).ok()?)?;
    Date::from_ymd_opt(year, born.month(), born.day()).or_else(|| Date::from_ymd_opt(year, 3, 1))
}

impl ProxyGrant {
    /// The next birthday that changes what it gives; none when none does.
    pub fn next_change(&self, subject: &Subject) -> Option<Date> {
        let (now, age) = (self.reach(subject).ok()?, subject.today.years_since(subject.born)?);
        let border = subject.policy.bands.iter().map(|band| band.until).find(|until| *until > age)?;
        let on = birthday(subject.born, border)?;
        let then = self.reach(&Subject { today: on, ..subject.clone() });
        (self.basis == Basis::Minor && then.ok() != Some(now)).then_some(on)
    }
}

/// Decides whether somebody with this grant may do `action` with the `category` of the subject's data; answers all that
/// the grant gives, for what one act touches besides. A proxy never does what the patient's own account may not.
pub fn may_for(
    action: Action,
    category: Category,
    grant: Option<&ProxyGrant>,
    subject: &Subject,
) -> Result<Reach, Denied> {
    let grant = grant.ok_or(Denied::OutOfReach)?;
    if !own(action, category) {
        return Err(Denied::OutOfReach);
    }
    let reach = grant.reach(subject).map_err(Denied::NotGranted)?;
    if reach.allows(action, category) { Ok(reach) } else { Err(Denied::NotGranted(NoAccess::NotShared)) }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*, sample::select};
    use uuid::Uuid;

    use super::{super::Who, *};
    use crate::ids::PatientId;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn some_day() -> impl Strategy<Value = Date> {
        (0u64..14_000).prop_map(|days| day("2000-01-01") + chrono::Days::new(days))
    }

    fn share() -> impl Strategy<Value = Share> {
        (select(Category::ALL), select(Depth::ALL)).prop_map(|(category, depth)| Share { category, depth })
    }

    prop_compose! {
        fn a_grant()(
            basis in select(Basis::ALL), level in select(Level::ALL), shares in vec(share(), 0..5),
            starts_on in some_day(), ends_on in option::of(some_day()), is_revoked: bool, assented_on in option::of(some_day()),
        ) -> ProxyGrant {
            let id = ProxyGrantId(Uuid::nil());
            ProxyGrant { id, basis, level, shares, starts_on, ends_on, is_revoked, assented_on }
        }
    }

    fn a_subject() -> impl Strategy<Value = Subject> {
        (some_day(), some_day(), select(AgePreset::ALL)).prop_map(|(born, today, preset)| Subject {
            born,
            today,
            policy: AgePolicy::of(preset),
        })
    }

    fn an_act() -> impl Strategy<Value = (Action, Category)> {
        (select(Action::ALL), select(Category::ALL))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_dead_grant_allows_nothing(mut grant in a_grant(), subject in a_subject(), (action, category) in an_act()) {
            let allows = |grant: &ProxyGrant| may_for(action, category, Some(grant), &subject).is_ok();
            let dead = grant.is_revoked
                || subject.today < grant.starts_on
                || grant.ends_on.is_some_and(|last| last < subject.today)
                || (grant.basis == Basis::Minor && !subject.policy.is_minor(subject.born, subject.today));
            prop_assert!(!(dead && allows(&grant)));
            grant.is_revoked = true;
            prop_assert!(!allows(&grant));
            prop_assert_eq!(may_for(action, category, None, &subject), Err(Denied::OutOfReach));
        }

        #[test]
        fn a_proxy_never_does_what_the_patient_may_not(
            grant in a_grant(), subject in a_subject(), (action, category) in an_act(),
        ) {
            let patient = PatientId(Uuid::nil());
            if may_for(action, category, Some(&grant), &subject).is_ok() {
                prop_assert!(super::super::may(&Who::Patient(patient), action, category, Some(patient)).is_ok());
                prop_assert!(!matches!(category, Category::Account | Category::Proxies), "never the account itself");
            }
        }

        #[test]
        fn the_narrower_grant_never_exceeds_the_wider(
            grant in a_grant(), subject in a_subject(), (action, category) in an_act(),
        ) {
            let allows = |grant: &ProxyGrant| may_for(action, category, Some(grant), &subject).is_ok();
            let of = |level| ProxyGrant { level, ..grant.clone() };
            prop_assert!(!allows(&of(Level::ViewOnly)) || allows(&of(Level::Full)));
            prop_assert!(!allows(&of(Level::Limited)) || allows(&of(Level::Full)));
            let fewer = ProxyGrant { shares: grant.shares.iter().skip(1).copied().collect(), ..of(Level::Limited) };
            prop_assert!(!allows(&fewer) || allows(&of(Level::Limited)));
            let minor = ProxyGrant { basis: Basis::Minor, ..grant.clone() };
            let adult = ProxyGrant { basis: Basis::Adult, ..grant.clone() };
            prop_assert!(!allows(&minor) || allows(&adult));
            let without_assent = ProxyGrant { assented_on: None, ..grant.clone() };
            prop_assert!(!allows(&without_assent) || allows(&grant));
        }

        #[test]
        fn looking_is_allowed_wherever_acting_is(grant in a_grant(), subject in a_subject(), category in select(SHAREABLE)) {
            let allows = |action| may_for(action, category, Some(&grant), &subject).is_ok();
            prop_assert!(!allows(Action::Act) || allows(Action::View));
        }
    }

    #[test]
    fn whatever_a_patient_does_is_shareable_or_is_left_out_on_purpose() {
        for category in Category::ALL {
            let reached = Action::ALL.iter().any(|action| own(*action, *category));
            let left_out = matches!(
                category,
                Category::Account
                    | Category::Mail
                    | Category::Proxies
                    | Category::Audit
                    | Category::Restrictions
            );
            assert_eq!(
                reached && !left_out,
                SHAREABLE.contains(category),
                "{category}: say whether it may be shared"
            );
        }
    }

    fn parent() -> ProxyGrant {
        ProxyGrant {
            id: ProxyGrantId(Uuid::nil()),
            basis: Basis::Minor,
            level: Level::Full,
            shares: vec![],
            starts_on: day("2010-01-01"),
            ends_on: None,
            is_revoked: false,
            assented_on: None,
        }
    }

    fn on(today: &str, preset: AgePreset) -> Subject {
        Subject { born: day("2012-02-29"), today: day(today), policy: AgePolicy::of(preset) }
    }

    #[test]
    fn a_birthday_counts_from_its_first_moment_also_on_29_february() {
        let sees = |today, preset| {
            may_for(Action::View, Category::Results, Some(&parent()), &on(today, preset)).map(drop)
        };
        let not_shared = Err(Denied::NotGranted(NoAccess::NotShared));
        let aged_out = Err(Denied::NotGranted(NoAccess::AgedOut));
        assert_eq!(sees("2024-02-28", AgePreset::LimitedFrom12), Ok(()));
        assert_eq!(sees("2024-02-29", AgePreset::LimitedFrom12), not_shared, "the 12th birthday");
        assert_eq!(sees("2025-02-28", AgePreset::AssentFrom13), Ok(()), "a year without a 29 February");
        assert_eq!(sees("2025-03-01", AgePreset::AssentFrom13), not_shared);
        assert_eq!(sees("2030-02-28", AgePreset::FullTo18), Ok(()));
        assert_eq!(sees("2030-03-01", AgePreset::FullTo18), aged_out, "the 18th birthday");
    }

    #[test]
    fn the_next_birthday_that_changes_something_is_known_before_and_is_the_day_on_which_it_does() {
        let change = |today, preset| parent().next_change(&on(today, preset)).map(|day| day.to_string());
        assert_eq!(change("2020-01-01", AgePreset::LimitedFrom12).as_deref(), Some("2024-02-29"));
        assert_eq!(change("2024-02-29", AgePreset::LimitedFrom12).as_deref(), Some("2030-03-01"));
        assert_eq!(change("2020-01-01", AgePreset::AssentFrom13).as_deref(), Some("2025-03-01"));
        assert_eq!(change("2031-01-01", AgePreset::FullTo18), None);
        let adult = ProxyGrant { basis: Basis::Adult, ..parent() };
        assert_eq!(adult.next_change(&on("2020-01-01", AgePreset::FullTo18)), None);
    }

    #[test]
    fn assent_lifts_the_bound_only_when_it_was_given_at_that_age() {
        let subject = on("2026-01-01", AgePreset::AssentFrom13);
        let sees = |assented_on| {
            let grant = ProxyGrant { assented_on, ..parent() };
            may_for(Action::View, Category::Messages, Some(&grant), &subject).is_ok()
        };
        assert!(!sees(None) && !sees(Some(day("2024-06-01"))), "at twelve it was too early");
        assert!(sees(Some(day("2025-06-01"))));
    }

    #[test]
    fn presets_keep_the_rules_of_a_policy_and_are_recognised() {
        for preset in AgePreset::ALL {
            assert_eq!(AgePolicy::of(*preset).check("bands"), vec![]);
            assert_eq!(AgePolicy::of(*preset).preset(), Some(*preset));
        }
        let mut gap = AgePolicy::of(AgePreset::LimitedFrom12);
        gap.bands[1].from = 13;
        assert_eq!(gap.check("bands")[0].code, "bands_gap");
        assert_eq!(AgePolicy { bands: vec![] }.check("bands")[0].code, "bands_count");
    }
}
