# Problems of the ground: numbers, codes, calendar. Every other part has its problems in its own file.

## General

problem-code-invalid = A number or code is not right
    .text = A number or code did not pass the check.
    .remedy = Compare it with the original, correct it as described and send it again.

## Calendar

problem-calendar-year-not-loaded = The working calendar of { $year } is not loaded
    .text = This period runs into { $year }, but the State Council’s holiday notice for { $year } has not been entered, and the system does not guess which days are working days.
    .remedy = Ask the administrator to write the holidays of { $year } into calendars/{ $year }.toml of the definition folder, in the form of crates/kernel/data/calendar-2026.toml, and to run banhao import with that folder.
problem-calendar-out-of-range = The date is too far away
    .text = The date would lie beyond the year 9999.
    .remedy = Check the first day and the number of days.
problem-calendar-unreadable = The working calendar cannot be read
    .text = { $detail }
    .remedy = Correct it to the form of crates/kernel/data/calendar-2026.toml.
problem-calendar-other-year = The calendar holds a date of another year
    .text = { $date } does not belong into the calendar of { $year }.
    .remedy = Move the day into the calendar file of its own year.
problem-calendar-reversed = A holiday ends before it begins
    .text = The holiday is from { $from } to { $to }; the end comes first.
    .remedy = Correct from and to.
problem-calendar-contradiction = A day is both off and on
    .text = { $date } lies in a holiday and is listed as a make-up working day.
    .remedy = Compare with the State Council’s notice and remove one of the two.

## Fields

field-citizen-number-format = The citizen number must have 17 digits and then a digit or X
field-citizen-number-birth-date = Digits 7 to 14 must be the birth date, but there is no such day; compare with the identity card
field-citizen-number-birth-range = The birth date in digits 7 to 14 is not possible; compare with the identity card
field-citizen-number-check = The last character does not fit the others, so at least one is wrong; compare each with the identity card
field-credit-code-format = The credit code must have 18 digits or capitals (without I, O, S, V, Z); characters 3 to 8 are digits
field-credit-code-check = The last character does not fit the others, so at least one is wrong; compare each with the business licence
field-organisation-code-format = The organisation code must have 8 digits or capitals and then a digit or X
field-organisation-code-check = The last character does not fit the others; compare with the certificate
field-region-code-format = The region code must have 6, 9 or 12 digits
field-region-code-level = A level of the region code is 00 or 000 although lower levels follow, or a code of 9 or 12 digits ends in 000
field-task-code-format = The task code must have 31 characters, with handling item 33: credit code (18), use level (1), catalogue code (12), handling item (2)
field-task-code-body = The first 18 characters must be the credit code of the implementing body, but it did not pass the check
field-task-code-level = The 19th character must be a use level from 1 to 7
field-task-code-province = The catalogue code must begin with 00 (national) or a province; Hubei is 42
field-task-code-handling-item = Handling items are numbered from 01
field-case-number-format = The case number must have 43 to 50 characters: task code (31), date (8), serial (4 to 11)
field-case-number-task-code = The first 31 characters of the case number are not a valid task code
field-case-number-date = Characters 32 to 39 of the case number must be a date, but there is no such day
field-case-number-serial = The serial of the case number is numbered from 0001
field-query-code-format = The query code must have 13 digits and letters; 0, O, 1, I and L do not occur
field-query-code-check = A character of the query code is wrong; compare each with the receipt
field-licence-number-format = The licence number must begin with 1.2.156.3005.2, then type (21 characters), issuer (18), serial, version (3 digits) and check character, separated by dots
field-licence-number-check = The check character of the licence number does not fit; at least one character is wrong
field-project-code-format = The project code must have 24 characters, for example 2611-421083-04-01-123456
field-mobile-format = The mobile number must have 11 digits and begin with 13 to 19
field-money-format = Write the amount in yuan with at most two decimals, for example 1250.50
field-money-range = The amount is too large: at most 14 digits before the decimal point
field-ebill-format = An e-bill must have a code of 8 digits, a number of 10 digits and a check code of 6 characters
