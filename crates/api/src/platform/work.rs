//! What a service works with: the connection, who acts, the time, the outbox, and the notes for the audit trail.
//!
//! [`Work::grant`] is the only way to a [`Grant`], and it notes the act: what is permitted is recorded,
//! and what is refused is recorded too (AUD-1).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use portal_domain::{
    access::{Action, Category, Denied, Nearness, Who, may},
    audit::Outcome,
    ids::{AccountId, MailId, PatientId},
    live::{LiveEvent, LiveKind},
    page::Page,
    time::Time,
};
use uuid::Uuid;

use super::{
    access::{self, Decided, Grant},
    audit_trail::Note,
    auth::Actor,
    db::Conn,
    live::{Announcement, Audience},
    outbox::{Mail, Outbox, When},
};
use crate::error::{Error, Result};

/// One act on the database, by one actor, at one time.
pub struct Work<'c> {
    /// The connection, inside the transaction when the act writes.
    pub conn: &'c mut Conn,
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub now: Time,
    outbox: Outbox,
    notes: Notes,
}

/// The notes of one act, kept outside of its transaction so that a refusal outlives the rollback.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    notes: Vec<Note>,
    has_mail: bool,
    announced: Vec<Announcement>,
}

impl Notes {
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, note: Note) {
        self.noted().notes.push(note);
    }

    pub(crate) fn take(&self) -> Vec<Note> {
        std::mem::take(&mut self.noted().notes)
    }

    /// Forgets what an earlier run of the act noted.
    pub(crate) fn clear(&self) {
        *self.noted() = Noted::default();
    }

    /// What the act, if it was committed, announced.
    pub(crate) fn announced(&self) -> Vec<Announcement> {
        self.noted().announced.clone()
    }

    /// Whether the act, if it was committed, left a mail in the outbox.
    pub(crate) fn has_mail(&self) -> bool {
        self.noted().has_mail
    }
}

impl<'c> Work<'c> {
    pub(crate) fn new(conn: &'c mut Conn, actor: Actor, now: Time, outbox: Outbox, notes: Notes) -> Self {
        Self { conn, actor, now, outbox, notes }
    }

    /// How browsers reach the portal, for the links in mails.
    pub fn public_url(&self) -> &str {
        self.outbox.public_url()
    }

    /// Has a mail sent once this act is committed; when it is rolled back, nothing is sent. An address that can't be
    /// one is a 422 of the field `email`.
    pub fn enqueue(&mut self, mail: &Mail) -> Result<MailId> {
        self.enqueue_for(mail, self.now)
    }

    /// [`Work::enqueue`] for a mail that leaves at `due`, or soon after.
    pub fn enqueue_for(&mut self, mail: &Mail, due: Time) -> Result<MailId> {
        let id = self.outbox.enqueue(self.conn, mail, When { now: self.now, due })?;
        self.notes.noted().has_mail = true;
        Ok(id)
    }

    /// A token for a link in a mail that only this portal can have written: `plain`, sealed for `purpose`.
    pub fn token(&self, purpose: &str, plain: &[u8]) -> Result<String> {
        self.outbox.token(purpose, plain)
    }

    /// Has open pages told once this act is committed; when it is rolled back, nothing is told. The same thing told twice
    /// in one act is told once.
    pub fn announce(&mut self, audience: Audience, kind: LiveKind, id: impl Into<Option<Uuid>>) {
        let announcement = Announcement { audience, event: LiveEvent { kind, id: id.into() } };
        let mut noted = self.notes.noted();
        if !noted.announced.contains(&announcement) {
            noted.announced.push(announcement);
        }
    }

    /// Leave to do `action` with `category` of this patient's data, noted in the audit trail.
    pub fn grant(&mut self, action: Action, category: Category, patient: PatientId) -> Result<Grant> {
        self.grant_about(action, category, patient, None)
    }

