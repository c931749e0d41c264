//! Advance directives, instructions, referrals, plans and goals.

use portal_domain::{
    chart::{CarePlanActivity, CarePlanStatus, Concept, GoalStatus, ReferralStatus},
    record::Section,
};

use super::{
    types::{
        LOINC, author, cd, cd_or_unknown, code, id, interval, row, said, status, template, time, unknown,
        value_cd,
    },
    xml::{El, el},
};
use crate::{
    HealthRecord,
    narrative::{goal_row_id, row_id},
};

fn act(mood: &'static str) -> El {
    el("act").a("classCode", "ACT").a("moodCode", mood)
}

fn entry(act: El) -> El {
    el("entry").a("typeCode", "DRIV").c(act)
}

/// What the patient wants when no longer able to say so.
pub fn directives(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &crate::Item<portal_domain::chart::ChartDirective>)| {
        let directive = &item.record;
        let start = directive.start.or(directive.given);
        let end = directive.end.filter(|end| start.is_none_or(|start| start.at <= end.at));
        let high = end.map_or_else(|| el("high").a("nullFlavor", "NA"), |end| time("high", Some(end), zone));
        let wanted = directive.wanted.first().unwrap_or(&directive.kind);
        let agents = directive.agents.iter().filter_map(|agent| agent.display.as_deref()).map(|name| {
            let role = el("participantRole")
                .a("classCode", "AGNT")
                .c(address_unknown())
                .c(unknown("telecom"))
                .c(el("playingEntity").c(said("name", name)));
            el("participant").a("typeCode", "CST").c(role)
        });
        entry(
            el("observation")
                .a("classCode", "OBS")
                .a("moodCode", "EVN")
                .cs(template("4.48", "2015-08-01"))
                .c(id(item.id, ""))
                .c(cd("code", &directive.kind, &[]).c(code(
                    "translation",
                    LOINC,
                    "75320-2",
                    "Advance directive",
                )))
                .c(row(&row_id(Section::AdvanceDirectives, place)))
                .c(status("completed"))
                .c(el("effectiveTime").c(time("low", start, zone)).c(high))
                .c(value_cd(wanted, &[]))
                .cs(agents),
        )
    };
    record.directives.iter().enumerate().map(one).collect()
}

fn address_unknown() -> El {
    super::types::address(None)
}

/// What the patient was told to do.
pub fn instructions(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &crate::Item<portal_domain::chart::ChartInstruction>)| {
        entry(
            act("INT")
                .cs(template("4.20", "2014-06-09"))
                .c(id(item.id, ""))
                .c(cd_or_unknown("code", item.record.topic.as_ref(), &[]))
                .c(row(&row_id(Section::Instructions, place)))
                .c(status("completed"))
                .cs(author(item.record.by.as_ref(), item.record.given, zone)),
        )
    };
    record.instructions.iter().enumerate().map(one).collect()
}

/// To whom the patient was sent.
pub fn referrals(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let one = |(place, item): (usize, &crate::Item<portal_domain::chart::ChartReferral>)| {
        let sent = &item.record;
        let act = el("act")
            .a("classCode", "PCPR")
            .a("moodCode", "INT")
            .cs(template("4.140", ""))
            .c(id(item.id, ""))
            .c(cd("code", &sent.code, &[]))
            .c(row(&row_id(Section::Referrals, place)))
            .c(status("active"))
            .c(time("effectiveTime", sent.authored, zone))
            .cs(author(sent.requester.as_ref(), sent.authored, zone));
        // The template knows open referrals only: others stand in the narrative alone.
        (!matches!(sent.status, ReferralStatus::Completed | ReferralStatus::Revoked)).then(|| entry(act))
    };
    record.referrals.iter().enumerate().filter_map(one).collect()
}

/// What is to be done, and what it aims at.
pub fn plan_of_care(record: &HealthRecord) -> Vec<El> {
    let zone = record.practice.zone;
    let mut all = Vec::new();
    for (place, item) in record.care_plans.iter().enumerate() {
        let plan = &item.record;
        let named = row_id(Section::PlanOfCare, place);
        // The template knows plans that are carried out only: what is over stands in the narrative alone.
        if matches!(plan.status, CarePlanStatus::Completed | CarePlanStatus::Revoked) {
            continue;
        }
        let planned = |part: String, code: El| {
            entry(
                act("INT")
                    .cs(template("4.39", "2014-06-09"))
                    .c(id(item.id, &part))
                    .c(code)
                    .c(row(&named))
                    .c(status("active"))
                    .c(interval(plan.start, plan.end, zone)),
            )
        };
        let whole = plan.title.clone().or(plan.description.clone());
        let whole = whole.map(|text| Concept { coding: None, text });
        let whole = plan.categories.first().or(whole.as_ref());
        all.push(planned("plan".into(), cd_or_unknown("code", whole, &[])));
        let activities = plan.activities.iter().enumerate();
        all.extend(activities.map(|(at, one)| planned(format!("activity-{}", at + 1), activity(one))));
    }
    for (place, item) in record.goals.iter().enumerate() {
        let goal = &item.record;
        if matches!(goal.status, GoalStatus::Completed | GoalStatus::Cancelled | GoalStatus::Rejected) {
            continue;
        }
        all.push(entry(
            el("observation")
                .a("classCode", "OBS")
                .a("moodCode", "GOL")
                .cs(template("4.121", ""))
                .c(id(item.id, ""))
                .c(cd("code", &goal.description, &[]))
                .c(row(&goal_row_id(place)))
                .c(status("active"))
                .c(interval(goal.start, goal.due, zone)),
        ));
    }
    all
}

fn activity(activity: &CarePlanActivity) -> El {
    let words = activity.description.clone().map(|text| Concept { coding: None, text });
    cd_or_unknown("code", activity.code.as_ref().or(words.as_ref()), &[])
}
