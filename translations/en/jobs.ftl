# Background jobs

jobs-title = Background jobs
jobs-text = Timers, last days, messages and papers are done in the background. What fails is tried again by itself, with growing pauses; when it still fails after half an hour it stops and waits for the system administrator.
jobs-tabs = By state
jobs-count-nav = waiting for somebody
jobs-kinds = Kinds that fail
jobs-kinds-failed = { $n } waiting for somebody
jobs-kinds-failing = { $n } tried again by themselves
jobs-kinds-given-up = { $n } given up
jobs-only = Only this kind
jobs-only-now = Only: { $kind }
jobs-all-kinds = All kinds
jobs-all-again = Try all again now
jobs-col-job = Job
jobs-col-about = Case
jobs-col-tries = Tried
jobs-col-next = Next
jobs-col-why = Why it fails
jobs-col-act = Act
jobs-tries = { $n } times
jobs-tried-at = Last
jobs-left-at = Left at
jobs-next-none = not by itself
jobs-next-in-hand = being worked on
jobs-detail = Technical detail
jobs-about-move = Order to move running cases
jobs-about-gone = Its case is not there any more
jobs-again = Try again now
jobs-again-done = Queued, to be tried at once
jobs-again-already = This job is queued, being worked on or done; there is no need to try again
jobs-all-again-done = { $n } jobs are tried again at once
jobs-all-again-none = No job of this kind waits to be tried again
jobs-give-up = Give up
jobs-give-up-text = Once given up, the job is not tried any more and what it was to do does not happen: a paper is not made, an alarm not raised. Job and reason are kept; it can still be tried again later.
jobs-reason = Reason for giving up
jobs-reason-hint = Say why it need not be done any more, for example because it was done by hand. No personal data of applicants.
jobs-reason-missing = Give a reason
jobs-reason-long = The reason is too long: at most { $n } characters
jobs-given-up = Given up; it is not tried any more
jobs-given-up-already = This job had been given up before, or is done
jobs-given-up-by = Given up by
jobs-given-up-why = Reason
jobs-none-failed = No job waits for somebody
jobs-none-failed-text = Background jobs succeed, or are still tried again by themselves.
jobs-none-failing = No job is being tried again
jobs-none-failing-text = A job that failed stands here, and goes away when it succeeds.
jobs-none-given-up = No job was given up
jobs-none-given-up-text = Jobs that were given up stay here and can be tried again at any time.
jobs-queue = The queue
jobs-queue-now = { $running } being worked on, { $queued } queued, { $coming } whose time has not come.
jobs-queue-oldest = Waiting longest: “{ $kind }”, for { $age }.
jobs-queue-stuck = After so long the background work has probably stopped: look at the program's log, and restart it if need be.
jobs-queue-chart = Jobs whose time has come
jobs-queue-summary = How many jobs of each kind are due, being worked on or queued
jobs-queue-running = Worked on
jobs-queue-queued = Queued
jobs-queue-coming = Not yet due
jobs-queue-age = Oldest waits for
jobs-queue-kind = Kind
jobs-age-moment = less than a minute
jobs-age-minutes = { $n } min
jobs-age-hours = { $n } h
jobs-age-days = { $n } days

## Kinds

job-kind-case-timer = Timer of a step
job-kind-case-message = Tell a related case
job-kind-case-signal = Tell all cases that wait
job-kind-case-due = Last day to accept
job-kind-alarm-overdue = Overdue alarm
job-kind-case-calendar = Next year's calendar
job-kind-paper-issue = Issue a paper
job-kind-paper-issued = Hand a paper to its case
job-kind-case-move = Find cases to move
job-kind-case-move-one = Move a running case

## States

job-trouble-failed = Waits for somebody
job-trouble-failing = Tried again
job-trouble-given-up = Given up
