DROP TABLE payment_instalments;
DROP TABLE payment_plans;
