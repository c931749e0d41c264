CREATE TABLE practices (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    emergency_text TEXT NOT NULL,
    terms_version INTEGER NOT NULL,
    terms_text TEXT NOT NULL,
    enrolment_token_hours INTEGER NOT NULL CHECK (enrolment_token_hours BETWEEN 1 AND 720),
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE locations (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    line TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    phone TEXT NOT NULL,
    hours TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    -- Hours before it begins until which a booked appointment may be cancelled online; null: never (APT-3).
    cancel_cutoff_hours INTEGER,
    position INTEGER NOT NULL
) STRICT;

-- Practitioners: who orders, sees and releases. Those with a location take appointments there.
CREATE TABLE providers (
    id BLOB PRIMARY KEY,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    specialty TEXT NOT NULL,
    npi TEXT,
    location_id BLOB REFERENCES locations (id)
) STRICT;

-- Organizations named by charts, such as performing laboratories.
CREATE TABLE organizations (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    line TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    postal_code TEXT NOT NULL
) STRICT;
