//! Rows of API clients.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{ids::ClientId, time::Time};

use crate::{
    error::Result,
    platform::db::{Conn, schema::api_clients},
};

/// A client to be.
#[derive(Clone, Insertable)]
#[diesel(table_name = api_clients)]
pub struct NewClient {
    /// The id; integrators send it as `client_id`.
    pub id: ClientId,
    /// What staff call it.
    pub name: String,
    /// SHA-256 of the secret, which is 256 random bits.
    pub secret_hash: Vec<u8>,
    /// Parted by spaces.
    pub scopes: String,
    /// The identity domain of what it imports.
    pub source_system: String,
    /// Now.
    pub created_at: Time,
}

/// Adds a client.
pub fn insert(conn: &mut Conn, client: &NewClient) -> Result<()> {
    diesel::insert_into(api_clients::table).values(client.clone()).execute(conn)?;
    Ok(())
}

/// The secret's hash and the scopes of a client that is not revoked.
pub fn credentials(conn: &mut Conn, id: ClientId) -> Result<Option<(Vec<u8>, String)>> {
    let live = api_clients::table.find(id).filter(api_clients::revoked_at.is_null());
    Ok(live.select((api_clients::secret_hash, api_clients::scopes)).first(conn).optional()?)
}

/// What staff call these clients.
pub fn names(conn: &mut Conn, ids: &[ClientId]) -> Result<HashMap<ClientId, String>> {
    let clients = api_clients::table.filter(api_clients::id.eq_any(ids.to_vec()));
    Ok(clients.select((api_clients::id, api_clients::name)).load(conn)?.into_iter().collect())
}
