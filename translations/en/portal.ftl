# Words of the citizen's pages.

## Home, search, themes

portal-home-title = Home
portal-home-heading = What do you want to do?
portal-for-persons = For persons
portal-for-organisations = For companies and organisations
portal-without-visit = Done without a single visit
portal-track-heading = Track a case
portal-track-code = Query code or case number
portal-track-go = Show progress
portal-verify-heading = Verify a document or licence
portal-verify-lead = Find out whether a document or licence you were shown is genuine.
portal-verify-go = Verify
portal-share-heading = At most one visit
portal-share-text = Of the { $closed } cases closed this year, { $percent }% needed at most one visit.
portal-share-none = No case has been closed yet this year.
portal-share-how = Every visit to a window is recorded: this number is counted, not declared.
portal-at-once = Decided at once
portal-period = { $n } { $unit }
portal-visits-none = No visit
portal-visits = { $n ->
    [1] At most { $n } visit
   *[other] At most { $n } visits
}
portal-free = No fee
portal-with-fee = Fee
portal-also-called = Also called:
portal-search-what = What are you looking for?
portal-search-found = { $n ->
    [1] “{ $query }”: { $n } matter
   *[other] “{ $query }”: { $n } matters
}
portal-search-none = Nothing found for “{ $query }”
portal-search-none-help = Try everyday words, such as “open a restaurant”; look by theme below, or call us.
portal-search-similar = Nothing fits exactly. Did you mean one of these?
portal-search-suggest = Did you mean
portal-theme-empty = There are no matters under this theme at present.

## Guide

portal-apply = Apply online
portal-apply-window = Please apply for this at a window; places and hours are under “Contact and places”.
portal-guide-nav = On this page
portal-guide-materials = What you need
portal-guide-who = Who can apply
portal-guide-conditions = Conditions
portal-guide-times = How long it takes
portal-guide-special = Procedures that may be added
portal-guide-fees = Fees
portal-guide-result = What you get
portal-guide-process = How it goes
portal-guide-basis = Legal basis
portal-guide-faq = Common questions
portal-guide-contact = Contact and places
portal-guide-places = Where
portal-guide-remedy = If you disagree
portal-guide-edition = Version
portal-guide-same = This guide and the cases run on the same record: what it says is what happens.
portal-audience = Who may apply
portal-channels = How to apply
portal-body = Responsible body
portal-item-type = Type
portal-case-kind = Kind of case
portal-limits = Limits
portal-suspended = Work on this has stopped for now
portal-suspended-text = The office has suspended the case and will go on later. The legal time limit keeps running.
portal-terminated = This case was ended without a decision; the reason is below. If you disagree, contact the office, or apply for administrative review or go to court.
portal-withdrawn-explained = The application was withdrawn and is not dealt with any more. You may apply again.
portal-with-note = { $text } ({ $note })
portal-comma = ,{" "}
portal-material = Document
portal-material-need = Needed
portal-material-how = How
portal-material-standard = Standard
portal-material-bring = Bring this
portal-material-not-asked = Not asked of you
portal-material-depends = Depends
portal-material-upload = Upload a photo or scan
portal-materials-none = You need no documents.
portal-issued-by = Issued by: { $who }
portal-copies = (originals { $originals }, copies { $copies })
portal-scenario-lead = Answer a few questions to see what you need
portal-scenario-go = Show what I need
portal-scenario-clear = Start again
portal-scenario-cut = { $n ->
    [1] Your answers spare you { $n } document.
   *[other] Your answers spare you { $n } documents.
}
portal-accept-within = Acceptance within
portal-deliver-within = Delivery within
portal-statutory-none = The law sets no number of days
portal-special-days = at most { $n } days
portal-fee = Fee
portal-fee-standard = Amount
portal-fee-basis = Basis
portal-free-text = There is no fee
portal-result-name = Name
portal-result-kind = Kind
portal-result-validity = Valid for
portal-result-sample = Sample
portal-months = { $n } months
portal-contact-phone = Questions
portal-contact-supervise = Complaints
portal-contact-address = Address
portal-contact-hours = Hours
portal-remedy-review = Administrative reconsideration
portal-remedy-review-text = Within 60 days of learning of the decision, to { $organ }.
portal-remedy-court = Litigation
portal-remedy-court-text = Within 6 months of learning of the decision, to { $court }.
portal-version = Version
portal-version-from = In force from
portal-version-document = Ordered by
portal-task-code = Task code

## Accounts

