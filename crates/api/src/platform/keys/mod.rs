//! Signed tokens (JWT, RFC 7519): one algorithm (EdDSA), keys of our own, published as a JWKS.
//!
//! Keys live in the database, so that every server process signs and verifies alike; the private half is sealed
//! with the configured secret.

mod ring_provider;

use std::sync::{Arc, PoisonError, RwLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use portal_domain::{problem::Code, time::Time};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    clock::new_id,
    db::{AnyId, Conn, Db, schema::signing_keys},
    secret::Sealer,
};
use crate::error::{Error, Result};

const PURPOSE: &str = "signing key";

/// The keys in use.
#[derive(Clone)]
pub struct Keys {
    db: Db,
    sealer: Sealer,
    known: Arc<RwLock<Vec<Key>>>,
}

#[derive(Clone)]
struct Key {
    id: Uuid,
    public: Vec<u8>,
    private: EncodingKey,
    retired: bool,
}

/// A JSON Web Key (RFC 7517, RFC 8037).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Jwk {
    /// `OKP`.
    kty: &'static str,
    /// `Ed25519`.
    crv: &'static str,
    /// `EdDSA`.
    alg: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    usage: &'static str,
    /// The key's id.
    kid: String,
    /// The public key, base64url.
    x: String,
}

impl Keys {
    /// Loads the keys, and makes the first one where there is none.
    pub async fn load(db: Db, sealer: Sealer, now: Time) -> Result<Self> {
        ring_provider::install();
        let keys = Self { db, sealer, known: Arc::default() };
        if keys.refresh().await? == 0 {
            let sealer = keys.sealer.clone();
            keys.db.write(move |conn| insert_first(conn, &sealer, now)).await?;
            keys.refresh().await?;
        }
        Ok(keys)
    }

    /// Signs claims with the newest key.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let key = known.iter().find(|key| !key.retired).ok_or_else(|| Error::internal("no signing key"))?;
        let header = Header { kid: Some(key.id.to_string()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &key.private).map_err(Error::internal)
    }

    /// The claims of a token that one of our keys signed for this issuer and audience at `now`; anything else is
    /// [`Code::InvalidToken`]. A key made by another server process is looked up once.
    pub async fn verify<T: DeserializeOwned + Clone>(
        &self,
        token: &str,
        issuer: &str,
        audience: &str,
        now: Time,
    ) -> Result<T> {
        let invalid = || Error::from(Code::InvalidToken);
        let kid =
            jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid).ok_or_else(invalid)?;
        let kid: Uuid = kid.parse().map_err(|_| invalid())?;
        let public = match self.public(kid) {
            Some(public) => public,
            None => {
                self.refresh().await?;
                self.public(kid).ok_or_else(invalid)?
            }
        };
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The portal's own clock decides, below, so that tests can move it.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let key = DecodingKey::from_ed_der(&public);
        let claims =
            jsonwebtoken::decode::<Timed<T>>(token, &key, &validation).map_err(|_| invalid())?.claims;
        let seconds = now.utc().timestamp();
        if (claims.nbf..claims.exp).contains(&seconds) { Ok(claims.rest) } else { Err(invalid()) }
    }

    /// The public keys, for others to verify with (`/.well-known/jwks.json`).
    pub fn public_set(&self) -> Vec<Jwk> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let publish = |key: &Key| Jwk {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            usage: "sig",
            kid: key.id.to_string(),
            x: URL_SAFE_NO_PAD.encode(&key.public),
        };
        known.iter().map(publish).collect()
    }

    fn public(&self, kid: Uuid) -> Option<Vec<u8>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|key| key.id == kid).map(|key| key.public.clone())
    }

    async fn refresh(&self) -> Result<usize> {
        let rows = self.db.read(|conn| Ok(rows(conn)?)).await?;
        let mut keys = Vec::with_capacity(rows.len());
        for (id, public, sealed, retired_at) in rows {
            let private = EncodingKey::from_ed_der(&self.sealer.open(PURPOSE, &sealed)?);
            keys.push(Key { id: id.0, public, private, retired: retired_at.is_some() });
        }
        let count = keys.len();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(count)
    }
}

/// Claims with the two times that every token of ours carries, as numbers.
#[derive(Clone, serde::Deserialize)]
struct Timed<T> {
    exp: i64,
    nbf: i64,
    #[serde(flatten)]
    rest: T,
}

type Row = (AnyId, Vec<u8>, Vec<u8>, Option<Time>);

fn rows(conn: &mut Conn) -> QueryResult<Vec<Row>> {
    signing_keys::table
        .order(signing_keys::created_at.desc())
        .select((
            signing_keys::id,
            signing_keys::public_key,
            signing_keys::sealed_private_key,
            signing_keys::retired_at,
        ))
        .load(conn)
}

fn insert_first(conn: &mut Conn, sealer: &Sealer, now: Time) -> Result<()> {
    if signing_keys::table.count().get_result::<i64>(conn)? > 0 {
        return Ok(());
    }
    let made = |_| Error::internal("an Ed25519 key can't be made");
    let private = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).map_err(made)?;
    let pair = Ed25519KeyPair::from_pkcs8(private.as_ref())
        .map_err(|_| Error::internal("an Ed25519 key can't be read back"))?;
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::id.eq(AnyId(new_id())),
            signing_keys::public_key.eq(pair.public_key().as_ref()),
            signing_keys::sealed_private_key.eq(sealer.seal(PURPOSE, private.as_ref())?),
            signing_keys::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
