//! Who may do what with whose data: one pure decision that every handler asks (ADM-2).

mod proxy;
mod staff;

use crate::{ids::PatientId, proposals::ProposalSubject, words::words};

pub(crate) use proxy::check_shares;
pub use proxy::{
    AGE_POLICY_BANDS, AgeBand, AgePolicy, AgePreset, Basis, Depth, Level, NoAccess, ProxyGrant, Reach,
    SHAREABLE, Share, Subject, may_for,
};
pub use staff::{Circle, EMERGENCY_LASTS, Leave, Nearness, may_near};

words! {
    /// What a member of staff works as; an account holds one or more.
    Role {
        /// Appointments, enrolment, the registry.
        FrontDesk = "front_desk",
        /// Clinical work beside a provider.
        Nurse = "nurse",
        /// Orders, sees and releases.
        Provider = "provider",
        /// Balances and payments.
        Billing = "billing",
        /// The health record and its import.
        Records = "records",
        /// The practice's settings and people.
        Admin = "admin",
        /// Watches over access.
        PrivacyOfficer = "privacy_officer",
    }
}

words! {
    /// What an integrator's access token is good for.
    Scope {
        /// Load FHIR bundles into the chart (API-3).
        ChartsWrite = "charts:write",
        /// Post charges and what insurers decided (PAY-1).
        BillingWrite = "billing:write",
    }
}

words! {
    /// What is done.
    Action {
        /// Look at it.
        View = "view",
        /// What a patient does with the own things: request, recall, accept, mark as read.
        Act = "act",
        /// What staff decide: about a request (approve, deny, propose, cancel), or to hold a result back.
        Decide = "decide",
        /// Make a result visible to the patient (LAB-1).
        Release = "release",
        /// Hand out a credential (ENR-1).
        Issue = "issue",
        /// Take it out of the portal: a calendar file, a record.
        Export = "export",
        /// Send it to somebody outside the portal.
        Transmit = "transmit",
        /// Load it from another system (API-3).
        Import = "import",
        /// Begin a session.
        SignIn = "sign_in",
        /// End a session.
        SignOut = "sign_out",
        /// Make an account from a token.
        Enrol = "enrol",
        /// Change a setting of the practice or an account of its staff (AUD-3).
        Change = "change",
    }
}

words! {
    /// What kind of data it is done with.
    Category {
        /// Name, date of birth, contact data.
        Demographics = "demographics",
        /// Tokens and the state of enrolment.
        Enrolment = "enrolment",
        /// Accounts and sessions.
        Account = "account",
        /// Laboratory results.
        Results = "results",
        /// Problems and diagnoses.
        Conditions = "conditions",
        /// Requests and appointments.
        Appointments = "appointments",
        /// Inbox and sent items.
        Mail = "mail",
        /// Whole charts, as they are imported and as they are taken away (PHR-1).
        Chart = "chart",
        /// The accounts of staff.
        Staff = "staff",
        /// Threads, drafts and files between patients and care teams.
        Messages = "messages",
        /// The practice's settings and policies.
        Settings = "settings",
        /// The practice's important notices, and who acknowledged them (NOT-1).
        Notices = "notices",
        /// The education library itself, which is about no patient (EDU-1).
        Library = "library",
        /// The medication list, and requests for refills and renewals (MED-2).
        Medications = "medications",
        /// Visit summaries, letters and the like that staff attach to a chart (PHR-6).
        Documents = "documents",
        /// Records that a patient brought from other clinics.
        OutsideRecords = "outside_records",
        /// What patients ask the chart to become (MED-1).
        Proposals = "proposals",
        /// Requests to correct the record (PHR-6).
        Amendments = "amendments",
        /// Requests not to share or use something of the record, and what was agreed (45 CFR 164.522(a)).
        Restrictions = "restrictions",
        /// What of the library was assigned to a patient, and whether it was read.
        Education = "education",
        /// Who looked at records and what was done: the audit trail itself.
        Audit = "audit",
        /// Who may act for whom (PRX-1).
        Proxies = "proxies",
        /// Records that were opened in an emergency (ADM-6).
        EmergencyAccess = "emergency_access",
        /// What is kept from whoever acts for the patient (PRX-4).
        Sensitivity = "sensitivity",
        /// Records that are restricted to named staff, and to whom (ADM-6).
        RestrictedAccess = "restricted_access",
        /// What is owed and what was paid (PAY-1).
        Billing = "billing",
        /// What the practice is owed in all, in sums that are about nobody (PAY-4).
        Receivables = "receivables",
    }
}

