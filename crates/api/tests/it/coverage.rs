//! Every operation of the contract: who may, what the audit trail keeps of it, and that the typed client reaches it.
//!
//! A new operation needs a row in [`TABLE`] and an arm in `client::drive`; the tests say so.

mod amendments;
mod audit;
mod billing;
mod client;
mod dependents;
mod documents;
mod education;
mod emergency;
mod messages;
mod outside;
mod own;
mod plans;
mod proposals;
mod proxies;
mod records;
mod refills;
mod restricted;
mod restrictions;
mod scene;
mod sensitivity;

use portal_domain::{
    access::{
        Action::{self, Act, Change, Decide, Export, Import, Issue, Release, Transmit, View},
        Category::{
            self, Account, Amendments, Appointments, Audit, Billing as Bills, Chart, Demographics, Documents,
            Education, EmergencyAccess, Enrolment, Library, Mail, Medications, Messages, Notices,
            OutsideRecords, Proposals, Proxies, Receivables, RestrictedAccess, Restrictions, Results,
            Sensitivity, Settings, Staff,
        },
        Role::{self, Admin, Billing, FrontDesk, Nurse, PrivacyOfficer, Provider, Records},
        Scope,
    },
    ids::PatientId,
    problem::Code,
};
use uuid::Uuid;

use crate::contract::{Operation, operations};
use crate::harness::{
    on_both,
    portal::TestPortal,
    wire::{Answer, Credentials},
};
use scene::{Caller, People, Scene};

/// What is true of one operation.
struct Row {
    /// Its id in the contract.
    operation: &'static str,
    /// What the audit trail says of it.
    recorded: Recorded,
    /// Whether a patient may, with the own chart.
    patient: bool,
    /// The roles that may, each alone.
    staff: &'static [Role],
    /// What an integrator needs.
    integrator: Integrator,
}

