//! Care teams of the demo practice, texts that they reuse, and what patients have written so far.

use portal_domain::{
    access::Role,
    audience::Audience,
    ids::TeamId,
    messages::{DraftText, NewCohortMessage, TeamCategory as Category, TeamEdit, TemplateText},
};

use super::{day::Enrolled, practice::Seeded, staff::Staff};
use crate::{
    app::App,
    error::{Error, Result},
    features::{care_teams, messages},
    platform::{auth::Actor, idempotency::Once},
};

/// Makes the teams and lets people write.
pub async fn seed(app: &App, practice: &Seeded, staff: &Staff, patients: &[Enrolled]) -> Result<()> {
    let harbor = practice.locations.first().map(|location| location.id);
    let team = |name: &str, category, reply_hours, members: &[Role]| TeamEdit {
        name: name.into(),
        category,
        location_id: harbor.filter(|_| category == Category::Health || category == Category::Visits),
        reply_hours,
        is_open: true,
        members: members.iter().map(|role| staff.of(*role)).collect(),
        escalates_to: None,
    };
    let teams = [
        team("Doctors and nurses", Category::Health, 48, &[Role::Nurse, Role::Provider]),
        team("Refill desk", Category::Medications, 48, &[Role::Nurse, Role::Provider]),
        team("Front desk", Category::Visits, 24, &[Role::FrontDesk, Role::Nurse]),
        team("Billing office", Category::Billing, 72, &[Role::Billing, Role::FrontDesk]),
        team("Medical records", Category::Records, 72, &[Role::Records, Role::FrontDesk]),
        team("Portal help", Category::PortalHelp, 24, &[Role::FrontDesk, Role::Admin]),
    ];
    let teams = care_teams::seed(app, teams.to_vec()).await?;
    let of = |place: usize| {
        teams.get(place).copied().ok_or_else(|| Error::internal("a team of the demo is missing"))
    };
    let nurse = staff.actor(Role::Nurse);
    templates(app, &nurse, of(0)?).await?;
    shots(app, &nurse, of(0)?).await?;
    if let [first, second, ..] = patients {
        write(app, first, of(0)?, "Cough for two weeks", COUGH).await?;
        write(
            app,
            second,
            of(2)?,
            "School form",
            "My daughter's school needs a form about her vaccines. Can you fill it in?",
        )
        .await?;
        answered(app, second, &nurse, of(1)?).await?;
    }
    Ok(())
}

const COUGH: &str = "I have been coughing for two weeks, mostly at night. I have no fever.\n\nShould I come in, or is there something I can try first?";

async fn templates(app: &App, nurse: &Actor, team_id: TeamId) -> Result<()> {
    for (title, text) in [
        (
            "Please book a visit",
            "Thank you for writing. We would like to see you. Please ask for an appointment in the portal or call us.",
        ),
        (
            "How to measure blood pressure",
            "Please measure your blood pressure twice a day for one week, sitting, after five minutes of rest. Write down the numbers and bring them along.",
        ),
    ] {
        let template = TemplateText { team_id, title: title.into(), text: text.into() };
        care_teams::add_template(app, nurse, template, Once::without_key()).await?;
    }
    Ok(())
}

/// What the nurses wrote to everybody of 70 and more.
async fn shots(app: &App, nurse: &Actor, team_id: TeamId) -> Result<()> {
    let message = NewCohortMessage {
        team_id,
        subject: "Your flu shot this autumn".into(),
        text: "We recommend a flu shot to everybody of 70 and more. You can come in on any weekday morning, without an appointment.\n\nTell us here if you had it elsewhere.".into(),
        audience: Audience { min_age: Some(70), ..Audience::default() },
        confirmed_patients: None,
    };
    messages::send_to_cohort(app, nurse, message, Once::without_key()).await?;
    Ok(())
}

async fn write(app: &App, by: &Enrolled, team: TeamId, subject: &str, text: &str) -> Result<()> {
    let content =
        DraftText { team_id: Some(team), subject: subject.into(), text: text.into(), ..DraftText::default() };
    messages::send_now(app, &by.actor, by.patient, content).await?;
    Ok(())
}

/// A question that a nurse has answered.
async fn answered(app: &App, by: &Enrolled, nurse: &Actor, team: TeamId) -> Result<()> {
    let question = DraftText {
        team_id: Some(team),
        subject: "Pills with breakfast".into(),
        text: "May I take my morning pills with coffee?".into(),
        ..DraftText::default()
    };
    let thread = messages::send_now(app, &by.actor, by.patient, question).await?;
    messages::open(app, nurse, by.patient, thread.id).await?;
    let answer = DraftText {
        thread_id: Some(thread.id),
        text: "Water is better: coffee can weaken some of them. Wait half an hour before your coffee.".into(),
        ..DraftText::default()
    };
    messages::send_now(app, nurse, by.patient, answer).await?;
    Ok(())
}
