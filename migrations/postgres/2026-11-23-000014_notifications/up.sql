-- When each kind of news is mailed: portal_domain::notifications::NotificationChoices. What is not named is mailed at once.
ALTER TABLE accounts ADD COLUMN notice_choices jsonb NOT NULL DEFAULT '{}';
UPDATE accounts SET notice_choices = '{"messages":"off","appointments":"off","results":"off","notices":"off","education":"off"}' WHERE notices = 'off';
ALTER TABLE accounts DROP COLUMN notices;

-- What became of the mails to one account, newest first; and the one that waits.
CREATE INDEX outbox_mails_account ON outbox_mails (account_id, created_at, id);