portal-sign-in-heading = Sign in
portal-login = Mobile or citizen number
portal-login-hint = The mobile number you registered with, or your citizen number
portal-password = Password
portal-password-hint = At least 10 characters that you remember and others cannot guess
portal-sign-in-wrong = The number or the password is wrong. Please try again.
portal-sign-in-wait = Too many attempts. Please try again in { $minutes } minutes.
portal-sign-in-staff = Members of staff:
portal-sign-in-staff-go = sign in to the desk
portal-signed-out = You are signed out.
portal-register-heading = New here? Register
portal-register-lead = Give these once; every form after that fills them in for you.
portal-register-go = Register
portal-registered = You are registered and signed in.
portal-person-name = Name
portal-person-number = Citizen number
portal-person-number-hint = 18 characters; the last may be X
portal-person-mobile = Mobile
portal-person-mobile-hint = News of your cases goes to this number
portal-person-address = Address
portal-field-account-exists = This citizen number is registered already; please sign in. If you forgot the password, bring your identity card to a window
portal-field-password-weak = The password must have at least 10 characters and must not be easy to guess
portal-field-required = Please give your name
portal-field-too-long = The name can have at most 50 characters

## Applying

portal-step = Step { $step } of { $steps }
portal-continue = Continue
portal-start-heading = Apply: { $name }
portal-start-nothing = You need no documents, only the form.
portal-start-bring = Have these ready
portal-start-photo = A clear photo taken with your phone will do.
portal-start-save = You can stop at any time and go on later; nothing you filled in is lost.
portal-start-go = Start
portal-start-guide = Read the guide first
portal-questions-heading = Your situation
portal-questions-lead = A few questions first, so that you are not asked for what is not needed.
portal-more-questions = Because of your answer there is more to fill in below.
portal-saving = Saving
portal-saved-at = Saved
portal-save-failed = Not saved; we will try again
portal-saved = What you filled in is saved. You can go on at any time.
portal-materials-heading = Documents
portal-materials-lead = Upload photos or scans on which the writing is clear.
portal-materials-fetched = You need not hand these in
portal-material-there = Uploaded
portal-material-missing = Not uploaded yet
portal-upload-choose = Choose files
portal-upload-of = Choose files: { $name }
portal-upload-hint = { $types }, at most { $most } each
portal-file-none = Please choose a file first.
portal-file-added = { $n ->
    [1] { $n } file uploaded.
   *[other] { $n } files uploaded.
}
portal-file-removed = The file was removed.
portal-file-store-too-large = “{ $file }” is too large; at most { $most }. Compress it or take a smaller photo.
portal-file-store-wrong-type = “{ $file }” is not what its name says, or not a kind that is taken. Please upload { $types }.
portal-file-store-empty-file = “{ $file }” is empty. Please choose it again.
portal-check-heading = Check and submit
portal-check-missing = Once what is listed above is put right, you can submit.
portal-mistake-material = Please upload: { $name }
portal-mistake-field = { $field }: { $text }
portal-wish = How would you like the result?
portal-wish-electronic = Online
portal-wish-electronic-hint = Download it as soon as it is ready; signed electronically and as valid as paper
portal-wish-window = At the window
portal-wish-window-hint = One visit
portal-wish-courier = By courier
portal-wish-courier-hint = To the address you gave
portal-wish-missing = Please choose how you would like the result
portal-declare = What I have stated and handed in is true. I know that false statements have legal consequences.
portal-declare-missing = Please tick the declaration
portal-submit = Submit

## Receipt

portal-receipt-title = Your application has arrived
portal-number = Case number
portal-query-code = Query code
portal-received-at = Received
portal-applicant = Applicant
portal-receipt-next = What happens next
portal-receipt-next-by = By { $date } you will hear whether it is accepted; if you hear nothing, it counts as accepted.
portal-receipt-next-text = You can follow it at any time; we will tell you if anything is needed.
portal-receipt-follow = Follow it
portal-receipt-paper = Download the receipt
portal-receipt-paper-soon = The receipt is being signed; it takes a few seconds.
portal-receipt-qr = Scan to follow
portal-receipt-qr-text = Family can follow with this code too, without seeing your personal data.
portal-receipt-ledger = Ledger receipt
portal-receipt-ledger-text = Your application is in a ledger that can only grow. Keep this receipt: it proves any later change.
portal-receipt-ledger-get = Download the ledger receipt
portal-receipt-ledger-soon = It is being entered; this takes about a second.
portal-receipt-ledger-check = Check it yourself: download the public key and run
portal-receipt-ledger-more = How to check, and the public key

## My page and the case

