//! When a result reaches its patient: by a provider's act, or by the practice's policy for its group of tests (LAB-2).
//!
//! The decision is pure: the policies, what is known of the result, and now. Of several answers the most careful counts,
//! so that a further test in a report never brings it out sooner.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Flag, ReportStatus};
use crate::{
    chart::ReportCategory,
    problem::FieldError,
    text::{self, Lines},
    time::Time,
    words::words,
};

/// Most groups that a practice keeps.
pub const MOST_GROUPS: usize = 50;
/// Most codes that name one group.
pub const MOST_CODES: usize = 300;
/// The longest name of a group, in characters.
pub const MAX_GROUP_NAME: usize = 80;
/// Hours after which a policy may release, and by which a provider may have to: an hour to thirty days.
pub const POLICY_HOURS: std::ops::RangeInclusive<i64> = 1..=720;

/// What was reported so many days before it came in, or later, is news.
pub const NEWS_DAYS: i64 = 30;

/// Whether a result that a policy releases is told in the inbox: the history that a chart comes with is there to be read,
/// and is no news.
pub fn is_news(reported: Time, came_in: Time) -> bool {
    reported >= came_in.plus(TimeDelta::days(-NEWS_DAYS))
}

words! {
    /// How results of a group reach their patients.
    ReleaseRule {
        /// A provider releases them.
        Manual = "manual",
        /// By themselves, so many hours after they came in; a provider may be faster.
        After = "after",
        /// By themselves, as they come in.
        Immediate = "immediate",
    }
}

/// How and by when results of a group are released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupRule {
    /// By whom.
    pub rule: ReleaseRule,
    /// Hours after which they are released, 1 to 720; with `after` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<i64>,
    /// Hours within which a provider should release what is left to a provider, 1 to 720. Later it is overdue.
    pub deadline_hours: i64,
}

impl Default for GroupRule {
    /// A provider releases, within three days.
    fn default() -> Self {
        Self { rule: ReleaseRule::Manual, hours: None, deadline_hours: 72 }
    }
}

impl GroupRule {
    /// How long the rule waits; none when it waits for a provider.
    fn wait(&self) -> Option<TimeDelta> {
        match self.rule {
            ReleaseRule::Manual => None,
            ReleaseRule::After => Some(TimeDelta::hours(self.hours.unwrap_or(*POLICY_HOURS.end()))),
            ReleaseRule::Immediate => Some(TimeDelta::zero()),
        }
    }

    fn check(&self, field: &str, errors: &mut Vec<FieldError>) {
        let mut outside = |name: &str| {
            errors.push(FieldError::new(format!("{field}.{name}"), "out_of_range", "Enter 1 to 720 hours."));
        };
        match (self.rule, self.hours) {
            (ReleaseRule::After, Some(hours)) if POLICY_HOURS.contains(&hours) => {}
            (ReleaseRule::After, _) => outside("hours"),
            (_, None) => {}
            (_, Some(_)) => {
                let message = "Leave the hours out: this rule does not wait.";
                errors.push(FieldError::new(format!("{field}.hours"), "not_used", message));
            }
        }
        if !POLICY_HOURS.contains(&self.deadline_hours) {
            errors.push(FieldError::new(
                format!("{field}.deadline_hours"),
                "out_of_range",
                "Enter 1 to 720 hours.",
            ));
        }
    }
}

/// A group of tests that are released alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TestGroup {
    /// What staff call it: `Blood counts`. 1 to 80 characters.
    pub name: String,
    /// The LOINC codes of reports and values that belong to it, at most 300.
    #[serde(default)]
    pub codes: Vec<String>,
    /// The services whose reports belong to it, unless a group names their codes.
    #[serde(default)]
    pub categories: Vec<ReportCategory>,
    /// Whether a person must tell the patient (HIV, genetics): such a group stays `manual`, and whatever holds one value of
    /// it goes with it.
    #[serde(default)]
    pub sensitive: bool,
    /// How and by when it is released.
    pub release: GroupRule,
}

/// The practice's policies for releasing results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReleasePolicies {
    /// The groups, in the practice's own order, at most 50.
    #[serde(default)]
    pub groups: Vec<TestGroup>,
    /// For whatever no group names.
    pub default: GroupRule,
    /// Whether a value far outside the usual range is left to a provider, whatever the rule of its group.
    pub critical_waits: bool,
}

impl Default for ReleasePolicies {
    /// Everything waits for a provider.
    fn default() -> Self {
        Self { groups: Vec::new(), default: GroupRule::default(), critical_waits: true }
    }
}

