-- One message to a cohort, in the name of a care team (MSG-7).
CREATE TABLE cohort_messages (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES care_teams (id),
    sent_by uuid NOT NULL REFERENCES accounts (id),
    sent_at timestamptz NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    -- portal_domain::audience::Audience.
    audience jsonb NOT NULL,
    patients bigint NOT NULL,
    -- Null while some of its patients don't have it yet.
    done_at timestamptz
);
CREATE INDEX cohort_messages_sent ON cohort_messages (sent_at, id);
CREATE INDEX cohort_messages_undone ON cohort_messages (sent_at, id) WHERE done_at IS NULL;

-- Who belonged to the cohort when it was sent, and the conversation that each got.
CREATE TABLE cohort_recipients (
    cohort_message_id uuid NOT NULL REFERENCES cohort_messages (id),
    patient_id uuid NOT NULL REFERENCES patients (id),
    thread_id uuid REFERENCES threads (id),
    message_id uuid REFERENCES messages (id),
    delivered_at timestamptz,
    PRIMARY KEY (cohort_message_id, patient_id)
);
CREATE INDEX cohort_recipients_undelivered ON cohort_recipients (cohort_message_id, patient_id) WHERE thread_id IS NULL;
