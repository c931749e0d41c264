DELETE FROM inbox_items WHERE kind IN ('instalment_soon', 'instalment_declined', 'plan_paused', 'plan_ended');
DROP TABLE payment_instalments;
DROP TABLE payment_plans;
