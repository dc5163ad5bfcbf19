-- Oversight 监督: ratings 好差评 and alarms 电子监察. An alarm is never deleted: a later correction does not undo it.
CREATE TABLE oversight_rating (
  id {uuid} PRIMARY KEY,
  case_id {uuid} NOT NULL UNIQUE,
  level {int} NOT NULL CHECK (level BETWEEN 1 AND 5),
  tag_set {int} NOT NULL,
  tags {text} NOT NULL,
  text {bytes},
  channel {text} NOT NULL,
  at {moment} NOT NULL,
  handling {text}
);
CREATE INDEX oversight_rating_at ON oversight_rating (at, level);
CREATE INDEX oversight_rating_handling ON oversight_rating (handling, at);

CREATE TABLE oversight_alarm (
  id {uuid} PRIMARY KEY,
  rule {text} NOT NULL,
  level {text} NOT NULL,
  case_id {uuid} NOT NULL,
  period {text} NOT NULL,
  due {text} NOT NULL,
  raised_at {moment} NOT NULL,
  UNIQUE (case_id, rule, period, due)
);
CREATE INDEX oversight_alarm_raised ON oversight_alarm (raised_at, id);
