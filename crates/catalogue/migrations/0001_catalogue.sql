-- Definitions: every version of every file ever imported, immutable and content-addressed.
CREATE TABLE catalogue_import (
  revision {bigint} PRIMARY KEY,
  at {moment} NOT NULL,
  actor {text} NOT NULL,
  added {int} NOT NULL,
  changed {int} NOT NULL,
  removed {int} NOT NULL
);

CREATE TABLE catalogue_text (
  digest {text} PRIMARY KEY,
  body {text} NOT NULL
);

-- One version of one definition: a matter is three files, everything else one.
CREATE TABLE catalogue_definition (
  id {uuid} PRIMARY KEY,
  kind {text} NOT NULL,
  key {text} NOT NULL,
  version {int} NOT NULL,
  digest {text} NOT NULL,
  effective_from {text},
  change_document {text},
  imported_at {moment} NOT NULL,
  revision {bigint} NOT NULL REFERENCES catalogue_import (revision),
  UNIQUE (kind, key, version)
);
CREATE INDEX catalogue_definition_revision ON catalogue_definition (revision);

CREATE TABLE catalogue_file (
  definition {uuid} NOT NULL REFERENCES catalogue_definition (id),
  path {text} NOT NULL,
  digest {text} NOT NULL REFERENCES catalogue_text (digest),
  PRIMARY KEY (definition, path)
);
CREATE INDEX catalogue_file_digest ON catalogue_file (digest);

-- Definitions that are no longer in the folder: no new cases; running cases keep their version.
CREATE TABLE catalogue_withdrawn (
  kind {text} NOT NULL,
  key {text} NOT NULL,
  at {moment} NOT NULL,
  revision {bigint} NOT NULL REFERENCES catalogue_import (revision),
  PRIMARY KEY (kind, key)
);
CREATE INDEX catalogue_withdrawn_revision ON catalogue_withdrawn (revision);
