-- The report goes by time.
CREATE INDEX audit_entries_at ON audit_entries (at, id);
