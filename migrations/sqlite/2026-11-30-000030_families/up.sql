-- Who may act for whom (PRX-1, PRX-2). What a grant gives is decided at each request, from these rows.
CREATE TABLE proxy_grants (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    relationship TEXT NOT NULL,
    basis TEXT NOT NULL,
    source TEXT NOT NULL,
    level TEXT NOT NULL,
    -- For a limited grant, category by category.
    shares TEXT NOT NULL,
    -- Days of the practice's calendar, each belonging to the grant as a whole.
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    assented_on TEXT,
    -- The birthday of which both sides were warned.
    warned_of TEXT,
    granted_at INTEGER NOT NULL,
    approved_by BLOB NOT NULL REFERENCES accounts (id),
    revoked_at INTEGER,
    revoked_by BLOB REFERENCES accounts (id),
    version INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
-- One for each account and patient.
CREATE UNIQUE INDEX proxy_grants_standing ON proxy_grants (account_id, patient_id) WHERE revoked_at IS NULL;
CREATE INDEX proxy_grants_account ON proxy_grants (account_id);

-- Invitations of grown patients; each works once.
CREATE TABLE proxy_invites (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    code_hash BLOB NOT NULL UNIQUE,
    relationship TEXT NOT NULL,
    level TEXT NOT NULL,
    shares TEXT NOT NULL,
    ends_on TEXT,
    invited_by BLOB NOT NULL REFERENCES accounts (id),
    invited_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    withdrawn_at INTEGER,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;

-- Requests to look after somebody, which staff check. The patient is the one who asks.
CREATE TABLE dependent_requests (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    requested_by BLOB NOT NULL REFERENCES accounts (id),
    requested_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- As it was written: nobody is told whether there is such a chart.
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    relationship TEXT NOT NULL,
    reason TEXT NOT NULL,
    answer TEXT NOT NULL,
    decided_by BLOB REFERENCES accounts (id),
    decided_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dependent_requests_queue ON dependent_requests (state, requested_at, id);

-- The practice's policy for minors (PRX-3); the newest version holds, the others tell what held before.
CREATE TABLE age_policies (
    version INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    changed_by BLOB REFERENCES accounts (id),
    changed_at INTEGER NOT NULL
) STRICT;

-- What somebody who acts for the patient has read: the patient's own marks are the patient's.
CREATE TABLE proxy_reads (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    item_id BLOB NOT NULL,
    read_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, item_id)
) STRICT, WITHOUT ROWID;

-- By which grant it was done, on behalf of the patient (PRX-1).
ALTER TABLE audit_entries ADD COLUMN proxy_grant_id BLOB;
