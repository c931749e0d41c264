-- Who answers what, for which location, and how soon (MSG-1, MSG-7).
CREATE TABLE care_teams (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    category text NOT NULL,
    -- Null: the whole practice.
    location_id uuid REFERENCES locations (id),
    -- Hours of working days until an answer is due.
    reply_hours bigint NOT NULL,
    -- 0 when it takes no messages.
    is_open bigint NOT NULL,
    -- The team in whose queue overdue items show as well.
    escalates_to uuid REFERENCES care_teams (id),
    version bigint NOT NULL
);

CREATE TABLE care_team_members (
    team_id uuid NOT NULL REFERENCES care_teams (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (team_id, account_id)
);
CREATE INDEX care_team_members_account ON care_team_members (account_id);

-- Who looks after the work of somebody who is away.
CREATE TABLE staff_covers (
    away_id uuid PRIMARY KEY REFERENCES accounts (id),
    cover_id uuid NOT NULL REFERENCES accounts (id),
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL
);

-- A conversation between a patient and a care team.
CREATE TABLE threads (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    team_id uuid NOT NULL REFERENCES care_teams (id),
    -- Null once the first message was recalled.
    subject text,
    topic_kind text,
    topic_id uuid,
    state text NOT NULL,
    -- Who claimed it.
    owner_id uuid REFERENCES accounts (id),
    -- Since when the patient waits for an answer, and by when one is due; null when nobody waits.
    waiting_since timestamptz,
    due_at timestamptz,
    -- When somebody last wrote; notes don't count.
    last_at timestamptz NOT NULL,
    -- The patient's newest message that Sent Items shows.
    sent_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (patient_id, id)
);
CREATE INDEX threads_waiting ON threads (team_id, due_at, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX threads_open ON threads (team_id, state, last_at, id);
CREATE INDEX threads_sent ON threads (patient_id, sent_at, id) WHERE sent_at IS NOT NULL;

CREATE TABLE messages (
    thread_id uuid NOT NULL REFERENCES threads (id),
    at timestamptz NOT NULL,
    id uuid NOT NULL UNIQUE,
    patient_id uuid NOT NULL REFERENCES patients (id),
    side text NOT NULL,
    author_id uuid NOT NULL REFERENCES accounts (id),
    -- When the other side first opened it (MSG-6, MSG-8).
    opened_at timestamptz,
    recalled_at timestamptz,
    -- Ids of education items.
    education jsonb NOT NULL,
    -- Empty once it was recalled.
    body text NOT NULL,
    PRIMARY KEY (thread_id, at, id)
);

-- What somebody is writing (MSG-2). An answer's draft is one for each writer and thread.
CREATE TABLE drafts (
    account_id uuid NOT NULL REFERENCES accounts (id),
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    thread_id uuid REFERENCES threads (id),
    -- portal_domain::messages::DraftText.
    body jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, patient_id, id)
);
CREATE UNIQUE INDEX drafts_answer ON drafts (account_id, thread_id) WHERE thread_id IS NOT NULL;

-- Files of a draft, then of the message that it became (MSG-3). The bytes lie in the file store under the id.
CREATE TABLE attachments (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL REFERENCES patients (id),
    draft_id uuid,
    message_id uuid REFERENCES messages (id),
    position bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX attachments_draft ON attachments (draft_id);
CREATE INDEX attachments_message ON attachments (message_id);

CREATE TABLE message_templates (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES care_teams (id),
    title text NOT NULL,
    body text NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX message_templates_team ON message_templates (team_id, title);

-- The words of what can be searched, folded. Both engines find the same with it.
CREATE TABLE search_words (
    -- What kind of thing, and in whose reach it is: a patient's mailbox, a team's queue.
    realm text NOT NULL,
    owner_id uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    item_id uuid NOT NULL,
    PRIMARY KEY (realm, owner_id, word, item_id)
);
CREATE INDEX search_words_item ON search_words (realm, item_id, word);

ALTER TABLE inbox_items ADD COLUMN archived_at timestamptz;
CREATE INDEX inbox_items_kept ON inbox_items (patient_id, at, id) WHERE archived_at IS NULL;
CREATE INDEX inbox_items_archived ON inbox_items (patient_id, at, id) WHERE archived_at IS NOT NULL;
CREATE INDEX inbox_items_subject ON inbox_items (patient_id, subject_id);
DROP INDEX inbox_items_unread;
CREATE INDEX inbox_items_unread ON inbox_items (patient_id) WHERE read_at IS NULL AND archived_at IS NULL;
