//! What people do with teams, templates and absences.

use std::{collections::HashMap, str::FromStr};

use chrono_tz::Tz;
use portal_domain::{
    access::{Action, Category, Role},
    ids::{AccountId, PatientId, TeamId, TemplateId},
    messages::{
        CareTeamView, CoverView, NewCover, StaffName, TeamChoice, TeamEdit, TemplateText, TemplateView,
        due_at,
    },
    problem::{Code, Problem},
    time::Time,
};

use super::store::{self, CoverRow, TeamRow, TemplateRow};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, practice},
    platform::{auth::Actor, clock::new_id, db::Conn, etag::IfMatch, idempotency::Once, work::Work},
};

/// A team in plain words.
pub fn choice(team: &TeamRow, locations: &[practice::Location]) -> TeamChoice {
    let location = locations.iter().find(|location| Some(location.view.id) == team.location_id);
    TeamChoice {
        id: team.id,
        name: team.name.clone(),
        category: team.category,
        location: location.map(|location| location.view.name.clone()),
        reply_hours: team.reply_hours,
        is_open: team.is_open != 0,
    }
}

/// The teams that a patient may write to (MSG-1): those that take messages.
pub async fn choices(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<TeamChoice>> {
    app.read(actor, move |work| {
        work.grant(Action::View, Category::Messages, patient)?;
        let locations = practice::locations(work.conn)?;
        let teams = store::teams(work.conn)?;
        Ok(teams.iter().filter(|team| team.is_open != 0).map(|team| choice(team, &locations)).collect())
    })
    .await
}

/// By when a team has to answer what comes at `received`: in the time of its location, or of the first one.
pub fn due(conn: &mut Conn, team: &TeamRow, received: Time) -> Result<Time> {
    let locations = practice::locations(conn)?;
    let own = locations.iter().find(|location| Some(location.view.id) == team.location_id);
    let zone = own.or(locations.first()).map_or("UTC", |location| location.view.time_zone.as_str());
    let zone = Tz::from_str(zone).map_err(Error::internal)?;
    Ok(due_at(received, team.reply_hours, &zone))
}

/// The teams in whose queues the actor works.
pub fn own_teams(work: &mut Work<'_>) -> Result<Vec<TeamRow>> {
    store::teams_of(work.conn, work.actor.account_id()?)
}

/// Refuses whoever does not work in this team's queue (ADM-2).
pub fn must_be_member(work: &mut Work<'_>, team: TeamId) -> Result<()> {
    if own_teams(work)?.iter().any(|own| own.id == team) {
        return Ok(());
    }
    Err(Problem::new(Code::RoleRequired).detail("Only the members of this care team may do that.").into())
}

/// Who works in a team's queue, by name.
pub fn members(conn: &mut Conn, team: TeamId) -> Result<Vec<StaffName>> {
    let of_team: Vec<AccountId> =
        store::members(conn)?.into_iter().filter(|(of, _)| *of == team).map(|(_, member)| member).collect();
    let names = accounts::names(conn, &of_team)?;
    Ok(named(&of_team, &names))
}

fn named(ids: &[AccountId], names: &HashMap<AccountId, String>) -> Vec<StaffName> {
    let mut named: Vec<StaffName> = ids
        .iter()
        .filter_map(|id| names.get(id).map(|name| StaffName { id: *id, name: name.clone() }))
        .collect();
    named.sort_by(|a, b| a.name.cmp(&b.name));
    named
}

/// A team with its members.
pub fn view(conn: &mut Conn, team: &TeamRow) -> Result<CareTeamView> {
    let locations = practice::locations(conn)?;
    Ok(CareTeamView {
        version: team.version,
        team: choice(team, &locations),
        location_id: team.location_id,
        members: members(conn, team.id)?,
        escalates_to: team.escalates_to,
    })
}

/// Every team.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<CareTeamView>> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Settings)?;
        let teams = store::teams(work.conn)?;
        teams.iter().map(|team| view(work.conn, team)).collect()
    })
    .await
}

/// Makes a team.
pub async fn add(app: &App, actor: &Actor, edit: TeamEdit, once: Once) -> Result<CareTeamView> {
    let edit = edit.check()?;
    let id = TeamId(new_id());
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Settings)?;
        once.run(work, |work| {
            check_names(work.conn, id, &edit)?;
            let team = row(id, 1, &edit);
            store::insert(work.conn, &team, &edit.members)?;
            view(work.conn, &team)
        })
    })
    .await
}

