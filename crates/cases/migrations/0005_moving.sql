-- 在办件迁移: the version of the matter whose process a case goes by; what it was promised stays with matter_version.
ALTER TABLE case_record ADD COLUMN process_version {int} NOT NULL DEFAULT 0;
UPDATE case_record SET process_version = matter_version;
CREATE INDEX case_record_process ON case_record (matter, process_version);

-- Orders to move the running cases of a version, and what became of each case.
CREATE TABLE case_move (
  id {uuid} PRIMARY KEY,
  matter {text} NOT NULL,
  from_version {int} NOT NULL,
  to_version {int} NOT NULL,
  plan {json} NOT NULL,
  reason {bytes} NOT NULL,
  reason_sha256 {text} NOT NULL,
  ordered_by {uuid} NOT NULL,
  ordered_at {moment} NOT NULL,
  cases {int} NOT NULL,
  looked_for {bool} NOT NULL,
  row_version {int} NOT NULL
);
CREATE INDEX case_move_matter ON case_move (matter, ordered_at);
CREATE TABLE case_move_result (
  move_id {uuid} NOT NULL REFERENCES case_move (id),
  case_id {uuid} NOT NULL REFERENCES case_record (id),
  moved {bool} NOT NULL,
  why {json} NOT NULL,
  at {moment} NOT NULL,
  PRIMARY KEY (move_id, case_id)
);
