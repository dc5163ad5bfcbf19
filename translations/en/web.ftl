# Words of the page frame and of the components themselves; each page family has its own file.

web-skip = Skip to main content
web-tools = Page tools
web-demo = Demonstration: all people and cases on these pages are invented
web-home = Home
web-sign-in = Sign in
web-sign-out = Sign out
web-size-large = Large type
web-size-normal = Normal type
web-search = Search
web-search-label = Search for what you want to do
web-search-hint = What do you want to do? e.g. open a restaurant
web-footer = About this site
web-track = Track a case
web-verify = Verify a document or licence
web-ledger = Public ledger
web-accessibility = Accessibility
web-phone = Questions:
web-supervise-phone = Complaints:
web-address = Address:

web-desk-queues = My tasks
web-desk-has-overdue = some overdue,
web-desk-search = Case number or query code
web-keys = Keys
web-keys-move = next row, previous row
web-keys-open = open the row
web-keys-search = go to search
web-keys-help = show or hide the keys
web-keys-leave = leave a field

web-field-optional = (optional)
web-field-error-prefix = Mistake:
web-field-choose = Choose
web-field-date-from = Year-month-day, { $day } at the earliest
web-field-date-format = Year-month-day, for example 1905-03-08
web-upload-too-large = This file is too large. Compress it, split it or scan it at a lower resolution, then choose it again.
web-upload-sending = Uploading
web-upload-remove = Remove
web-signature-draw = You can also sign below with your finger, a pen or the mouse.
web-signature-area = Signature
web-signature-clear = Sign again
web-title-wrong = { "Error: " }
web-errors-title = { $n ->
    [1] One thing needs to be corrected
   *[other] { $n } things need to be corrected
}
web-change = Change
web-not-given = Not given

web-steps-progress = { $done } of { $all } steps done
web-step-done = Done
web-step-current = In progress
web-step-todo = Not started
web-step-attention = Needs attention
web-step-skipped = Not needed

web-clock-not-started = Clock not started
web-clock-left = { $n ->
    [1] 1 working day left
   *[other] { $n } working days left
}
web-clock-today = Due today
web-clock-overdue = { $n ->
    [1] 1 working day overdue
   *[other] { $n } working days overdue
}
web-clock-stopped = Clock stopped
web-clock-kept = Finished in time
web-clock-missed = Finished late
web-clock-due = (due { $date })

web-crumbs = You are here
web-pagination = Pages
web-pagination-first = Back to the first page
web-pagination-next = Next page
web-chart-table = Show the numbers
web-process-wide = This drawing is wide: move it from side to side.
web-process-words = Read the process in words
web-confirm-back = Go back, change nothing

web-problem-next = What you can do
web-problem-case = Back to this case
web-problem-home = To the home page
web-problem-phone = For help call
web-problem-code = Code { $code }, request { $request }. If you call us, tell us the request number so that we find the cause faster.

problem-web-not-found = This page was not found
    .text = The address may be wrong, the content may have been withdrawn, or you are not allowed to see it.
    .remedy = Check the address, or search for what you want to do.
problem-web-internal = Something went wrong on our side
    .text = This is our mistake, not yours. It has been recorded.
    .remedy = Try again in a few minutes. If you have just submitted an application, look under “My cases” first; submitting the same application again never makes a second case.
problem-web-too-large = The upload is too large
    .text = You can upload at most { $limit } here at once. Nothing was saved.
    .remedy = Compress the file, scan it at a lower resolution, or upload it in parts.
problem-web-too-large-here = What you sent is too large
    .text = It is larger than allowed here. Nothing was saved.
    .remedy = Go back, shorten it and send it again.
problem-web-bad-form = What you sent could not be read
    .text = It is incomplete or in the wrong form. Nothing was saved.
    .remedy = Go back, reload the page and try again.
problem-web-too-slow = This took too long
    .text = The system did not finish in time.
    .remedy = Try again in a few minutes. If you have just submitted an application, look under “My cases” first.
problem-web-other-site = This was not accepted
    .text = Your browser says that another website sent this. To protect you, nothing was saved.
    .remedy = Start again from a page of this website.
problem-web-form-expired = The page has expired
    .text = It was open for too long, or you signed in or out in another window, so this was not saved.
    .remedy = Go back, reload the page and send it again. What was saved of a long form is still there.
problem-web-method-not-allowed = This address cannot be used like that
    .text = It does not accept this kind of request.
    .remedy = Use the buttons and links of the pages.
problem-web-unsupported-type = This kind of content is not accepted
    .text = What you sent has a type that cannot be handled here.
    .remedy = Send it in one of the formats named on the page.

problem-kind-invalid = Something needs to be corrected
    .remedy = Go back, correct it and send it again.
problem-kind-unauthenticated = Please sign in
    .text = Your session has ended, or you have not signed in yet.
    .remedy = Sign in and go on. What was saved is still there.
problem-kind-forbidden = You are not allowed to do this
    .remedy = If you think you should be, ask your organisation’s administrator.
problem-kind-not-found = Not found
    .text = It does not exist, or you are not allowed to see it.
    .remedy = Check the number or address.
problem-kind-conflict = This is not possible now
    .text = The state of this matter has changed.
    .remedy = Reload the page, look at the present state and go on from there.
problem-kind-gone = This has been withdrawn
    .remedy = Search for what you want to do.
problem-kind-too-large = Too large
    .remedy = Make it smaller and try again.
problem-kind-unsupported-type = This kind of file is not accepted
    .remedy = Use one of the formats named on the page.
problem-kind-too-many = Too many attempts
    .remedy = Wait a little and try again.
problem-kind-unavailable = Not available at the moment
    .remedy = Try again in a few minutes.
problem-kind-internal = Something went wrong on our side
    .remedy = Try again in a few minutes.

web-design-title = Components
web-design-lead = Every component with every state, for those who write pages and for automatic checks.
