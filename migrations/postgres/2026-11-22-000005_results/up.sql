-- A result: one diagnostic report. A laboratory observation that came without one has a report of its own,
-- so that everything that is released is a row here (LAB-1).
CREATE TABLE results (
    patient_id uuid NOT NULL REFERENCES patients (id),
    -- When it was collected (FHIR effective).
    at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    reported_at timestamptz NOT NULL,
    status text NOT NULL,
    code_system text,
    code text,
    title text NOT NULL,
    flag text NOT NULL,
    organization_id uuid REFERENCES organizations (id),
    provider_id uuid REFERENCES providers (id),
    released_at timestamptz,
    released_by uuid REFERENCES accounts (id),
    -- The result that this one corrects, and the one that corrects this (LAB-3).
    replaces uuid,
    replaced_by uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- The long columns last: SQLite reads a row's columns in order, and long ones lie on pages of their own.
    body jsonb NOT NULL,
    provider_comment text,
    PRIMARY KEY (patient_id, at, id)
);
CREATE INDEX results_unreleased ON results (reported_at, id) WHERE released_at IS NULL;

-- One measured or observed value; body is portal_domain::chart::ChartObservation.
CREATE TABLE observations (
    patient_id uuid NOT NULL REFERENCES patients (id),
    category text NOT NULL,
    code text NOT NULL,
    at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    code_system text NOT NULL,
    -- Set for laboratory observations, which are seen only through their released result.
    result_id uuid REFERENCES results (id),
    position bigint NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, category, code, at, id)
);
CREATE INDEX observations_result ON observations (result_id, position);