portal-my-title = My cases
portal-my-heading = Hello, { $name }
portal-my-drafts = Not finished
portal-my-draft-saved = saved
portal-my-go-on = Go on
portal-my-cases = My cases
portal-my-waits = Waiting for your documents
portal-my-licences = My licences
portal-my-none = You have no cases yet
portal-my-none-help = Search for what you want to do and apply from its guide.
portal-my-find = Find a matter
portal-licence-download = Download
portal-licence-valid = Valid from { $from } to { $to }
portal-licence-from = Valid from { $from }
portal-clock-statute = { $period }, by { $statute }
portal-supplement-asked = Documents are missing
portal-supplement-until = Everything that is missing is on one list. Please hand it in by { $date }.
portal-supplement-go = Hand in
portal-result-ready = Your result is ready
portal-result-ready-text = “Receive” counts as delivery; papers and licence can then be downloaded at once.
portal-receive = Receive
portal-received = Received. You can download it now.
portal-rate-go = Rate this service
portal-papers = Papers and licence
portal-papers-none = There are no papers yet.
portal-paper-making = being made
portal-paper-waiting = waiting to be delivered
portal-case-steps = Where it stands
portal-case-process = Process
portal-case-timeline = What happened
portal-case-about = About this case
portal-case-answers = What I filled in and handed in
portal-case-receipt = Show the receipt
portal-by-you = you
portal-by-staff = member of staff
portal-by-system = system
portal-ledger-receipt = Ledger receipt
portal-ledger-soon = being entered in the ledger
portal-looks = Who looked at my data
portal-looks-none = Nobody has looked at your masked personal data.
portal-urge = Ask them to hurry
portal-urge-text = Reminds those who hold your case. Once a day.
portal-urged = They have been reminded.
portal-urged-today = You have reminded them today; they can see it.
portal-withdraw-title = Withdraw the application “{ $name }”?
portal-withdraw-text = It will not be processed any further. You can apply again later.
portal-withdraw-go = Withdraw the application
portal-withdrawn = The application was withdrawn.
portal-supplement-heading = Hand in what is missing
portal-supplement-lead = Please upload everything below by { $date }, then press “Submit” at the end.
portal-supplement-problem = Problem
portal-supplement-requirement = What to hand in
portal-supplement-no-file = No file is needed for this; do as described, or call us.
portal-supplement-submit = Everything is there: submit
portal-supplement-done = What was missing has been handed in.

## Rating

portal-rate-heading = Rate this service
portal-rate-lead = Voluntary; it changes nothing in your case. Bad ratings go back to the body for follow-up.
portal-rate-level = How satisfied are you?
portal-rate-tags = Why?
portal-rate-text = Anything else
portal-rate-go-on = Choose reasons
portal-rate-send = Send the rating
portal-rate-done = Thank you for your rating.
portal-rate-there = You have rated this case
portal-rate-not-yet = You can rate once the case is closed.

## Tracking and verifying

portal-track-hint = On your receipt; 13 characters, capitals or not
portal-track-unknown = There is no such code. Please compare it with your receipt.
portal-track-own = I am the applicant: show everything
portal-track-another = Track another case
portal-verify-code = Verification code
portal-verify-code-hint = Printed beside the QR code
portal-verify-unknown-code = There is no such code. Compare it with the paper once more; if it is the same, the paper was not issued here.
portal-verify-by-code = By code
portal-verify-by-file = By file
portal-verify-by-file-text = Upload the PDF you received: a single changed byte is found. The file is not kept.
portal-verify-file = PDF file
portal-verify-file-hint = PDF, at most 20 MB
portal-verify-check = Check the file
portal-verify-compare = Compare this with the paper in your hand.
portal-verdict-record = This paper was issued here
portal-verdict-record-text = The code is on record. To be sure that a file was not changed, upload the PDF.
portal-verdict-over = This licence is not valid any more
portal-verdict-over-text = It was issued here, but has expired or was withdrawn.
portal-verdict-making = This paper is being made
portal-verdict-making-text = Look again in a few seconds.
portal-verdict-genuine = Genuine and unchanged
portal-verdict-genuine-text = The signature is valid and the file is exactly the one on record.
portal-verdict-signed-only = Signed here, but not on record
portal-verdict-signed-only-text = The signature is ours, but this file is not on record. Please call us.
portal-verdict-changed = It was changed
portal-verdict-changed-text = This file was changed after it was signed. Do not trust it; look up the original by its code.
portal-verdict-unknown = Not issued here
portal-verdict-unknown-text = It does not bear our signature. A printed and re-scanned PDF looks the same; use the code then.
portal-verdict-not-pdf = This is not a PDF
portal-verdict-not-pdf-text = Please upload the PDF as it was downloaded here.
portal-paper-kind = Paper
portal-paper-number = Number
portal-paper-organisation = Issued by
portal-paper-holder = Holder
portal-paper-at = Issued
portal-licence-name = Licence
portal-licence-number = Licence number
portal-licence-state = State
portal-licence-begins = Valid from
portal-licence-ends = Valid until
portal-licence-no-end = without limit
licence-status-valid = Valid
licence-status-expired = Expired
licence-status-revoked = Revoked
licence-status-cancelled = Cancelled
paper-receipt = Receipt
paper-supplement = Supplement notice
paper-acceptance = Notice of acceptance
paper-non-acceptance = Decision of non-acceptance
paper-grant = Decision to grant
paper-refusal = Decision to refuse
paper-licence = Licence
paper-delivery = Proof of delivery

