//! Requests not to share or use something: records staff or the privacy officer answer within 30 days (45 CFR 164.522(a)).

use portal_domain::{
    ids::{PatientId, PetitionId},
    page::Page as Items,
    petitions::{PetitionQueueQuery, Petitioned},
    problem::Problem,
    restrictions::{NewRestriction, RestrictionAnswer, RestrictionDenial, RestrictionView},
};
use uuid::Uuid;

use super::{Desk, item_page::lines};
use crate::{
    api::{ApiError, ask},
    shared::{choice::Choice, summary::Fact},
    text::{t, t_word},
};

/// Requests not to share or use something.
pub struct Restrictions;

impl Desk for Restrictions {
    type Of = NewRestriction;
    type View = RestrictionView;
    const ROOT: &'static str = "/staff/corrections/restrictions";
    const LIST: &'static str = "restrictions";

    fn title() -> &'static str {
        t("staff.nav.restrictions")
    }

    fn none() -> &'static str {
        t("board.no_restrictions")
    }

    fn answers() -> [&'static str; 3] {
        [t("restrictions.agree"), t("restrictions.decline"), t("restrictions.words")]
    }

    fn intro() -> &'static str {
        t("restrictions.intro_staff")
    }

    fn denials(seen: &RestrictionView) -> Vec<Choice> {
        let one =
            |why: &RestrictionDenial| Choice::new(why.as_str(), t_word("restriction_denial", why.as_str()));
        seen.aim.denials().iter().map(one).collect()
    }

    fn petitioned(seen: &RestrictionView) -> &Petitioned {
        &seen.petitioned
    }

    fn name(seen: &RestrictionView) -> String {
        seen.what.clone()
    }

    fn about(seen: &RestrictionView) -> &'static str {
        t_word("restriction_aim", seen.aim.as_str())
    }

    fn asked(seen: &RestrictionView) -> Vec<Fact> {
        vec![
            Fact::text(t("restrictions.aim"), t_word("restriction_aim", seen.aim.as_str())),
            Fact::view(t("restrictions.limit"), lines(&seen.limit)),
            Fact::view(t("restrictions.why"), lines(&seen.why)),
        ]
    }

    fn denied(seen: &RestrictionView) -> Option<String> {
        seen.denial.map(|why| t_word("restriction_denial", why.as_str()).to_owned())
    }

    fn answer(
        seen: &RestrictionView,
        denial: Option<&str>,
        words: String,
    ) -> Result<RestrictionAnswer, Problem> {
        RestrictionAnswer { denial: denial.and_then(|word| word.parse().ok()), words }.check(seen.aim)
    }

    async fn queue(query: PetitionQueueQuery) -> Result<Items<RestrictionView>, ApiError> {
        ask(async |portal| portal.restriction_queue(&query).await).await
    }

    async fn open(patient: PatientId, id: PetitionId) -> Result<RestrictionView, ApiError> {
        ask(async |portal| portal.restriction(patient, id).await).await
    }

    async fn send(
        seen: RestrictionView,
        answer: RestrictionAnswer,
        key: Uuid,
    ) -> Result<RestrictionView, ApiError> {
        ask(async |portal| portal.answer_restriction(&seen, &answer, key).await).await
    }
}
