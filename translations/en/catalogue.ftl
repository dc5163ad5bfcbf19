# The catalogue: names of codes, hints while filling in forms, mistakes in definitions.

## Types of matters (G39046 A.1)

item-type-licence = Administrative licence
item-type-penalty = Administrative penalty
item-type-coercion = Administrative coercion
item-type-levy = Administrative levy
item-type-benefit = Benefit payment
item-type-inspection = Administrative inspection
item-type-confirmation = Administrative confirmation
item-type-award = Administrative award
item-type-adjudication = Administrative adjudication
item-type-other = Other administrative power
item-type-public-service = Public service

## Levels of exercise (G39046 A.2)

use-level-national = National
use-level-province = Province
use-level-prefecture = Prefecture
use-level-county = County
use-level-township = Town or subdistrict
use-level-village = Village or community
use-level-graded = Several levels

## Kinds of cases (G39046 A.6)

case-kind-immediate = Decided at once
case-kind-promised = Decided within a promised time

## Who may apply (G39046 A.4)

applicant-kind-person = Person
applicant-kind-enterprise = Enterprise
applicant-kind-institution = Public institution
applicant-kind-social-organisation = Social organisation
applicant-kind-other = Other organisation

## How to apply (G39046 A.5)

handling-form-window = At a window
handling-form-web = On line (computer)
handling-form-mobile = On line (phone)
handling-form-courier = By courier

## Where else it can be applied for

cross-handling-country = Anywhere in China
cross-handling-province = Anywhere in the province
cross-handling-city = Anywhere in the prefecture
cross-handling-county = Anywhere in the county or city
cross-handling-town = Anywhere in the town
cross-handling-village = In any village or community

## Units of periods

period-unit-working-day = working days
period-unit-natural-day = days
period-unit-hour = hours
period-unit-month = months
period-unit-year = years

## Special procedures

special-kind-hearing = Hearing
special-kind-tender = Tender
special-kind-auction = Auction
special-kind-inspection = Inspection of goods
special-kind-testing = Testing
special-kind-quarantine = Quarantine
special-kind-appraisal = Appraisal
special-kind-expert-review = Expert review
special-kind-site-inspection = Site inspection
special-kind-publicity = Publicity
special-kind-other = Other special procedure

## Materials

necessity-required = Required
necessity-optional = Optional
necessity-tolerable = May follow later
necessity-waived-by-credit = Not asked of you

material-source-self = You prepare it
material-source-issued = Issued by an authority
material-source-licence-store = We fetch it from the licence store
material-source-shared = We check it with other departments
material-source-form = Made from your answers

material-form-electronic = Electronic
material-form-paper = Paper
material-form-both = Paper or electronic

## Results

result-kind-licence = Licence
result-kind-approval = Approval
result-kind-none = None

## Questions in forms

field-kind-text = Text
field-kind-multiline = Several lines of text
field-kind-name = Name
field-kind-citizen-number = Citizen number
field-kind-credit-code = Unified social credit code
field-kind-mobile = Mobile number
field-kind-date = Date
field-kind-number = Number
field-kind-money = Amount in yuan
field-kind-choice = One of several
field-kind-choices = Some of several
field-kind-region = Region
field-kind-address = Address
field-kind-project-code = Project code
field-kind-yes-no = Yes or no

## Bodies, halls, posts

organisation-kind-department = Department
organisation-kind-township = Town, subdistrict or administrative area
organisation-kind-centre = Government service centre
organisation-kind-supervision = Supervision
organisation-kind-other = Other body

hall-kind-centre = Government service centre
hall-kind-sub = Branch centre
hall-kind-township = Town service centre
hall-kind-village = Village service station

window-area-registration = Business registration
window-area-investment = Investment projects
window-area-social = Social affairs
window-area-general = Other matters
window-area-exit = Collection

post-window-clerk = Window clerk
post-acceptor = Acceptor
post-reviewer = Reviewer
post-decider = Decider (chief representative)
post-exit-clerk = Collection clerk
post-hall-manager = Hall manager
post-supervisor = Supervisor
post-administrator = Administrator
post-matter-editor = Matter editor
post-legal-reviewer = Legal reviewer

theme-audience-person = For persons
theme-audience-organisation = For organisations

after-hours-rule-next-working-moment = Counts as received at the start of the next working hours
after-hours-rule-same-day = Counts as received on the same day

## Hints while filling in forms

field-required = Please answer this
field-choose = Please choose
field-unknown = The form does not ask for this; please remove it
field-format = This is not in the form that is asked for; please answer again
field-number = Write a number, such as 120 or 12.5
field-min = This cannot be less than { $limit }
field-max = This cannot be more than { $limit }
field-too-long = Write at most { $limit } characters; there are { $length }
field-date = Write a date, such as 1905-03-08
field-choice = This is no longer one of the choices; please choose again
field-region = Choose your town or subdistrict from the list
field-name = Write a name
field-rule = { $message_en }

## Problems

problem-definitions-wrong = { $count } mistakes in the definitions
    .text = Nothing was imported; the definitions in force have not changed.
    .remedy = Correct them at the files and lines listed, then import again.
problem-nothing-imported = No matters yet
    .text = The bodies and matters of this platform have not been imported yet.
    .remedy = Ask the administrator to run banhao import FOLDER, or banhao demo for a demonstration.
problem-folder-not-empty = The folder is not empty
    .text = { $path } has files in it; so that nothing is overwritten, nothing was written.
    .remedy = Choose a new or empty folder.
problem-definition-file = A file cannot be written
    .text = { $path }: { $reason }
    .remedy = Check disk space and permissions, then try again.
problem-definitions-damaged = Stored definitions cannot be read
    .text = { $detail }
    .remedy = Run banhao verify on the database; restore a backup if need be.
problem-search-failed = Search is not available
    .text = { $detail }
    .remedy = Look by theme or department; administrators, see the log.
problem-feel-empty = A rule is empty
problem-feel-too-complex = A rule is too complex
problem-feel-forbidden = A rule uses what rules may not use
problem-feel-syntax = A rule is not written correctly
problem-feel-type = A rule gives the wrong kind of value
problem-feel-evaluation = A rule cannot be evaluated
