use super::patient;
use crate::{
    chart::{CarePlanActivity, ChartCarePlan, ChartGoal, ChartKind},
    fhir::{path::At, r4, reader::Reader},
};

pub(super) fn goal(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Goal) -> Option<ChartGoal> {
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("lifecycleStatus");
    let status = r.code(&at, raw.lifecycle_status);
    let status = r.required(&at, status);
    let achievement = r.concept(&root.field("achievementStatus"), raw.achievement_status);
    let at = root.field("description");
    let description = r.concept(&at, raw.description);
    let description = r.required(&at, description);
    let start = r.time(&root.field("startDate"), raw.start_date);
    let mut targets = raw.target.into_iter().enumerate();
    let due =
        targets.find_map(|(i, target)| r.time(&root.item("target", i).field("dueDate"), target.due_date));
    let addresses = r.links(root, "addresses", raw.addresses, ChartKind::Condition);
    Some(ChartGoal {
        patient: patient?,
        status: status?,
        achievement,
        description: description?,
        start,
        due,
        addresses,
    })
}

pub(super) fn care_plan(r: &mut Reader<'_>, root: &At<'_>, raw: r4::CarePlan) -> Option<ChartCarePlan> {
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let title = r.line(&root.field("title"), raw.title);
    let description = r.text(&root.field("description"), raw.description);
    let categories = r.concepts(root, "category", raw.category);
    let (start, end) = r.period(&root.field("period"), raw.period);
    let mut activities = Vec::new();
    for (i, activity) in raw.activity.into_iter().enumerate() {
        let at = root.item("activity", i);
        activities.extend(self::activity(r, &at, activity));
    }
    let addresses = r.links(root, "addresses", raw.addresses, ChartKind::Condition);
    let goals = r.links(root, "goal", raw.goal, ChartKind::Goal);
    let encounter = r.link(&root.field("encounter"), raw.encounter, &[ChartKind::Encounter]);
    let notes = r.notes(root, raw.note);
    Some(ChartCarePlan {
        patient: patient?,
        status: status?,
        title,
        description,
        categories,
        start,
        end,
        activities,
        addresses,
        goals,
        encounter,
        notes,
    })
}

/// A thing to do: described in place, or in a resource of its own, of which the words are kept.
fn activity(r: &mut Reader<'_>, at: &At<'_>, raw: r4::Activity) -> Option<CarePlanActivity> {
    let words = raw
        .reference
        .and_then(|reference| r.line(&at.field("reference").field("display"), reference.display));
    let place = at.field("detail");
    let detail = raw.detail.unwrap_or_default();
    let code = r.concept(&place.field("code"), detail.code);
    let status = r.code(&place.field("status"), detail.status);
    let description = r.text(&place.field("description"), detail.description).or(words);
    (code.is_some() || description.is_some()).then_some(CarePlanActivity { code, description, status })
}
