# Ratings, e-supervision, cockpit: errors and names.

## Errors

problem-oversight-not-finished = Not finished yet, so it cannot be rated
    .text = This is still being handled. A rating is given once, when the case is finished.
    .remedy = Open the case again when it is finished. If something goes wrong before that, call 12345 or speak to a window.
problem-oversight-already-rated = This has been rated already
    .text = Each case is rated once; a rating that has been given cannot be changed.
    .remedy = If there is more to say, please call 12345.
problem-oversight-invalid = The rating has mistakes
    .text = Some entries have to be corrected; nothing has been kept yet.
    .remedy = Please correct each of them and send it again.
problem-oversight-no-job = No such job in trouble
    .text = This background job is done, or never was.
    .remedy = Go back to the background jobs and see which there are now.
problem-oversight-job-in-hand = The job is being worked on
    .text = The system is trying this job at this moment; it cannot be given up now.
    .remedy = Wait until this try has ended and reload the page.
problem-oversight-damaged = A supervision record cannot be read
    .text = { $detail }
    .remedy = The administrator should run banhao verify to see whether the database was changed.

field-job-reason-missing = Give a reason
field-job-reason-long = The reason is too long
field-rating-level = Choose how satisfied you are, from one to five stars
field-rating-tag = “{ $tag }” is not a reason for this number of stars; please choose again
field-rating-text-long = The text is too long; please write at most { $longest } characters

## Levels

rating-level-5 = Very satisfied
rating-level-4 = Satisfied
rating-level-3 = Fairly satisfied
rating-level-2 = Dissatisfied
rating-level-1 = Very dissatisfied

## Channels

rating-channel-web = Computer
rating-channel-mobile = Mobile
rating-channel-qr-code = QR code
rating-channel-hall-tablet = Tablet in the hall
rating-channel-hall-terminal = Other terminal in the hall
rating-channel-phone = Telephone
rating-channel-sms = Text message

## Supervision

alarm-level-reminder = Reminder
alarm-level-yellow = Yellow card
alarm-level-red = Red card

alarm-rule-acceptance-silence = No answer within the acceptance period
    .text = The applicant was told nothing within five working days of receipt; by Art. 32 of the Administrative Licensing Law the application counts as accepted.
alarm-rule-promised-overdue = Promised time exceeded
    .text = No decision was made within the time promised in the guide.
alarm-rule-statutory-overdue = Statutory time exceeded
    .text = No decision was made within the time set by Art. 42 of the Administrative Licensing Law.
alarm-rule-delivery-overdue = Delivery time exceeded
    .text = The result was not issued and delivered within ten working days of the decision (Art. 44 of the Administrative Licensing Law).

## Timeline of a case

fact-rating-given = The applicant rated the service
fact-rating-negative-assigned = Negative rating assigned for call-back and correction
fact-alarm-raised = Alarm of e-supervision
fact-job-let-try-again = A background job is let be tried again
fact-job-given-up = A background job is given up