/// What the decision needs to know of the one who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A patient's own account.
    Patient(PatientId),
    /// A member of staff with these roles.
    Staff(Vec<Role>),
    /// An integrator with these scopes.
    Client(Vec<Scope>),
}

/// Why an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The subject is outside the actor's reach: answered like something that does not exist.
    #[error("outside the actor's reach")]
    OutOfReach,
    /// The actor may do something for the subject, or once did, but not this: answered like the above.
    #[error("not granted: {0}")]
    NotGranted(NoAccess),
    /// The patient belongs to other locations, and no emergency access holds (ADM-6).
    #[error("the patient belongs to other locations")]
    OtherLocation,
    /// The record is restricted to named staff, of whom the actor is none, and no emergency access holds (ADM-6).
    #[error("the record is restricted to named staff")]
    Restricted,
    /// One of these roles is needed; empty when no role helps.
    #[error("needs a role")]
    NeedsRole(&'static [Role]),
    /// This scope is needed.
    #[error("needs a scope")]
    NeedsScope(Scope),
}

/// The roles that may do `action` with `category` of any patient. Empty: no member of staff may.
pub const fn roles_for(action: Action, category: Category) -> &'static [Role] {
    use {Action as A, Category as C, Role as R};
    match (action, category) {
        (A::View, C::Demographics) => {
            &[R::FrontDesk, R::Nurse, R::Provider, R::Billing, R::Records, R::Admin, R::PrivacyOfficer]
        }
        (A::View | A::Issue, C::Enrolment) => &[R::FrontDesk, R::Records, R::Admin],
        // A patient's account: a reset token, an unlock, a lost second step (SEC-2, SEC-4, SEC-6).
        (A::Issue | A::Decide, C::Account) => &[R::FrontDesk, R::Records, R::Admin],
        // The own account.
        (A::View | A::Act, C::Account) => R::ALL,
        (A::View | A::Change, C::Staff | C::Settings) => &[R::Admin],
        (A::View, C::Appointments) => &[R::FrontDesk, R::Nurse, R::Provider, R::Admin],
        (A::Decide, C::Appointments) => &[R::FrontDesk, R::Admin],
        (A::View, C::Results | C::Conditions) => &[R::Provider, R::Nurse],
        (A::View | A::Decide, C::Medications) => &[R::Nurse, R::Provider],
        // Front desk of contact data and insurance only: [`may_answer`].
        (A::View | A::Decide, C::Proposals) => &[R::FrontDesk, R::Nurse, R::Provider],
        (A::Release | A::Decide, C::Results) => &[R::Provider],
        (A::View, C::OutsideRecords) => &[R::Nurse, R::Provider, R::Records],
        // What of it becomes part of the chart is a clinician's to say.
        (A::Decide, C::OutsideRecords) => &[R::Nurse, R::Provider],
        (A::View | A::Change | A::Release, C::Documents) => &[R::Nurse, R::Provider, R::Records],
        // Whoever may work in some team's queue; which team's is told by its members (MSG-7).
        (A::View | A::Act, C::Messages) => {
            &[R::FrontDesk, R::Nurse, R::Provider, R::Billing, R::Records, R::Admin]
        }
        (A::View | A::Change | A::Export, C::Notices) => &[R::FrontDesk, R::Nurse, R::Provider, R::Admin],
        (A::View, C::Library) => R::ALL,
        (A::Change, C::Library) | (A::View | A::Change, C::Education) => &[R::Nurse, R::Provider, R::Admin],
        (A::View | A::Decide, C::Amendments) => &[R::Provider, R::Records],
        // What was agreed binds everybody; what is asked is told to who answers.
        (A::View, C::Restrictions) => R::ALL,
        (A::Decide, C::Restrictions) => &[R::Records, R::PrivacyOfficer],
        (A::Import, C::Chart) => &[R::Records, R::Admin],
        // Who is watched does not watch: administrators are in the trail like everybody else.
        (A::View | A::Export, C::Audit) => &[R::PrivacyOfficer],
        // Which records are restricted is told to nobody whom it does not concern.
        (A::View | A::Change, C::RestrictedAccess) => &[R::PrivacyOfficer],
        // What is kept back is told by its name: by whoever sees such things anyhow.
        (A::View, C::Sensitivity) => &[R::Nurse, R::Provider],
        (A::Change, C::Sensitivity) => &[R::Provider],
        // How one stands to a patient, and an emergency: what it then opens is the role's to say.
        (A::View | A::Act, C::EmergencyAccess) => R::ALL,
        (A::View | A::Change | A::Import | A::Export, C::Billing) => &[R::Billing],
        // The second person of a write-off (PAY-4).
        (A::Decide, C::Billing) => &[R::Billing, R::Admin],
        (A::View | A::Export, C::Receivables) => &[R::Billing, R::Admin],
        (A::View | A::Change | A::Decide, C::Proxies) => &[R::FrontDesk, R::Records, R::Admin],
        _ => &[],
    }
}

