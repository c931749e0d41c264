//! Advance directives, instructions, referrals, plans and goals.

use portal_domain::{chart::CarePlanActivity, record::Section};

use super::{
    Block, REMARKS, Row, Table, row_id,
    words::{date, lasting, lines, list, meaning, meanings, name, names, word, word_of},
};
use crate::HealthRecord;

pub fn directives(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&["Directive", "What is wanted", "Who decides", "Given", "Status", "Holds"]);
    for (place, item) in record.directives.iter().enumerate() {
        let directive = &item.record;
        table.row(
            row_id(Section::AdvanceDirectives, place),
            [
                directive.kind.text.clone(),
                meanings(&directive.wanted),
                names(&directive.agents),
                date(directive.given, zone),
                word(directive.status),
                lasting(directive.start, directive.end, zone),
            ],
        );
    }
    vec![Block::Table(table)]
}

pub fn instructions(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&["Date", "About", "Instruction", "By"]);
    for (place, item) in record.instructions.iter().enumerate() {
        let instruction = &item.record;
        table.row(
            row_id(Section::Instructions, place),
            [
                date(instruction.given, zone),
                meaning(instruction.topic.as_ref()),
                lines(instruction.text.iter().cloned()),
                name(instruction.by.as_ref()),
            ],
        );
    }
    vec![Block::Table(table)]
}

pub fn referrals(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut table = Table::new(&["For", "To", "Why", "Date", "By", "Status", REMARKS]);
    for (place, item) in record.referrals.iter().enumerate() {
        let referral = &item.record;
        table.row(
            row_id(Section::Referrals, place),
            [
                referral.code.text.clone(),
                names(&referral.performers),
                meanings(&referral.reasons),
                date(referral.authored, zone),
                name(referral.requester.as_ref()),
                word(referral.status),
                lines(referral.patient_instruction.iter().chain(&referral.notes).cloned()),
            ],
        );
    }
    vec![Block::Table(table)]
}

/// Plans, then goals: rows are numbered through both.
pub fn plan_of_care(record: &HealthRecord) -> Vec<Block> {
    let zone = record.practice.zone;
    let mut plans = Table::new(&["Plan", "What is to be done", "Status", "When", REMARKS]);
    for (place, item) in record.care_plans.iter().enumerate() {
        let plan = &item.record;
        let activity = |activity: &CarePlanActivity| {
            let what = activity.description.clone().unwrap_or_else(|| meaning(activity.code.as_ref()));
            list([what.as_str(), &word_of(activity.status).to_lowercase()])
        };
        let named = plan.title.clone().unwrap_or_else(|| meanings(&plan.categories));
        plans.row(
            row_id(Section::PlanOfCare, place),
            [
                named,
                lines(plan.activities.iter().map(activity)),
                word(plan.status),
                lasting(plan.start, plan.end, zone),
                lines(plan.description.iter().chain(&plan.notes).cloned()),
            ],
        );
    }
    let mut goals = Table::new(&["Goal", "Status", "How far it is reached", "Since", "By"]);
    for (place, item) in record.goals.iter().enumerate() {
        let goal = &item.record;
        let cells = [
            goal.description.text.clone(),
            word(goal.status),
            meaning(goal.achievement.as_ref()),
            date(goal.start, zone),
            date(goal.due, zone),
        ];
        goals.rows.push(Row { id: goal_row_id(place), cells: cells.into() });
    }
    if !plans.rows.is_empty() && !goals.rows.is_empty() {
        plans.caption = Some("Plans".into());
        goals.caption = Some("Goals".into());
    }
    vec![Block::Table(plans), Block::Table(goals)]
}

/// The name of a goal's row, which stands in the section of plans.
pub fn goal_row_id(place: usize) -> String {
    format!("goal-{}", place + 1)
}
