//! Families and access, for the operations that are about them.

use portal_client::{Error, Portal};
use portal_domain::{
    access::{AgePolicy, AgePreset, Level},
    dependents::{
        DependentApproval, DependentDenial, GrantTerms, InviteAcceptance, NewDependent, NewDependentRequest,
        NewProxyInvite, ProxyChange, Relationship,
    },
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};
use crate::harness::{charts::BIRTH_DATE, people::identity, portal::TestPortal};

fn terms() -> GrantTerms {
    GrantTerms { level: Level::ViewOnly, shares: vec![], ends_on: None }
}

fn new_request() -> NewDependentRequest {
    NewDependentRequest {
        given_name: "Emma".into(),
        family_name: "Lund".into(),
        birth_date: BIRTH_DATE.parse().unwrap(),
        relationship: Relationship::Relative,
        reason: "She is my aunt.".into(),
    }
}

fn invite() -> NewProxyInvite {
    NewProxyInvite { relationship: Relationship::Spouse, terms: terms(), mail: None }
}

fn added(scene: &Scene) -> NewDependent {
    NewDependent { identity: identity(&scene.code, "Lund"), relationship: Relationship::Relative }
}

fn acceptance(scene: &Scene) -> InviteAcceptance {
    InviteAcceptance { code: scene.code.clone() }
}

fn change() -> ProxyChange {
    ProxyChange { terms: terms(), has_assent: false }
}

fn approval(scene: &Scene) -> DependentApproval {
    DependentApproval { dependent: scene.dependent, terms: terms(), has_assent: false }
}

fn denial() -> DependentDenial {
    DependentDenial { reason: "Bring papers, please.".into() }
}

fn policy() -> AgePolicy {
    AgePolicy::of(AgePreset::LimitedFrom12)
}

/// What an operation is sent.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    let body = match operation {
        "dependents_add" => serde_json::to_value(added(scene)),
        "dependents_accept" => serde_json::to_value(acceptance(scene)),
        "dependents_change" => serde_json::to_value(change()),
        "dependents_invite" => serde_json::to_value(invite()),
        "dependents_request" => serde_json::to_value(new_request()),
        "dependents_approve" => serde_json::to_value(approval(scene)),
        "dependents_deny" => serde_json::to_value(denial()),
        "dependents_change_policy" => serde_json::to_value(policy()),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// Anna looks after somebody, somebody looks after Anna, or one of them asks to.
    pub async fn add_dependents(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        let (anna, own) = (&people.patient.portal, self.patient);
        match operation {
            "dependents_add" | "dependents_leave" => {
                let chart = portal.chart("Emma", "Lund").await;
                self.code = people.desk.portal.issue_enrolment_token(chart).await.unwrap().token;
                if operation == "dependents_leave" {
                    self.proxy = anna.add_dependent(own, &added(self)).await.unwrap().id;
                }
            }
            "dependents_accept" => {
                let other = portal.patient("Emma").await;
                self.code =
                    other.portal.invite_proxy(other.patient(), &invite()).await.unwrap().code.unwrap();
            }
            "dependents_change" | "dependents_revoke" => {
                let other = portal.patient("Bruno").await;
                self.code = anna.invite_proxy(own, &invite()).await.unwrap().code.unwrap();
                self.proxy = other.portal.accept_invite(other.patient(), &acceptance(self)).await.unwrap().id;
            }
            "dependents_withdraw_invite" => {
                self.proxy_invite = anna.invite_proxy(own, &invite()).await.unwrap().id;
            }
            "dependents_invite" => self.withdraw_all(people).await,
            "dependents_open_request" | "dependents_approve" | "dependents_deny" => {
                let view = anna.request_dependent(own, &new_request(), Uuid::new_v4()).await;
                let view = match view {
                    Ok(view) => view,
                    // Those of other scenes wait.
                    Err(_) => {
                        self.deny_all(people).await;
                        anna.request_dependent(own, &new_request(), Uuid::new_v4()).await.unwrap()
                    }
                };
                self.dependent = portal.chart("Emma", "Lund").await;
                (self.dependent_request, self.version) = (view.id, view.version);
                self.asked_for = Some(view);
            }
            "dependents_request" => self.deny_all(people).await,
            "dependents_change_policy" => {
                self.version = people.admin.portal.age_policy().await.unwrap().version;
            }
            _ => {}
        }
    }

    async fn withdraw_all(&self, people: &People) {
        let anna = &people.patient.portal;
        for invite in anna.proxies(people.patient.patient()).await.unwrap().invites {
            anna.withdraw_invite(people.patient.patient(), invite.id).await.unwrap();
        }
    }

    async fn deny_all(&self, people: &People) {
        let desk = &people.desk.portal;
        for waiting in desk.dependent_queue(&Default::default()).await.unwrap().items {
            desk.deny_dependent(&waiting, &denial(), Uuid::new_v4()).await.unwrap();
        }
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, key) = (scene.patient, Uuid::new_v4());
    let seen = || scene.asked_for.clone().expect("the scene has a request");
    match operation {
        "dependents_list" => portal.dependents(patient).await.map(drop),
        "dependents_add" => portal.add_dependent(patient, &added(scene)).await.map(drop),
        "dependents_accept" => portal.accept_invite(patient, &acceptance(scene)).await.map(drop),
        "dependents_leave" => portal.leave_dependent(patient, scene.proxy).await,
        "dependents_proxies" => portal.proxies(patient).await.map(drop),
        "dependents_change" => {
            portal.change_proxy(patient, scene.proxy, scene.version, &change()).await.map(drop)
        }
        "dependents_revoke" => portal.revoke_proxy(patient, scene.proxy).await.map(drop),
        "dependents_invite" => portal.invite_proxy(patient, &invite()).await.map(drop),
        "dependents_withdraw_invite" => portal.withdraw_invite(patient, scene.proxy_invite).await,
        "dependents_queue" => portal.dependent_queue(&Default::default()).await.map(drop),
        "dependents_requests" => portal.dependent_requests(patient, &Default::default()).await.map(drop),
        "dependents_request" => portal.request_dependent(patient, &new_request(), key).await.map(drop),
        "dependents_open_request" => {
            portal.dependent_request(patient, scene.dependent_request).await.map(drop)
        }
        "dependents_approve" => portal.approve_dependent(&seen(), &approval(scene), key).await.map(drop),
        "dependents_deny" => portal.deny_dependent(&seen(), &denial(), key).await.map(drop),
        "dependents_policy" => portal.age_policy().await.map(drop),
        "dependents_change_policy" => portal.change_age_policy(scene.version, &policy()).await.map(drop),
        other => panic!("the typed client does not reach {other}"),
    }
}
