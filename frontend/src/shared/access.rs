//! Whoever is named by the audit trail, in words.

use portal_domain::audit::{AccessPerson, ActorKind};
use uuid::Uuid;

use crate::text::{t, t_word};

/// What to call somebody; `own` is the reader's account.
pub fn person(by: &AccessPerson, own: Option<Uuid>) -> String {
    if by.id.is_some() && by.id == own {
        return t("access.you").into();
    }
    match by.kind {
        ActorKind::Nobody if by.name.is_empty() => t("access.nobody").into(),
        ActorKind::Operator => t("access.operator").into(),
        ActorKind::Policy => t("access.policy").into(),
        _ if by.name.is_empty() => t("access.unknown").into(),
        _ => by.name.clone(),
    }
}

/// As what: the roles of staff, or that it is a connected system; empty for others.
pub fn role(by: &AccessPerson) -> String {
    match by.kind {
        ActorKind::Client => t("access.client").into(),
        ActorKind::Staff => {
            let roles: Vec<&str> = by.roles.iter().map(|role| t_word("role", role.as_str())).collect();
            roles.join(", ")
        }
        _ => String::new(),
    }
}
