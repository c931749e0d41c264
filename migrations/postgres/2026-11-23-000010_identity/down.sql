DROP INDEX enrolment_tokens_username;
ALTER TABLE enrolment_tokens DROP COLUMN email;
ALTER TABLE enrolment_tokens DROP COLUMN temporary_username;
DROP TABLE account_events;
DROP TABLE ceremonies;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE totp_secrets;
DROP TABLE account_tokens;
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX sessions_account ON sessions (account_id);
DROP TABLE devices;
ALTER TABLE practices DROP COLUMN policies_version;
ALTER TABLE practices DROP COLUMN staff_second_step;
ALTER TABLE practices DROP COLUMN staff_idle_minutes;
ALTER TABLE practices DROP COLUMN patient_idle_minutes;
ALTER TABLE accounts DROP COLUMN notices;
ALTER TABLE accounts DROP COLUMN language;
ALTER TABLE accounts DROP COLUMN password_changed_at;
ALTER TABLE accounts DROP COLUMN username_changed_at;
ALTER TABLE accounts DROP COLUMN email_verified_at;
DROP INDEX accounts_email;
ALTER TABLE accounts DROP COLUMN email_folded;
ALTER TABLE accounts DROP COLUMN email;
