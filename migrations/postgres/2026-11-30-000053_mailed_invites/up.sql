-- Invitations by e-mail: where they went, whose name they are for, and the mail while it can be held back (PRX-1).
ALTER TABLE proxy_invites ADD COLUMN email text;
ALTER TABLE proxy_invites ADD COLUMN family_name text;
ALTER TABLE proxy_invites ADD COLUMN mail_id uuid;
