//! The words of the audit trail (AUD-1).

use crate::words::words;

words! {
    /// What kind of actor did it.
    ActorKind {
        /// A patient's account.
        Patient = "patient",
        /// A member of staff.
        Staff = "staff",
        /// An integrator.
        Client = "client",
        /// Somebody not signed in (a failed sign-in, an enrolment).
        Nobody = "nobody",
        /// The command line, run by the operator of the server.
        Operator = "operator",
        /// A policy of the practice, carried out by the portal itself (LAB-2).
        Policy = "policy",
    }
}

words! {
    /// How it ended.
    Outcome {
        /// It was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
    }
}
