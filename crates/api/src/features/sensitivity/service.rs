//! Keeping things back, and seeing what is left.

use std::collections::HashMap;

use portal_domain::{
    access::{Action, Category, Reach},
    dependents::Relationship,
    ids::{AccountId, PatientId, ProxyGrantId},
    live::LiveKind,
    problem::Code,
    sensitivity::{
        NamedProxy, PreviewPart, ProxyPreview, SensitiveItem, SensitiveKind, SensitivityChange,
        SensitivityView,
    },
    time::Time,
};
use uuid::Uuid;

use crate::{
    app::App,
    error::Result,
    features::{accounts, appointments, dependents, documents, mail, refills, results},
    platform::{
        access::{self, Grant, Kept},
        auth::Actor,
        live::Audience,
        work::Work,
    },
};

/// What can be kept back, with what is.
pub async fn list(app: &App, actor: &Actor, patient: PatientId) -> Result<SensitivityView> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Sensitivity, patient)?;
        view(work, &grant)
    })
    .await
}

/// Keeps something back or shows it again; of a result all that tells of the same.
pub async fn change(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    change: SensitivityChange,
) -> Result<SensitivityView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Sensitivity, patient, change.subject_id)?;
        let by = work.actor.account_id()?;
        let told_with = access::told_with(work.conn, patient, change.kind, change.subject_id)?;
        if told_with.is_empty() {
            return Err(Code::NotFound.into());
        }
        for subject in told_with {
            access::show(work.conn, patient, subject)?;
            if change.is_sensitive {
                access::keep_back(work.conn, patient, change.kind, subject, Some(by), work.now)?;
            }
        }
        // Open pages look again; the ring tells nobody why.
        work.announce(Audience::Patient(patient), LiveKind::Everything, None);
        view(work, &grant)
    })
    .await
}

fn view(work: &mut Work<'_>, grant: &Grant) -> Result<SensitivityView> {
    let found = dependents::proxies_of(work.conn, grant)?;
    let people: Vec<AccountId> = found.iter().map(|(_, account, _)| *account).collect();
    let names = accounts::names(work.conn, &people)?;
    let proxy = |(id, account, relationship): (ProxyGrantId, AccountId, Relationship)| NamedProxy {
        id,
        name: names.get(&account).cloned().unwrap_or_default(),
        relationship,
    };
    Ok(SensitivityView { proxies: found.into_iter().map(proxy).collect(), items: items(work, grant)? })
}

fn items(work: &mut Work<'_>, grant: &Grant) -> Result<Vec<SensitiveItem>> {
    let kept = access::kept_back(work.conn, grant)?;
    let people: Vec<AccountId> = kept.iter().filter_map(|one| one.tagged_by).collect();
    let names = accounts::names(work.conn, &people)?;
    let mut kept: HashMap<Uuid, Kept> = kept.into_iter().map(|one| (one.subject_id.0, one)).collect();
    let mut all = Vec::new();
    for (kind, found) in [
        (SensitiveKind::Result, seen(work, grant, SensitiveKind::Result)?),
        (SensitiveKind::Medication, seen(work, grant, SensitiveKind::Medication)?),
        (SensitiveKind::Document, seen(work, grant, SensitiveKind::Document)?),
        (SensitiveKind::Appointment, seen(work, grant, SensitiveKind::Appointment)?),
    ] {
        for (id, title, at) in found {
            let tag = kept.remove(&id);
            all.push(item(kind, id, Some(title), at, tag, &names));
        }
    }
    // Conversations, and what is further back than the lists go.
    let mut rest: Vec<Kept> = kept.into_values().collect();
    rest.sort_by_key(|one| (one.kind, one.subject_id.0));
    all.extend(rest.into_iter().map(|one| item(one.kind, one.subject_id.0, None, None, Some(one), &names)));
    Ok(all)
}

fn item(
    kind: SensitiveKind,
    subject_id: Uuid,
    title: Option<String>,
    at: Option<Time>,
    tag: Option<Kept>,
    names: &HashMap<AccountId, String>,
) -> SensitiveItem {
    let kept_by = tag.as_ref().and_then(|tag| names.get(&tag.tagged_by?).cloned());
    SensitiveItem { kind, subject_id, title, at, kept_since: tag.map(|tag| tag.tagged_at), kept_by }
}

type Seen = Vec<(Uuid, String, Option<Time>)>;

/// What whoever holds this leave sees of a kind, by the lists of the other rooms. Of conversations the inbox tells.
fn seen(work: &mut Work<'_>, grant: &Grant, kind: SensitiveKind) -> Result<Seen> {
    Ok(match kind {
        SensitiveKind::Result => results::shown(work.conn, grant)?,
        SensitiveKind::Medication => {
            let all = refills::medications(work, grant)?;
            all.into_iter().map(|one| (one.id.0, one.drug, None)).collect()
        }
        SensitiveKind::Document => documents::shown(work.conn, grant)?,
        SensitiveKind::Appointment => appointments::shown(work, grant)?,
        SensitiveKind::Thread => Vec::new(),
    })
}

/// What somebody who acts for the patient sees today.
pub async fn preview(app: &App, actor: &Actor, patient: PatientId, id: ProxyGrantId) -> Result<ProxyPreview> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Sensitivity, patient, id.0)?;
        let found = dependents::proxies_of(work.conn, &grant)?.into_iter().find(|(known, ..)| *known == id);
        let (_, account, relationship) = found.ok_or(Code::NotFound)?;
        let name = accounts::names(work.conn, &[account])?.remove(&account).unwrap_or_default();
        let proxy = NamedProxy { id, name, relationship };
        let seeing = match access::preview(work.conn, account, patient, work.now)? {
            Ok(seeing) => seeing,
            Err(why) => {
                return Ok(ProxyPreview { proxy, why_not: Some(why), parts: Vec::new(), unread: 0 });
            }
        };
        let reach = seeing.reach().cloned().unwrap_or_default();
        let parts = parts(work, &seeing, &reach)?;
        let unread = mail::unread(work.conn, &seeing)?;
        Ok(ProxyPreview { proxy, why_not: None, parts, unread })
    })
    .await
}

fn parts(work: &mut Work<'_>, seeing: &Grant, reach: &Reach) -> Result<Vec<PreviewPart>> {
    let mut parts = Vec::with_capacity(reach.shares().len());
    for share in reach.shares() {
        let kind = SensitiveKind::ALL.iter().copied().find(|kind| kind.category() == share.category);
        let items = match kind {
            Some(SensitiveKind::Thread) => Some(mail::titles_of_messages(work.conn, seeing)?),
            Some(kind) => Some(seen(work, seeing, kind)?.into_iter().map(|(_, title, _)| title).collect()),
            None => None,
        };
        parts.push(PreviewPart { category: share.category, depth: share.depth, items });
    }
    Ok(parts)
}
