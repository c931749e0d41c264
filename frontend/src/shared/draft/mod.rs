//! A message that is being written: kept 10 seconds after the last keystroke and when its page goes away (MSG-2), sent
//! as it was last kept. Patients and staff write with the same parts.

mod files;
mod parts;

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::prelude::*;
use portal_domain::{
    ids::{DraftId, PatientId, TeamId, ThreadId},
    messages::{AttachmentView, DraftText, DraftView, Sending, ThreadView, Topic},
    problem::{Code, Problem},
    time::Time,
};
use uuid::Uuid;

pub use files::Files;
pub use parts::{Conflict, SaveState};

use super::{
    form::Form,
    live::{Work, follow, go_on},
};
use crate::{
    api::{ApiError, ask},
    text::t,
};

/// How long after the last keystroke a draft is saved (MSG-2).
const QUIET: Duration = Duration::from_secs(10);

/// How far what was typed is kept.
#[derive(Clone, Debug, PartialEq)]
enum Keeping {
    /// Nothing was typed.
    Nothing,
    /// Kept, since then.
    Saved(Time),
    /// It could not be kept; that is tried again.
    Failed,
    /// It is too long to be kept.
    Refused,
    /// Another page saved the same draft: this is its text.
    Conflict(Box<DraftView>),
}

/// A draft on a page.
#[derive(Clone, Copy)]
pub struct Draft {
    patient: PatientId,
    thread: Option<ThreadId>,
    topic: StoredValue<Option<Topic>>,
    /// What goes along of the education library; not changed here.
    education: StoredValue<Vec<Uuid>>,
    /// How many files are on their way.
    uploads: StoredValue<usize>,
    /// To which team, by id; empty until chosen.
    pub team: RwSignal<String>,
    /// The subject as typed.
    pub subject: RwSignal<String>,
    /// The text as typed.
    pub text: RwSignal<String>,
    /// The draft as the server last told it.
    seen: RwSignal<Option<DraftView>>,
    /// What was last kept.
    kept: StoredValue<DraftText>,
    keeping: RwSignal<Keeping>,
    saving: StoredValue<bool>,
    /// What waits for the saving that is under way.
    next: StoredValue<Option<Box<dyn FnOnce()>>, LocalStorage>,
    timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    /// Whether it was sent or thrown away: nothing is kept any more.
    over: StoredValue<bool>,
    key: StoredValue<Uuid>,
    /// What was typed after the saving that was under way when the page went away.
    last: StoredValue<Last, LocalStorage>,
}

type Last = Rc<RefCell<Option<DraftText>>>;

impl Draft {
    /// A draft that begins with `content`, or goes on with one that was `found`.
    pub fn open(patient: PatientId, content: DraftText, found: Option<DraftView>) -> Self {
        let content = found.as_ref().map_or(content, |found| found.content.clone());
        let keeping = found.as_ref().map_or(Keeping::Nothing, |found| Keeping::Saved(found.saved_at));
        let draft = Self {
            patient,
            thread: content.thread_id,
            topic: StoredValue::new(content.topic.clone()),
            education: StoredValue::new(content.education.clone()),
            uploads: StoredValue::new(0),
            team: RwSignal::new(content.team_id.map(|team| team.to_string()).unwrap_or_default()),
            subject: RwSignal::new(content.subject.clone()),
            text: RwSignal::new(content.text.clone()),
            seen: RwSignal::new(found),
            kept: StoredValue::new(content),
            keeping: RwSignal::new(keeping),
            saving: StoredValue::new(false),
            next: StoredValue::new_local(None),
            timer: StoredValue::new_local(None),
            over: StoredValue::new(false),
            key: StoredValue::new(Uuid::new_v4()),
            last: StoredValue::new_local(Last::default()),
        };
        draft.watch();
        draft
    }

    /// The draft's id and version, once it was kept.
    pub fn seen(self) -> Option<DraftView> {
        self.seen.get()
    }

    /// The same without following it.
    fn seen_now(self) -> Option<DraftView> {
        self.seen.get_untracked()
    }

    /// The files that are attached.
    fn files(self) -> Vec<AttachmentView> {
        self.seen.with(|seen| seen.as_ref().map(|seen| seen.attachments.clone()).unwrap_or_default())
    }

    fn files_now(self) -> Vec<AttachmentView> {
        untrack(|| self.files())
    }

    fn with_files(self, change: impl FnOnce(&mut Vec<AttachmentView>)) {
        self.seen.try_update(|seen| {
            if let Some(seen) = seen {
                change(&mut seen.attachments);
            }
        });
    }

    /// Notes how many files are on their way: the message is not sent without them.
    fn on_their_way(self, count: usize) {
        self.uploads.try_set_value(count);
    }

