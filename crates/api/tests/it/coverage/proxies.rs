//! Everything a patient does, tried by everybody who might act for that patient: what a grant gives is done and kept with
//! the grant, what it does not give is like nothing (PRX-1, PRX-2).

use diesel::prelude::*;
use portal_api::platform::db::{
    AnyId, Conn,
    schema::{audit_entries, health_records, proxy_grants},
};
use portal_domain::{
    access::{Action, Basis, Category, Depth, Level, Share},
    dependents::{GrantTerms, InviteAcceptance, NewProxyInvite, Relationship},
    ids::ProxyGrantId,
    problem::Code,
};

use super::{
    Check, Recorded, row_of,
    scene::{Caller, People, Scene},
};
use crate::contract::{Operation, operations};
use crate::harness::{
    on_both,
    portal::{TestPortal, begin},
};

/// What somebody is to Anna.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Relation {
    Full,
    ViewOnly,
    /// Sees appointments, and acts in nothing.
    Appointments,
    Revoked,
    NotBegun,
    Ended,
    /// Was given for a minor, whom Anna is no more.
    AgedOut,
}

use Relation::*;

const ALL: &[Relation] = &[Full, ViewOnly, Appointments, Revoked, NotBegun, Ended, AgedOut];

impl Relation {
    /// Whether what Anna gave goes so far.
    fn gives(self, action: Action, category: Category) -> bool {
        use {Action as A, Category as C};
        match (self, action, category) {
            // Who looked at the record is told to the patient alone.
            (
                _,
                _,
                C::Proxies
                | C::Account
                | C::Audit
                | C::EmergencyAccess
                | C::Sensitivity
                | C::Restrictions
                | C::RestrictedAccess,
            ) => false,
            (Full, A::View | A::Act | A::Export, C::Enrolment | C::Staff | C::Settings) => false,
            (Full, A::View | A::Act | A::Export | A::Transmit, _) => true,
            (ViewOnly | Appointments, A::View | A::Act, C::Mail) => true,
            (ViewOnly | Appointments, A::View | A::Export, C::Appointments) => true,
            (ViewOnly, A::View, category) => category != C::Enrolment,
            _ => false,
        }
    }

    /// Whether a thing is out of reach all the same: drafts are their writer's alone, the mailbox of somebody who has an
    /// account is put in order by nobody else, a card is its login's, and the item that is marked as read tells of a result.
    fn is_kept_from(self, operation: &Operation) -> bool {
        let of_draft = ["_draft", "_send", "_upload", "_attachment", "_download"];
        let is_draft = operation.names_a_thing() && operation.id.starts_with("messages_");
        (is_draft && of_draft.iter().any(|name| operation.id.ends_with(name)))
            || matches!(operation.id.as_str(), "mail_archive" | "mail_unarchive")
            || matches!(
                operation.id.as_str(),
                "payment_methods_check"
                    | "payment_methods_remove"
                    | "payment_plans_create"
                    | "payment_plans_change_card"
                    | "payment_plans_pay_next"
            )
            || (self == Appointments && operation.id == "mail_mark_read")
    }

    fn terms(self) -> GrantTerms {
        let (level, shares) = match self {
            ViewOnly => (Level::ViewOnly, vec![]),
            Appointments => {
                (Level::Limited, vec![Share { category: Category::Appointments, depth: Depth::View }])
            }
            _ => (Level::Full, vec![]),
        };
        GrantTerms { level, shares, ends_on: None }
    }

