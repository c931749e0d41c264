-- A result: one diagnostic report. A laboratory observation that came without one has a report of its own,
-- so that everything that is released is a row here (LAB-1).
CREATE TABLE results (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    -- When it was collected (FHIR effective).
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    reported_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    code_system TEXT,
    code TEXT,
    title TEXT NOT NULL,
    flag TEXT NOT NULL,
    organization_id BLOB REFERENCES organizations (id),
    provider_id BLOB REFERENCES providers (id),
    released_at INTEGER,
    released_by BLOB REFERENCES accounts (id),
    -- The result that this one corrects, and the one that corrects this (LAB-3).
    replaces BLOB,
    replaced_by BLOB,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- The long columns last: SQLite reads a row's columns in order, and long ones lie on pages of their own.
    body TEXT NOT NULL,
    provider_comment TEXT,
    PRIMARY KEY (patient_id, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_unreleased ON results (reported_at, id) WHERE released_at IS NULL;

-- One measured or observed value; body is portal_domain::chart::ChartObservation.
CREATE TABLE observations (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    category TEXT NOT NULL,
    code TEXT NOT NULL,
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    code_system TEXT NOT NULL,
    -- Set for laboratory observations, which are seen only through their released result.
    result_id BLOB REFERENCES results (id),
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, category, code, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX observations_result ON observations (result_id, position);
