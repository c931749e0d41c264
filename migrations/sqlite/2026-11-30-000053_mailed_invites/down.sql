ALTER TABLE proxy_invites DROP COLUMN mail_id;
ALTER TABLE proxy_invites DROP COLUMN family_name;
ALTER TABLE proxy_invites DROP COLUMN email;