enum Recorded {
    /// As this act, done or refused.
    As(Action, Category),
    /// Not by the access decision, and why. This list only shrinks.
    Not(#[expect(dead_code, reason = "read by people")] &'static str),
}

#[derive(Clone, Copy, PartialEq)]
enum Integrator {
    /// No scope helps.
    Never,
    /// With this scope.
    With(Scope),
    /// Whoever has a token at all.
    Any,
}

use {Integrator::*, Recorded::*};

const CLINIC: &[Role] = &[FrontDesk, Nurse, Provider, Admin];
const DESK: &[Role] = &[FrontDesk, Admin];
const ENROLLERS: &[Role] = &[FrontDesk, Records, Admin];
const WRITERS: &[Role] = &[FrontDesk, Nurse, Provider, Billing, Records, Admin];
const EDITORS: &[Role] = &[Nurse, Provider, Admin];
const CARERS: &[Role] = &[Nurse, Provider];
/// Front desk sees what is about contact data and insurance.
const ANSWERERS: &[Role] = &[FrontDesk, Nurse, Provider];
const WRITE_DOCUMENTS: &[Role] = &[Nurse, Provider, Records];
const KEEPERS: &[Role] = &[Provider, Records];
/// Who answers requests not to share or use something.
const LIMITERS: &[Role] = &[Records, PrivacyOfficer];
const ADMIN: &[Role] = &[Admin];
const BILLERS: &[Role] = &[Billing];
const DECIDERS: &[Role] = &[Billing, Admin];
const WATCHERS: &[Role] = &[PrivacyOfficer];
const NONE: &[Role] = &[];

/// The authority table: one row an operation that needs a sign-in.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    //  operation                     recorded as                  patient  staff          integrator
    row("account_own",                As(View, Account),           true,    Role::ALL,     Never),
    row("account_change_username",    As(Act, Account),            true,    Role::ALL,     Never),
    row("account_change_password",    As(Act, Account),            true,    Role::ALL,     Never),
    row("account_change_preferences", As(Act, Account),            true,    Role::ALL,     Never),
    row("account_accept_terms",       As(Act, Account),            true,    Role::ALL,     Never),
    row("account_events",             As(View, Account),           true,    Role::ALL,     Never),
    row("account_sessions",           As(View, Account),           true,    Role::ALL,     Never),
    row("account_end_session",        As(Act, Account),            true,    Role::ALL,     Never),
    row("account_end_other_sessions", As(Act, Account),            true,    Role::ALL,     Never),
    row("amendments_queue",           As(Decide, Amendments),        false,   KEEPERS,       Never),
    row("amendments_list",            As(View, Amendments),        true,    KEEPERS,       Never),
    row("amendments_request",         As(Act, Amendments),         true,    NONE,          Never),
    row("amendments_open",            As(View, Amendments),        true,    KEEPERS,       Never),
    row("amendments_withdraw",        As(Act, Amendments),         true,    NONE,          Never),
    row("amendments_answer",          As(Decide, Amendments),      false,   KEEPERS,       Never),
    row("appointments_queue",         As(View, Appointments),      false,   CLINIC,        Never),
    row("appointments_list",          As(View, Appointments),      true,    CLINIC,        Never),
    row("appointments_request",       As(Act, Appointments),       true,    NONE,          Never),
    row("appointments_open",          As(View, Appointments),      true,    CLINIC,        Never),
    row("appointments_calendar_file", As(Export, Appointments),    true,    NONE,          Never),
    row("appointments_recall",        As(Act, Appointments),       true,    NONE,          Never),
    row("appointments_accept",        As(Act, Appointments),       true,    NONE,          Never),
    row("appointments_decline",       As(Act, Appointments),       true,    NONE,          Never),
    row("appointments_cancel",        As(Act, Appointments),       true,    NONE,          Never),
    row("appointments_approve",       As(Decide, Appointments),    false,   DESK,          Never),
    row("appointments_propose",       As(Decide, Appointments),    false,   DESK,          Never),
    row("appointments_deny",          As(Decide, Appointments),    false,   DESK,          Never),
    row("appointments_clinic_cancel", As(Decide, Appointments),    false,   DESK,          Never),
    row("audit_access_log",           As(View, Audit),             true,    WATCHERS,      Never),
    row("audit_access_people",        As(View, Audit),             true,    WATCHERS,      Never),
    row("audit_access_table",         As(Export, Audit),           true,    WATCHERS,      Never),
    row("audit_entries",              As(View, Audit),             false,   WATCHERS,      Never),
    row("audit_summary",              As(View, Audit),             false,   WATCHERS,      Never),
    row("audit_entry_table",          As(Export, Audit),           false,   WATCHERS,      Never),
    row("dependents_list",            As(View, Proxies),           true,    ENROLLERS,     Never),
    row("dependents_add",             As(Act, Proxies),            true,    NONE,          Never),
    row("dependents_accept",          As(Act, Proxies),            true,    NONE,          Never),
    row("dependents_leave",           As(Act, Proxies),            true,    NONE,          Never),
    row("dependents_proxies",         As(View, Proxies),           true,    ENROLLERS,     Never),
    row("dependents_change",          As(Change, Proxies),         true,    ENROLLERS,     Never),
    row("dependents_revoke",          As(Change, Proxies),         true,    ENROLLERS,     Never),
    row("dependents_invite",          As(Act, Proxies),            true,    NONE,          Never),
    row("dependents_withdraw_invite", As(Act, Proxies),            true,    NONE,          Never),
    row("dependents_queue",           As(View, Proxies),           false,   ENROLLERS,     Never),
    row("dependents_requests",        As(View, Proxies),           true,    ENROLLERS,     Never),
    row("dependents_request",         As(Act, Proxies),            true,    NONE,          Never),
    row("dependents_open_request",    As(View, Proxies),           true,    ENROLLERS,     Never),
    row("dependents_approve",         As(Decide, Proxies),         false,   ENROLLERS,     Never),
    row("dependents_deny",            As(Decide, Proxies),         false,   ENROLLERS,     Never),
    row("dependents_policy",          As(View, Settings),          false,   ADMIN,         Never),
    row("dependents_change_policy",   As(Change, Settings),        false,   ADMIN,         Never),
    row("documents_list",             As(View, Documents),         true,    WRITE_DOCUMENTS, Never),
    row("documents_create",           As(Change, Documents),       false,   WRITE_DOCUMENTS, Never),
    row("documents_open",             As(View, Documents),         true,    WRITE_DOCUMENTS, Never),
    row("documents_discard",          As(Change, Documents),       false,   WRITE_DOCUMENTS, Never),
    row("documents_upload",           As(Change, Documents),       false,   WRITE_DOCUMENTS, Never),
    row("documents_download",         As(View, Documents),         true,    WRITE_DOCUMENTS, Never),
    row("documents_release",          As(Release, Documents),      false,   WRITE_DOCUMENTS, Never),
    row("documents_withdraw",         As(Release, Documents),      false,   WRITE_DOCUMENTS, Never),
    row("documents_mark_read",        As(Act, Documents),          true,    NONE,          Never),
    row("education_list",             As(Change, Library),         false,   EDITORS,       Never),
    row("education_create",           As(Change, Library),         false,   EDITORS,       Never),
    row("education_preview",          As(Change, Library),         false,   EDITORS,       Never),
    row("education_open",             As(Change, Library),         false,   EDITORS,       Never),
    row("education_save",             As(Change, Library),         false,   EDITORS,       Never),
    row("education_publish",          As(Change, Library),         false,   EDITORS,       Never),
    row("education_retire",           As(Change, Library),         false,   EDITORS,       Never),
    row("education_upload",           As(Change, Library),         false,   EDITORS,       Never),
    row("education_find",             As(View, Library),           true,    Role::ALL,     Never),
    row("education_read",             As(View, Library),           true,    Role::ALL,     Never),
    row("education_download",         As(View, Library),           true,    Role::ALL,     Never),
    row("education_assigned",         As(View, Education),         true,    EDITORS,       Never),
    row("education_assign",           As(Change, Education),       false,   EDITORS,       Never),
    row("education_take_back",        As(Change, Education),       false,   EDITORS,       Never),
    row("education_mark_read",        As(Act, Education),          true,    NONE,          Never),
    row("emergency_standing",         As(View, EmergencyAccess),   false,   Role::ALL,     Never),
    row("emergency_begin",            As(Act, EmergencyAccess),    false,   Role::ALL,     Never),
    row("emergency_end",              As(Act, EmergencyAccess),    false,   Role::ALL,     Never),
    row("emergency_list",             As(View, Audit),             false,   WATCHERS,      Never),
    row("enrolment_state",            As(View, Enrolment),         false,   ENROLLERS,     Never),
    row("enrolment_issue",            As(Issue, Enrolment),        false,   ENROLLERS,     Never),
    row("enrolment_mail_credentials", As(Issue, Enrolment),        false,   ENROLLERS,     Never),
    row("helping_issue_reset",        As(Issue, Account),          false,   ENROLLERS,     Never),
    row("helping_unlock",             As(Decide, Account),         false,   ENROLLERS,     Never),
    row("helping_reset_second_step",  As(Decide, Account),         false,   ENROLLERS,     Never),
    row("helping_staff",              As(View, Staff),             false,   ADMIN,         Never),
    row("helping_issue_staff_reset",  As(Change, Staff),           false,   ADMIN,         Never),
    row("helping_unlock_staff",       As(Change, Staff),           false,   ADMIN,         Never),
    row("helping_reset_staff_second_step", As(Change, Staff),      false,   ADMIN,         Never),
    row("helping_disable_staff",      As(Change, Staff),           false,   ADMIN,         Never),
    row("helping_enable_staff",       As(Change, Staff),           false,   ADMIN,         Never),
    row("helping_set_locations",      As(Change, Staff),           false,   ADMIN,         Never),
    row("integrations_import",        As(Import, Chart),           false,   &[Records, Admin], With(Scope::ChartsWrite)),
    row("live_events",                As(View, Account),           true,    Role::ALL,     Never),
    row("mail_inbox",                 As(View, Mail),              true,    NONE,          Never),
    row("mail_mark_read",             As(Act, Mail),               true,    NONE,          Never),
    row("mail_archive",               As(Act, Mail),               true,    NONE,          Never),
    row("mail_unarchive",             As(Act, Mail),               true,    NONE,          Never),
    row("mail_sent",                  As(View, Mail),              true,    NONE,          Never),
    row("messages_choices",           As(View, Messages),          true,    WRITERS,       Never),
    row("billing_summary",            As(View, Bills),             true,    BILLERS,       Never),
    row("billing_lines",              As(View, Bills),             true,    BILLERS,       Never),
    row("billing_statement",          As(View, Bills),             true,    BILLERS,       Never),
    row("billing_statement_pdf",      As(View, Bills),             true,    BILLERS,       Never),
    row("billing_year",               As(View, Bills),             true,    BILLERS,       Never),
    row("billing_year_pdf",           As(View, Bills),             true,    BILLERS,       Never),
    row("billing_post",               As(Import, Bills),           false,   BILLERS,       With(Scope::BillingWrite)),
    row("billing_upload",             As(Import, Bills),           false,   BILLERS,       With(Scope::BillingWrite)),
    row("billing_balances",           As(View, Bills),             false,   BILLERS,       Never),
    row("billing_take_payment",       As(Change, Bills),           false,   BILLERS,       Never),
    row("billing_void",               As(Change, Bills),           false,   BILLERS,       Never),
    row("billing_ask_write_off",      As(Change, Bills),           false,   BILLERS,       Never),
    row("billing_write_offs",         As(Decide, Bills),           false,   DECIDERS,      Never),
    row("billing_decide_write_off",   As(Decide, Bills),           false,   DECIDERS,      Never),
    row("billing_daily_close",        As(View, Bills),             false,   BILLERS,       Never),
    row("billing_daily_close_table",  As(Export, Bills),           false,   BILLERS,       Never),
    row("billing_reconcile",          As(View, Bills),             false,   BILLERS,       Never),
    row("billing_dispute",            As(Act, Bills),              true,    NONE,          Never),
    row("billing_disputes",           As(View, Bills),             true,    BILLERS,       Never),
    row("billing_open_dispute",       As(View, Bills),             true,    BILLERS,       Never),
    row("billing_withdraw_dispute",   As(Act, Bills),              true,    NONE,          Never),
    row("billing_decide_dispute",     As(Change, Bills),           false,   BILLERS,       Never),
    row("billing_dispute_queue",      As(View, Bills),             false,   BILLERS,       Never),
    row("billing_receivables",        As(View, Receivables),       false,   DECIDERS,      Never),
    row("billing_receivables_table",  As(Export, Receivables),     false,   DECIDERS,      Never),
    row("billing_failed_refunds",     As(View, Bills),             false,   BILLERS,       Never),
    row("payment_methods_list",       As(View, Bills),             true,    BILLERS,       Never),
    row("payment_methods_add",        As(Act, Bills),              true,    NONE,          Never),
    row("payment_methods_check",      As(Act, Bills),              true,    NONE,          Never),
    row("payment_methods_remove",     As(Act, Bills),              true,    NONE,          Never),
    row("payment_plans_list",         As(View, Bills),             true,    BILLERS,       Never),
    row("payment_plans_create",       As(Act, Bills),              true,    NONE,          Never),
    row("payment_plans_change_card",  As(Act, Bills),              true,    NONE,          Never),
    row("payment_plans_pay_next",     As(Act, Bills),              true,    NONE,          Never),
    row("payment_plans_end",          As(Act, Bills),              true,    NONE,          Never),
    row("payment_plans_queue",        As(View, Bills),             false,   BILLERS,       Never),
    row("payment_plans_stop",         As(Change, Bills),           false,   BILLERS,       Never),
    row("payments_pay",               As(Act, Bills),              true,    NONE,          Never),
    row("payments_open",              As(View, Bills),             true,    BILLERS,       Never),
    row("payments_receipt_pdf",       As(View, Bills),             true,    BILLERS,       Never),
    row("payments_check",             As(Act, Bills),              true,    NONE,          Never),
    row("payments_cancel",            As(Act, Bills),              true,    NONE,          Never),
    row("payments_refund",            As(Change, Bills),           false,   BILLERS,       Never),
    row("care_teams_list",            As(View, Settings),          false,   ADMIN,         Never),
    row("care_teams_add",             As(Change, Settings),        false,   ADMIN,         Never),
    row("care_teams_change",          As(Change, Settings),        false,   ADMIN,         Never),
    row("care_teams_templates",       As(View, Messages),          false,   WRITERS,       Never),
    row("care_teams_add_template",    As(Act, Messages),           false,   WRITERS,       Never),
    row("care_teams_change_template", As(Act, Messages),           false,   WRITERS,       Never),
    row("care_teams_remove_template", As(Act, Messages),           false,   WRITERS,       Never),
    row("care_teams_cover_choices",   As(View, Messages),          false,   WRITERS,       Never),
    row("care_teams_covers",          As(View, Messages),          false,   WRITERS,       Never),
    row("care_teams_set_cover",       As(Act, Messages),           false,   WRITERS,       Never),
    row("care_teams_end_cover",       As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_thread",            As(View, Messages),          true,    NONE,          Never),
    row("messages_mark_read",         As(Act, Messages),           true,    NONE,          Never),
    row("messages_recall",            As(Act, Messages),           true,    NONE,          Never),
    row("messages_drafts",            As(View, Messages),          true,    WRITERS,       Never),
    row("messages_begin_draft",       As(Act, Messages),           true,    WRITERS,       Never),
    row("messages_draft",             As(View, Messages),          true,    WRITERS,       Never),
    row("messages_save_draft",        As(Act, Messages),           true,    WRITERS,       Never),
    row("messages_delete_draft",      As(Act, Messages),           true,    WRITERS,       Never),
    row("messages_send",              As(Act, Messages),           true,    WRITERS,       Never),
    row("messages_upload",            As(Act, Messages),           true,    WRITERS,       Never),
    row("messages_remove_attachment", As(Act, Messages),           true,    WRITERS,       Never),
    row("messages_download",          As(View, Messages),          true,    WRITERS,       Never),
    row("messages_cohort_reach",      As(View, Messages),          false,   WRITERS,       Never),
    row("messages_send_to_cohort",    As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_cohort_messages",   As(View, Messages),          false,   WRITERS,       Never),
    row("messages_cohort_message",    As(View, Messages),          false,   WRITERS,       Never),
    row("messages_cohort_recipients", As(View, Messages),          false,   WRITERS,       Never),
    row("messages_teams",             As(View, Messages),          false,   WRITERS,       Never),
    row("messages_queue",             As(View, Messages),          false,   WRITERS,       Never),
    row("messages_close_all",         As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_open",              As(View, Messages),          false,   WRITERS,       Never),
    row("messages_claim",             As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_assign",            As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_reroute",           As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_note",              As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_close",             As(Act, Messages),           false,   WRITERS,       Never),
    row("messages_reopen",            As(Act, Messages),           false,   WRITERS,       Never),
    row("chart_section",              As(View, Chart),             true,    NONE,          Never),
    row("chart_vital_signs",          As(View, Chart),             true,    NONE,          Never),
    row("health_records_list",        As(View, Chart),             true,    NONE,          Never),
    row("health_records_request",     As(Act, Chart),              true,    NONE,          Never),
    row("health_records_open",        As(View, Chart),             true,    NONE,          Never),
    row("health_records_retry",       As(Act, Chart),              true,    NONE,          Never),
    row("health_records_check",       As(View, Chart),             true,    NONE,          Never),
    row("health_records_download",    As(Export, Chart),           true,    NONE,          Never),
    row("transmissions_send",         As(Transmit, Chart),         true,    NONE,          Never),
    row("transmissions_list",         As(View, Chart),             true,    NONE,          Never),
    row("transmissions_withdraw",     As(Act, Chart),              true,    NONE,          Never),
    row("outside_records_list",       As(View, OutsideRecords),    true,    WRITE_DOCUMENTS, Never),
    row("outside_records_upload",     As(Act, OutsideRecords),     true,    NONE,          Never),
    row("outside_records_open",       As(View, OutsideRecords),    true,    WRITE_DOCUMENTS, Never),
    row("outside_records_remove",     As(Act, OutsideRecords),     true,    NONE,          Never),
    row("outside_records_download",   As(View, OutsideRecords),    true,    WRITE_DOCUMENTS, Never),
    row("outside_records_taken",      As(View, OutsideRecords),    true,    WRITE_DOCUMENTS, Never),
    row("outside_records_accept",     As(Decide, OutsideRecords),  false,   CARERS,        Never),
    row("outside_records_dismiss",    As(Decide, OutsideRecords),  false,   CARERS,        Never),
    row("outside_records_undo",       As(Decide, OutsideRecords),  false,   CARERS,        Never),
    row("notices_list",               As(View, Notices),           false,   CLINIC,        Never),
    row("notices_publish",            As(Change, Notices),         false,   CLINIC,        Never),
    row("notices_reach",              As(View, Notices),           false,   CLINIC,        Never),
    row("notices_open",               As(View, Notices),           false,   CLINIC,        Never),
    row("notices_change",             As(Change, Notices),         false,   CLINIC,        Never),
    row("notices_withdraw",           As(Change, Notices),         false,   CLINIC,        Never),
    row("notices_acknowledgements",   As(View, Notices),           false,   CLINIC,        Never),
    row("notices_acknowledgement_table", As(Export, Notices),      false,   CLINIC,        Never),
    row("notices_current",            As(View, Notices),           true,    CLINIC,        Never),
    row("notices_read",               As(View, Notices),           true,    CLINIC,        Never),
    row("notifications_mails",        As(View, Enrolment),         false,   ENROLLERS,     Never),
    row("notices_acknowledge",        As(Act, Notices),            true,    NONE,          Never),
    row("passkeys_list",              As(View, Account),           true,    Role::ALL,     Never),
    row("passkeys_begin",             As(Act, Account),            true,    Role::ALL,     Never),
    row("passkeys_add",               As(Act, Account),            true,    Role::ALL,     Never),
    row("passkeys_rename",            As(Act, Account),            true,    Role::ALL,     Never),
    row("passkeys_remove",            As(Act, Account),            true,    Role::ALL,     Never),
    row("patients_find",              As(View, Demographics),      false,   Role::ALL,     Never),
    row("patients_open",              As(View, Demographics),      true,    Role::ALL,     Never),
    row("practice_policies",          As(View, Settings),          false,   ADMIN,         Never),
    row("practice_change_policies",   As(Change, Settings),        false,   ADMIN,         Never),
    row("practice_providers",         Not("the practice's own staff list"),     true, Role::ALL, Any),
    row("recovery_change_email",      As(Act, Account),            true,    Role::ALL,     Never),
    row("recovery_remove_email",      As(Act, Account),            true,    Role::ALL,     Never),
    row("medications_list",           As(View, Medications),       true,    CARERS,        Never),
    row("proposals_entries",          As(View, Proposals),         true,    CARERS,        Never),
    row("proposals_queue",            As(View, Proposals),         false,   ANSWERERS,     Never),
    row("proposals_list",             As(View, Proposals),         true,    ANSWERERS,     Never),
    row("proposals_propose",          As(Act, Proposals),          true,    NONE,          Never),
    row("proposals_open",             As(View, Proposals),         true,    CARERS,        Never),
    row("proposals_withdraw",         As(Act, Proposals),          true,    NONE,          Never),
    row("proposals_answer",           As(Decide, Proposals),       false,   CARERS,        Never),
    row("refills_queue",              As(View, Medications),       false,   CARERS,        Never),
    row("refills_list",               As(View, Medications),       true,    CARERS,        Never),
    row("refills_request",            As(Act, Medications),        true,    NONE,          Never),
    row("refills_open",               As(View, Medications),       true,    CARERS,        Never),
    row("refills_withdraw",           As(Act, Medications),        true,    NONE,          Never),
    row("refills_answer",             As(Decide, Medications),     false,   CARERS,        Never),
    row("restricted_list",            As(View, RestrictedAccess),  false,   WATCHERS,      Never),
    row("restricted_open",            As(View, RestrictedAccess),  false,   WATCHERS,      Never),
    row("restricted_restrict",        As(Change, RestrictedAccess), false,  WATCHERS,      Never),
    row("restricted_lift",            As(Change, RestrictedAccess), false,  WATCHERS,      Never),
    row("restrictions_queue",         As(Decide, Restrictions),    false,   LIMITERS,      Never),
    row("restrictions_list",          As(View, Restrictions),      true,    Role::ALL,     Never),
    row("restrictions_request",       As(Act, Restrictions),       true,    NONE,          Never),
    row("restrictions_open",          As(View, Restrictions),      true,    Role::ALL,     Never),
    row("restrictions_withdraw",      As(Act, Restrictions),       true,    NONE,          Never),
    row("restrictions_answer",        As(Decide, Restrictions),    false,   LIMITERS,      Never),
    row("results_unreleased",         As(Release, Results),        false,   &[Provider],   Never),
    row("results_list",               As(View, Results),           true,    &[Nurse, Provider], Never),
    row("results_tests",              As(View, Results),           true,    &[Nurse, Provider], Never),
    row("results_open",               As(View, Results),           true,    &[Nurse, Provider], Never),
    row("results_release",            As(Release, Results),        false,   &[Provider],   Never),
    row("results_recall",             As(Release, Results),        false,   &[Provider],   Never),
    row("results_release_all",        As(Release, Results),        false,   &[Provider],   Never),
    row("results_waiting_for",        As(View, Results),           false,   &[Nurse, Provider], Never),
    row("results_hold",               As(Decide, Results),         false,   &[Provider],   Never),
    row("results_lift",               As(Decide, Results),         false,   &[Provider],   Never),
    row("results_release_policies",   As(View, Settings),          false,   ADMIN,         Never),
    row("results_change_release_policies", As(Change, Settings),   false,   ADMIN,         Never),
    row("second_step_view",           As(View, Account),           true,    Role::ALL,     Never),
    row("second_step_set_up",         As(Act, Account),            true,    Role::ALL,     Never),
    row("second_step_confirm",        As(Act, Account),            true,    Role::ALL,     Never),
    row("second_step_switch_off",     As(Act, Account),            true,    Role::ALL,     Never),
    row("second_step_new_recovery_codes", As(Act, Account),        true,    Role::ALL,     Never),
    row("sensitivity_list",           As(View, Sensitivity),       false,   CARERS,        Never),
    row("sensitivity_change",         As(Change, Sensitivity),     false,   &[Provider],   Never),
    row("sensitivity_preview",        As(View, Sensitivity),       false,   CARERS,        Never),
    row("session_proof",              As(Act, Account),            true,    Role::ALL,     Never),
];

/// Operations that need no sign-in, and why that is right.
const OPEN: &[(&str, &str)] = &[
    ("enrolment_confirm", "proves itself by token, date of birth and name"),
    ("enrolment_create_account", "the same"),
    ("integrations_jwks", "public keys are public"),
    ("integrations_token", "proves itself by a client secret"),
    ("notifications_unsubscribe", "proves itself by a mailed link"),
    ("practice_practice", "anybody may know who the practice is"),
    ("recovery_prove_email", "proves itself by a mailed link"),
    ("recovery_forgot_username", "answers the same to everybody"),
    ("recovery_forgot_password", "the same"),
    ("recovery_reset_password", "proves itself by a mailed link or a token from the desk"),
    ("transmissions_open", "proves itself by a mailed link and a pass code"),
    ("transmissions_download", "the same"),
    ("session_passkey_options", "names nobody, or rides on the step's cookie or a session"),
    ("session_answer_with_passkey", "proves itself by a passkey"),
    ("session_second_step", "proves itself by the step's cookie and a code"),
    ("session_current", "says that nobody is signed in"),
    ("session_sign_in", "proves itself by password"),
    ("session_sign_out", "ends the caller's own session, if there is one"),
];

const fn row(
    operation: &'static str,
    recorded: Recorded,
    patient: bool,
    staff: &'static [Role],
    integrator: Integrator,
) -> Row {
    Row { operation, recorded, patient, staff, integrator }
}

fn row_of(operation: &Operation) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.operation == operation.id)
}

#[test]
fn every_operation_has_one_row_and_every_row_an_operation() {
    let known: Vec<String> = operations().into_iter().map(|operation| operation.id).collect();
    let rows: Vec<&str> =
        TABLE.iter().map(|row| row.operation).chain(OPEN.iter().map(|(id, _)| *id)).collect();
    for id in &known {
        let count = rows.iter().filter(|row| *row == id).count();
        assert_eq!(count, 1, "{id} has {count} rows: say in coverage.rs who may do it");
    }
    for row in rows {
        assert!(known.iter().any(|id| id == row), "{row} is no operation any more: take its row out");
    }
    for operation in operations() {
        let listed = OPEN.iter().any(|(id, _)| *id == operation.id);
        assert_eq!(
            operation.is_open, listed,
            "{}: its security and the list of open operations differ",
            operation.id
        );
    }
}

/// One try at one operation by one caller.
struct Try<'a> {
    portal: &'a TestPortal,
    operation: &'a Operation,
    row: &'a Row,
    scene: &'a Scene,
    who: &'a Credentials,
    /// The account or client, for the audit trail; none when nobody is signed in.
    actor: Option<Uuid>,
    /// The own chart of the one who tries; none of others.
    patient: Option<PatientId>,
    /// For messages: `nurse`, `the patient`.
    name: &'a str,
}

