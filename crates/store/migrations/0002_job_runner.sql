-- Who works on a job is a runner that shows that it lives, not a time; jobs in trouble keep why, and who gave them up.
ALTER TABLE job ADD COLUMN runner {bigint};
ALTER TABLE job ADD COLUMN tried_at {moment};
ALTER TABLE job ADD COLUMN last_problem {json};
ALTER TABLE job ADD COLUMN given_up_by {uuid};
ALTER TABLE job ADD COLUMN given_up_at {moment};
ALTER TABLE job ADD COLUMN given_up_why {bytes};
UPDATE job SET lease = NULL;
ALTER TABLE job DROP COLUMN leased_until;
CREATE INDEX job_trouble ON job (id) WHERE last_error IS NOT NULL;