## Ledger

portal-ledger-lead = Every step of every case is entered here. The log can only grow: anybody can find a changed, dropped or reordered record, without trusting us.
portal-ledger-checkpoint = Latest signed checkpoint
portal-ledger-checkpoint-get = Get the checkpoint
portal-ledger-size = Records
portal-ledger-at = Signed
portal-ledger-root = Root
portal-ledger-empty = The ledger is still empty.
portal-ledger-key = Public key
portal-ledger-key-text = Keep this key and check with it later.
portal-ledger-key-get = Get the key
portal-ledger-proof = Proof that the log only grew
portal-ledger-proof-text = Give the number of records you noted earlier; the proof shows that the log of then is the beginning of the log of now.
portal-ledger-old = Records then
portal-ledger-new = Records now
portal-ledger-proof-go = Get the proof
portal-ledger-proof-found = The log of { $old } records is the beginning of the log of { $new } records; the proof:
portal-ledger-wrong = The numbers must go up, to at most { $size }
portal-ledger-self = Check a receipt yourself
portal-ledger-self-text = Put a receipt from a case page and the public key together and run:

## Accessibility

portal-accessibility-lead = Everybody should be able to get things done here. These pages are made and checked by WCAG 2.2 AA.
portal-accessibility-keyboard = Everything works with a keyboard and with a screen reader.
portal-accessibility-script = Everything works without scripts.
portal-accessibility-large = There is a large type version at the top of each page.
portal-accessibility-drawing = Every drawing can be read in words.
portal-accessibility-colour = Nothing is told by colour alone.
portal-accessibility-help = If anything is hard to use, call the number below, or let the staff at a hall help you.

## What happened in a case

fact-case-received = Application received
fact-case-visited = Visit to a window
fact-case-material-added = File added
fact-case-material-checked = Document checked
fact-case-supplement-requested = Asked for what is missing, once
fact-case-supplemented = Everything missing has come in
fact-case-accepted = Accepted
fact-case-accepted-deemed = No notice in time: deemed accepted
fact-case-not-accepted = Not accepted
fact-case-clock-suspended = Special procedure: the clock stops
fact-case-clock-resumed = Special procedure over: the clock runs again
fact-case-extended = Time extended with approval
fact-case-reviewed = Reviewed
fact-case-decision-awaited = Awaiting the decision
fact-case-decided = Decided
fact-case-decided-grant = Granted
fact-case-decided-refuse = Refused
fact-case-made = Result made
fact-case-delivered = Delivered
fact-case-delivered-window = Collected at the window
fact-case-delivered-courier = Sent by courier
fact-case-delivered-electronic = Received online
fact-case-withdrawn = Withdrawn by the applicant
fact-case-lapsed = Not supplemented in time: deemed withdrawn
fact-case-closed = Closed: { $outcome }
fact-case-file-viewed = File looked at
fact-case-file-viewed-material = Material looked at
fact-case-file-viewed-paper = Paper looked at
fact-case-file-viewed-signature = Signature of receipt looked at
fact-case-file-viewed-reasons = Page on how the rules decided looked at
fact-case-unmasked = Personal data looked at
fact-case-operated-return = Returned
fact-case-operated-take-back = Taken back
fact-case-operated-hand-over = Handed over
fact-case-operated-delegate = Delegated
fact-case-operated-report = Reported
fact-case-operated-add-signers = Signers added
fact-case-operated-remove-signer = Signer removed
fact-case-operated-copy = Copied
fact-case-operated-urge = Urged
fact-case-operated-suspend = Suspended
fact-case-operated-resume = Resumed
fact-case-operated-terminate = Ended without a decision
fact-case-operated-jump = Step moved by an administrator
fact-case-joint-asked = Other departments asked
fact-case-decided-by-rules = Decided by the published rules: { $decision }
fact-case-timer-fired = Time is over, the process goes on
fact-case-reminded = Those who hold the step were reminded
fact-case-message-sent = Related cases told: { $message }
fact-case-message-received = Came in: { $message }
fact-paper-issued = Paper issued
fact-licence-issued = Licence issued

## Mistakes
