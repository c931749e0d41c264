DROP INDEX payments_begun;
