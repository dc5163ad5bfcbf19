-- Cases 办件: drafts, cases, files, tasks, process state, notes, visits, deliveries.
CREATE TABLE case_draft (
  id {uuid} PRIMARY KEY,
  person {uuid} NOT NULL,
  matter {text} NOT NULL,
  matter_version {int} NOT NULL,
  channel {text} NOT NULL,
  hall {text},
  window_code {text},
  taken_by {uuid},
  answers {bytes} NOT NULL,
  created_at {moment} NOT NULL,
  updated_at {moment} NOT NULL,
  case_id {uuid}
);
CREATE INDEX case_draft_person ON case_draft (person, updated_at);

CREATE TABLE case_record (
  id {uuid} PRIMARY KEY,
  number {text} NOT NULL UNIQUE,
  query_code {text} NOT NULL UNIQUE,
  draft {uuid} NOT NULL UNIQUE REFERENCES case_draft (id),
  matter {text} NOT NULL,
  matter_version {int} NOT NULL,
  matter_name {text} NOT NULL,
  case_kind {text} NOT NULL,
  organisation {text} NOT NULL,
  hall {text},
  channel {text} NOT NULL,
  applicant {uuid} NOT NULL,
  applicant_name {bytes} NOT NULL,
  applicant_masked {text} NOT NULL,
  answers {bytes} NOT NULL,
  status {text} NOT NULL,
  outcome {text},
  received_at {moment} NOT NULL,
  received_on {text} NOT NULL,
  accepted_on {text},
  decided_on {text},
  closed_at {moment},
  closed_on {text},
  due_on {text},
  due_period {text},
  promised_due {text},
  statutory_due {text},
  clock_state {text} NOT NULL,
  visits {int} NOT NULL,
  delivery_wish {text} NOT NULL,
  row_version {int} NOT NULL
);
CREATE INDEX case_record_applicant ON case_record (applicant, received_at);
CREATE INDEX case_record_due ON case_record (status, due_on);
CREATE INDEX case_record_closed ON case_record (closed_on);
CREATE INDEX case_record_received ON case_record (received_on);
CREATE INDEX case_record_organisation ON case_record (organisation, received_at);

CREATE TABLE case_material (
  id {uuid} PRIMARY KEY,
  draft {uuid} NOT NULL REFERENCES case_draft (id),
  case_id {uuid},
  material {text} NOT NULL,
  file_name {bytes} NOT NULL,
  media_type {text} NOT NULL,
  size {bigint} NOT NULL,
  sha256 {text} NOT NULL,
  added_at {moment} NOT NULL,
  added_by {text} NOT NULL,
  check_state {text},
  removed {bool} NOT NULL
);
CREATE INDEX case_material_draft ON case_material (draft, added_at);

CREATE TABLE case_task (
  id {uuid} PRIMARY KEY,
  case_id {uuid} NOT NULL REFERENCES case_record (id),
  element {text} NOT NULL,
  token {text} NOT NULL,
  name {text} NOT NULL,
  act {text} NOT NULL,
  post {text} NOT NULL,
  organisation {text} NOT NULL,
  hall {text},
  opened_at {moment} NOT NULL,
  due_on {text} NOT NULL,
  assignee {uuid},
  done_at {moment},
  done_by {uuid},
  state {text} NOT NULL
);
CREATE INDEX case_task_case ON case_task (case_id);
CREATE INDEX case_task_organisation ON case_task (state, organisation, post, due_on, id);
CREATE INDEX case_task_hall ON case_task (state, hall, act, due_on, id);

CREATE TABLE case_process (
  case_id {uuid} PRIMARY KEY REFERENCES case_record (id),
  state {json} NOT NULL
);

CREATE TABLE case_note (
  id {uuid} PRIMARY KEY,
  case_id {uuid} NOT NULL REFERENCES case_record (id),
  kind {text} NOT NULL,
  step {text},
  verdict {text},
  author {uuid} NOT NULL,
  at {moment} NOT NULL,
  text {bytes} NOT NULL,
  sha256 {text} NOT NULL
);
CREATE INDEX case_note_case ON case_note (case_id, at);

CREATE TABLE case_visit (
  id {uuid} PRIMARY KEY,
  case_id {uuid} NOT NULL REFERENCES case_record (id),
  hall {text} NOT NULL,
  window_code {text} NOT NULL,
  purpose {text} NOT NULL,
  staff {uuid} NOT NULL,
  at {moment} NOT NULL
);
CREATE INDEX case_visit_case ON case_visit (case_id, at);

CREATE TABLE case_delivery (
  case_id {uuid} PRIMARY KEY REFERENCES case_record (id),
  method {text} NOT NULL,
  receiver {bytes},
  signature {text},
  waybill {text},
  staff {uuid},
  at {moment} NOT NULL
);
