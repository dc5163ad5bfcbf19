-- Formal papers 文书 and electronic licences 证照.
CREATE TABLE record_paper (
  id {uuid} PRIMARY KEY,
  kind {text} NOT NULL,
  case_id {uuid} NOT NULL,
  case_number {text} NOT NULL,
  organisation {text} NOT NULL,
  recipient {uuid} NOT NULL,
  number {text} NOT NULL UNIQUE,
  verify_code {text} NOT NULL UNIQUE,
  holder_masked {text} NOT NULL,
  ordered_at {moment} NOT NULL,
  order_data {bytes} NOT NULL,
  state {text} NOT NULL,
  issued_at {moment},
  sha256 {text},
  size {bigint},
  missing_glyphs {text}
);
CREATE INDEX record_paper_case ON record_paper (case_id, ordered_at);
CREATE INDEX record_paper_sha256 ON record_paper (sha256);

CREATE TABLE record_licence (
  id {uuid} PRIMARY KEY,
  number {text} NOT NULL UNIQUE,
  paper {uuid} NOT NULL REFERENCES record_paper (id),
  case_id {uuid} NOT NULL,
  holder {uuid} NOT NULL,
  name {text} NOT NULL,
  licence_type {text} NOT NULL,
  organisation {text} NOT NULL,
  sealed {bytes} NOT NULL,
  issued_on {text} NOT NULL,
  valid_from {text} NOT NULL,
  valid_to {text},
  status {text} NOT NULL
);
CREATE INDEX record_licence_holder ON record_licence (holder, issued_on);