/// Changes a team. One that is closed takes no new messages; what waits in its queue stays there.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: TeamId,
    seen: IfMatch,
    edit: TeamEdit,
) -> Result<CareTeamView> {
    let edit = edit.check()?;
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Settings)?;
        let present = store::find(work.conn, id)?.ok_or(Code::NotFound)?;
        seen.check(present.version)?;
        check_names(work.conn, id, &edit)?;
        let team = row(id, present.version + 1, &edit);
        store::change(work.conn, &team, &edit.members)?;
        view(work.conn, &team)
    })
    .await
}

fn row(id: TeamId, version: i64, edit: &TeamEdit) -> TeamRow {
    TeamRow {
        id,
        name: edit.name.clone(),
        category: edit.category,
        location_id: edit.location_id,
        reply_hours: edit.reply_hours,
        is_open: i64::from(edit.is_open),
        escalates_to: edit.escalates_to,
        version,
    }
}

/// What a team names must be there, and its members' roles must fit (ADM-2).
fn check_names(conn: &mut Conn, id: TeamId, edit: &TeamEdit) -> Result<()> {
    if let Some(location) = edit.location_id
        && practice::location(conn, location)?.is_none()
    {
        return Err(Problem::field("location_id", "unknown", "Choose one of our locations.").into());
    }
    if let Some(to) = edit.escalates_to
        && (to == id || store::find(conn, to)?.is_none())
    {
        return Err(Problem::field("escalates_to", "unknown", "Choose another care team.").into());
    }
    let staff = accounts::staff_accounts(conn)?;
    let fits = |roles: &[Role]| roles.iter().any(|role| edit.category.roles().contains(role));
    for (place, member) in edit.members.iter().enumerate() {
        let fitting = staff.iter().any(|(account, roles)| account.id == *member && fits(roles));
        if !fitting {
            let field = format!("members[{place}]");
            return Err(Problem::field(&field, "unknown", "Choose staff whose role fits this team.").into());
        }
    }
    Ok(())
}

/// Makes the first teams of a practice, as the operator.
pub async fn seed(app: &App, teams: Vec<TeamEdit>) -> Result<Vec<TeamId>> {
    let mut made = Vec::new();
    for team in teams {
        made.push(add(app, &Actor::operator(), team, Once::without_key()).await?.team.id);
    }
    Ok(made)
}

/// The templates of the actor's teams.
pub async fn templates(app: &App, actor: &Actor) -> Result<Vec<TemplateView>> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Messages)?;
        let teams: Vec<TeamId> = own_teams(work)?.iter().map(|team| team.id).collect();
        Ok(store::templates(work.conn, &teams)?.into_iter().map(template_view).collect())
    })
    .await
}

fn template_view(row: TemplateRow) -> TemplateView {
    let template = TemplateText { team_id: row.team_id, title: row.title, text: row.body };
    TemplateView { id: row.id, version: row.version, template }
}

/// Adds a template to one of the actor's teams.
pub async fn add_template(
    app: &App,
    actor: &Actor,
    template: TemplateText,
    once: Once,
) -> Result<TemplateView> {
    let template = template.check()?;
    let id = TemplateId(new_id());
    app.write(actor, move |work| {
        work.permit(Action::Act, Category::Messages)?;
        must_be_member(work, template.team_id)?;
        once.run(work, |work| {
            let TemplateText { team_id, title, text } = template.clone();
            let row = TemplateRow { id, team_id, title, body: text, version: 1 };
            store::insert_template(work.conn, &row)?;
            Ok(template_view(row))
        })
    })
    .await
}

/// Changes a template.
pub async fn change_template(
    app: &App,
    actor: &Actor,
    id: TemplateId,
    seen: IfMatch,
    template: TemplateText,
) -> Result<TemplateView> {
    let template = template.check()?;
    app.write(actor, move |work| {
        work.permit(Action::Act, Category::Messages)?;
        let present = own_template(work, id)?;
        must_be_member(work, template.team_id)?;
        seen.check(present.version)?;
        let TemplateText { team_id, title, text } = template.clone();
        let row = TemplateRow { id, team_id, title, body: text, version: present.version + 1 };
        store::change_template(work.conn, &row)?;
        Ok(template_view(row))
    })
    .await
}

