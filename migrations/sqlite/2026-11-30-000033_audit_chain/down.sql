DROP TABLE audit_seals;
ALTER TABLE audit_entries DROP COLUMN mac;
