//! The end of the chain outside of the database: without it, whoever cuts off the newest rows together with their seals
//! would leave a chain that holds together.

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use portal_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    platform::secret::{MacKey, same},
};

/// The newest seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub number: i64,
    /// How many rows are sealed.
    pub total: i64,
    pub hash: Vec<u8>,
    pub sealed_at: Time,
}

/// As the file has it, in JSON.
#[derive(Serialize, Deserialize)]
struct Kept {
    seal: i64,
    entries: i64,
    hash: String,
    sealed_at: Time,
    mac: String,
}

/// What stands in the file.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// There is no such file.
    Nothing,
    /// Something that the portal, with its key, has not written.
    Forged,
    /// A head.
    Head(Head),
}

impl Head {
    fn mac(&self, key: &MacKey) -> String {
        let mut bytes = b"portal audit head 1".to_vec();
        for number in [self.number, self.total, self.sealed_at.micros()] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.hash);
        hex(&key.mac(&bytes))
    }
}

pub fn read(path: &Path, key: &MacKey) -> Result<Found> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(why) => return Err(why.into()),
    };
    let Ok(kept) = serde_json::from_slice::<Kept>(&text) else { return Ok(Found::Forged) };
    let Some(hash) = unhex(&kept.hash) else { return Ok(Found::Forged) };
    let head = Head { number: kept.seal, total: kept.entries, hash, sealed_at: kept.sealed_at };
    let genuine = same(head.mac(key).as_bytes(), kept.mac.as_bytes());
    Ok(if genuine { Found::Head(head) } else { Found::Forged })
}

/// The file is the old one or the new one whole, whatever crashes.
pub fn write(path: &Path, key: &MacKey, head: &Head) -> Result<()> {
    let kept = Kept {
        seal: head.number,
        entries: head.total,
        hash: hex(&head.hash),
        sealed_at: head.sealed_at,
        mac: head.mac(key),
    };
    let text = serde_json::to_vec(&kept).map_err(Error::internal)?;
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(&text)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_and_a_changed_one_is_a_forgery() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inside").join("head.json");
        let key = MacKey::new("a secret of thirty-two characters!", "audit trail").unwrap();
        assert_eq!(read(&path, &key).unwrap(), Found::Nothing);
        let head = Head { number: 7, total: 900, hash: vec![7; 32], sealed_at: Time::unknown() };
        write(&path, &key, &head).unwrap();
        assert_eq!(read(&path, &key).unwrap(), Found::Head(head.clone()));
        let other = MacKey::new("another secret of 32 characters..", "audit trail").unwrap();
        assert_eq!(read(&path, &other).unwrap(), Found::Forged);
        let text = std::fs::read_to_string(&path).unwrap().replace("900", "899");
        std::fs::write(&path, text).unwrap();
        assert_eq!(read(&path, &key).unwrap(), Found::Forged);
    }
}
