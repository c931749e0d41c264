-- Who may act for whom (PRX-1, PRX-2). What a grant gives is decided at each request, from these rows.
CREATE TABLE proxy_grants (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES accounts (id),
    relationship text NOT NULL,
    basis text NOT NULL,
    source text NOT NULL,
    level text NOT NULL,
    -- For a limited grant, category by category.
    shares jsonb NOT NULL,
    -- Days of the practice's calendar, each belonging to the grant as a whole.
    starts_on date NOT NULL,
    ends_on date,
    assented_on date,
    -- The birthday of which both sides were warned.
    warned_of date,
    granted_at timestamptz NOT NULL,
    approved_by uuid NOT NULL REFERENCES accounts (id),
    revoked_at timestamptz,
    revoked_by uuid REFERENCES accounts (id),
    version bigint NOT NULL,
    PRIMARY KEY (patient_id, id)
);
-- One for each account and patient.
CREATE UNIQUE INDEX proxy_grants_standing ON proxy_grants (account_id, patient_id) WHERE revoked_at IS NULL;
CREATE INDEX proxy_grants_account ON proxy_grants (account_id);

-- Invitations of grown patients; each works once.
CREATE TABLE proxy_invites (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    code_hash bytea NOT NULL UNIQUE,
    relationship text NOT NULL,
    level text NOT NULL,
    shares jsonb NOT NULL,
    ends_on date,
    invited_by uuid NOT NULL REFERENCES accounts (id),
    invited_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    PRIMARY KEY (patient_id, id)
);

-- Requests to look after somebody, which staff check. The patient is the one who asks.
CREATE TABLE dependent_requests (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    requested_by uuid NOT NULL REFERENCES accounts (id),
    requested_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    -- As it was written: nobody is told whether there is such a chart.
    given_name text NOT NULL,
    family_name text NOT NULL,
    birth_date date NOT NULL,
    relationship text NOT NULL,
    reason text NOT NULL,
    answer text NOT NULL,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX dependent_requests_queue ON dependent_requests (state, requested_at, id);

-- The practice's policy for minors (PRX-3); the newest version holds, the others tell what held before.
CREATE TABLE age_policies (
    version bigint PRIMARY KEY,
    body jsonb NOT NULL,
    changed_by uuid REFERENCES accounts (id),
    changed_at timestamptz NOT NULL
);

-- What somebody who acts for the patient has read: the patient's own marks are the patient's.
CREATE TABLE proxy_reads (
    account_id uuid NOT NULL REFERENCES accounts (id),
    item_id uuid NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, item_id)
);

-- By which grant it was done, on behalf of the patient (PRX-1).
ALTER TABLE audit_entries ADD COLUMN proxy_grant_id uuid;
