//! What goes wrong inside the server, and how it is told outside: always problem+json, never a cause.

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use diesel::result::Error as DbError;
use portal_domain::{
    access::Denied,
    problem::{Code, Problem},
};

use crate::platform::db;

/// An error of the server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A "no" that the caller may know about.
    #[error(transparent)]
    Problem(#[from] Box<Problem>),
    /// The access decision said no.
    #[error("refused: {0}")]
    Denied(#[from] Denied),
    /// The database said something unexpected.
    #[error("database: {0}")]
    Database(#[from] DbError),
    /// The database or a queue before it can't take more just now.
    #[error("busy")]
    Unavailable,
    /// Too many tries; come back after so many seconds.
    #[error("too many tries")]
    TooManyRequests {
        /// For `Retry-After`.
        retry_after_seconds: i64,
    },
    /// Everything that should not happen; the cause goes to the log only.
    #[error("internal: {0}")]
    Internal(String),
}

/// The server's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Something that should not happen, with its cause for the log.
    pub fn internal(why: impl std::fmt::Display) -> Self {
        Self::Internal(why.to_string())
    }

    /// The problem that the caller is told.
    pub fn to_problem(&self) -> Problem {
        match self {
            Self::Problem(problem) => (**problem).clone(),
            Self::Denied(Denied::OutOfReach | Denied::NotGranted(_)) | Self::Database(DbError::NotFound) => {
                Code::NotFound.into()
            }
            Self::Denied(Denied::NeedsRole(roles)) => {
                let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
                let detail = if roles.is_empty() {
                    "No role of the practice may do this.".into()
                } else {
                    format!("This needs one of the roles: {}.", roles.join(", "))
                };
                Problem::new(Code::RoleRequired).detail(detail)
            }
            Self::Denied(Denied::OtherLocation | Denied::Restricted) => Code::EmergencyAccessRequired.into(),
            Self::Denied(Denied::NeedsScope(scope)) => {
                Problem::new(Code::ScopeRequired).detail(format!("This needs the scope {scope}."))
            }
            Self::Unavailable => Code::Unavailable.into(),
            Self::Database(why) if db::is_outage(why) => Code::Unavailable.into(),
            Self::TooManyRequests { retry_after_seconds } => Problem::new(Code::TooManyRequests)
                .detail(format!("Try again in {retry_after_seconds} seconds.")),
            Self::Database(_) | Self::Internal(_) => Code::Internal.into(),
        }
    }

    fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooManyRequests { retry_after_seconds } => Some(*retry_after_seconds),
            _ => match self.to_problem().code {
                Code::Unavailable => Some(1),
                // A scanner that is away comes back when somebody starts it.
                Code::ScanUnavailable => Some(60),
                _ => None,
            },
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Problem::from(code).into()
    }
}

macro_rules! internal {
    ($($cause:ty),+ $(,)?) => {$(
        impl From<$cause> for Error {
            fn from(why: $cause) -> Self {
                Self::internal(why)
            }
        }
    )+};
}
internal!(
    std::io::Error,
    diesel::ConnectionError,
    diesel::r2d2::Error,
    serde_json::Error,
    portal_domain::time::NotATime
);

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.to_problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let problem = Problem { request_id: crate::platform::request_id::current(), ..self.to_problem() };
        if matches!(self, Self::Unavailable) {
            // Whoever is out of reach was named where that was found; a queue that is full is no failure.
            tracing::debug!(request_id = ?problem.request_id, "a request was told to come back");
        } else if problem.status >= 500 {
            tracing::error!(error = %self, request_id = ?problem.request_id, "a request failed");
        }
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        if problem.status == 401 {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = self.retry_after() {
            answer.insert_header((header::RETRY_AFTER, seconds.max(1).to_string()));
        }
        answer.content_type("application/problem+json").body(serde_json::to_vec(&problem).unwrap_or_default())
    }
}
