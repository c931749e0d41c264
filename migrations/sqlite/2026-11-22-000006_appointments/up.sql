CREATE TABLE appointments (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    -- What people say on the phone; also part of the iCalendar UID.
    reference TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    location_id BLOB NOT NULL REFERENCES locations (id),
    -- Null: first available.
    wanted_provider_id BLOB REFERENCES providers (id),
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    preferred TEXT NOT NULL,
    provider_id BLOB REFERENCES providers (id),
    starts_at INTEGER,
    ends_at INTEGER,
    decision_note TEXT NOT NULL,
    decided_by BLOB REFERENCES accounts (id),
    decided_at INTEGER,
    requested_by BLOB NOT NULL REFERENCES accounts (id),
    requested_at INTEGER NOT NULL,
    -- SEQUENCE of RFC 5545: raised at each change of a booked appointment.
    sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX appointments_queue ON appointments (state, requested_at, id);
CREATE INDEX appointments_schedule ON appointments (provider_id, starts_at);
