-- OAuth 2 clients (API-2).
CREATE TABLE api_clients (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text NOT NULL,
    -- The identity domain of what this client imports: the same (source system, type, id) is the same row.
    source_system text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- Ed25519 keys that sign access tokens; the private half is sealed with the configured secret.
CREATE TABLE signing_keys (
    id uuid PRIMARY KEY,
    public_key bytea NOT NULL,
    sealed_private_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);
