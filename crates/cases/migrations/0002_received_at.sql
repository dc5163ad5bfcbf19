-- Counts per day look for cases by the instant of receipt.
CREATE INDEX case_record_received_at ON case_record (received_at);