impl Try<'_> {
    async fn send(&self) -> Answer {
        let answer = self.portal.send(self.who, self.operation.request(self.portal, self.scene)).await;
        if let (As(action, category), Some(actor)) = (&self.row.recorded, self.actor) {
            let own = own::is_of_own_account(self.row).then_some(self.patient).flatten();
            let patient = self.operation.path.contains("{patient}").then_some(self.scene.patient).or(own);
            let act = audit::Expected {
                actor,
                patient,
                action: *action,
                category: *category,
                done: answer.status < 400,
            };
            audit::assert_recorded(
                self.portal,
                &answer,
                &act,
                &format!("{} by {}", self.operation.id, self.name),
            )
            .await;
        }
        answer
    }

    async fn is_done(&self) {
        let answer = self.send().await;
        assert!((200..300).contains(&answer.status), "{} by {}: {answer:?}", self.operation.id, self.name);
    }

    async fn is_refused(&self, code: Code) -> Answer {
        let answer = self.send().await;
        assert_eq!(answer.code(), code, "{} by {}: {answer:?}", self.operation.id, self.name);
        answer
    }

    /// 404 with the bytes of an id that nobody has.
    async fn is_like_nothing(&self, nothing: &Scene) {
        let foreign = self.is_refused(Code::NotFound).await;
        let random = Try { scene: nothing, ..*self }.is_refused(Code::NotFound).await;
        assert_eq!(
            foreign.but_for_its_id(),
            random.but_for_its_id(),
            "{} by {}",
            self.operation.id,
            self.name
        );
        let names = |answer: &Answer| {
            let names = answer.headers.keys().map(ToString::to_string);
            // Whether the connection stays open is the server's load, and no word about the thing.
            names.filter(|name| name != "connection").collect::<Vec<_>>()
        };
        assert_eq!(names(&foreign), names(&random));
    }
}

