//! A kept card and a payment plan for the operations that are about one.

use diesel::prelude::*;
use portal_api::platform::{
    db::schema::{payment_methods, payment_plans},
    gateway::sandbox::Card,
};
use portal_client::{Error, Portal};
use portal_domain::{
    billing::{
        Currency, MethodState, Money, NewPlan, NewPlanCard, PlanState, RemoveMethodQuery, StopPlan, due_days,
    },
    ids::PaymentMethodId,
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};
use crate::{
    billing::{charge, posted},
    harness::portal::{TestPortal, begin},
};

const DAY: u32 = 15;

fn plan(method: PaymentMethodId) -> NewPlan {
    let first = due_days(DAY, begin().utc().date_naive()).next().unwrap();
    NewPlan {
        amount: Money::new(10_000, Currency::Usd),
        instalments: 4,
        day: DAY.into(),
        method,
        first_due: first,
        agreed: true,
    }
}

fn reason() -> StopPlan {
    StopPlan { reason: "Billed anew".into() }
}

/// What an operation is sent.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    let body = match operation {
        "payment_plans_create" => serde_json::to_value(plan(scene.method)),
        "payment_plans_change_card" => serde_json::to_value(NewPlanCard { method: scene.method }),
        "payment_plans_stop" => serde_json::to_value(reason()),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// Anna's kept card, and her plan where the operation is about one; what she had before is gone.
    pub async fn add_plan(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        let (anna, account) = (&people.patient.portal, people.patient.session.account_id);
        let forget = move |conn: &mut portal_api::platform::db::Conn| {
            diesel::update(payment_plans::table.filter(payment_plans::account_id.eq(account)))
                .set(payment_plans::state.eq(PlanState::Ended))
                .execute(conn)?;
            diesel::update(payment_methods::table.filter(payment_methods::account_id.eq(account)))
                .set(payment_methods::state.eq(MethodState::Removed))
                .execute(conn)?;
            Ok(())
        };
        portal.app.db.write(forget).await.unwrap();
        posted(portal, vec![charge(&self.mrn, 10_000)]).await;
        let asked = anna.add_payment_method(self.patient, Uuid::new_v4()).await.unwrap();
        let sandbox = portal.app.sandbox.clone().unwrap();
        sandbox.keep(&asked.id.to_string(), Card::Pays, (12, 2040)).await.unwrap();
        self.method = anna.check_payment_method(self.patient, asked.id).await.unwrap().id;
        if operation.starts_with("payment_plans_") && operation != "payment_plans_create" {
            let made = anna.create_payment_plan(self.patient, &plan(self.method), Uuid::new_v4()).await;
            self.plan = made.unwrap().id;
        }
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, key) = (scene.patient, Uuid::new_v4());
    match operation {
        "payment_methods_list" => portal.payment_methods(patient).await.map(drop),
        "payment_methods_add" => portal.add_payment_method(patient, key).await.map(drop),
        "payment_methods_check" => portal.check_payment_method(patient, scene.method).await.map(drop),
        "payment_methods_remove" => {
            portal.remove_payment_method(patient, scene.method, RemoveMethodQuery::default()).await
        }
        "payment_plans_list" => portal.payment_plans(patient).await.map(drop),
        "payment_plans_create" => {
            portal.create_payment_plan(patient, &plan(scene.method), key).await.map(drop)
        }
        "payment_plans_change_card" => {
            let new = NewPlanCard { method: scene.method };
            portal.change_plan_card(patient, scene.plan, new, key).await.map(drop)
        }
        "payment_plans_pay_next" => portal.pay_next_instalment(patient, scene.plan, key).await.map(drop),
        "payment_plans_end" => portal.end_payment_plan(patient, scene.plan, key).await.map(drop),
        "payment_plans_queue" => portal.practice_payment_plans(&Default::default()).await.map(drop),
        "payment_plans_stop" => portal.stop_payment_plan(patient, scene.plan, &reason(), key).await.map(drop),
        other => panic!("the typed client does not reach {other}"),
    }
}
