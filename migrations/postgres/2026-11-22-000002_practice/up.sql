CREATE TABLE practices (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    phone text NOT NULL,
    emergency_text text NOT NULL,
    terms_version bigint NOT NULL,
    terms_text text NOT NULL,
    enrolment_token_hours bigint NOT NULL CHECK (enrolment_token_hours BETWEEN 1 AND 720),
    updated_at timestamptz NOT NULL
);

CREATE TABLE locations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    line text NOT NULL,
    city text NOT NULL,
    state text NOT NULL,
    postal_code text NOT NULL,
    phone text NOT NULL,
    hours text NOT NULL,
    time_zone text NOT NULL,
    -- Hours before it begins until which a booked appointment may be cancelled online; null: never (APT-3).
    cancel_cutoff_hours bigint,
    position bigint NOT NULL
);

-- Practitioners: who orders, sees and releases. Those with a location take appointments there.
CREATE TABLE providers (
    id uuid PRIMARY KEY,
    given_name text NOT NULL,
    family_name text NOT NULL,
    prefix text NOT NULL,
    specialty text NOT NULL,
    npi text,
    location_id uuid REFERENCES locations (id)
);

-- Organizations named by charts, such as performing laboratories.
CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    phone text NOT NULL,
    line text NOT NULL,
    city text NOT NULL,
    state text NOT NULL,
    postal_code text NOT NULL
);