    /// The same, naming the thing that it is done with.
    pub fn grant_about(
        &mut self,
        action: Action,
        category: Category,
        patient: PatientId,
        subject: impl Into<Option<Uuid>>,
    ) -> Result<Grant> {
        let subject = subject.into();
        let Decided { by, emergency, decision } = match self.actor.who() {
            Some(Who::Patient(own)) if *own != patient => {
                let account = self.actor.account_id()?;
                Grant::decide_for(self.conn, account, action, category, patient, self.now)?
            }
            Some(Who::Staff(roles)) => {
                let account = self.actor.account_id()?;
                Grant::decide_near(self.conn, account, roles, (action, category), patient, self.now)?
            }
            Some(who) => Decided::plainly(Grant::decide(who, action, category, patient)),
            None if self.actor.is_operator() => Decided::plainly(Ok(Grant::of_operator(patient))),
            None if self.actor.is_policy() && (action, category) == (Action::Release, Category::Results) => {
                Decided::plainly(Ok(Grant::of_policy(patient)))
            }
            None => Decided::plainly(Err(Denied::OutOfReach)),
        };
        let outcome = if decision.is_ok() { Outcome::Done } else { Outcome::Refused };
        let note = Note::new(&self.actor, self.now, action, category, Some(patient), subject, outcome);
        self.notes.push(note.by_grant(by).in_emergency(emergency));
        let grant = decision?;
        // A patient's own chart is there, one that is shared, and one that staff may open; the operator may name one that is
        // not, and learns just that.
        if self.actor.who().is_none() && !access::is_there(self.conn, patient)? {
            return Err(Error::Denied(Denied::OutOfReach));
        }
        Ok(grant)
    }

    /// Leave that the patient gave to whoever holds a link and its pass code, which the caller has compared. Nobody is
    /// signed in; it is noted like any other.
    pub fn grant_by_link(
        &mut self,
        action: Action,
        category: Category,
        patient: PatientId,
        subject: Uuid,
    ) -> Grant {
        self.note(action, category, Some(patient), Some(subject), Outcome::Done);
        Grant::of_link(patient)
    }

    /// How the member of staff who acts stands to a patient (ADM-6).
    pub fn nearness(&mut self, patient: PatientId) -> Result<Nearness> {
        let account = self.actor.account_id()?;
        access::nearness(self.conn, account, patient)
    }

    /// What of a queue the one who acts sees: what is about patients of the own locations (ADM-6). A page may thus be
    /// shorter than what was asked for; its place in the list stays.
    pub fn nearby<T>(&mut self, page: Page<T>, of: impl Fn(&T) -> PatientId) -> Result<Page<T>> {
        if !self.actor.is_staff() {
            return Ok(page);
        }
        let account = self.actor.account_id()?;
        let ids: Vec<PatientId> = page.items.iter().map(&of).collect();
        let near = access::near(self.conn, account, &ids)?;
        let items = page.items.into_iter().filter(|item| near.contains(&of(item))).collect();
        Ok(Page { items, next: page.next })
    }

    /// Leave to look at a payment that the gateway is asked about. A question is no act, however often it is asked: what comes
    /// of it is noted, with [`Work::grant_by_gateway`].
    pub fn look_by_gateway(&self, patient: PatientId) -> Grant {
        Grant::of_policy(patient)
    }

    /// Leave to write down what the gateway says of a payment. Of a person it is part of an act that is noted already, with
    /// the grant by which it was done; when the portal asks by itself, that is noted here.
    pub fn grant_by_gateway(&mut self, patient: PatientId, payment: Uuid) -> Grant {
        if self.actor.is_policy() {
            self.note(Action::Act, Category::Billing, Some(patient), Some(payment), Outcome::Done);
        }
        Grant::of_policy(patient)
    }

