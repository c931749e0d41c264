-- What is kept from whoever acts for the patient (PRX-4): a result, a medication, a document, a conversation, an appointment.
CREATE TABLE sensitive_items (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    subject_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    -- Null: the practice's policy for the test.
    tagged_by BLOB REFERENCES accounts (id),
    tagged_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, subject_id)
) STRICT, WITHOUT ROWID;
