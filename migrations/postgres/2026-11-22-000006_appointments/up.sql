CREATE TABLE appointments (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    -- What people say on the phone; also part of the iCalendar UID.
    reference text NOT NULL UNIQUE,
    state text NOT NULL,
    location_id uuid NOT NULL REFERENCES locations (id),
    -- Null: first available.
    wanted_provider_id uuid REFERENCES providers (id),
    reason text NOT NULL,
    note text NOT NULL,
    preferred jsonb NOT NULL,
    provider_id uuid REFERENCES providers (id),
    starts_at timestamptz,
    ends_at timestamptz,
    decision_note text NOT NULL,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    requested_by uuid NOT NULL REFERENCES accounts (id),
    requested_at timestamptz NOT NULL,
    -- SEQUENCE of RFC 5545: raised at each change of a booked appointment.
    sequence bigint NOT NULL,
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX appointments_queue ON appointments (state, requested_at, id);
CREATE INDEX appointments_schedule ON appointments (provider_id, starts_at);
