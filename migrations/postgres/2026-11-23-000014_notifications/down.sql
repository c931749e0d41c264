DROP INDEX outbox_mails_account;
ALTER TABLE accounts ADD COLUMN notices text NOT NULL DEFAULT 'now';
ALTER TABLE accounts DROP COLUMN notice_choices;
