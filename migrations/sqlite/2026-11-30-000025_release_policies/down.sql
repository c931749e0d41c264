DROP INDEX observations_by_test;
DROP TABLE result_holds;
DROP TABLE release_plans;
DROP TABLE release_policies;
