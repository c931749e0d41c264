//! Who is signed in, known to every page, and when the session ends.
//!
//! The server decides; this keeps the page in step with it. Each answer moves the end, tabs tell each other, and the
//! clock rules: after sleep the first tick ends what should have ended. What this does not know: how pages look.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use portal_domain::{
    access::{Action, Category, Role, Who, may},
    accounts::{Duty, SessionView},
    ids::PatientId,
    patients::PatientSummary,
};
use wasm_bindgen::{JsCast, prelude::Closure};

use crate::{
    acting,
    api::{self, ApiError, Heard, ask},
    kept,
};

/// The warning stands this many seconds before the end (SEC-3); half the time where the practice allows little.
pub const WARNING_SECONDS: u32 = 120;
/// A person who types without calling the server keeps the session alive this often, in milliseconds.
const KEEP_ALIVE: f64 = 60_000.0;
const CHANNEL: &str = "portal-session";

/// What is known of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Not asked yet.
    Unknown,
    /// The server could not be asked.
    Unreachable(ApiError),
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn(Box<SessionView>),
}

/// Which side of the portal the signed-in account uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    /// Not known yet.
    Unknown,
    /// The server could not be asked.
    Unreachable,
    /// Nobody is signed in.
    Nobody,
    /// A patient.
    Patient,
    /// A member of staff.
    Staff,
}

/// How the last session ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ended {
    /// The person signed out.
    Asked,
    /// It ran out.
    Idle,
}

/// The session, by context.
#[derive(Clone, Copy)]
pub struct Session {
    standing: RwSignal<Standing>,
    side: Memo<Side>,
    duty: Memo<Option<Duty>>,
    /// Who it is for whom the page acts.
    subject: StoredValue<Option<PatientSummary>>,
    /// Seconds left, once there are few.
    left: RwSignal<Option<u32>>,
    ended: RwSignal<Option<Ended>>,
    /// When the session ends, by this device's clock, in milliseconds since 1970.
    ends: StoredValue<f64>,
    /// When the server was last asked.
    used: StoredValue<f64>,
    channel: StoredValue<Option<web_sys::BroadcastChannel>, LocalStorage>,
}

fn side_of(standing: &Standing) -> Side {
    match standing {
        Standing::Unknown => Side::Unknown,
        Standing::Unreachable(_) => Side::Unreachable,
        Standing::SignedOut => Side::Nobody,
        Standing::SignedIn(view) if view.is_staff() => Side::Staff,
        Standing::SignedIn(_) => Side::Patient,
    }
}

fn clock() -> f64 {
    js_sys::Date::now()
}

