-- A verified address only (ENR-3): an address that waits for its link stands in account_tokens.
ALTER TABLE accounts ADD COLUMN email TEXT;
ALTER TABLE accounts ADD COLUMN email_folded TEXT;
CREATE UNIQUE INDEX accounts_email ON accounts (email_folded);
ALTER TABLE accounts ADD COLUMN email_verified_at INTEGER;
-- Null until the one free change was made.
ALTER TABLE accounts ADD COLUMN username_changed_at INTEGER;
ALTER TABLE accounts ADD COLUMN password_changed_at INTEGER;
-- BCP 47.
ALTER TABLE accounts ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
-- Whether "you have something new" is mailed.
ALTER TABLE accounts ADD COLUMN notices TEXT NOT NULL DEFAULT 'now';

-- Idle sign-out (SEC-3) and the switch that staff must have a second step (SEC-2).
ALTER TABLE practices ADD COLUMN patient_idle_minutes INTEGER NOT NULL DEFAULT 15;
ALTER TABLE practices ADD COLUMN staff_idle_minutes INTEGER NOT NULL DEFAULT 10;
ALTER TABLE practices ADD COLUMN staff_second_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE practices ADD COLUMN policies_version INTEGER NOT NULL DEFAULT 1;

-- Browsers that an account signed in from (SEC-4, SEC-7).
CREATE TABLE devices (
    id BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    -- SHA-256 of the device cookie's token.
    token_hash BLOB NOT NULL,
    -- In words, such as "Firefox on Android".
    label TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    UNIQUE (token_hash, account_id)
) STRICT;
CREATE INDEX devices_account ON devices (account_id);

-- Sessions begin anew: whoever was signed in signs in again.
DROP TABLE sessions;
CREATE TABLE sessions (
    -- SHA-256 of the cookie's token; the token itself is never stored.
    token_hash BLOB PRIMARY KEY,
    -- How the owner names it when ending it; survives the change of the token.
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    device_id BLOB REFERENCES devices (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- When a password or passkey was last given (SEC-5).
    proven_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account_id);

-- Links, steps and desk tokens that work once: what they are good for is the purpose.
CREATE TABLE account_tokens (
    id BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    -- The address that a link proves.
    email TEXT,
    issued_by BLOB REFERENCES accounts (id),
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX account_tokens_account ON account_tokens (account_id, purpose);

-- The shared secret of an authenticator app (RFC 6238).
CREATE TABLE totp_secrets (
    account_id BLOB PRIMARY KEY REFERENCES accounts (id),
    -- Sealed with the configured secret.
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    -- Null until one right code switched it on.
    confirmed_at INTEGER,
    -- The newest time step whose code was used: it and older ones work no more.
    last_step INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_codes (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    code_hash BLOB NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (account_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
    id BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    credential_id BLOB NOT NULL UNIQUE,
    -- Public key, counter and flags, as the WebAuthn library keeps them.
    body TEXT NOT NULL,
    -- As the owner calls it.
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;
CREATE INDEX passkeys_account ON passkeys (account_id);

-- WebAuthn ceremonies under way: the challenge that an answer must fit. Each works once.
CREATE TABLE ceremonies (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    account_id BLOB REFERENCES accounts (id),
    state TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- What the owner of an account is told (SEC-7).
CREATE TABLE account_events (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    event TEXT NOT NULL,
    -- The device, the address or the name that it is about.
    label TEXT NOT NULL,
    PRIMARY KEY (account_id, at, id)
) STRICT, WITHOUT ROWID;

-- ENR-2: the token is then the temporary password, and goes with this username (folded).
ALTER TABLE enrolment_tokens ADD COLUMN temporary_username TEXT;
CREATE UNIQUE INDEX enrolment_tokens_username ON enrolment_tokens (temporary_username);
ALTER TABLE enrolment_tokens ADD COLUMN email TEXT;