    /// Hands over the draft's id, and begins the draft for that where nothing was kept yet; none when that failed.
    fn begun(self, then: Box<dyn FnOnce(Option<DraftId>)>) {
        if self.saving.get_value() {
            let before = self.next.try_update_value(Option::take).flatten();
            self.next.set_value(Some(Box::new(move || {
                if let Some(before) = before {
                    before();
                }
                self.begun(then);
            })));
            return;
        }
        if let Some(seen) = self.seen_now() {
            return then(Some(seen.id));
        }
        let (patient, content, key) = (self.patient, self.content(), self.key.get_value());
        self.saving.set_value(true);
        go_on(async move {
            let answer = ask(async |portal| portal.begin_draft(patient, &content, key).await).await;
            if self.saving.try_set_value(false).is_some() {
                return; // The page is gone.
            }
            self.settle(answer, content, true).await;
            then(self.seen.try_get_untracked().flatten().map(|seen| seen.id));
            if let Some(next) = self.next.try_update_value(Option::take).flatten() {
                next();
            }
        });
    }

    fn watch(self) {
        follow(move |first| {
            self.team.track();
            self.subject.track();
            self.text.track();
            if !first {
                self.save_later();
            }
        });
        let hidden = window_event_listener_untyped("pagehide", move |_| {
            self.save();
            self.keep_both();
        });
        let left = window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Hidden {
                self.save();
            }
        });
        on_cleanup(move || {
            hidden.remove();
            left.remove();
            self.stop_timer();
            self.keep_both();
            // The page goes away, and its signals with it: what is typed goes along by value, behind the saving that is
            // under way.
            if self.saving.get_value() {
                if !self.over.get_value() {
                    self.last.get_value().replace(Some(self.content()));
                }
            } else if let Some(work) = self.unsaved() {
                go_on(async move {
                    // Nobody is there any more to be told.
                    let _ = work.await;
                });
            }
        });
    }

    fn content(self) -> DraftText {
        DraftText {
            thread_id: self.thread,
            team_id: self.team.get_untracked().parse::<TeamId>().ok(),
            subject: self.subject.get_untracked(),
            text: self.text.get_untracked(),
            topic: self.topic.get_value(),
            education: self.education.get_value(),
        }
    }

    fn stop_timer(self) {
        let timer = self.timer.try_update_value(Option::take).flatten();
        if let Some(timer) = timer {
            timer.clear();
        }
    }

    fn save_later(self) {
        self.stop_timer();
        // Without a timer it is still saved on leaving.
        if let Ok(timer) = set_timeout_with_handle(move || self.save(), QUIET) {
            self.timer.set_value(Some(timer));
        }
    }

    /// The call that keeps what is typed; none when nothing is new.
    fn unsaved(self) -> Option<Work<Result<DraftView, ApiError>>> {
        let (patient, content, seen) = (self.patient, self.content(), self.seen.get_untracked());
        let over = self.over.get_value() || matches!(self.keeping.get_untracked(), Keeping::Conflict(_));
        if over || content == self.kept.get_value() || (seen.is_none() && content.is_empty()) {
            return None;
        }
        let key = self.key.get_value();
        Some(Box::pin(async move {
            match seen {
                Some(seen) => ask(async |portal| portal.save_draft(patient, &seen, &content).await).await,
                None => ask(async |portal| portal.begin_draft(patient, &content, key).await).await,
            }
        }))
    }

    /// Keeps what is typed now.
    pub fn save(self) {
        if self.saving.try_get_value() != Some(false) {
            return;
        }
        self.stop_timer();
        let Some(work) = self.unsaved() else { return };
        let (content, new) = (self.content(), self.seen.with_untracked(Option::is_none));
        self.saving.set_value(true);
        let (patient, last) = (self.patient, self.last.get_value());
        go_on(async move {
            let answer = work.await;
            if self.saving.try_set_value(false).is_some() {
                // The page is gone.
                let last = last.take().filter(|last| *last != content);
                if let (Some(last), Ok(seen)) = (last, answer) {
                    // Nobody is there any more to be told.
                    let _ = ask(async |portal| portal.save_draft(patient, &seen, &last).await).await;
                }
                return;
            }
            self.settle(answer, content, new).await;
            if let Some(next) = self.next.try_update_value(Option::take).flatten() {
                next();
            }
        });
    }

    async fn settle(self, answer: Result<DraftView, ApiError>, content: DraftText, new: bool) {
        match answer {
            // A second beginning of an answer opens the first one, which may say something else.
            Ok(view) if new && !same_words(&view.content, &content) => {
                self.keeping.try_set(Keeping::Conflict(Box::new(view)));
            }
            Ok(view) => {
                self.keeping.try_set(Keeping::Saved(view.saved_at));
                self.kept.try_set_value(content.clone());
                self.seen.try_set(Some(view));
                if self.content() != content {
                    self.save_later();
                }
            }
            Err(error) if error.code() == Some(Code::StaleVersion) => self.ask_for_other().await,
            Err(error) if error.code() == Some(Code::NotFound) => {
                // It was sent or thrown away elsewhere. What is typed here becomes a draft of its own.
                self.begin_anew();
                self.keeping.try_set(Keeping::Failed);
                self.save_later();
            }
            Err(error) if error.code() == Some(Code::IdempotencyKeyReused) => {
                // The first try was heard, but its answer was lost and more was typed since.
                self.key.try_set_value(Uuid::new_v4());
                self.keeping.try_set(Keeping::Failed);
                self.save_later();
            }
            Err(error) if !error.fields().is_empty() => {
                self.keeping.try_set(Keeping::Refused);
            }
            Err(_) => {
                self.keeping.try_set(Keeping::Failed);
                self.save_later();
            }
        }
    }

    fn begin_anew(self) {
        self.seen.try_set(None);
        self.kept.try_set_value(DraftText::default());
        self.key.try_set_value(Uuid::new_v4());
    }

    async fn ask_for_other(self) {
        let Some(id) = self.seen.try_get_untracked().flatten().map(|seen| seen.id) else { return };
        let patient = self.patient;
        match ask(async |portal| portal.draft(patient, id).await).await {
            Ok(other) => {
                self.keeping.try_set(Keeping::Conflict(Box::new(other)));
            }
            Err(error) => {
                if error.code() == Some(Code::NotFound) {
                    self.begin_anew();
                }
                self.keeping.try_set(Keeping::Failed);
                self.save_later();
            }
        }
    }

    /// The page goes away before a conflict was decided: the draft then holds what both pages wrote, one below the
    /// other, and nothing is lost.
    fn keep_both(self) {
        let Keeping::Conflict(other) = self.keeping.get_untracked() else { return };
        let (mine, patient) = (self.content(), self.patient);
        if self.over.get_value() || other.content.text.contains(mine.text.trim()) {
            return;
        }
        let text = format!("{}\n\n{}", other.content.text.trim_end(), mine.text);
        let both = DraftText { text, ..other.content.clone() };
        go_on(async move {
            // Nobody is there any more to be told.
            let _ = ask(async |portal| portal.save_draft(patient, &other, &both).await).await;
        });
    }

    /// Ends a conflict: with what is typed here, or with what the other page saved.
    fn decide(self, mine: bool) {
        let Keeping::Conflict(other) = self.keeping.get_untracked() else { return };
        self.kept.set_value(other.content.clone());
        self.keeping.set(Keeping::Saved(other.saved_at));
        if !mine {
            self.team.set(other.content.team_id.map(|team| team.to_string()).unwrap_or_default());
            self.subject.set(other.content.subject.clone());
            self.text.set(other.content.text.clone());
        }
        self.seen.set(Some(*other));
        self.save();
    }

    /// Checks, keeps and sends; `done` gets the thread as the patient sees it.
    pub fn send(self, form: Form, done: Callback<ThreadView>) {
        if form.busy() {
            return;
        }
        if self.saving.get_value() {
            self.next.set_value(Some(Box::new(move || self.send(form, done))));
            return;
        }
        if self.uploads.get_value() > 0 {
            return form.say(t("files.wait"));
        }
        let content = self.content();
        if let Err(problem) = Sending::check(content.clone(), !self.files_now().is_empty()) {
            return form.refuse(problem.errors);
        }
        if matches!(self.keeping.get_untracked(), Keeping::Conflict(_)) {
            return form.refuse_at("draft", Code::StaleVersion);
        }
        self.stop_timer();
        let unsaved = self.unsaved();
        let (seen, patient, key) = (self.seen.get_untracked(), self.patient, form.key());
        let new = seen.is_none();
        self.saving.set_value(true);
        form.send_or(
            async move {
                let seen = match unsaved {
                    Some(work) => {
                        let view = work.await?;
                        if new && !same_words(&view.content, &content) {
                            self.settle(Ok(view), content, true).await;
                            return Err(stale());
                        }
                        // A second try sends the draft that the first one kept.
                        self.kept.try_set_value(content);
                        self.seen.try_set(Some(view.clone()));
                        Some(view)
                    }
                    None => seen,
                };
                let Some(seen) = seen else { return Err(stale()) };
                ask(async |portal| portal.send_draft(patient, &seen, key).await).await
            },
            move |thread| {
                self.saving.set_value(false);
                self.over.set_value(true);
                done.run(thread);
            },
            move |error| {
                self.saving.try_set_value(false);
                if error.code() == Some(Code::IdempotencyKeyReused) {
                    self.key.try_set_value(Uuid::new_v4());
                }
                if error.code() == Some(Code::StaleVersion)
                    && !matches!(self.keeping.get_untracked(), Keeping::Conflict(_))
                {
                    go_on(self.ask_for_other());
                }
            },
        );
    }

    /// Throws it away.
    pub fn discard(self, form: Form, done: Callback<()>) {
        self.stop_timer();
        if self.saving.get_value() {
            self.next.set_value(Some(Box::new(move || self.discard(form, done))));
            return;
        }
        let (patient, seen) = (self.patient, self.seen.get_untracked());
        form.send(
            async move {
                match seen {
                    Some(seen) => ask(async |portal| portal.delete_draft(patient, seen.id).await).await,
                    None => Ok(()),
                }
            },
            move |()| {
                self.over.set_value(true);
                done.run(());
            },
        );
    }
}

fn stale() -> ApiError {
    ApiError::Problem(Box::new(Problem::new(Code::StaleVersion)))
}

/// Whether two drafts say the same: the server takes control characters out.
fn same_words(one: &DraftText, other: &DraftText) -> bool {
    let words = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    words(&one.text) == words(&other.text) && words(&one.subject) == words(&other.subject)
}
