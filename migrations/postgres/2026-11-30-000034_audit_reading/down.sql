DROP INDEX audit_entries_at;
