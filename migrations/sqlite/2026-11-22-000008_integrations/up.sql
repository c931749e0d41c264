-- OAuth 2 clients (API-2).
CREATE TABLE api_clients (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    -- The identity domain of what this client imports: the same (source system, type, id) is the same row.
    source_system TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

-- Ed25519 keys that sign access tokens; the private half is sealed with the configured secret.
CREATE TABLE signing_keys (
    id BLOB PRIMARY KEY,
    public_key BLOB NOT NULL,
    sealed_private_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;
