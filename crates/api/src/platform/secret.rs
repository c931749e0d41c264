//! Random secrets, their hashes, and sealing with the configured key.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};

use crate::error::{Error, Result};

/// So many random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::internal("the system has no randomness"))?;
    Ok(bytes)
}

/// SHA-256: how random tokens are stored. (Passwords go through argon2 instead.)
pub fn hash(secret: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret).as_ref().to_vec()
}

/// Whether two hashes are equal, in the same time whether they are or not.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Seals what must be kept secret in the database, with a key from the configuration.
#[derive(Clone)]
pub struct Sealer(std::sync::Arc<LessSafeKey>);

struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        AES_256_GCM.key_len()
    }
}

impl Sealer {
    /// A sealer from the configured secret (at least 32 characters; `portal check` says so).
    pub fn new(secret: &str) -> Result<Self> {
        let failed = |_| Error::internal("the configured secret can't make a key");
        let mut key = [0; 32];
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"portal sealing v1")
            .extract(secret.as_bytes())
            .expand(&[b"aead"], KeyLength)
            .and_then(|okm| okm.fill(&mut key))
            .map_err(failed)?;
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(failed)?;
        Ok(Self(std::sync::Arc::new(LessSafeKey::new(key))))
    }

    /// The sealed form: a random nonce, then the ciphertext with its tag. `purpose` must be the same at opening.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed)
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed; an error when the secret is another one or the bytes were changed.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let failed = || {
            Error::internal("a sealed value can't be opened: is PORTAL_SECRET the one it was sealed with?")
        };
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or_else(failed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed())?;
        let mut body = body.to_vec();
        let plain = self.0.open_in_place(nonce, Aad::from(purpose), &mut body).map_err(|_| failed())?;
        Ok(plain.to_vec())
    }
}

/// Says of bytes, with a key from the configuration, that the portal wrote them (HMAC, RFC 2104).
#[derive(Clone)]
pub struct MacKey(std::sync::Arc<hmac::Key>);

impl MacKey {
    /// A key of its own for each purpose.
    pub fn new(secret: &str, purpose: &str) -> Result<Self> {
        let info = [purpose.as_bytes()];
        let key = hkdf::Salt::new(hkdf::HKDF_SHA256, b"portal macs v1");
        let key = key.extract(secret.as_bytes());
        let key = key
            .expand(&info, hmac::HMAC_SHA256)
            .map_err(|_| Error::internal("the configured secret can't make a key"))?;
        Ok(Self(std::sync::Arc::new(key.into())))
    }

    /// The MAC of these bytes.
    pub fn mac(&self, bytes: &[u8]) -> [u8; 32] {
        let mut mac = [0; 32];
        mac.copy_from_slice(hmac::sign(&self.0, bytes).as_ref());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_and_purpose_open_a_seal() {
        let ours = Sealer::new("a secret of thirty-two characters!").unwrap();
        let sealed = ours.seal("signing key", b"private").unwrap();
        assert_eq!(ours.open("signing key", &sealed).unwrap(), b"private");
        assert!(ours.open("totp", &sealed).is_err());
        assert!(
            Sealer::new("another secret of 32 characters..").unwrap().open("signing key", &sealed).is_err()
        );
        let mut changed = sealed;
        changed[NONCE_LEN] ^= 1;
        assert!(ours.open("signing key", &changed).is_err());
    }
}