/// Removes a template.
pub async fn remove_template(app: &App, actor: &Actor, id: TemplateId) -> Result<()> {
    app.write(actor, move |work| {
        work.permit(Action::Act, Category::Messages)?;
        own_template(work, id)?;
        store::remove_template(work.conn, id)
    })
    .await
}

/// A template of one of the actor's teams; another team's is not there.
fn own_template(work: &mut Work<'_>, id: TemplateId) -> Result<TemplateRow> {
    let found = store::template(work.conn, id)?;
    let teams = own_teams(work)?;
    found.filter(|row| teams.iter().any(|team| team.id == row.team_id)).ok_or_else(|| Code::NotFound.into())
}

/// Who is or will be away in the actor's teams.
pub async fn covers(app: &App, actor: &Actor) -> Result<Vec<CoverView>> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Messages)?;
        let colleagues = colleagues(work)?;
        let rows = store::covers(work.conn, work.now)?;
        let rows: Vec<CoverRow> = rows.into_iter().filter(|row| colleagues.contains(&row.away_id)).collect();
        cover_views(work.conn, rows)
    })
    .await
}

/// The members of the actor's teams, the actor included.
fn colleagues(work: &mut Work<'_>) -> Result<Vec<AccountId>> {
    let teams: Vec<TeamId> = own_teams(work)?.iter().map(|team| team.id).collect();
    let members = store::members(work.conn)?;
    Ok(members.into_iter().filter(|(team, _)| teams.contains(team)).map(|(_, member)| member).collect())
}

fn cover_views(conn: &mut Conn, rows: Vec<CoverRow>) -> Result<Vec<CoverView>> {
    let ids: Vec<AccountId> = rows.iter().flat_map(|row| [row.away_id, row.cover_id]).collect();
    let names = accounts::names(conn, &ids)?;
    let name = |id: AccountId| StaffName { id, name: names.get(&id).cloned().unwrap_or_default() };
    let view = |row: CoverRow| CoverView {
        away: name(row.away_id),
        cover: name(row.cover_id),
        from: row.from_at,
        until: row.until_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Who could look after the actor's work, by name.
pub async fn cover_choices(app: &App, actor: &Actor) -> Result<Vec<StaffName>> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Messages)?;
        let ids = may_cover(work)?;
        let names = accounts::names(work.conn, &ids)?;
        Ok(named(&ids, &names))
    })
    .await
}

/// Who works in all of the actor's teams, the actor apart.
fn may_cover(work: &mut Work<'_>) -> Result<Vec<AccountId>> {
    let (away, own) = (work.actor.account_id()?, own_teams(work)?);
    let Some(first) = own.first() else { return Ok(Vec::new()) };
    let members = store::members(work.conn)?;
    let is_in_all = |who: AccountId| own.iter().all(|team| members.contains(&(team.id, who)));
    let of_first = members.iter().filter(|(team, _)| *team == first.id).map(|(_, member)| *member);
    Ok(of_first.filter(|member| *member != away && is_in_all(*member)).collect())
}

/// Enters the actor's absence.
pub async fn set_cover(app: &App, actor: &Actor, cover: NewCover) -> Result<CoverView> {
    app.write(actor, move |work| {
        work.permit(Action::Act, Category::Messages)?;
        let cover = cover.clone().check(work.now)?;
        let away_id = work.actor.account_id()?;
        if !may_cover(work)?.contains(&cover.cover) {
            let message = "Choose a colleague who works in all of your teams.";
            return Err(Problem::field("cover", "unknown", message).into());
        }
        let row = CoverRow { away_id, cover_id: cover.cover, from_at: cover.from, until_at: cover.until };
        store::set_cover(work.conn, &row)?;
        let views = cover_views(work.conn, vec![row])?;
        views.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
    })
    .await
}

/// The actor is back.
pub async fn end_cover(app: &App, actor: &Actor) -> Result<()> {
    app.write(actor, |work| {
        work.permit(Action::Act, Category::Messages)?;
        let away = work.actor.account_id()?;
        store::end_cover(work.conn, away)
    })
    .await
}
