//! The portal's API as the pages call it: the only file that knows the client crate.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Rc,
};

use portal_client::{Error, Portal};
use portal_domain::problem::{Code, FieldError, Problem};

pub use portal_client::{
    TRANSMISSION_DOWNLOAD_PATH, access_table_path, acknowledgements_path, attachment_path, audit_table_path,
    calendar_path, daily_close_path, document_file_path, education_file_path, events_path,
    health_record_file_path, outside_record_file_path, receipt_pdf_path, receivables_path,
    statement_pdf_path, upload_path, year_pdf_path,
};

/// What can go wrong with a call, as far as a page tells it apart.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// No answer: offline, or the server is away. A write may or may not have been carried out.
    Network,
    /// The portal said no, and why.
    Problem(Box<Problem>),
    /// An answer that this page does not understand: it is older or newer than the server.
    Decode,
    /// Nobody is signed in any more.
    SignedOut,
    /// The person was asked to confirm who they are (SEC-5) and did not. Nothing was done.
    Unconfirmed,
}

impl ApiError {
    /// The problem's code, when the portal gave one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// Whether the server said no for good: what was asked was not done, and is not under way.
    pub fn is_decided(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.code.status() < 500,
            Self::Network | Self::Decode => false,
            Self::SignedOut | Self::Unconfirmed => true,
        }
    }

    /// The fields at fault; empty when it is not about fields.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Problem(problem) => &problem.errors,
            _ => &[],
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Network(_) => Self::Network,
            Error::Problem(problem) if problem.code == Code::SignInRequired => Self::SignedOut,
            Error::Problem(problem) => Self::Problem(problem),
            Error::Decode(_) => Self::Decode,
        }
    }
}

/// What an answer says about the session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heard {
    /// The server answered: the session, if there is one, was just used.
    Answer,
    /// The server knows of no session.
    SignedOut,
    /// The account has something to do before anything else.
    Duty,
}

type Listener = Rc<dyn Fn(Heard)>;
type Confirm = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = bool>>>>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
    static CONFIRM: RefCell<Option<Confirm>> = const { RefCell::new(None) };
    /// When a person last did something here, in milliseconds since 1970; 0 before the first time.
    static ATTENDED: Cell<f64> = const { Cell::new(0.0) };
    /// How many calls were begun so far.
    static BEGUN: Cell<u32> = const { Cell::new(0) };
    /// How many of them wait for their answer.
    static UNDER_WAY: Cell<u32> = const { Cell::new(0) };
    /// Whether an answer said that nobody is signed in, and the listener was not told yet.
    static DOUBT: Cell<bool> = const { Cell::new(false) };
}

/// A call that waits for its answer.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        BEGUN.set(BEGUN.get() + 1);
        UNDER_WAY.set(UNDER_WAY.get() + 1);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.set(UNDER_WAY.get() - 1);
        settle();
    }
}

/// Has the listener told, once nothing is under way, that nobody may be signed in. A call that is may be the very one that
/// changes the session, and whose answer brings the new cookie.
pub fn doubt() {
    DOUBT.set(true);
    settle();
}

fn settle() {
    if UNDER_WAY.get() == 0 && DOUBT.take() {
        hear(Heard::SignedOut);
    }
}

/// Whether one call is the only one between its question and its answer; otherwise another may have changed the session
/// that it asked about.
pub struct Alone(bool, u32);

impl Alone {
    /// Before the question.
    pub fn from_now() -> Self {
        Self(UNDER_WAY.get() == 0, BEGUN.get() + 1)
    }

    /// After the answer.
    pub fn was(&self) -> bool {
        self.0 && BEGUN.get() == self.1
    }
}

/// A page that asks longer than this after a person did something asks by itself, in milliseconds.
const ATTENDED_FOR: f64 = 60_000.0;

/// Notes that a person did something here just now.
pub fn attend() {
    ATTENDED.set(js_sys::Date::now());
}

/// Whether no person had a part in what the page asks now: then it keeps no session alive (SEC-3).
fn is_unattended() -> bool {
    let attended = ATTENDED.get();
    attended > 0.0 && js_sys::Date::now() - attended > ATTENDED_FOR
}

/// Has `listener` told of every answer.
pub fn listen(listener: impl Fn(Heard) + 'static) {
    LISTENER.set(Some(Rc::new(listener)));
}

/// Has `confirm` ask the person for the password or a passkey whenever an operation wants one just given (SEC-5). It
/// answers whether that was done.
pub fn confirm_by(confirm: impl Fn() -> Pin<Box<dyn Future<Output = bool>>> + 'static) {
    CONFIRM.set(Some(Rc::new(confirm)));
}

/// Asks the portal: `ask(async |portal| portal.practice().await)`. When the portal first wants to know that it is still
/// the owner, the person is asked and the call is repeated.
pub async fn ask<T>(call: impl AsyncFn(&Portal) -> portal_client::Result<T>) -> Result<T, ApiError> {
    let portal = Portal::at("");
    loop {
        let unattended = is_unattended();
        let asking = if unattended { portal.unattended() } else { portal.clone() };
        let under_way = UnderWay::begin();
        let answer = call(&asking).await.map_err(ApiError::from);
        let error = answer.as_ref().err();
        if !unattended || error.is_some() {
            tell(error);
        }
        drop(under_way);
        if error.and_then(ApiError::code) != Some(Code::ProofRequired) {
            return answer;
        }
        if !confirmed().await {
            return Err(ApiError::Unconfirmed);
        }
    }
}

/// Asks the person, and whether that was done; nobody can be asked where [`confirm_by`] was not called.
pub async fn confirmed() -> bool {
    match CONFIRM.with_borrow(Clone::clone) {
        Some(confirm) => confirm().await,
        None => false,
    }
}

fn tell(error: Option<&ApiError>) {
    match error {
        Some(ApiError::SignedOut) => DOUBT.set(true),
        Some(ApiError::Network) => {}
        Some(error) if matches!(error.code(), Some(Code::TermsChanged | Code::SecondStepRequired)) => {
            hear(Heard::Duty);
        }
        _ => hear(Heard::Answer),
    }
}

fn hear(heard: Heard) {
    if let Some(listener) = LISTENER.with_borrow(Clone::clone) {
        listener(heard);
    }
}