/// The policies with the version that an edit names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleasePoliciesView {
    /// For If-Match.
    pub version: i64,
    /// As they are.
    pub policies: ReleasePolicies,
}

impl ReleasePolicies {
    /// The policies as they are kept (names trimmed, codes once each), or what is wrong with them.
    pub fn clean(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.groups.len() > MOST_GROUPS {
            errors.push(FieldError::new("groups", "out_of_range", "Keep at most 50 groups."));
            return Err(errors);
        }
        let mut names = Vec::new();
        for (at, group) in self.groups.iter_mut().enumerate() {
            let field = |name: &str| format!("groups[{at}].{name}");
            match text::required(&field("name"), &group.name, MAX_GROUP_NAME, Lines::One) {
                Ok(name) => group.name = name,
                Err(error) => errors.push(error),
            }
            // Not `text::fold`: its tables are too large for the page, and nothing depends on these names.
            let folded = group.name.to_lowercase();
            if names.contains(&folded) {
                errors.push(FieldError::new(field("name"), "not_unique", "Another group has this name."));
            }
            names.push(folded);
            group.codes.iter_mut().for_each(|code| *code = code.trim().to_owned());
            group.codes.sort_unstable();
            group.codes.dedup();
            group.categories.sort_unstable();
            group.categories.dedup();
            if group.codes.len() > MOST_CODES {
                errors.push(FieldError::new(field("codes"), "out_of_range", "Name at most 300 codes."));
            } else if let Some(wrong) = group.codes.iter().position(|code| !is_loinc(code)) {
                let message = "This is no LOINC code. Check its digits.";
                errors.push(FieldError::new(format!("groups[{at}].codes[{wrong}]"), "not_loinc", message));
            }
            if group.codes.is_empty() && group.categories.is_empty() {
                let message = "Name at least one code or service.";
                errors.push(FieldError::new(field("codes"), "required", message));
            }
            if group.sensitive && group.release.rule != ReleaseRule::Manual {
                let message = "A sensitive group is released by a provider.";
                errors.push(FieldError::new(field("release.rule"), "sensitive", message));
            }
            group.release.check(&field("release"), &mut errors);
        }
        self.default.check("default", &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// Whether a text is a LOINC code: digits, a hyphen, and the check digit that follows from them (Luhn).
pub fn is_loinc(code: &str) -> bool {
    let Some((digits, check)) = code.split_once('-') else { return false };
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !(1..=7).contains(&digits.len()) || check.len() != 1 || !is_number(digits) || !is_number(check) {
        return false;
    }
    let doubled = |(at, digit): (usize, u32)| {
        let digit = if at.is_multiple_of(2) { digit * 2 } else { digit };
        digit / 10 + digit % 10
    };
    let sum: u32 = digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate().map(doubled).sum();
    check.chars().next().and_then(|c| c.to_digit(10)) == Some((10 - sum % 10) % 10)
}

/// What the decision needs to know of a result that waits.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where it stands at the laboratory.
    pub status: ReportStatus,
    /// Which service made it.
    pub category: ReportCategory,
    /// The LOINC code of the report.
    pub code: Option<String>,
    /// The LOINC code of each of its values; none for a value without one.
    pub values: Vec<Option<String>>,
    /// The weightiest flag of its values.
    pub flag: Flag,
    /// When it came in, or last changed.
    pub since: Time,
    /// Whether a release of it was taken back: no policy releases it again.
    pub taken_back: bool,
}

/// What is to become of a result that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The group whose rule counts; none for the default.
    pub group: Option<String>,
    /// By whom and when.
    pub turn: Turn,
}

/// Whose turn it is to release a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A provider's, by then.
    Provider {
        /// Later it is overdue.
        review_by: Time,
    },
    /// The policy's, then.
    Policy {
        /// From when on.
        at: Time,
    },
}

impl Plan {
    /// What is to become of a result by these policies.
    pub fn of(policies: &ReleasePolicies, facts: &Facts) -> Self {
        let (group, rule) = rule_for(policies, facts);
        let review_by = facts.since.plus(TimeDelta::hours(rule.deadline_hours));
        // What may still change at the laboratory, or never was, is no policy's to tell.
        let is_done = matches!(
            facts.status,
            ReportStatus::Final | ReportStatus::Amended | ReportStatus::Corrected | ReportStatus::Appended
        );
        let by_provider =
            facts.taken_back || !is_done || (policies.critical_waits && facts.flag.is_critical());
        let turn = match rule.wait().filter(|_| !by_provider) {
            Some(wait) => Turn::Policy { at: facts.since.plus(wait) },
            None => Turn::Provider { review_by },
        };
        Self { group: group.map(|group| group.name.clone()), turn }
    }

