-- A verified address only (ENR-3): an address that waits for its link stands in account_tokens.
ALTER TABLE accounts ADD COLUMN email text;
ALTER TABLE accounts ADD COLUMN email_folded text;
CREATE UNIQUE INDEX accounts_email ON accounts (email_folded);
ALTER TABLE accounts ADD COLUMN email_verified_at timestamptz;
-- Null until the one free change was made.
ALTER TABLE accounts ADD COLUMN username_changed_at timestamptz;
ALTER TABLE accounts ADD COLUMN password_changed_at timestamptz;
-- BCP 47.
ALTER TABLE accounts ADD COLUMN language text NOT NULL DEFAULT 'en';
-- Whether "you have something new" is mailed.
ALTER TABLE accounts ADD COLUMN notices text NOT NULL DEFAULT 'now';

-- Idle sign-out (SEC-3) and the switch that staff must have a second step (SEC-2).
ALTER TABLE practices ADD COLUMN patient_idle_minutes bigint NOT NULL DEFAULT 15;
ALTER TABLE practices ADD COLUMN staff_idle_minutes bigint NOT NULL DEFAULT 10;
ALTER TABLE practices ADD COLUMN staff_second_step bigint NOT NULL DEFAULT 0;
ALTER TABLE practices ADD COLUMN policies_version bigint NOT NULL DEFAULT 1;

-- Browsers that an account signed in from (SEC-4, SEC-7).
CREATE TABLE devices (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    -- SHA-256 of the device cookie's token.
    token_hash bytea NOT NULL,
    -- In words, such as "Firefox on Android".
    label text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    UNIQUE (token_hash, account_id)
);
CREATE INDEX devices_account ON devices (account_id);

-- Sessions begin anew: whoever was signed in signs in again.
DROP TABLE sessions;
CREATE TABLE sessions (
    -- SHA-256 of the cookie's token; the token itself is never stored.
    token_hash bytea PRIMARY KEY,
    -- How the owner names it when ending it; survives the change of the token.
    id uuid NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES accounts (id),
    device_id uuid REFERENCES devices (id),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- When a password or passkey was last given (SEC-5).
    proven_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX sessions_account ON sessions (account_id);

-- Links, steps and desk tokens that work once: what they are good for is the purpose.
CREATE TABLE account_tokens (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES accounts (id),
    purpose text NOT NULL,
    -- The address that a link proves.
    email text,
    issued_by uuid REFERENCES accounts (id),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    failures bigint NOT NULL DEFAULT 0,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX account_tokens_account ON account_tokens (account_id, purpose);

-- The shared secret of an authenticator app (RFC 6238).
CREATE TABLE totp_secrets (
    account_id uuid PRIMARY KEY REFERENCES accounts (id),
    -- Sealed with the configured secret.
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- Null until one right code switched it on.
    confirmed_at timestamptz,
    -- The newest time step whose code was used: it and older ones work no more.
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    account_id uuid NOT NULL REFERENCES accounts (id),
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE passkeys (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    credential_id bytea NOT NULL UNIQUE,
    -- Public key, counter and flags, as the WebAuthn library keeps them.
    body jsonb NOT NULL,
    -- As the owner calls it.
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkeys_account ON passkeys (account_id);

-- WebAuthn ceremonies under way: the challenge that an answer must fit. Each works once.
CREATE TABLE ceremonies (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    account_id uuid REFERENCES accounts (id),
    state jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);

-- What the owner of an account is told (SEC-7).
CREATE TABLE account_events (
    account_id uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    event text NOT NULL,
    -- The device, the address or the name that it is about.
    label text NOT NULL,
    PRIMARY KEY (account_id, at, id)
);

-- ENR-2: the token is then the temporary password, and goes with this username (folded).
ALTER TABLE enrolment_tokens ADD COLUMN temporary_username text;
CREATE UNIQUE INDEX enrolment_tokens_username ON enrolment_tokens (temporary_username);
ALTER TABLE enrolment_tokens ADD COLUMN email text;