    /// Whether the one who acts may also read what is said of this of another patient, where a page about one tells of
    /// another: also that nothing of that patient is kept back (PRX-4), because such words are tied to no thing, and nobody
    /// can say which of them would tell of it. What is then shown is to be noted ([`Work::note_shown`]).
    pub fn may_read_of(&mut self, category: Category, patient: PatientId) -> Result<bool> {
        match self.actor.who() {
            Some(Who::Patient(own)) if *own != patient => {
                let account = self.actor.account_id()?;
                let decided =
                    Grant::decide_for(self.conn, account, Action::View, category, patient, self.now)?;
                Ok(decided.decision.is_ok_and(|grant| !grant.hides_any()))
            }
            Some(Who::Staff(roles)) => {
                let account = self.actor.account_id()?;
                let act = (Action::View, category);
                Ok(Grant::decide_near(self.conn, account, roles, act, patient, self.now)?.decision.is_ok())
            }
            Some(who) => Ok(may(who, Action::View, category, Some(patient)).is_ok()),
            None => Ok(self.actor.is_operator()),
        }
    }

    /// Whether somebody who agreed to something earlier may still do it with a patient's data, when the portal does it by
    /// itself.
    pub fn account_may(
        &mut self,
        account: AccountId,
        action: Action,
        category: Category,
        patient: PatientId,
    ) -> Result<bool> {
        access::account_may(self.conn, account, action, category, patient, self.now)
    }

    /// Leave to do `action` with `category` over the whole practice (a queue, a search, an import).
    pub fn permit(&mut self, action: Action, category: Category) -> Result<()> {
        let decision = match self.actor.who() {
            Some(who) => may(who, action, category, None),
            None if self.actor.is_operator() => Ok(()),
            None => Err(Denied::OutOfReach),
        };
        let outcome = if decision.is_ok() { Outcome::Done } else { Outcome::Refused };
        self.note(action, category, None, None, outcome);
        decision.map_err(Error::Denied)
    }

    /// Leave to do `action` with the own account, noted in the audit trail. Integrators have none.
    pub fn own_account(&mut self, action: Action) -> Result<AccountId> {
        let own = match self.actor.who() {
            Some(Who::Patient(patient)) => Some(*patient),
            _ => None,
        };
        let decision = match self.actor.who() {
            Some(Who::Client(_)) | None => Err(Denied::NeedsRole(&[])),
            Some(who) => may(who, action, Category::Account, own),
        };
        let outcome = if decision.is_ok() { Outcome::Done } else { Outcome::Refused };
        self.note(action, Category::Account, own, self.actor.id(), outcome);
        decision.map_err(Error::Denied)?;
        self.actor.account_id()
    }

    /// The own account, for what asks for a password or passkey just given (SEC-5).
    pub fn proven_account(&mut self, action: Action) -> Result<AccountId> {
        let account = self.own_account(action)?;
        self.actor.must_be_proven(self.now)?;
        Ok(account)
    }

    /// Notes that a page over the whole practice showed these patients' data, a row each, so that "who looked at my
    /// record" is whole (AUD-1).
    pub fn note_shown(&mut self, category: Category, patients: &[PatientId]) {
        self.note_of_each(Action::View, category, patients);
    }

    /// The same for another act on all of them, such as a table that was taken out of the portal.
    pub fn note_of_each(&mut self, action: Action, category: Category, patients: &[PatientId]) {
        for patient in patients {
            self.note(action, category, Some(*patient), None, Outcome::Done);
        }
    }

    /// One of several acts of a request, which may come to nothing while the others are done: what it noted is a refusal
    /// then.
    pub fn one_of_several<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let before = self.notes.take();
        let result = act(self);
        let done = result.is_ok();
        let of_act = self.notes.take().into_iter().map(|note| if done { note } else { note.refused() });
        self.notes.noted().notes = before.into_iter().chain(of_act).collect();
        result
    }

    /// Notes an act for the audit trail. No password, token, code or health text goes in here (AUD-4).
    pub fn note(
        &mut self,
        action: Action,
        category: Category,
        patient: Option<PatientId>,
        subject: Option<Uuid>,
        outcome: Outcome,
    ) {
        self.notes.push(Note::new(&self.actor, self.now, action, category, patient, subject, outcome));
    }
}