    /// Somebody who is this to Anna.
    async fn of_anna(self, portal: &TestPortal, people: &People) -> (Caller, ProxyGrantId) {
        let (anna, own) = (&people.patient.portal, people.patient.patient());
        let carer = portal.patient("Carla").await;
        let new = NewProxyInvite { relationship: Relationship::Caregiver, terms: self.terms(), mail: None };
        let code = anna.invite_proxy(own, &new).await.unwrap().code.unwrap();
        let id = carer.portal.accept_invite(carer.patient(), &InviteAcceptance { code }).await.unwrap().id;
        let today = begin().utc().date_naive();
        let row = proxy_grants::table.filter(proxy_grants::id.eq(id));
        let make = move |conn: &mut Conn| {
            match self {
                NotBegun => diesel::update(row)
                    .set(proxy_grants::starts_on.eq(today + chrono::Days::new(1)))
                    .execute(conn)?,
                Ended => diesel::update(row)
                    .set(proxy_grants::ends_on.eq(today - chrono::Days::new(1)))
                    .execute(conn)?,
                AgedOut => diesel::update(row).set(proxy_grants::basis.eq(Basis::Minor)).execute(conn)?,
                _ => 0,
            };
            Ok(())
        };
        portal.app.db.write(make).await.unwrap();
        if self == Revoked {
            anna.revoke_proxy(own, id).await.unwrap();
        }
        (Caller { credentials: portal.cookie(&carer).await, ..Caller::of(&carer) }, id)
    }
}

/// Anna may ask for ten health records a day, and this asks for more.
async fn forget_todays_records(portal: &TestPortal) {
    let before = begin().plus(chrono::TimeDelta::days(-2));
    let backdate = move |conn: &mut Conn| {
        diesel::update(health_records::table).set(health_records::requested_at.eq(before)).execute(conn)?;
        Ok(())
    };
    portal.app.db.write(backdate).await.unwrap();
}

/// Every row that this account left in Anna's trail names the grant by which it acted.
async fn assert_every_act_names_its_grant(
    portal: &TestPortal,
    people: &People,
    carer: &Caller,
    grant: ProxyGrantId,
) {
    let (account, anna) = (AnyId(carer.id), AnyId(people.patient.patient().0));
    let named: Vec<Option<AnyId>> = portal
        .app
        .db
        .read(move |conn| {
            let rows = audit_entries::table
                .filter(audit_entries::actor_id.eq(account))
                .filter(audit_entries::patient_id.eq(anna));
            Ok(rows.select(audit_entries::proxy_grant_id).load(conn)?)
        })
        .await
        .unwrap();
    // Looking at the own list of dependents shows her name, by no grant but the list's.
    assert!(named.len() > 20, "{}", named.len());
    assert!(named.iter().flatten().all(|id| *id == AnyId(grant.0)));
    assert!(named.iter().filter(|id| id.is_none()).count() <= 1);
}

on_both! {
    async fn everything_a_patient_does_is_done_for_her_by_those_to_whom_she_gave_it_and_by_nobody_else(portal) {
        let people = People::gather(&portal).await;
        let mut carers = Vec::new();
        for relation in ALL {
            carers.push((*relation, relation.of_anna(&portal, &people).await));
        }
        for operation in &operations() {
            let Some(row) = row_of(operation) else { continue };
            if !operation.path.contains("{patient}") {
                continue;
            }
            forget_todays_records(&portal).await;
            let check = Check { portal: &portal, people: &people, operation, row, of_patient: true };
            let scene = Scene::set(&portal, &people, operation).await;
            let nothing = Scene::of_nobody(&scene);
            for (relation, (carer, _)) in &carers {
                let name = format!("{relation:?}");
                let Recorded::As(action, category) = row.recorded else { continue };
                let given = scene.patient == people.patient.patient() && relation.gives(action, category);
                if !given || (row.patient && relation.is_kept_from(operation)) {
                    check.by(carer, &name, &scene).is_like_nothing(&nothing).await;
                } else if row.patient {
                    let fresh = Scene::set(&portal, &people, operation).await;
                    check.by(carer, &name, &fresh).is_done().await;
                } else {
                    // Like Anna herself: it is for staff.
                    check.by(carer, &name, &scene).is_refused(Code::RoleRequired).await;
                }
            }
        }
        for (_, (carer, grant)) in &carers {
            assert_every_act_names_its_grant(&portal, &people, carer, *grant).await;
        }
    }
}
