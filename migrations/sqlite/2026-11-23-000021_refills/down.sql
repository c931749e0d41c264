DROP TABLE medication_request_answers;
DROP TABLE medication_request_items;
DROP TABLE medication_requests;
