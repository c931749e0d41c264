-- One message to a cohort, in the name of a care team (MSG-7).
CREATE TABLE cohort_messages (
    id BLOB PRIMARY KEY,
    team_id BLOB NOT NULL REFERENCES care_teams (id),
    sent_by BLOB NOT NULL REFERENCES accounts (id),
    sent_at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    -- portal_domain::audience::Audience.
    audience TEXT NOT NULL,
    patients INTEGER NOT NULL,
    -- Null while some of its patients don't have it yet.
    done_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX cohort_messages_sent ON cohort_messages (sent_at, id);
CREATE INDEX cohort_messages_undone ON cohort_messages (sent_at, id) WHERE done_at IS NULL;

-- Who belonged to the cohort when it was sent, and the conversation that each got.
CREATE TABLE cohort_recipients (
    cohort_message_id BLOB NOT NULL REFERENCES cohort_messages (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    thread_id BLOB REFERENCES threads (id),
    message_id BLOB REFERENCES messages (id),
    delivered_at INTEGER,
    PRIMARY KEY (cohort_message_id, patient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cohort_recipients_undelivered ON cohort_recipients (cohort_message_id, patient_id) WHERE thread_id IS NULL;
