DROP TABLE observations;
DROP TABLE results;