/// Whether a patient may do `action` with `category` of the own chart.
const fn own(action: Action, category: Category) -> bool {
    use {Action as A, Category as C};
    matches!(
        (action, category),
        (
            A::View,
            C::Demographics
                | C::Results
                | C::Appointments
                | C::Mail
                | C::Messages
                | C::Account
                | C::Notices
                | C::Education
                | C::Documents
                | C::OutsideRecords
                | C::Medications
                | C::Proposals
                | C::Amendments
                | C::Restrictions
                | C::Chart
                | C::Audit
                | C::Proxies
                | C::Billing
        ) | (
            A::Act,
            C::Appointments
                | C::Mail
                | C::Messages
                | C::Account
                | C::Notices
                | C::Education
                | C::Documents
                | C::OutsideRecords
                | C::Medications
                | C::Proposals
                | C::Amendments
                | C::Restrictions
                | C::Chart
                | C::Proxies
                | C::Billing
        ) | (A::Change, C::Proxies)
            | (A::Export, C::Appointments | C::Chart | C::Audit)
            | (A::Transmit, C::Chart)
    )
}

/// Decides whether `who` may do `action` with the `category` of this patient's data. What a patient may do with somebody
/// else's is [`may_for`]'s to say.
/// `subject` is none for acts over the whole practice (a queue, a search, an import).
pub fn may(who: &Who, action: Action, category: Category, subject: Option<PatientId>) -> Result<(), Denied> {
    match (who, subject) {
        (Who::Patient(own_id), Some(subject)) if *own_id != subject => Err(Denied::OutOfReach),
        (Who::Patient(_), Some(_)) if own(action, category) => Ok(()),
        // The library is about no patient, and everybody who is signed in reads it.
        (Who::Patient(_), None) if (action, category) == (Action::View, Category::Library) => Ok(()),
        (Who::Patient(_), _) => Err(Denied::NeedsRole(roles_for(action, category))),
        (Who::Staff(roles), _) => {
            let needed = roles_for(action, category);
            if roles.iter().any(|role| needed.contains(role)) {
                Ok(())
            } else {
                Err(Denied::NeedsRole(needed))
            }
        }
        (Who::Client(scopes), None) if (action, category) == (Action::Import, Category::Billing) => {
            let scope = Scope::BillingWrite;
            if scopes.contains(&scope) { Ok(()) } else { Err(Denied::NeedsScope(scope)) }
        }
        (Who::Client(scopes), _) if (action, category) == (Action::Import, Category::Chart) => {
            let scope = Scope::ChartsWrite;
            if scopes.contains(&scope) { Ok(()) } else { Err(Denied::NeedsScope(scope)) }
        }
        (Who::Client(_), Some(_)) => Err(Denied::OutOfReach),
        (Who::Client(_), None) => Err(Denied::NeedsRole(roles_for(action, category))),
    }
}

