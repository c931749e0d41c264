//! One row as bytes, and what the portal says of it with its key.

use diesel::prelude::*;
use uuid::Uuid;

use super::Note;
use crate::platform::{
    db::{MultiBackend, schema::audit_entries},
    secret::{MacKey, same},
};

/// Half of SHA-256 is enough: nobody can try keys, only guess MACs.
pub type Mac = [u8; 16];

/// A row with its MAC; rows of versions before the chain have none.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Signed {
    #[diesel(embed)]
    pub note: Note,
    pub mac: Option<Vec<u8>>,
}

impl Signed {
    pub fn new(key: &MacKey, note: Note, buffer: &mut Vec<u8>) -> Self {
        let mac = Some(note.mac(key, buffer).to_vec());
        Self { note, mac }
    }

    pub fn id(&self) -> Uuid {
        self.note.id.0
    }

    /// Whether the row is as its MAC says; none when it has no MAC.
    pub fn is_genuine(&self, key: &MacKey, buffer: &mut Vec<u8>) -> Option<bool> {
        self.mac.as_ref().map(|mac| same(mac, &self.note.mac(key, buffer)))
    }
}

impl Note {
    /// The MAC over every column. `buffer` is only there to be used again.
    pub fn mac(&self, key: &MacKey, buffer: &mut Vec<u8>) -> Mac {
        self.mac_as(self.id.0, key, buffer)
    }

    /// What the MAC would be if the row had another id.
    pub fn mac_as(&self, id: Uuid, key: &MacKey, buffer: &mut Vec<u8>) -> Mac {
        self.spell(id, buffer);
        let mut half = [0; 16];
        half.copy_from_slice(&key.mac(buffer)[..16]);
        half
    }

    /// The row's canonical form: tag, length and bytes of each column that holds something. A column that is added later
    /// takes the next tag. It may be null in older rows, whose form then is what it was; no tag is ever used for
    /// something else, and no column is left out.
    fn spell(&self, id: Uuid, out: &mut Vec<u8>) {
        // Named one by one, so that a new column is not forgotten here.
        let Self {
            id: _,
            at,
            actor_kind,
            actor_id,
            patient_id,
            category,
            action,
            outcome,
            subject_id,
            request_id,
            proxy_grant_id,
            emergency_access_id,
        } = self;
        out.clear();
        out.extend_from_slice(b"portal audit entry 1");
        let mut put = |tag: u8, bytes: &[u8]| {
            out.push(tag);
            out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        put(1, id.as_bytes());
        put(2, &at.micros().to_be_bytes());
        put(3, actor_kind.as_str().as_bytes());
        if let Some(actor) = actor_id {
            put(4, actor.0.as_bytes());
        }
        if let Some(patient) = patient_id {
            put(5, patient.0.as_bytes());
        }
        put(6, category.as_str().as_bytes());
        put(7, action.as_str().as_bytes());
        put(8, outcome.as_str().as_bytes());
        if let Some(subject) = subject_id {
            put(9, subject.0.as_bytes());
        }
        put(10, request_id.0.as_bytes());
        if let Some(grant) = proxy_grant_id {
            put(11, grant.0.as_bytes());
        }
        if let Some(access) = emergency_access_id {
            put(12, access.0.as_bytes());
        }
    }
}
