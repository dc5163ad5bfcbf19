# Words used everywhere: name of the product, buttons, yes and no, states of a case. Each page family has its own file.

common-product = Banhao
common-product-full = Banhao · government services in one visit
common-tagline = One door, one visit, done

## Buttons

common-save = Save
common-save-later = Save and come back later
common-continue = Continue
common-back = Back
common-next = Next
common-cancel = Cancel
common-close = Close
common-edit = Change
common-delete = Delete
common-remove = Remove
common-add = Add
common-submit = Submit
common-confirm = Confirm
common-search = Search
common-filter = Filter
common-clear = Clear
common-download = Download
common-print = Print
common-upload = Upload
common-view = View
common-open = Open
common-retry = Try again
common-refresh = Reload
common-copy = Copy
common-show-all = Show all
common-more = More
common-less = Less

## Phrases

common-yes = Yes
common-no = No
common-all = All
common-none = None
common-other = Other
common-optional = optional
common-required = required
common-unknown = unknown
common-today = today
common-yesterday = yesterday
common-tomorrow = tomorrow
common-free = Free of charge
common-loading = Loading
common-empty = Nothing here
common-total = { $n ->
    [one] { $n } entry
   *[other] { $n } entries
}
common-working-days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
}
common-natural-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
common-times = { $n ->
    [one] once
   *[other] { $n } times
}
common-pieces = { $n ->
    [one] { $n } copy
   *[other] { $n } copies
}
common-yuan = { $amount } yuan

common-male = male
common-female = female

## Matters

common-case-kind-immediate = Decided on the spot
common-case-kind-promised = Decided within a promised time
common-channel-window = Window
common-channel-web = Website
common-channel-mobile = Phone
common-channel-courier = Courier
common-channel-api = Another system
common-channel-hotline = 12345 hotline

## States of a case

common-status-received = Received
    .explained = Your application has arrived; the staff are checking the documents.
common-status-supplement = Waiting for you
    .explained = Something is missing. Please hand in what the supplement notice lists.
common-status-reviewing = Under review
    .explained = Your application has been accepted and is being reviewed.
common-status-deciding = Awaiting decision
    .explained = The review is finished; the decision comes next.
common-status-making = Being made
    .explained = The decision has been taken; the paper or licence is being made.
common-status-delivering = Ready
    .explained = The result is ready to be collected or sent.
common-status-closed = Closed
    .explained = This matter is finished.

common-outcome-granted = Granted
common-outcome-refused = Refused
common-outcome-not-accepted = Not accepted
common-outcome-withdrawn = Withdrawn by the applicant
common-outcome-lapsed = Deemed withdrawn
common-outcome-terminated = Ended without a decision

common-delivery-window = Collected at a window
common-delivery-courier = Sent by courier
common-delivery-electronic = Delivered online

## Periods

common-period-acceptance = Time to accept
common-period-supplement = Time to supplement
common-period-promised = Promised time
common-period-statutory = Statutory time
common-period-delivery = Time to deliver

## Levels of administration

common-level-province = province
common-level-prefecture = prefecture-level city
common-level-county = county, county-level city or district
common-level-township = town, township or street
common-level-village = village or community