/// The table's row against the portal, caller by caller.
struct Check<'a> {
    portal: &'a TestPortal,
    people: &'a People,
    operation: &'a Operation,
    row: &'a Row,
    of_patient: bool,
}

impl Check<'_> {
    fn by<'t>(&'t self, caller: &'t Caller, name: &'t str, scene: &'t Scene) -> Try<'t> {
        let actor = (!matches!(caller.credentials, Credentials::Nobody)).then_some(caller.id);
        Try {
            portal: self.portal,
            operation: self.operation,
            row: self.row,
            scene,
            who: &caller.credentials,
            actor,
            patient: Some(caller.patient).filter(|patient| !patient.0.is_nil()),
            name,
        }
    }

    async fn run(&self) {
        if own::is_of_own_account(self.row) {
            return self.own_account().await;
        }
        let scene = Scene::set(self.portal, self.people, self.operation).await;
        let nothing = Scene::of_nobody(&scene);
        self.by(&Caller::nobody(), "nobody", &scene).is_refused(Code::SignInRequired).await;
        self.patients(&scene, &nothing).await;
        for (role, staff) in &self.people.staff {
            if self.row.staff.contains(role) {
                self.permitted_staff(staff, role.as_str(), &nothing).await;
            } else {
                self.by(staff, role.as_str(), &scene).is_refused(Code::RoleRequired).await;
            }
        }
        self.integrators(&scene, &nothing).await;
    }

    /// The own account is everybody's: a patient and a member of staff may, each in a state made for it.
    async fn own_account(&self) {
        let scene = Scene::set(self.portal, self.people, self.operation).await;
        let integrator = &self.people.integrator;
        self.by(&Caller::nobody(), "nobody", &scene).is_refused(Code::SignInRequired).await;
        self.by(integrator, "an integrator", &scene).is_refused(Code::RoleRequired).await;
        let (patient, nurse) = (self.portal.patient("Gerda").await, self.portal.staff(Nurse).await);
        for (person, name) in [(patient, "a patient"), (nurse, "staff")] {
            let mut scene = Scene { own_body: own::body(&self.operation.id), ..scene.clone() };
            let credentials = own::prepare(self.portal, &person, &self.operation.id, &mut scene).await;
            let caller = Caller { credentials, ..Caller::of(&person) };
            self.by(&caller, name, &scene).is_done().await;
        }
    }

    /// The patient, and another one who names this one's chart or, in the own chart, this one's things.
    async fn patients(&self, scene: &Scene, nothing: &Scene) {
        let (anna, berta) = (&self.people.anna, &self.people.berta);
        let own = scene.in_chart_of(anna.patient);
        if self.row.patient {
            self.by(anna, "the patient", &own).is_done().await;
        } else {
            self.by(anna, "the patient", &own).is_refused(Code::RoleRequired).await;
        }
        if self.of_patient {
            self.by(berta, "another patient", scene).is_like_nothing(nothing).await;
        }
        if self.row.patient && self.operation.names_a_thing() {
            let (foreign, random) = (scene.in_chart_of(berta.patient), nothing.in_chart_of(berta.patient));
            self.by(berta, "another patient", &foreign).is_like_nothing(&random).await;
        }
    }

    async fn permitted_staff(&self, staff: &Caller, name: &str, nothing: &Scene) {
        let mut scene = Scene::set(self.portal, self.people, self.operation).await;
        scene.add_draft_of(self.portal, staff, &self.operation.id).await;
        if self.of_patient {
            self.by(staff, name, nothing).is_refused(Code::NotFound).await;
        }
        if self.operation.names_a_thing() {
            let berta = self.people.berta.patient;
            let (foreign, random) = (scene.in_chart_of(berta), nothing.in_chart_of(berta));
            self.by(staff, name, &foreign).is_like_nothing(&random).await;
        }
        self.by(staff, name, &scene).is_done().await;
    }

    async fn integrators(&self, scene: &Scene, nothing: &Scene) {
        let with = self.by(&self.people.integrator, "an integrator", scene);
        let without = self.by(&self.people.bare_integrator, "an integrator without scope", scene);
        match self.row.integrator {
            Any => without.is_done().await,
            With(_) => {
                without.is_refused(Code::ScopeRequired).await;
                with.is_done().await;
            }
            Never if self.of_patient => with.is_like_nothing(nothing).await,
            Never => drop(with.is_refused(Code::RoleRequired).await),
        }
    }
}

on_both! {
    async fn every_operation_answers_as_the_authority_table_says_and_is_recorded(portal) {
        let people = People::gather(&portal).await;
        for operation in &operations() {
            let Some(row) = row_of(operation) else { continue };
            let of_patient = operation.path.contains("{patient}");
            Check { portal: &portal, people: &people, operation, row, of_patient }.run().await;
        }
    }

    async fn the_client_reaches_every_operation_and_understands_its_answer(portal) {
        let people = People::gather(&portal).await;
        client::reaches_every_operation(&portal, &people).await;
    }
}
