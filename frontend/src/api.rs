//! The portal's API as the pages call it: the only file that knows the client crate.

use std::{cell::RefCell, rc::Rc};

use portal_client::{Error, Portal};
use portal_domain::problem::{Code, FieldError, Problem};

pub use portal_client::calendar_path;

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
}

impl ApiError {
    /// The problem's code, when the portal gave one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            _ => None,
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
}

type Listener = Rc<dyn Fn(Heard)>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Has `listener` told of every answer.
pub fn listen(listener: impl Fn(Heard) + 'static) {
    LISTENER.set(Some(Rc::new(listener)));
}

/// Asks the portal: `ask(async |portal| portal.practice().await)`.
pub async fn ask<T>(call: impl AsyncFnOnce(&Portal) -> portal_client::Result<T>) -> Result<T, ApiError> {
    let answer = call(&Portal::at("")).await.map_err(ApiError::from);
    tell(answer.as_ref().err());
    answer
}

fn tell(error: Option<&ApiError>) {
    let heard = match error {
        Some(ApiError::SignedOut) => Heard::SignedOut,
        Some(ApiError::Network) => return,
        _ => Heard::Answer,
    };
    if let Some(listener) = LISTENER.with_borrow(Clone::clone) {
        listener(heard);
    }
}
