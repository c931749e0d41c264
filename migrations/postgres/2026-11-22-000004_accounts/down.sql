DROP TABLE enrolment_tokens;
DROP TABLE throttles;
DROP TABLE sessions;
DROP TABLE account_roles;
DROP TABLE accounts;
