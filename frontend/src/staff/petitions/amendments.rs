//! Requests to correct the record: records staff or a provider answer within 60 days (PHR-6).

use portal_domain::{
    amendments::{AmendmentAnswer, AmendmentDenial, AmendmentView, NewAmendment},
    ids::{PatientId, PetitionId},
    page::Page as Items,
    petitions::{PetitionQueueQuery, Petitioned},
    problem::Problem,
};
use uuid::Uuid;

use super::{Desk, item_page::lines};
use crate::{
    api::{ApiError, ask},
    shared::{choice::Choice, summary::Fact},
    text::{t, t_word},
};

/// Requests to correct the record.
pub struct Amendments;

impl Desk for Amendments {
    type Of = NewAmendment;
    type View = AmendmentView;
    const ROOT: &'static str = "/staff/corrections/amendments";
    const LIST: &'static str = "amendments";

    fn title() -> &'static str {
        t("staff.nav.amendments")
    }

    fn none() -> &'static str {
        t("board.no_amendments")
    }

    fn answers() -> [&'static str; 3] {
        [t("amendments.accept"), t("amendments.deny"), t("amendments.words")]
    }

    fn intro() -> &'static str {
        t("amendments.changes_nothing")
    }

    fn denials(_: &AmendmentView) -> Vec<Choice> {
        let one = |why: &AmendmentDenial| Choice::new(why.as_str(), t_word("amendment_denial", why.as_str()));
        AmendmentDenial::ALL.iter().map(one).collect()
    }

    fn petitioned(seen: &AmendmentView) -> &Petitioned {
        &seen.petitioned
    }

    fn name(seen: &AmendmentView) -> String {
        seen.entry.clone()
    }

    fn about(seen: &AmendmentView) -> &'static str {
        t_word("record_section", seen.section.as_str())
    }

    fn asked(seen: &AmendmentView) -> Vec<Fact> {
        vec![
            Fact::text(t("amendments.section"), t_word("record_section", seen.section.as_str())),
            Fact::view(t("amendments.wrong"), lines(&seen.wrong)),
            Fact::view(t("amendments.right"), lines(&seen.right)),
        ]
    }

    fn denied(seen: &AmendmentView) -> Option<String> {
        seen.denial.map(|why| t_word("amendment_denial", why.as_str()).to_owned())
    }

    fn answer(_: &AmendmentView, denial: Option<&str>, words: String) -> Result<AmendmentAnswer, Problem> {
        AmendmentAnswer { denial: denial.and_then(|word| word.parse().ok()), words }.check()
    }

    async fn queue(query: PetitionQueueQuery) -> Result<Items<AmendmentView>, ApiError> {
        ask(async |portal| portal.amendment_queue(&query).await).await
    }

    async fn open(patient: PatientId, id: PetitionId) -> Result<AmendmentView, ApiError> {
        ask(async |portal| portal.amendment(patient, id).await).await
    }

    async fn send(
        seen: AmendmentView,
        answer: AmendmentAnswer,
        key: Uuid,
    ) -> Result<AmendmentView, ApiError> {
        ask(async |portal| portal.answer_amendment(&seen, &answer, key).await).await
    }
}