/// The roles that see and answer what patients propose about this part of the chart. Where somebody lives and who insures
/// them is the desk's daily work; everything else is a clinician's to judge.
pub const fn roles_for_proposals(about: ProposalSubject) -> &'static [Role] {
    use {ProposalSubject as S, Role as R};
    match about {
        S::Contact | S::Insurance => &[R::FrontDesk, R::Nurse, R::Provider],
        S::Medication | S::Allergy | S::FamilyHistory | S::SocialHistory => &[R::Nurse, R::Provider],
    }
}

/// Decides whether `who`, who has leave for proposals, may see or answer one about this part of the chart. Patients see
/// their own, about every part.
pub fn may_answer(who: &Who, about: ProposalSubject) -> Result<(), Denied> {
    let Who::Staff(roles) = who else { return Ok(()) };
    let needed = roles_for_proposals(about);
    if roles.iter().any(|role| needed.contains(role)) { Ok(()) } else { Err(Denied::NeedsRole(needed)) }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};
    use uuid::Uuid;

    use super::*;

    fn patient() -> impl Strategy<Value = PatientId> {
        (0u128..3).prop_map(|n| PatientId(Uuid::from_u128(n)))
    }

    proptest! {
        #[test]
        fn a_patient_never_reaches_another_patients_data(
            own in patient(), other in patient(), action in select(Action::ALL), category in select(Category::ALL),
        ) {
            prop_assume!(own != other);
            prop_assert_eq!(may(&Who::Patient(own), action, category, Some(other)), Err(Denied::OutOfReach));
        }

        #[test]
        fn more_roles_never_mean_less(
            roles in proptest::collection::vec(select(Role::ALL), 0..4), more in select(Role::ALL),
            action in select(Action::ALL), category in select(Category::ALL), subject in patient(),
        ) {
            let few = may(&Who::Staff(roles.clone()), action, category, Some(subject));
            let mut wider = roles;
            wider.push(more);
            prop_assert!(few.is_err() || may(&Who::Staff(wider), action, category, Some(subject)).is_ok());
        }

        #[test]
        fn an_integrator_without_scopes_may_do_nothing(
            action in select(Action::ALL), category in select(Category::ALL), subject in proptest::option::of(patient()),
        ) {
            prop_assert!(may(&Who::Client(vec![]), action, category, subject).is_err());
        }
    }

    #[test]
    fn a_patient_reads_the_library_and_nothing_else_of_the_whole_practice() {
        let anna = Who::Patient(PatientId(Uuid::nil()));
        for (action, category) in Action::ALL.iter().flat_map(|a| Category::ALL.iter().map(move |c| (*a, *c)))
        {
            let is_reading = (action, category) == (Action::View, Category::Library);
            assert_eq!(may(&anna, action, category, None).is_ok(), is_reading, "{action} {category}");
        }
    }

    #[test]
    fn front_desk_answers_what_is_no_clinicians_matter_and_nothing_else() {
        for about in ProposalSubject::ALL {
            let is_desks = matches!(about, ProposalSubject::Contact | ProposalSubject::Insurance);
            for role in Role::ALL {
                let staff = Who::Staff(vec![*role]);
                let may_at_all = may(&staff, Action::Decide, Category::Proposals, None).is_ok();
                let expected = match role {
                    Role::Nurse | Role::Provider => true,
                    Role::FrontDesk => is_desks,
                    _ => false,
                };
                assert_eq!(may_at_all && may_answer(&staff, *about).is_ok(), expected, "{role} {about}");
            }
            assert!(may_answer(&Who::Patient(PatientId(Uuid::nil())), *about).is_ok());
        }
    }

    #[test]
    fn only_a_provider_releases_results() {
        let subject = Some(PatientId(Uuid::nil()));
        for role in Role::ALL {
            let may = may(&Who::Staff(vec![*role]), Action::Release, Category::Results, subject);
            assert_eq!(may.is_ok(), *role == Role::Provider, "{role}");
        }
    }
}
