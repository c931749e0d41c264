-- Invitations by e-mail: where they went, whose name they are for, and the mail while it can be held back (PRX-1).
ALTER TABLE proxy_invites ADD COLUMN email TEXT;
ALTER TABLE proxy_invites ADD COLUMN family_name TEXT;
ALTER TABLE proxy_invites ADD COLUMN mail_id BLOB;
