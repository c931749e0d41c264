//! Finding and opening patients.

use portal_domain::{
    access::{Action, Category, Who, may},
    ids::PatientId,
    page::Page,
    patients::{PatientQuery, PatientSummary, PatientView},
    problem::Problem,
    text,
    time::is_plausible,
};

use super::store::{self, Search};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, restricted},
};

/// The longest search text, in characters.
const MAX_QUERY: usize = 100;

/// Patients whose name begins so, or with this MRN or date of birth. Whose record is restricted to others is found only by who
/// knows already whom to look for (ADM-6).
pub async fn find(app: &App, actor: &Actor, query: PatientQuery) -> Result<Page<PatientSummary>> {
    let limit = crate::platform::page::limit(&query.page())?;
    let typed = text::clean("q", query.q.as_deref().unwrap_or_default(), MAX_QUERY, text::Lines::One)
        .map_err(|error| Problem::invalid(vec![error]))?;
    if query.birth_date.is_some_and(|date| !is_plausible(date)) {
        let message = "Give a date between 1900 and 2200.";
        return Err(Problem::field("birth_date", "out_of_range", message).into());
    }
    let mut search = Search {
        mrn: typed.clone(),
        names: names(&typed),
        birth_date: query.birth_date,
        after: query.cursor.as_deref().map(store::parse_cursor).transpose()?,
        limit,
        closed: Vec::new(),
    };
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Demographics)?;
        let watches = |who: &Who| may(who, Action::View, Category::RestrictedAccess, None).is_ok();
        if work.actor.who().is_some_and(|who| !watches(who)) {
            let account = work.actor.account_id()?;
            search.closed = restricted::all(work.conn, account)?.closed.into_iter().collect();
        }
        let page = store::search(work.conn, &search)?;
        let shown: Vec<PatientId> = page.items.iter().map(|patient| patient.id).collect();
        work.note_shown(Category::Demographics, &shown);
        Ok(page)
    })
    .await
}

/// One patient.
pub async fn open(app: &App, actor: &Actor, patient: PatientId) -> Result<PatientView> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Demographics, patient)?;
        store::open(work.conn, &grant)
    })
    .await
}

/// The ways in which a text may be (family, given): `lund, an`, `lund`, `anna lu`, `van der berg`.
fn names(typed: &str) -> Vec<(String, String)> {
    if let Some((family, given)) = typed.split_once(',') {
        return vec![(text::fold(family), text::fold(given))];
    }
    let folded = text::fold(typed);
    let mut ways = vec![(folded.clone(), String::new())];
    ways.extend(
        folded.match_indices(' ').map(|(at, _)| (folded[at + 1..].to_owned(), folded[..at].to_owned())),
    );
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_tried_in_every_order_that_people_type() {
        assert_eq!(names("Lund, An"), [("lund".into(), "an".into())]);
        assert_eq!(names("Anna Lu"), [("anna lu".into(), String::new()), ("lu".into(), "anna".into())]);
        assert_eq!(names(""), [(String::new(), String::new())]);
    }
}
