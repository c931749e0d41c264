-- Who answers what, for which location, and how soon (MSG-1, MSG-7).
CREATE TABLE care_teams (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    -- Null: the whole practice.
    location_id BLOB REFERENCES locations (id),
    -- Hours of working days until an answer is due.
    reply_hours INTEGER NOT NULL,
    -- 0 when it takes no messages.
    is_open INTEGER NOT NULL,
    -- The team in whose queue overdue items show as well.
    escalates_to BLOB REFERENCES care_teams (id),
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE care_team_members (
    team_id BLOB NOT NULL REFERENCES care_teams (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (team_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX care_team_members_account ON care_team_members (account_id);

-- Who looks after the work of somebody who is away.
CREATE TABLE staff_covers (
    away_id BLOB PRIMARY KEY REFERENCES accounts (id),
    cover_id BLOB NOT NULL REFERENCES accounts (id),
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;

-- A conversation between a patient and a care team.
CREATE TABLE threads (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    team_id BLOB NOT NULL REFERENCES care_teams (id),
    -- Null once the first message was recalled.
    subject TEXT,
    topic_kind TEXT,
    topic_id BLOB,
    state TEXT NOT NULL,
    -- Who claimed it.
    owner_id BLOB REFERENCES accounts (id),
    -- Since when the patient waits for an answer, and by when one is due; null when nobody waits.
    waiting_since INTEGER,
    due_at INTEGER,
    -- When somebody last wrote; notes don't count.
    last_at INTEGER NOT NULL,
    -- The patient's newest message that Sent Items shows.
    sent_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX threads_waiting ON threads (team_id, due_at, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX threads_open ON threads (team_id, state, last_at, id);
CREATE INDEX threads_sent ON threads (patient_id, sent_at, id) WHERE sent_at IS NOT NULL;

CREATE TABLE messages (
    thread_id BLOB NOT NULL REFERENCES threads (id),
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    patient_id BLOB NOT NULL REFERENCES patients (id),
    side TEXT NOT NULL,
    author_id BLOB NOT NULL REFERENCES accounts (id),
    -- When the other side first opened it (MSG-6, MSG-8).
    opened_at INTEGER,
    recalled_at INTEGER,
    -- Ids of education items.
    education TEXT NOT NULL,
    -- Empty once it was recalled.
    body TEXT NOT NULL,
    PRIMARY KEY (thread_id, at, id)
) STRICT, WITHOUT ROWID;

-- What somebody is writing (MSG-2). An answer's draft is one for each writer and thread.
CREATE TABLE drafts (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    thread_id BLOB REFERENCES threads (id),
    -- portal_domain::messages::DraftText.
    body TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, patient_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX drafts_answer ON drafts (account_id, thread_id) WHERE thread_id IS NOT NULL;

-- Files of a draft, then of the message that it became (MSG-3). The bytes lie in the file store under the id.
CREATE TABLE attachments (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES patients (id),
    draft_id BLOB,
    message_id BLOB REFERENCES messages (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attachments_draft ON attachments (draft_id);
CREATE INDEX attachments_message ON attachments (message_id);

CREATE TABLE message_templates (
    id BLOB PRIMARY KEY,
    team_id BLOB NOT NULL REFERENCES care_teams (id),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX message_templates_team ON message_templates (team_id, title);

-- The words of what can be searched, folded. Both engines find the same with it.
CREATE TABLE search_words (
    -- What kind of thing, and in whose reach it is: a patient's mailbox, a team's queue.
    realm TEXT NOT NULL,
    owner_id BLOB NOT NULL,
    word TEXT NOT NULL,
    item_id BLOB NOT NULL,
    PRIMARY KEY (realm, owner_id, word, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_words_item ON search_words (realm, item_id, word);

ALTER TABLE inbox_items ADD COLUMN archived_at INTEGER;
CREATE INDEX inbox_items_kept ON inbox_items (patient_id, at, id) WHERE archived_at IS NULL;
CREATE INDEX inbox_items_archived ON inbox_items (patient_id, at, id) WHERE archived_at IS NOT NULL;
CREATE INDEX inbox_items_subject ON inbox_items (patient_id, subject_id);
DROP INDEX inbox_items_unread;
CREATE INDEX inbox_items_unread ON inbox_items (patient_id) WHERE read_at IS NULL AND archived_at IS NULL;
