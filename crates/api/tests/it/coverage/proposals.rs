//! Every operation of the slice `proposals`: what it is sent, what it begins with, how the client calls it.

use portal_client::{Error, Portal};
use portal_domain::proposals::{
    Fields, NewProposal, ProposalAnswer, ProposalChange, ProposalDeclineReason, ProposalField,
    ProposalOutcome, ProposalSubject,
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};

fn new() -> NewProposal {
    NewProposal {
        about: ProposalSubject::Allergy,
        change: ProposalChange::Add,
        item: None,
        seen: Fields::default(),
        fields: Fields::default().with(ProposalField::Substance, format!("Latex {}", Uuid::new_v4())),
        note: String::new(),
    }
}

fn answer() -> ProposalAnswer {
    ProposalAnswer {
        outcome: ProposalOutcome::Decline,
        chart: Fields::default(),
        fields: None,
        reason: Some(ProposalDeclineReason::TalkFirst),
        words: String::new(),
    }
}

/// What an operation is sent.
pub fn body(operation: &str) -> Option<Value> {
    let body = match operation {
        "proposals_propose" => serde_json::to_value(new()),
        "proposals_answer" => serde_json::to_value(answer()),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// A proposal of Anna's.
    pub async fn add_proposal(&mut self, people: &People, _: &str) {
        let sent = people.patient.portal.propose(self.patient, &new(), Uuid::new_v4()).await.unwrap();
        (self.proposal, self.version) = (sent.proposal.id, sent.proposal.version);
        self.proposed = Some(sent.proposal);
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, id, key) = (scene.patient, scene.proposal, Uuid::new_v4());
    match operation {
        "proposals_entries" => portal.chart_entries(patient, ProposalSubject::Allergy).await.map(drop),
        "proposals_queue" => portal.proposal_queue(&Default::default()).await.map(drop),
        "proposals_list" => portal.proposals(patient, &Default::default()).await.map(drop),
        "proposals_propose" => portal.propose(patient, &new(), key).await.map(drop),
        "proposals_open" => portal.proposal(patient, id).await.map(drop),
        "proposals_withdraw" => portal.withdraw_proposal(patient, id, key).await.map(drop),
        "proposals_answer" => {
            let seen = scene.proposed.clone().expect("the scene has a proposal");
            portal.answer_proposal(&seen, &answer(), key).await.map(drop)
        }
        other => panic!("the typed client does not reach {other}"),
    }
}
