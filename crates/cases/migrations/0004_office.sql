-- Office operations: how often a step was urged, who it was delegated from, whose signature it is.
ALTER TABLE case_task ADD COLUMN urged {int} NOT NULL DEFAULT 0;
ALTER TABLE case_task ADD COLUMN owner {uuid};
ALTER TABLE case_task ADD COLUMN signer {text};

-- What the process of a case waits for: timers with their time, messages and signals with their name.
CREATE TABLE case_waiting (
  case_id {uuid} NOT NULL REFERENCES case_record (id),
  armed {text} NOT NULL,
  element {text} NOT NULL,
  kind {text} NOT NULL,
  name {text},
  match_key {text},
  due_at {moment},
  rounds {int},
  PRIMARY KEY (case_id, armed)
);
CREATE INDEX case_task_assignee ON case_task (assignee, state);
CREATE INDEX case_waiting_name ON case_waiting (kind, name);

-- 抄送.
CREATE TABLE case_copy (
  case_id {uuid} NOT NULL REFERENCES case_record (id),
  staff {uuid} NOT NULL,
  copied_by {uuid} NOT NULL,
  copied_at {moment} NOT NULL,
  seen_at {moment},
  PRIMARY KEY (case_id, staff)
);
CREATE INDEX case_copy_staff ON case_copy (staff, copied_at);
