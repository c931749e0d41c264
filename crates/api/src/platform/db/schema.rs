//! Every table, for both engines; `tests/it/schema.rs` proves that the migrations agree.
//!
//! Column types are those that both engines know: see the SQL types in the parent.

#![expect(missing_docs, reason = "the migrations document tables and columns")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    audit_entries (id) {
        id -> Guid,
        at -> Instant,
        actor_kind -> Word,
        actor_id -> Nullable<Guid>,
        patient_id -> Nullable<Guid>,
        category -> Word,
        action -> Word,
        outcome -> Word,
        subject_id -> Nullable<Guid>,
        request_id -> Guid,
        proxy_grant_id -> Nullable<Guid>,
        emergency_access_id -> Nullable<Guid>,
        mac -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant};

    audit_seals (number) {
        number -> BigInt,
        sealed_at -> Instant,
        total -> BigInt,
        last_id -> Guid,
        entries -> Binary,
        previous -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    idempotency_keys (actor_id, idempotency_key) {
        actor_id -> Guid,
        idempotency_key -> Text,
        request_hash -> Binary,
        answer -> Document,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    practices (id) {
        id -> Guid,
        name -> Text,
        phone -> Text,
        emergency_text -> Text,
        terms_version -> BigInt,
        terms_text -> Text,
        enrolment_token_hours -> BigInt,
        updated_at -> Instant,
        patient_idle_minutes -> BigInt,
        staff_idle_minutes -> BigInt,
        staff_second_step -> BigInt,
        policies_version -> BigInt,
        health_records -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    locations (id) {
        id -> Guid,
        name -> Text,
        line -> Text,
        city -> Text,
        state -> Text,
        postal_code -> Text,
        phone -> Text,
        hours -> Text,
        time_zone -> Text,
        cancel_cutoff_hours -> Nullable<BigInt>,
        position -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    providers (id) {
        id -> Guid,
        given_name -> Text,
        family_name -> Text,
        prefix -> Text,
        specialty -> Text,
        npi -> Nullable<Text>,
        location_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    organizations (id) {
        id -> Guid,
        name -> Text,
        phone -> Text,
        line -> Text,
        city -> Text,
        state -> Text,
        postal_code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    patients (id) {
        id -> Guid,
        mrn -> Text,
        given_name -> Text,
        family_name -> Text,
        given_folded -> Text,
        family_folded -> Text,
        birth_date -> Date,
        gender -> Word,
        body -> Document,
        chart_version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        results_digest -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    chart_items (patient_id, kind, at, id) {
        patient_id -> Guid,
        kind -> Text,
        at -> Instant,
        id -> Guid,
        status -> Text,
        code_system -> Nullable<Text>,
        code -> Nullable<Text>,
        display -> Text,
        encounter_id -> Nullable<Guid>,
        body -> Document,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    source_links (source_system, resource_type, source_id) {
        source_system -> Text,
        resource_type -> Text,
        source_id -> Text,
        local_id -> Guid,
        patient_id -> Nullable<Guid>,
        content_hash -> Binary,
        imported_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    accounts (id) {
        id -> Guid,
        username -> Text,
        username_folded -> Text,
        password_hash -> Text,
        display_name -> Text,
        patient_id -> Nullable<Guid>,
        provider_id -> Nullable<Guid>,
        terms_version -> BigInt,
        created_at -> Instant,
        disabled_at -> Nullable<Instant>,
        email -> Nullable<Text>,
        email_folded -> Nullable<Text>,
        email_verified_at -> Nullable<Instant>,
        username_changed_at -> Nullable<Instant>,
        password_changed_at -> Nullable<Instant>,
        language -> Text,
        notice_choices -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    account_roles (account_id, role) {
        account_id -> Guid,
        role -> Word,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    account_locations (account_id, location_id) {
        account_id -> Guid,
        location_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    restricted_records (patient_id) {
        patient_id -> Guid,
        reason -> Word,
        since -> Instant,
        changed_by -> Guid,
        lifted_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    restricted_record_staff (patient_id, account_id) {
        patient_id -> Guid,
        account_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    emergency_accesses (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        account_id -> Guid,
        reason -> Word,
        note -> Text,
        begun_at -> Instant,
        ends_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    sessions (token_hash) {
        token_hash -> Binary,
        id -> Guid,
        account_id -> Guid,
        device_id -> Nullable<Guid>,
        created_at -> Instant,
        seen_at -> Instant,
        expires_at -> Instant,
        proven_at -> Instant,
        ended_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    throttles (subject) {
        subject -> Text,
        failures -> BigInt,
        last_failure_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    enrolment_tokens (id) {
        id -> Guid,
        patient_id -> Guid,
        token_hash -> Binary,
        issued_by -> Guid,
        issued_at -> Instant,
        expires_at -> Instant,
        failures -> BigInt,
        used_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        temporary_username -> Nullable<Text>,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    proxy_grants (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        account_id -> Guid,
        relationship -> Word,
        basis -> Word,
        source -> Word,
        level -> Word,
        shares -> Document,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        assented_on -> Nullable<Date>,
        warned_of -> Nullable<Date>,
        granted_at -> Instant,
        approved_by -> Guid,
        revoked_at -> Nullable<Instant>,
        revoked_by -> Nullable<Guid>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    proxy_invites (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        code_hash -> Binary,
        relationship -> Word,
        level -> Word,
        shares -> Document,
        ends_on -> Nullable<Date>,
        invited_by -> Guid,
        invited_at -> Instant,
        expires_at -> Instant,
        accepted_at -> Nullable<Instant>,
        withdrawn_at -> Nullable<Instant>,
        email -> Nullable<Text>,
        family_name -> Nullable<Text>,
        mail_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    sensitive_items (patient_id, subject_id) {
        patient_id -> Guid,
        subject_id -> Guid,
        kind -> Word,
        tagged_by -> Nullable<Guid>,
        tagged_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    dependent_requests (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        state -> Word,
        requested_by -> Guid,
        requested_at -> Instant,
        due_at -> Instant,
        given_name -> Text,
        family_name -> Text,
        birth_date -> Date,
        relationship -> Word,
        reason -> Text,
        answer -> Text,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant};

    age_policies (version) {
        version -> BigInt,
        body -> Document,
        changed_by -> Nullable<Guid>,
        changed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant};

    proxy_reads (account_id, item_id) {
        account_id -> Guid,
        item_id -> Guid,
        read_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    results (patient_id, at, id) {
        patient_id -> Guid,
        at -> Instant,
        id -> Guid,
        reported_at -> Instant,
        status -> Word,
        code_system -> Nullable<Text>,
        code -> Nullable<Text>,
        title -> Text,
        flag -> Word,
        organization_id -> Nullable<Guid>,
        provider_id -> Nullable<Guid>,
        released_at -> Nullable<Instant>,
        released_by -> Nullable<Guid>,
        replaces -> Nullable<Guid>,
        replaced_by -> Nullable<Guid>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        body -> Document,
        provider_comment -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    observations (patient_id, category, code, at, id) {
        patient_id -> Guid,
        category -> Text,
        code -> Text,
        at -> Instant,
        id -> Guid,
        code_system -> Text,
        result_id -> Nullable<Guid>,
        position -> BigInt,
        body -> Document,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    release_policies (version) {
        version -> BigInt,
        body -> Document,
        changed_by -> Guid,
        changed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    release_plans (result_id) {
        result_id -> Guid,
        patient_id -> Guid,
        since -> Instant,
        policy_version -> BigInt,
        taken_back -> BigInt,
        test_group -> Nullable<Text>,
        release_at -> Nullable<Instant>,
        review_by -> Nullable<Instant>,
        held_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    result_holds (patient_id, at, id) {
        patient_id -> Guid,
        at -> Instant,
        id -> Guid,
        result_id -> Guid,
        placed_by -> Guid,
        reason -> Word,
        words -> Nullable<Text>,
        until -> Instant,
        lifted_at -> Nullable<Instant>,
        lifted_by -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    appointments (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        reference -> Text,
        state -> Word,
        location_id -> Guid,
        wanted_provider_id -> Nullable<Guid>,
        reason -> Word,
        note -> Text,
        preferred -> Document,
        provider_id -> Nullable<Guid>,
        starts_at -> Nullable<Instant>,
        ends_at -> Nullable<Instant>,
        decision_note -> Text,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
        requested_by -> Guid,
        requested_at -> Instant,
        sequence -> BigInt,
        version -> BigInt,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    inbox_items (patient_id, at, id) {
        patient_id -> Guid,
        at -> Instant,
        id -> Guid,
        kind -> Word,
        subject_id -> Guid,
        title -> Text,
        read_at -> Nullable<Instant>,
        archived_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    api_clients (id) {
        id -> Guid,
        name -> Text,
        secret_hash -> Binary,
        scopes -> Text,
        source_system -> Text,
        created_at -> Instant,
        revoked_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    signing_keys (id) {
        id -> Guid,
        public_key -> Binary,
        sealed_private_key -> Binary,
        created_at -> Instant,
        retired_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    devices (id) {
        id -> Guid,
        account_id -> Guid,
        token_hash -> Binary,
        label -> Text,
        first_seen_at -> Instant,
        last_seen_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    account_tokens (id) {
        id -> Guid,
        token_hash -> Binary,
        account_id -> Guid,
        purpose -> Word,
        email -> Nullable<Text>,
        issued_by -> Nullable<Guid>,
        issued_at -> Instant,
        expires_at -> Instant,
        failures -> BigInt,
        used_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    totp_secrets (account_id) {
        account_id -> Guid,
        sealed -> Binary,
        created_at -> Instant,
        confirmed_at -> Nullable<Instant>,
        last_step -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    recovery_codes (account_id, code_hash) {
        account_id -> Guid,
        code_hash -> Binary,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    passkeys (id) {
        id -> Guid,
        account_id -> Guid,
        credential_id -> Binary,
        body -> Document,
        name -> Text,
        created_at -> Instant,
        last_used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    ceremonies (id) {
        id -> Guid,
        kind -> Word,
        account_id -> Nullable<Guid>,
        state -> Document,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    account_events (account_id, at, id) {
        account_id -> Guid,
        at -> Instant,
        id -> Guid,
        event -> Word,
        label -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    outbox_mails (id) {
        id -> Guid,
        kind -> Word,
        account_id -> Nullable<Guid>,
        to_address -> Text,
        sealed -> Nullable<Binary>,
        state -> Word,
        reason -> Nullable<Text>,
        attempts -> BigInt,
        next_attempt_at -> Instant,
        lease_until -> Nullable<Instant>,
        useless_after -> Nullable<Instant>,
        created_at -> Instant,
        sent_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    care_teams (id) {
        id -> Guid,
        name -> Text,
        category -> Word,
        location_id -> Nullable<Guid>,
        reply_hours -> BigInt,
        is_open -> BigInt,
        escalates_to -> Nullable<Guid>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    care_team_members (team_id, account_id) {
        team_id -> Guid,
        account_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    staff_covers (away_id) {
        away_id -> Guid,
        cover_id -> Guid,
        from_at -> Instant,
        until_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    threads (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        team_id -> Guid,
        subject -> Nullable<Text>,
        topic_kind -> Nullable<Word>,
        topic_id -> Nullable<Guid>,
        state -> Word,
        owner_id -> Nullable<Guid>,
        waiting_since -> Nullable<Instant>,
        due_at -> Nullable<Instant>,
        last_at -> Instant,
        sent_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    messages (thread_id, at, id) {
        thread_id -> Guid,
        at -> Instant,
        id -> Guid,
        patient_id -> Guid,
        side -> Word,
        author_id -> Guid,
        opened_at -> Nullable<Instant>,
        recalled_at -> Nullable<Instant>,
        education -> Document,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    drafts (account_id, patient_id, id) {
        account_id -> Guid,
        patient_id -> Guid,
        id -> Guid,
        thread_id -> Nullable<Guid>,
        body -> Document,
        saved_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    attachments (id) {
        id -> Guid,
        patient_id -> Guid,
        draft_id -> Nullable<Guid>,
        message_id -> Nullable<Guid>,
        position -> BigInt,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    message_templates (id) {
        id -> Guid,
        team_id -> Guid,
        title -> Text,
        body -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    search_words (realm, owner_id, word, item_id) {
        realm -> Word,
        owner_id -> Guid,
        word -> Text,
        item_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    notices (id) {
        id -> Guid,
        published_at -> Instant,
        published_by -> Guid,
        updated_at -> Instant,
        withdrawn_at -> Nullable<Instant>,
        version -> BigInt,
        severity -> Word,
        must_acknowledge -> BigInt,
        starts_on -> Date,
        ends_on -> Date,
        starts_at -> Instant,
        ends_at -> Instant,
        audience -> Document,
        texts -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    notice_recipients (notice_id, patient_id) {
        notice_id -> Guid,
        patient_id -> Guid,
        delivered_at -> Instant,
        acknowledged_at -> Nullable<Instant>,
        acknowledged_by -> Nullable<Guid>,
        acknowledged_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    education_items (id) {
        id -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        published_at -> Nullable<Instant>,
        retired_at -> Nullable<Instant>,
        version -> BigInt,
        published -> BigInt,
        changed -> BigInt,
        topic -> Nullable<Word>,
        draft -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    education_versions (item_id, number) {
        item_id -> Guid,
        number -> BigInt,
        published_at -> Instant,
        published_by -> Guid,
        content -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    education_codes (code, system, item_id) {
        code -> Text,
        system -> Text,
        item_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    education_files (id) {
        id -> Guid,
        item_id -> Guid,
        created_at -> Instant,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    education_assignments (patient_id, item_id) {
        patient_id -> Guid,
        item_id -> Guid,
        assigned_at -> Instant,
        assigned_by -> Guid,
        read_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant};

    cohort_messages (id) {
        id -> Guid,
        team_id -> Guid,
        sent_by -> Guid,
        sent_at -> Instant,
        subject -> Text,
        body -> Text,
        audience -> Document,
        patients -> BigInt,
        done_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant};

    cohort_recipients (cohort_message_id, patient_id) {
        cohort_message_id -> Guid,
        patient_id -> Guid,
        thread_id -> Nullable<Guid>,
        message_id -> Nullable<Guid>,
        delivered_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    documents (patient_id, created_at, id) {
        patient_id -> Guid,
        created_at -> Instant,
        id -> Guid,
        created_by -> Guid,
        title -> Text,
        kind -> Word,
        on_date -> Date,
        text -> Text,
        file_id -> Nullable<Guid>,
        file_name -> Nullable<Text>,
        file_size -> Nullable<BigInt>,
        released_at -> Nullable<Instant>,
        released_by -> Nullable<Guid>,
        read_at -> Nullable<Instant>,
        withdrawn_at -> Nullable<Instant>,
        withdrawn_by -> Nullable<Guid>,
        withdrawn_because -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    health_records (patient_id, requested_at, id) {
        patient_id -> Guid,
        requested_at -> Instant,
        id -> Guid,
        requested_by -> Guid,
        state -> Word,
        asked -> Document,
        claimed_at -> Nullable<Instant>,
        tries -> BigInt,
        failure -> Nullable<Word>,
        ready_at -> Nullable<Instant>,
        expires_at -> Nullable<Instant>,
        files -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    transmissions (patient_id, sent_at, id) {
        patient_id -> Guid,
        sent_at -> Instant,
        id -> Guid,
        record_id -> Guid,
        sent_by -> Guid,
        recipient -> Text,
        format -> Word,
        way -> Word,
        mail_id -> Guid,
        token_hash -> Nullable<Binary>,
        code_hash -> Nullable<Binary>,
        wrong_codes -> BigInt,
        expires_at -> Instant,
        opened_at -> Nullable<Instant>,
        downloaded_at -> Nullable<Instant>,
        downloads -> BigInt,
        withdrawn_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    outside_records (patient_id, added_at, id) {
        patient_id -> Guid,
        added_at -> Instant,
        id -> Guid,
        added_by -> Guid,
        format -> Word,
        title -> Text,
        source -> Text,
        made_on -> Nullable<Date>,
        may_be_of_another -> BigInt,
        file_id -> Guid,
        size -> BigInt,
        sha256 -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    outside_entries (patient_id, outside_record_id, entry) {
        patient_id -> Guid,
        outside_record_id -> Guid,
        entry -> Text,
        id -> Guid,
        kind -> Word,
        name -> Text,
        state -> Word,
        item_id -> Nullable<Guid>,
        reason -> Nullable<Word>,
        words -> Text,
        source -> Text,
        title -> Text,
        made_on -> Nullable<Date>,
        decided_by -> Guid,
        decided_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    medication_requests (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        state -> Word,
        pharmacy -> Text,
        note -> Text,
        requested_by -> Guid,
        requested_at -> Instant,
        due_at -> Instant,
        version -> BigInt,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    medication_request_items (patient_id, request_id, position) {
        patient_id -> Guid,
        request_id -> Guid,
        position -> BigInt,
        id -> Guid,
        medication_id -> Guid,
        drug -> Text,
        kind -> Word,
        state -> Word,
        reason -> Nullable<Word>,
        words -> Text,
        closed_by -> Nullable<Guid>,
        closed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant};

    medication_request_answers (patient_id, request_id, position) {
        patient_id -> Guid,
        request_id -> Guid,
        position -> BigInt,
        message -> Text,
        answered_by -> Guid,
        answered_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    /// What patients ask the chart to become, and what staff made of it.
    proposals (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        origin -> Word,
        about -> Word,
        change -> Word,
        item_id -> Nullable<Guid>,
        name -> Text,
        state -> Word,
        seen -> Document,
        fields -> Document,
        conflicts -> Document,
        note -> Text,
        proposed_by -> Nullable<Guid>,
        proposed_at -> Instant,
        due_at -> Instant,
        chart -> Nullable<Document>,
        accepted -> Nullable<Document>,
        replaced -> Nullable<Document>,
        reason -> Nullable<Word>,
        words -> Text,
        closed_by -> Nullable<Guid>,
        closed_at -> Nullable<Instant>,
        version -> BigInt,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Document, Guid, Instant, Word};

    petitions (patient_id, id) {
        patient_id -> Guid,
        id -> Guid,
        kind -> Word,
        state -> Word,
        section -> Nullable<Word>,
        ask -> Document,
        requested_by -> Guid,
        requested_at -> Instant,
        due_at -> Instant,
        denial -> Nullable<Text>,
        words -> Text,
        closed_by -> Nullable<Guid>,
        closed_at -> Nullable<Instant>,
        version -> BigInt,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::Guid;

    statements (payer_id, id) {
        payer_id -> Guid,
        id -> Guid,
        number -> Text,
        day -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    ledger_transactions (payer_id, id) {
        payer_id -> Guid,
        id -> Guid,
        patient_id -> Guid,
        posted_at -> Instant,
        day -> Date,
        kind -> Word,
        amount -> BigInt,
        currency -> Word,
        description -> Text,
        statement_id -> Nullable<Guid>,
        source_id -> Nullable<Text>,
        reverses -> Nullable<Guid>,
        posted_by -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Word};

    ledger_entries (payer_id, transaction_id, position) {
        payer_id -> Guid,
        transaction_id -> Guid,
        position -> BigInt,
        account -> Word,
        amount -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant};

    ledger_balances (payer_id) {
        payer_id -> Guid,
        receivable -> BigInt,
        insurance_pending -> BigInt,
        changed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    payments (payer_id, id) {
        payer_id -> Guid,
        id -> Guid,
        state -> Word,
        amount -> BigInt,
        currency -> Word,
        statement_id -> Nullable<Guid>,
        gateway -> Text,
        reference -> Nullable<Text>,
        pay_at -> Nullable<Text>,
        method -> Text,
        failure -> Nullable<Word>,
        begun_by -> Guid,
        begun_at -> Instant,
        held_until -> Instant,
        settled_at -> Nullable<Instant>,
        method_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::Guid;

    gateway_customers (account_id, gateway) {
        account_id -> Guid,
        gateway -> Text,
        customer -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    payment_methods (account_id, id) {
        account_id -> Guid,
        id -> Guid,
        state -> Word,
        gateway -> Text,
        payment_id -> Nullable<Guid>,
        reference -> Nullable<Text>,
        add_at -> Nullable<Text>,
        token -> Nullable<Text>,
        brand -> Text,
        last4 -> Text,
        expires_month -> Nullable<BigInt>,
        expires_year -> Nullable<BigInt>,
        begun_at -> Instant,
        kept_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    payment_plans (payer_id, id) {
        payer_id -> Guid,
        id -> Guid,
        state -> Word,
        pause -> Nullable<Word>,
        currency -> Word,
        total -> BigInt,
        day -> BigInt,
        account_id -> Guid,
        method_id -> Guid,
        agreed_at -> Instant,
        changed_at -> Instant,
        ended_at -> Nullable<Instant>,
        end_reason -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    payment_instalments (payer_id, plan_id, number) {
        payer_id -> Guid,
        plan_id -> Guid,
        number -> BigInt,
        state -> Word,
        due_on -> Date,
        amount -> BigInt,
        payment_id -> Nullable<Guid>,
        failure -> Nullable<Word>,
        tries -> BigInt,
        first_tried_on -> Nullable<Date>,
        try_on -> Date,
        reminded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    refunds (payer_id, id) {
        payer_id -> Guid,
        id -> Guid,
        payment_id -> Guid,
        amount -> BigInt,
        currency -> Word,
        reason -> Text,
        asked_by -> Guid,
        asked_at -> Instant,
        done_at -> Nullable<Instant>,
        follow_at -> Nullable<Instant>,
        failed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    write_offs (payer_id, id) {
        payer_id -> Guid,
        id -> Guid,
        state -> Word,
        amount -> BigInt,
        currency -> Word,
        reason -> Text,
        asked_by -> Guid,
        asked_at -> Instant,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    disputes (payer_id, id) {
        payer_id -> Guid,
        id -> Guid,
        state -> Word,
        subject_kind -> Word,
        subject_id -> Guid,
        line_kind -> Nullable<Word>,
        amount -> BigInt,
        currency -> Word,
        day -> Date,
        statement_id -> Nullable<Guid>,
        number -> Text,
        reason -> Word,
        thread_id -> Guid,
        opened_by -> Guid,
        opened_at -> Instant,
        due_at -> Instant,
        outcome -> Nullable<Word>,
        answer -> Text,
        closed_by -> Nullable<Guid>,
        closed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    sandbox_checkouts (id) {
        id -> Guid,
        amount -> BigInt,
        currency -> Word,
        state -> Text,
        method -> Text,
        failure -> Nullable<Word>,
        return_to -> Text,
        changed_at -> Instant,
        keep_for -> Nullable<Text>,
        card_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::Guid;

    sandbox_cards (id) {
        id -> Guid,
        customer -> Text,
        card -> Text,
        last4 -> Text,
        expires_month -> BigInt,
        expires_year -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::Guid;

    sandbox_refunds (id) {
        id -> Guid,
        checkout_id -> Guid,
        amount -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::{Guid, Instant, Word};

    result_recalls (patient_id, at, id) {
        patient_id -> Guid,
        at -> Instant,
        id -> Guid,
        result_id -> Guid,
        recalled_by -> Guid,
        reason -> Word,
        words -> Nullable<Text>,
        released_at -> Instant,
        released_by -> Nullable<Guid>,
        opened_at -> Nullable<Instant>,
        provider_comment -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    audit_entries,
    audit_seals,
    idempotency_keys,
    practices,
    locations,
    providers,
    organizations,
    patients,
    chart_items,
    source_links,
    accounts,
    account_roles,
    account_locations,
    emergency_accesses,
    restricted_records,
    restricted_record_staff,
    sessions,
    throttles,
    enrolment_tokens,
    proxy_grants,
    proxy_invites,
    sensitive_items,
    dependent_requests,
    age_policies,
    proxy_reads,
    devices,
    account_tokens,
    totp_secrets,
    recovery_codes,
    passkeys,
    ceremonies,
    account_events,
    results,
    observations,
    release_policies,
    release_plans,
    result_holds,
    appointments,
    inbox_items,
    api_clients,
    signing_keys,
    outbox_mails,
    care_teams,
    care_team_members,
    staff_covers,
    threads,
    messages,
    drafts,
    attachments,
    message_templates,
    search_words,
    notices,
    notice_recipients,
    education_items,
    education_versions,
    education_codes,
    education_files,
    education_assignments,
    cohort_messages,
    cohort_recipients,
    documents,
    health_records,
    transmissions,
    outside_records,
    outside_entries,
    medication_requests,
    medication_request_items,
    medication_request_answers,
    proposals,
    petitions,
    statements,
    ledger_transactions,
    ledger_entries,
    ledger_balances,
    payments,
    gateway_customers,
    payment_methods,
    payment_plans,
    payment_instalments,
    refunds,
    write_offs,
    disputes,
    sandbox_checkouts,
    sandbox_cards,
    sandbox_refunds,
    result_recalls,
);
