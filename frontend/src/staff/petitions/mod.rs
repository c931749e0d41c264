//! Requests that the law gives patients, for staff who answer them: to correct the record (PHR-6), and not to share or use
//! something of it. One list and one page for both; what differs is a [`Desk`].

pub(super) mod amendments;
pub(super) mod item_page;
pub(super) mod queue_page;
pub(super) mod restrictions;

use portal_domain::{
    ids::{PatientId, PetitionId},
    page::Page as Items,
    petitions::{Petition, PetitionQueueQuery, Petitioned},
    problem::Problem,
};
use uuid::Uuid;

use crate::{
    api::ApiError,
    shared::{choice::Choice, summary::Fact},
};

/// One kind of request, as pages of staff show it.
pub trait Desk: 'static {
    /// The kind.
    type Of: Petition<View = Self::View>;
    /// What is shown.
    type View: Clone + Send + Sync + 'static;
    /// The queue without an open item.
    const ROOT: &'static str;
    /// The id of the list.
    const LIST: &'static str;

    /// What the queue is called.
    fn title() -> &'static str;
    /// What it says when nothing waits.
    fn none() -> &'static str;
    /// What yes, no and the words of an answer are called.
    fn answers() -> [&'static str; 3];
    /// What whoever answers must know.
    fn intro() -> &'static str;
    /// Why such a request may be declined.
    fn denials(seen: &Self::View) -> Vec<Choice>;
    /// Whose it is and where it stands.
    fn petitioned(seen: &Self::View) -> &Petitioned;
    /// What names it.
    fn name(seen: &Self::View) -> String;
    /// What stands before the name in the list.
    fn about(seen: &Self::View) -> &'static str;
    /// What is asked.
    fn asked(seen: &Self::View) -> Vec<Fact>;
    /// Why it was declined, in words.
    fn denied(seen: &Self::View) -> Option<String>;
    /// An answer that keeps the rules of this kind; `denial` is a word of [`Desk::denials`].
    fn answer(
        seen: &Self::View,
        denial: Option<&str>,
        words: String,
    ) -> Result<<Self::Of as Petition>::Answer, Problem>;

    /// A page of the queue.
    fn queue(query: PetitionQueueQuery) -> impl Future<Output = Result<Items<Self::View>, ApiError>>;
    /// One request.
    fn open(patient: PatientId, id: PetitionId) -> impl Future<Output = Result<Self::View, ApiError>>;
    /// Sends the answer.
    fn send(
        seen: Self::View,
        answer: <Self::Of as Petition>::Answer,
        key: Uuid,
    ) -> impl Future<Output = Result<Self::View, ApiError>>;
}

/// Where a request opens.
fn href<D: Desk>(seen: &D::View) -> String {
    let petitioned = D::petitioned(seen);
    format!("{}/{}/{}", D::ROOT, petitioned.patient.id, petitioned.id)
}
