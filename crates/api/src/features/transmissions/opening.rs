//! What whoever was sent a link does with it: nobody is signed in, token and pass code prove everything.
//!
//! A code is tried inside one serializable write: of fifty at once each is counted, and the fifth wrong one closes the
//! link. A wrong code, an unknown token, and a link that ended or was withdrawn get one answer.

use portal_domain::{
    access::{Action, Category},
    audit::Outcome,
    problem::Code,
    transmissions::{TransmissionKey, TransmissionOpened, normalize_code},
};

use super::store::{self, Row};
use crate::{
    app::App,
    error::Result,
    features::health_record::{self, ReadyFile},
    platform::{auth::Actor, secret, work::Work},
};

/// Longer texts are no token.
const MAX_TOKEN: usize = 100;

/// How a link's token is kept.
pub fn token_hash(token: &str) -> Vec<u8> {
    secret::hash(token.as_bytes())
}

/// How a pass code is kept: with the token, which the database does not know. Eight digits alone could be found from
/// their hash by trying them all.
pub fn code_hash(token: &str, code: &str) -> Vec<u8> {
    secret::hash(format!("pass code {token} {code}").as_bytes())
}

/// Says what lies behind a link.
pub async fn open(app: &App, key: TransmissionKey) -> Result<TransmissionOpened> {
    let (row, file) = unlock(app, key, Action::View, |row, work| {
        row.opened_at.get_or_insert(work.now);
    })
    .await?;
    Ok(TransmissionOpened {
        format: row.format,
        size: file.size,
        sha256: file.sha256,
        expires_at: row.expires_at,
    })
}

/// The file behind a link: its name, its media type, its bytes. A link that is withdrawn while the bytes are fetched
/// gives none.
pub async fn download(app: &App, key: TransmissionKey) -> Result<(String, &'static str, Vec<u8>)> {
    let (_, file) = unlock(app, key.clone(), Action::View, |_, _| ()).await?;
    let bytes = app.files.get(file.id).await?;
    let (row, file) = unlock(app, key, Action::Export, |row, work| {
        row.opened_at.get_or_insert(work.now);
        row.downloaded_at.get_or_insert(work.now);
        row.downloads += 1;
    })
    .await?;
    Ok((file.name, row.format.media_type(), bytes))
}

/// Tries the code. When it is right, `mark` notes on the row what is done with it.
async fn unlock(
    app: &App,
    key: TransmissionKey,
    action: Action,
    mark: fn(&mut Row, &Work<'_>),
) -> Result<(Row, ReadyFile)> {
    let nobody = Actor::nobody();
    let found = app.write(&nobody, move |work| {
        let named = key.token.len() <= MAX_TOKEN;
        let row = if named { store::by_token(work.conn, &token_hash(&key.token))? } else { None };
        let Some(mut row) = row else { return refuse(work, action, None) };
        // The mail's state plays no part: whoever has the link has the mail.
        if !row.facts(None).opens(work.now) {
            return refuse(work, action, Some(&row));
        }
        let given = normalize_code(&key.code).map(|code| code_hash(&key.token, &code));
        let is_right =
            given.zip(row.code_hash.as_ref()).is_some_and(|(given, kept)| secret::same(&given, kept));
        if !is_right {
            row.wrong_codes += 1;
            store::save(work.conn, &row)?;
            return refuse(work, action, Some(&row));
        }
        let grant = work.grant_by_link(action, Category::Chart, row.patient_id, row.id.0);
        let file = health_record::ready_file(work, &grant, row.record_id, row.format)?;
        let file = file.ok_or(Code::TransmissionRefused)?;
        mark(&mut row, work);
        store::save(work.conn, &row)?;
        Ok(Some((row, file)))
    });
    found.await?.ok_or_else(|| Code::TransmissionRefused.into())
}

/// Notes the try; what was counted stays counted.
fn refuse<T>(work: &mut Work<'_>, action: Action, row: Option<&Row>) -> Result<Option<T>> {
    let (patient, id) = row.map(|row| (row.patient_id, row.id.0)).unzip();
    work.note(action, Category::Chart, patient, id, Outcome::Refused);
    Ok(None)
}
