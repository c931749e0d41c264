-- What is kept from whoever acts for the patient (PRX-4): a result, a medication, a document, a conversation, an appointment.
CREATE TABLE sensitive_items (
    patient_id uuid NOT NULL REFERENCES patients (id),
    subject_id uuid NOT NULL,
    kind text NOT NULL,
    -- Null: the practice's policy for the test.
    tagged_by uuid REFERENCES accounts (id),
    tagged_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, subject_id)
);
