-- Accounts of citizens and staff, sessions, and failed sign-ins.
CREATE TABLE identity_person (
  id {uuid} PRIMARY KEY,
  number_index {text} NOT NULL UNIQUE,
  mobile_index {text} NOT NULL,
  sealed {bytes} NOT NULL,
  password_hash {text},
  level {int} NOT NULL,
  created_at {moment} NOT NULL,
  created_by {text} NOT NULL
);
CREATE INDEX identity_person_mobile ON identity_person (mobile_index);

CREATE TABLE identity_staff (
  id {uuid} PRIMARY KEY,
  login {text} NOT NULL UNIQUE,
  definition {json} NOT NULL,
  password_hash {text},
  active {bool} NOT NULL,
  updated_at {moment} NOT NULL
);

CREATE TABLE identity_session (
  id {uuid} PRIMARY KEY,
  token_sha256 {text} NOT NULL UNIQUE,
  kind {text} NOT NULL,
  account {uuid} NOT NULL,
  csrf {text} NOT NULL,
  created_at {moment} NOT NULL,
  used_at {moment} NOT NULL,
  expires_at {moment} NOT NULL,
  ends_at {moment} NOT NULL
);
CREATE INDEX identity_session_account ON identity_session (account);
CREATE INDEX identity_session_ends ON identity_session (ends_at);

CREATE TABLE identity_throttle (
  login_index {text} PRIMARY KEY,
  failures {int} NOT NULL,
  wait_until {moment} NOT NULL
);
