CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    -- NFKC and case-folded: usernames are not case sensitive (SEC-1).
    username_folded text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    display_name text NOT NULL,
    -- A patient's account has a patient; a staff account has roles and may be a provider's.
    patient_id uuid UNIQUE REFERENCES patients (id),
    provider_id uuid UNIQUE REFERENCES providers (id),
    terms_version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz
);

CREATE TABLE account_roles (
    account_id uuid NOT NULL REFERENCES accounts (id),
    role text NOT NULL,
    PRIMARY KEY (account_id, role)
);

CREATE TABLE sessions (
    -- SHA-256 of the cookie's token; the token itself is never stored.
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX sessions_account ON sessions (account_id);

-- Failures per folded username or network address (SEC-4); survives a restart.
CREATE TABLE throttles (
    subject text PRIMARY KEY,
    failures bigint NOT NULL,
    last_failure_at timestamptz NOT NULL
);

CREATE TABLE enrolment_tokens (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL REFERENCES patients (id),
    token_hash bytea NOT NULL UNIQUE,
    issued_by uuid NOT NULL REFERENCES accounts (id),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    failures bigint NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX enrolment_tokens_patient ON enrolment_tokens (patient_id, issued_at);
