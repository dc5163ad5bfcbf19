-- Requests that were carried out: who sends one again hears its first answer. No reference to the case: that would lock its row in
-- another way than commands do.
CREATE TABLE case_carried_out (
  request {text} PRIMARY KEY,
  at {moment} NOT NULL
);
