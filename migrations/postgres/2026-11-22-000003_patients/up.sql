CREATE TABLE patients (
    id uuid PRIMARY KEY,
    mrn text NOT NULL UNIQUE,
    given_name text NOT NULL,
    family_name text NOT NULL,
    -- Case-folded, for search and for the match at enrolment.
    given_folded text COLLATE "C" NOT NULL,
    family_folded text COLLATE "C" NOT NULL,
    birth_date date NOT NULL,
    gender text NOT NULL,
    -- The whole of it (chart::ChartPatient): address, telecom, race, language.
    body jsonb NOT NULL,
    -- Raised with every change of what a reader of this chart may see; carries the ETags.
    chart_version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX patients_family ON patients (family_folded, given_folded, id);
CREATE INDEX patients_birth ON patients (birth_date);

-- The clinical content that is read whole, by patient and kind: encounters, conditions, allergies,
-- medications, immunizations, procedures, care plans, goals. body is the struct of that kind in portal_domain::chart.
CREATE TABLE chart_items (
    patient_id uuid NOT NULL REFERENCES patients (id),
    kind text NOT NULL,
    at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    status text NOT NULL,
    code_system text,
    code text,
    display text NOT NULL,
    encounter_id uuid,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, kind, at, id)
);

-- Which row a source's resource became: importing the same (source system, type, id) twice changes nothing twice (API-3).
CREATE TABLE source_links (
    source_system text NOT NULL,
    resource_type text NOT NULL,
    source_id text NOT NULL,
    local_id uuid NOT NULL,
    patient_id uuid REFERENCES patients (id),
    content_hash bytea NOT NULL,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (source_system, resource_type, source_id)
);
CREATE INDEX source_links_local ON source_links (local_id);
