ALTER TABLE audit_entries DROP COLUMN emergency_access_id;
DROP TABLE emergency_accesses;
DROP TABLE account_locations;