    /// Whether the policy releases it now; a hold stops it until it ends.
    pub fn is_due(&self, held_until: Option<Time>, now: Time) -> bool {
        let free = held_until.is_none_or(|until| until <= now);
        free && matches!(self.turn, Turn::Policy { at } if at <= now)
    }
}

impl ReleasePolicies {
    /// Whether a result of this kind is kept from whoever acts for the patient, unless a provider says otherwise (PRX-4):
    /// a sensitive group names it, or one of its values.
    pub fn keeps_back(&self, category: ReportCategory, codes: &[String]) -> bool {
        let names = |group: &TestGroup| {
            group.categories.contains(&category) || group.codes.iter().any(|code| codes.contains(code))
        };
        self.groups.iter().any(|group| group.sensitive && names(group))
    }
}

/// The most careful rule of all that name the result.
fn rule_for<'p>(policies: &'p ReleasePolicies, facts: &Facts) -> (Option<&'p TestGroup>, &'p GroupRule) {
    let names_code = |group: &TestGroup, code: &Option<String>| {
        code.as_ref().is_some_and(|code| group.codes.iter().any(|one| one == code))
    };
    let names_report = |group: &TestGroup| names_code(group, &facts.code);
    let names_value = |group: &TestGroup| facts.values.iter().any(|code| names_code(group, code));
    let names_service = |group: &TestGroup| group.categories.contains(&facts.category);
    let groups = policies.groups.iter();
    let sensitive = groups
        .clone()
        .find(|group| group.sensitive && (names_report(group) || names_value(group) || names_service(group)));
    if let Some(group) = sensitive {
        return (Some(group), &group.release);
    }
    let mut rules: Vec<(Option<&TestGroup>, &GroupRule)> = Vec::new();
    let by_code = groups.clone().filter(|group| names_report(group) || names_value(group));
    rules.extend(by_code.map(|group| (Some(group), &group.release)));
    // A report that is named by its own code is known whole. Else each value that no group names follows what is left.
    let is_known = groups.clone().any(names_report)
        || (!facts.values.is_empty()
            && facts.values.iter().all(|code| groups.clone().any(|group| names_code(group, code))));
    if !is_known {
        let by_service: Vec<_> = groups.filter(|group| names_service(group)).collect();
        match by_service.is_empty() {
            true => rules.push((None, &policies.default)),
            false => rules.extend(by_service.into_iter().map(|group| (Some(group), &group.release))),
        }
    }
    // A provider's turn is the most careful, then the longest wait; of two alike the one with the earlier deadline.
    let care = |rule: &GroupRule| (rule.wait().unwrap_or(TimeDelta::MAX), -rule.deadline_hours);
    rules.into_iter().max_by_key(|(_, rule)| care(rule)).unwrap_or((None, &policies.default))
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    #[test]
    fn a_month_before_it_came_in_is_news_and_a_second_more_is_history() {
        let came_in: Time = "2026-10-05T14:00:00Z".parse().unwrap();
        assert!(is_news("2026-09-05T14:00:00Z".parse().unwrap(), came_in));
        assert!(!is_news("2026-09-05T13:59:59Z".parse().unwrap(), came_in));
        assert!(is_news(came_in.plus(TimeDelta::days(1)), came_in), "a clock that runs ahead");
    }

    const CODES: &[&str] = &["4548-4", "718-7", "2093-3", "75622-1"];

    fn rule(rule: ReleaseRule, hours: Option<i64>) -> GroupRule {
        GroupRule { rule, hours, deadline_hours: 48 }
    }

    fn group(name: &str, codes: &[&str], release: GroupRule) -> TestGroup {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        TestGroup { name: name.into(), codes, categories: vec![], sensitive: false, release }
    }

    fn policies(groups: Vec<TestGroup>) -> ReleasePolicies {
        ReleasePolicies { groups, ..Default::default() }
    }

    fn hour(hours: i64) -> Time {
        "2026-11-02T08:00:00Z".parse::<Time>().unwrap().plus(TimeDelta::hours(hours))
    }

    fn facts(code: Option<&str>, values: &[Option<&str>]) -> Facts {
        Facts {
            status: ReportStatus::Final,
            category: ReportCategory::Laboratory,
            code: code.map(str::to_owned),
            values: values.iter().map(|code| code.map(str::to_owned)).collect(),
            flag: Flag::Normal,
            since: hour(0),
            taken_back: false,
        }
    }

    fn at_once() -> ReleasePolicies {
        policies(vec![group("Counts", &["718-7"], rule(ReleaseRule::Immediate, None))])
    }

    #[test]
    fn without_groups_everything_waits_for_a_provider() {
        let plan = Plan::of(&ReleasePolicies::default(), &facts(Some("718-7"), &[Some("718-7")]));
        assert_eq!(plan, Plan { group: None, turn: Turn::Provider { review_by: hour(72) } });
        assert!(!plan.is_due(None, hour(10_000)));
    }

    #[test]
    fn a_rule_that_waits_is_due_to_the_instant_and_a_hold_puts_it_off() {
        let after = policies(vec![group("Counts", &["718-7"], rule(ReleaseRule::After, Some(24)))]);
        let plan = Plan::of(&after, &facts(None, &[Some("718-7")]));
        assert_eq!(plan.turn, Turn::Policy { at: hour(24) });
        assert!(!plan.is_due(None, hour(23)) && plan.is_due(None, hour(24)));
        assert!(!plan.is_due(Some(hour(30)), hour(29)) && plan.is_due(Some(hour(30)), hour(30)));
    }

    #[test]
    fn a_value_that_no_group_names_leaves_the_report_to_the_default() {
        let turn = |facts| Plan::of(&at_once(), &facts).turn;
        assert_eq!(turn(facts(None, &[Some("718-7")])), Turn::Policy { at: hour(0) });
        for values in [&[Some("718-7"), Some("2093-3")][..], &[Some("718-7"), None], &[]] {
            assert_eq!(turn(facts(None, values)), Turn::Provider { review_by: hour(72) }, "{values:?}");
        }
        let by_report = facts(Some("718-7"), &[Some("718-7"), Some("2093-3")]);
        assert_eq!(turn(by_report), Turn::Policy { at: hour(0) }, "its own code names the report whole");
    }

    #[test]
    fn a_sensitive_value_keeps_the_whole_report_back() {
        let mut all = at_once();
        let hiv = group("HIV", &["75622-1"], rule(ReleaseRule::Manual, None));
        all.groups.push(TestGroup { sensitive: true, ..hiv });
        let plan = Plan::of(&all, &facts(Some("718-7"), &[Some("718-7"), Some("75622-1")]));
        assert_eq!(plan, Plan { group: Some("HIV".into()), turn: Turn::Provider { review_by: hour(48) } });
        all.groups[1].release.rule = ReleaseRule::Immediate;
        assert_eq!(all.clean().unwrap_err()[0].code, "sensitive");
    }

    #[test]
    fn what_is_critical_not_final_or_was_taken_back_is_left_to_a_provider() {
        let known = facts(Some("718-7"), &[]);
        let critical = Facts { flag: Flag::CriticalLow, ..known.clone() };
        let early = Facts { status: ReportStatus::Preliminary, ..known.clone() };
        let taken_back = Facts { taken_back: true, ..known };
        for facts in [&critical, &early, &taken_back] {
            assert!(matches!(Plan::of(&at_once(), facts).turn, Turn::Provider { .. }), "{facts:?}");
        }
        let told = ReleasePolicies { critical_waits: false, ..at_once() };
        assert!(matches!(Plan::of(&told, &critical).turn, Turn::Policy { .. }));
    }

    #[test]
    fn a_service_names_what_no_code_does() {
        let mut pathology = group("Pathology", &[], rule(ReleaseRule::After, Some(72)));
        pathology.categories = vec![ReportCategory::Pathology];
        let all = policies(vec![pathology, at_once().groups.remove(0)]);
        let of = |facts| Plan::of(&all, &facts).group;
        let report = Facts { category: ReportCategory::Pathology, ..facts(None, &[]) };
        assert_eq!(of(report.clone()).as_deref(), Some("Pathology"));
        let counted = Facts { code: Some("718-7".into()), ..report };
        assert_eq!(of(counted).as_deref(), Some("Counts"));
    }

    #[test]
    fn a_loinc_code_has_its_check_digit() {
        for code in ["4548-4", "718-7", "2093-3", "75622-1", "630-4", "24323-8"] {
            assert!(is_loinc(code), "{code}");
        }
        for code in ["4548-5", "4548", "-4", "4548-44", "x548-4", "45484", "", "12345678-1"] {
            assert!(!is_loinc(code), "{code}");
        }
    }

    #[test]
    fn policies_are_kept_tidy_and_mistakes_are_named_by_path() {
        let mut all = policies(vec![group("  Counts ", &[" 718-7", "718-7"], GroupRule::default())]);
        let kept = all.clone().clean().unwrap();
        assert_eq!((kept.groups[0].name.as_str(), kept.groups[0].codes.len()), ("Counts", 1));
        all.groups.push(group("counts", &["1-1"], rule(ReleaseRule::After, None)));
        all.groups.push(group(
            "",
            &[],
            GroupRule { deadline_hours: 0, ..rule(ReleaseRule::Manual, Some(3)) },
        ));
        let errors = all.clean().unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
        assert_eq!(
            named,
            [
                ("groups[1].name", "not_unique"),
                ("groups[1].codes[0]", "not_loinc"),
                ("groups[1].release.hours", "out_of_range"),
                ("groups[2].name", "required"),
                ("groups[2].codes", "required"),
                ("groups[2].release.hours", "not_used"),
                ("groups[2].release.deadline_hours", "out_of_range"),
            ]
        );
    }

    fn any_rule() -> impl Strategy<Value = GroupRule> {
        prop_oneof![
            (1i64..100).prop_map(|hours| GroupRule { deadline_hours: hours, ..GroupRule::default() }),
            (1i64..100).prop_map(|hours| rule(ReleaseRule::After, Some(hours))),
            Just(rule(ReleaseRule::Immediate, None)),
        ]
    }

    fn any_group() -> impl Strategy<Value = TestGroup> {
        let codes = proptest::collection::vec(select(CODES), 0..3);
        let categories = proptest::collection::vec(select(ReportCategory::ALL), 0..2);
        (codes, categories, any_rule(), any::<bool>()).prop_map(|(codes, categories, release, sensitive)| {
            let release = if sensitive { GroupRule::default() } else { release };
            TestGroup { categories, sensitive, ..group("Group", &codes, release) }
        })
    }

    fn any_policies() -> impl Strategy<Value = ReleasePolicies> {
        let groups = proptest::collection::vec(any_group(), 0..5);
        (groups, any_rule(), any::<bool>()).prop_map(|(groups, default, critical_waits)| ReleasePolicies {
            groups,
            default,
            critical_waits,
        })
    }

    fn any_facts() -> impl Strategy<Value = Facts> {
        let code = || proptest::option::of(select(CODES));
        let values = proptest::collection::vec(code(), 0..5);
        (
            code(),
            values,
            select(ReportCategory::ALL),
            select(ReportStatus::ALL),
            select(Flag::ALL),
            any::<bool>(),
        )
            .prop_map(|(code, values, category, status, flag, taken_back)| Facts {
                category,
                status,
                flag,
                taken_back,
                ..facts(code, &values)
            })
    }

    /// How careful a plan is: for a provider above all.
    fn care(plan: &Plan) -> i64 {
        match plan.turn {
            Turn::Provider { .. } => i64::MAX,
            Turn::Policy { at } => at.micros(),
        }
    }

    proptest! {
        #[test]
        fn a_policy_never_releases_before_the_result_came_in_nor_while_it_is_held(
            policies in any_policies(), facts in any_facts(), now in -100i64..200, held in proptest::option::of(-100i64..200),
        ) {
            let plan = Plan::of(&policies, &facts);
            if plan.is_due(held.map(hour), hour(now)) {
                prop_assert!(now >= 0);
                prop_assert!(held.is_none_or(|held| held <= now));
            }
        }

        #[test]
        fn once_due_it_stays_due(policies in any_policies(), facts in any_facts(), now in 0i64..200, later in 0i64..200) {
            let plan = Plan::of(&policies, &facts);
            prop_assert!(!plan.is_due(None, hour(now)) || plan.is_due(None, hour(now + later)));
        }

        #[test]
        fn a_further_value_of_a_sensitive_group_never_comes_out_by_itself(
            policies in any_policies(), facts in any_facts(), code in select(CODES),
        ) {
            let mut policies = policies;
            let sensitive = group("Sensitive", &[code], GroupRule::default());
            policies.groups.push(TestGroup { sensitive: true, ..sensitive });
            let mut facts = facts;
            facts.values.push(Some(code.into()));
            let turn = Plan::of(&policies, &facts).turn;
            prop_assert!(matches!(turn, Turn::Provider { .. }), "{turn:?}");
        }

        #[test]
        fn a_further_rule_for_the_same_test_is_never_less_careful(
            policies in any_policies(), facts in any_facts(), code in select(CODES), release in any_rule(),
        ) {
            let facts = Facts { code: Some(code.into()), ..facts };
            let mut policies = policies;
            policies.groups.push(group("One", &[code], rule(ReleaseRule::Immediate, None)));
            let before = Plan::of(&policies, &facts);
            policies.groups.push(group("Two", &[code], release));
            prop_assert!(care(&Plan::of(&policies, &facts)) >= care(&before));
        }
    }
}
