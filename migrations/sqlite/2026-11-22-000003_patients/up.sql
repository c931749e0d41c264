CREATE TABLE patients (
    id BLOB PRIMARY KEY,
    mrn TEXT NOT NULL UNIQUE,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    -- Case-folded, for search and for the match at enrolment.
    given_folded TEXT NOT NULL,
    family_folded TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    gender TEXT NOT NULL,
    -- The whole of it (chart::ChartPatient): address, telecom, race, language.
    body TEXT NOT NULL,
    -- Raised with every change of what a reader of this chart may see; carries the ETags.
    chart_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX patients_family ON patients (family_folded, given_folded, id);
CREATE INDEX patients_birth ON patients (birth_date);

-- The clinical content that is read whole, by patient and kind: encounters, conditions, allergies,
-- medications, immunizations, procedures, care plans, goals. body is the struct of that kind in portal_domain::chart.
CREATE TABLE chart_items (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    status TEXT NOT NULL,
    code_system TEXT,
    code TEXT,
    display TEXT NOT NULL,
    encounter_id BLOB,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, kind, at, id)
) STRICT, WITHOUT ROWID;

-- Which row a source's resource became: importing the same (source system, type, id) twice changes nothing twice (API-3).
CREATE TABLE source_links (
    source_system TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    source_id TEXT NOT NULL,
    local_id BLOB NOT NULL,
    patient_id BLOB REFERENCES patients (id),
    content_hash BLOB NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (source_system, resource_type, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_links_local ON source_links (local_id);
