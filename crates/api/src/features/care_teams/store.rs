//! Rows of care teams, their members, templates and absences.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, LocationId, TeamId, TemplateId},
    messages::TeamCategory,
    time::Time,
};

use crate::{
    each_engine,
    error::Result,
    platform::db::{
        Conn, MultiBackend,
        schema::{care_team_members, care_teams, message_templates, staff_covers},
    },
};

/// A care team as stored.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = care_teams, check_for_backend(MultiBackend), treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub struct TeamRow {
    /// The id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// What it is asked.
    pub category: TeamCategory,
    /// None: the whole practice.
    pub location_id: Option<LocationId>,
    /// Hours of working days until an answer is due.
    pub reply_hours: i64,
    /// 0 when it takes no messages.
    pub is_open: i64,
    /// In whose queue overdue items show as well.
    pub escalates_to: Option<TeamId>,
    /// Raised with every change.
    pub version: i64,
}

/// Every team, by name.
pub fn teams(conn: &mut Conn) -> Result<Vec<TeamRow>> {
    Ok(care_teams::table.order(care_teams::name.asc()).select(TeamRow::as_select()).load(conn)?)
}

/// One team.
pub fn find(conn: &mut Conn, id: TeamId) -> Result<Option<TeamRow>> {
    Ok(care_teams::table.find(id).select(TeamRow::as_select()).first(conn).optional()?)
}

/// Adds a team with its members.
pub fn insert(conn: &mut Conn, team: &TeamRow, members: &[AccountId]) -> Result<()> {
    diesel::insert_into(care_teams::table).values(team.clone()).execute(conn)?;
    set_members(conn, team.id, members)
}

/// Writes a team's new content and members.
pub fn change(conn: &mut Conn, team: &TeamRow, members: &[AccountId]) -> Result<()> {
    diesel::update(care_teams::table.find(team.id)).set(team.clone()).execute(conn)?;
    set_members(conn, team.id, members)
}

fn set_members(conn: &mut Conn, team: TeamId, members: &[AccountId]) -> Result<()> {
    diesel::delete(care_team_members::table.filter(care_team_members::team_id.eq(team))).execute(conn)?;
    let rows: Vec<_> = members
        .iter()
        .map(|member| (care_team_members::team_id.eq(team), care_team_members::account_id.eq(*member)))
        .collect();
    if !rows.is_empty() {
        each_engine!(conn, conn => diesel::insert_into(care_team_members::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// Who works in each team's queue.
pub fn members(conn: &mut Conn) -> Result<Vec<(TeamId, AccountId)>> {
    let columns = (care_team_members::team_id, care_team_members::account_id);
    Ok(care_team_members::table.order(columns).select(columns).load(conn)?)
}

/// In whose queues an account works.
pub fn teams_of(conn: &mut Conn, account: AccountId) -> Result<Vec<TeamRow>> {
    let own = care_team_members::table
        .filter(care_team_members::account_id.eq(account))
        .select(care_team_members::team_id);
    let teams = care_teams::table.filter(care_teams::id.eq_any(own)).order(care_teams::name.asc());
    Ok(teams.select(TeamRow::as_select()).load(conn)?)
}

/// An absence.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = staff_covers, check_for_backend(MultiBackend))]
pub struct CoverRow {
    /// Who is away.
    pub away_id: AccountId,
    /// Who looks after the work.
    pub cover_id: AccountId,
    /// From when.
    pub from_at: Time,
    /// Until when.
    pub until_at: Time,
}

/// Absences that have not ended.
pub fn covers(conn: &mut Conn, now: Time) -> Result<Vec<CoverRow>> {
    let open = staff_covers::table.filter(staff_covers::until_at.gt(now)).order(staff_covers::from_at.asc());
    Ok(open.select(CoverRow::as_select()).load(conn)?)
}

/// Enters an absence in place of an earlier one.
pub fn set_cover(conn: &mut Conn, cover: &CoverRow) -> Result<()> {
    end_cover(conn, cover.away_id)?;
    diesel::insert_into(staff_covers::table).values(cover.clone()).execute(conn)?;
    Ok(())
}

/// Ends an absence.
pub fn end_cover(conn: &mut Conn, away: AccountId) -> Result<()> {
    diesel::delete(staff_covers::table.find(away)).execute(conn)?;
    Ok(())
}

/// Who stands in for whom now.
pub fn covered_by(conn: &mut Conn, now: Time) -> Result<HashMap<AccountId, AccountId>> {
    let now_away =
        staff_covers::table.filter(staff_covers::from_at.le(now)).filter(staff_covers::until_at.gt(now));
    let pairs: Vec<(AccountId, AccountId)> =
        now_away.select((staff_covers::away_id, staff_covers::cover_id)).load(conn)?;
    Ok(pairs.into_iter().collect())
}

/// For whom an account stands in now.
pub fn covers_for(conn: &mut Conn, cover: AccountId, now: Time) -> Result<Vec<AccountId>> {
    Ok(covered_by(conn, now)?.into_iter().filter(|(_, by)| *by == cover).map(|(away, _)| away).collect())
}

/// A template.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = message_templates, check_for_backend(MultiBackend))]
pub struct TemplateRow {
    /// The id.
    pub id: TemplateId,
    /// The team that uses it.
    pub team_id: TeamId,
    /// What it is called.
    pub title: String,
    /// The text.
    pub body: String,
    /// Raised with every change.
    pub version: i64,
}

/// The templates of these teams, by title.
pub fn templates(conn: &mut Conn, teams: &[TeamId]) -> Result<Vec<TemplateRow>> {
    let of_them = message_templates::table
        .filter(message_templates::team_id.eq_any(teams.to_vec()))
        .order((message_templates::title.asc(), message_templates::id.asc()));
    Ok(of_them.select(TemplateRow::as_select()).load(conn)?)
}

/// One template.
pub fn template(conn: &mut Conn, id: TemplateId) -> Result<Option<TemplateRow>> {
    Ok(message_templates::table.find(id).select(TemplateRow::as_select()).first(conn).optional()?)
}

/// Adds a template.
pub fn insert_template(conn: &mut Conn, template: &TemplateRow) -> Result<()> {
    diesel::insert_into(message_templates::table).values(template.clone()).execute(conn)?;
    Ok(())
}

/// Writes a template's new content.
pub fn change_template(conn: &mut Conn, template: &TemplateRow) -> Result<()> {
    diesel::update(message_templates::table.find(template.id)).set(template.clone()).execute(conn)?;
    Ok(())
}

/// Removes a template.
pub fn remove_template(conn: &mut Conn, id: TemplateId) -> Result<()> {
    diesel::delete(message_templates::table.find(id)).execute(conn)?;
    Ok(())
}
