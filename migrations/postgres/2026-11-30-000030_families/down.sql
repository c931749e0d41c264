ALTER TABLE audit_entries DROP COLUMN proxy_grant_id;
DROP TABLE proxy_reads;
DROP TABLE age_policies;
DROP TABLE dependent_requests;
DROP TABLE proxy_invites;
DROP TABLE proxy_grants;
