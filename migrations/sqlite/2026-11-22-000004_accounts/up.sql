CREATE TABLE accounts (
    id BLOB PRIMARY KEY,
    username TEXT NOT NULL,
    -- NFKC and case-folded: usernames are not case sensitive (SEC-1).
    username_folded TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    display_name TEXT NOT NULL,
    -- A patient's account has a patient; a staff account has roles and may be a provider's.
    patient_id BLOB UNIQUE REFERENCES patients (id),
    provider_id BLOB UNIQUE REFERENCES providers (id),
    terms_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE account_roles (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    PRIMARY KEY (account_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    -- SHA-256 of the cookie's token; the token itself is never stored.
    token_hash BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account_id);

-- Failures per folded username or network address (SEC-4); survives a restart.
CREATE TABLE throttles (
    subject TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_failure_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_tokens (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES patients (id),
    token_hash BLOB NOT NULL UNIQUE,
    issued_by BLOB NOT NULL REFERENCES accounts (id),
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX enrolment_tokens_patient ON enrolment_tokens (patient_id, issued_at);
