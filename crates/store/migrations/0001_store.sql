-- The ground: facts, the ledger's tree, jobs and timers, counters, settings.
CREATE TABLE fact (
  seq {bigserial},
  id {uuid} NOT NULL UNIQUE,
  at {moment} NOT NULL,
  subject_kind {text} NOT NULL,
  subject {uuid} NOT NULL,
  kind {text} NOT NULL,
  actor {text} NOT NULL,
  body {json} NOT NULL,
  leaf_index {bigint}
);
CREATE INDEX fact_subject ON fact (subject, seq);
CREATE INDEX fact_kind ON fact (kind, at);
CREATE INDEX fact_waiting ON fact (seq) WHERE leaf_index IS NULL;
CREATE UNIQUE INDEX fact_leaf ON fact (leaf_index);

CREATE TABLE ledger_leaf (
  leaf_index {bigint} PRIMARY KEY,
  fact {uuid} NOT NULL,
  hash {bytes} NOT NULL
);

CREATE TABLE ledger_node (
  level {int} NOT NULL,
  position {bigint} NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (level, position)
);

CREATE TABLE ledger_checkpoint (
  size {bigint} PRIMARY KEY,
  root {bytes} NOT NULL,
  at {moment} NOT NULL,
  note {text} NOT NULL
);

CREATE TABLE job (
  id {uuid} PRIMARY KEY,
  kind {text} NOT NULL,
  subject {uuid} NOT NULL,
  payload {json} NOT NULL,
  run_at {moment} NOT NULL,
  created_at {moment} NOT NULL,
  attempts {int} NOT NULL,
  lease {uuid},
  leased_until {moment},
  state {text} NOT NULL,
  last_error {text}
);
CREATE INDEX job_due ON job (state, run_at);
CREATE INDEX job_subject ON job (subject, kind);

CREATE TABLE counter (
  scope {text} PRIMARY KEY,
  value {bigint} NOT NULL
);

CREATE TABLE setting (
  name {text} PRIMARY KEY,
  value {text} NOT NULL
);