impl Session {
    /// Asks the server who is signed in and begins to watch the clock. Once, above the router.
    pub fn start() -> Self {
        let standing = RwSignal::new(Standing::Unknown);
        let session = Self {
            standing,
            side: Memo::new(move |_| standing.with(side_of)),
            duty: Memo::new(move |_| match &*standing.read() {
                Standing::SignedIn(view) => view.duties.first().copied(),
                _ => None,
            }),
            subject: StoredValue::new(None),
            left: RwSignal::new(None),
            ended: RwSignal::new(None),
            ends: StoredValue::new(f64::INFINITY),
            used: StoredValue::new(0.0),
            channel: StoredValue::new_local(web_sys::BroadcastChannel::new(CHANNEL).ok()),
        };
        session.hear_other_tabs();
        api::listen(move |heard| match heard {
            Heard::Answer => session.was_used(),
            // An answer to a question of before the last change of the session says nothing about the present one.
            Heard::SignedOut | Heard::Duty => session.ask_again(),
        });
        // A timer that can't be set would only mean no warning; the server still ends the session.
        let _ = set_interval_with_handle(move || session.tick(), Duration::from_secs(1));
        // A page that was just opened was opened by somebody.
        api::attend();
        for event in ["keydown", "pointerdown", "click"] {
            window_event_listener_untyped(event, move |_| {
                api::attend();
                session.keep_alive();
            });
        }
        window_event_listener_untyped("visibilitychange", move |_| session.tick());
        // A page out of the browser's back-forward cache may show what ended long ago.
        window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                let _ = window().location().reload();
            }
        });
        session.ask_again();
        session
    }

    /// The session that [`Session::start`] made.
    pub fn here() -> Self {
        expect_context()
    }

    /// What is known.
    pub fn standing(self) -> Standing {
        self.standing.get()
    }

    /// Which side of the portal is shown.
    pub fn side(self) -> Side {
        self.side.get()
    }

    /// What the account must do before anything else.
    pub fn duty(self) -> Option<Duty> {
        self.duty.get()
    }

    /// Something of the signed-in account; none when nobody is signed in. Not tracked: a frame and its pages are built
    /// for one account and go away with it.
    pub fn read<T>(self, what: impl FnOnce(&SessionView) -> T) -> Option<T> {
        self.standing.with_untracked(|standing| match standing {
            Standing::SignedIn(view) => Some(what(view)),
            _ => None,
        })
    }

    /// The patient whose pages these are: the one for whom the page acts, or else the signed-in one.
    pub fn patient(self) -> Option<PatientId> {
        acting::whom().or_else(|| self.own())
    }

    /// The signed-in patient, for whomever the page acts.
    pub fn own(self) -> Option<PatientId> {
        self.read(SessionView::patient_id).flatten()
    }

    /// Who the patient is whose pages these are.
    pub fn subject(self) -> Option<PatientSummary> {
        match acting::whom() {
            Some(_) => self.subject.get_value(),
            None => self.read(|view| view.patient.clone()).flatten(),
        }
    }

    /// Keeps who it is for whom the page acts. The frame does, before any page stands.
    pub fn act_for(self, subject: PatientSummary) {
        self.subject.set_value(Some(subject));
    }

    /// Whether the signed-in member of staff may do this with patients in general. The server decides again.
    pub fn may(self, action: Action, category: Category) -> bool {
        let roles: Vec<Role> = self.read(|view| view.roles.clone()).unwrap_or_default();
        may(&Who::Staff(roles), action, category, None).is_ok()
    }

    /// Seconds left, while the warning stands.
    pub fn left(self) -> Option<u32> {
        self.left.get()
    }

    /// How the last session ended in this page's life.
    pub fn ended(self) -> Option<Ended> {
        self.ended.get()
    }

    /// Asks the server who is signed in. Also what "Stay signed in" does: asking is using.
    pub fn ask_again(self) {
        spawn_local(async move {
            let alone = api::Alone::from_now();
            match ask(async |portal| portal.session().await).await {
                Ok(current) => match current.session {
                    Some(view) => self.take(view),
                    None if !matches!(self.standing.get_untracked(), Standing::SignedIn(_)) => {
                        self.standing.set(Standing::SignedOut);
                    }
                    None if alone.was() => self.end(Ended::Idle),
                    // It may have gone out with the old cookie while another call brought the new one.
                    None => api::doubt(),
                },
                // Whoever is signed in stays so for now; a first visit has to know.
                Err(error) if !matches!(self.standing.get_untracked(), Standing::SignedIn(_)) => {
                    self.standing.set(Standing::Unreachable(error));
                }
                Err(_) => {}
            }
        });
    }

    /// Takes over the session of a sign-in or an enrolment.
    pub fn begin(self, view: SessionView) {
        let account = view.account_id;
        self.ended.set(None);
        self.take(view);
        self.tell(&format!("in {account}"));
    }

    /// Takes over the session as the server tells it now: later end, other duties, a new proof. The pages stay.
    pub fn take(self, view: SessionView) {
        if self.read(|known| known.account_id != view.account_id).unwrap_or(false) {
            // The cookie is another account's now: nothing of the old one may stay on this page.
            kept::forget();
            let _ = window().location().reload();
            return;
        }
        let milliseconds = view.ends_at.since(view.now).num_milliseconds() as f64;
        kept::begin(view.account_id);
        self.used.set_value(clock());
        self.move_end(clock() + milliseconds);
        self.standing.set(Standing::SignedIn(Box::new(view)));
    }

    /// Signs out here, on the server and in every tab.
    pub fn sign_out(self) {
        self.tell("out");
        spawn_local(async move {
            let done = ask(async |portal| portal.sign_out().await).await;
            // Offline: the cookie stays, so say so rather than pretend.
            if matches!(done, Err(ApiError::Network)) {
                self.standing.set(Standing::Unreachable(ApiError::Network));
            } else {
                self.wipe(Ended::Asked);
            }
        });
    }

    fn end(self, how: Ended) {
        if matches!(self.standing.get_untracked(), Standing::SignedIn(_)) {
            self.tell(if how == Ended::Idle { "idle" } else { "out" });
            self.wipe(how);
        }
    }

    fn wipe(self, how: Ended) {
        match self.read(|view| view.account_id).filter(|_| how == Ended::Idle) {
            Some(account) => kept::ran_out(account),
            None => kept::forget(),
        }
        self.ends.set_value(f64::INFINITY);
        self.left.set(None);
        self.ended.set(Some(how));
        self.standing.set(Standing::SignedOut);
    }

    fn was_used(self) {
        let Some(seconds) = self.idle_seconds() else { return };
        let now = clock();
        self.used.set_value(now);
        self.move_end(now + seconds * 1000.0);
        self.tell(&format!("until {}", self.ends.get_value() as i64));
    }

    fn idle_seconds(self) -> Option<f64> {
        self.read(|view| view.idle_seconds as f64)
    }

    fn move_end(self, ends: f64) {
        self.ends.set_value(ends);
        if self.left.get_untracked().is_some() {
            self.left.set(None);
        }
    }

    fn keep_alive(self) {
        let warned = self.left.get_untracked().is_some();
        let signed_in = matches!(self.standing.get_untracked(), Standing::SignedIn(_));
        if signed_in && !warned && clock() - self.used.get_value() > KEEP_ALIVE {
            self.used.set_value(clock());
            self.ask_again();
        }
    }

    fn tick(self) {
        if !matches!(self.standing.get_untracked(), Standing::SignedIn(_)) {
            return;
        }
        let left = ((self.ends.get_value() - clock()) / 1000.0).ceil();
        if left <= 0.0 {
            spawn_local(async move {
                let _ = ask(async |portal| portal.sign_out().await).await;
            });
            self.end(Ended::Idle);
        } else {
            let early = self.idle_seconds().unwrap_or(f64::INFINITY) / 2.0;
            let warning = (left <= early.min(f64::from(WARNING_SECONDS))).then_some(left as u32);
            if self.left.get_untracked() != warning {
                self.left.set(warning);
            }
        }
    }

    fn tell(self, message: &str) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                // Other tabs then learn it from the server.
                let _ = channel.post_message(&message.into());
            }
        });
    }

    fn hear_other_tabs(self) {
        let hear = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let message = event.data().as_string().unwrap_or_default();
            let (what, rest) = message.split_once(' ').unwrap_or((message.as_str(), ""));
            let account = self.read(|view| view.account_id.to_string());
            match (what, account) {
                ("until", Some(_)) => {
                    if let Ok(ends) = rest.parse::<i64>() {
                        self.move_end(ends as f64);
                    }
                }
                ("out", Some(_)) => self.wipe(Ended::Asked),
                ("out", None) => kept::forget(),
                ("idle", Some(_)) => self.wipe(Ended::Idle),
                // Somebody signed in: here as well, or in place of whoever was here.
                ("in", account) if account.as_deref() != Some(rest) => self.ask_again(),
                _ => {}
            }
        });
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
            }
        });
        hear.forget();
    }
}
