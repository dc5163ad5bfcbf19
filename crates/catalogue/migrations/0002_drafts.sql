-- Drafts of new versions of a matter's process, and who changed them when.
CREATE TABLE catalogue_draft (
  id {uuid} PRIMARY KEY,
  matter {text} NOT NULL,
  based_on {int} NOT NULL,
  state {text} NOT NULL,
  process {text} NOT NULL,
  decisions {text},
  note {text} NOT NULL,
  published_as {int},
  row_version {int} NOT NULL,
  begun_at {moment} NOT NULL,
  changed_at {moment} NOT NULL,
  changed_by {uuid} NOT NULL
);
CREATE INDEX catalogue_draft_matter ON catalogue_draft (matter, changed_at);
CREATE INDEX catalogue_draft_state ON catalogue_draft (state, changed_at);

CREATE TABLE catalogue_draft_edit (
  draft {uuid} NOT NULL REFERENCES catalogue_draft (id),
  row_version {int} NOT NULL,
  act {text} NOT NULL,
  staff {uuid} NOT NULL,
  at {moment} NOT NULL,
  digest {text} NOT NULL,
  PRIMARY KEY (draft, row_version)
);
