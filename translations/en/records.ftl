# Errors of papers and licences.

problem-records-not-found = No such paper
    .text = It does not exist, or it is not yours.
    .remedy = Open it from the page of the case, or check the verification code.
problem-records-not-ready = The paper is being made
    .text = It is being typeset and signed, usually within a second.
    .remedy = Wait a moment and reload the page.
problem-records-no-template = A template is missing
    .text = The definitions have no template for { $kind }.
    .remedy = The administrator should add it to papers in the definition folder and import it.
problem-records-no-organisation = A body is missing
    .text = The definitions have no body { $organisation }.
    .remedy = The administrator should add it and import.
problem-records-licence-number = The licence number cannot be made
    .text = { $detail }
    .remedy = The administrator should check the licence type of the matter.
problem-records-paper = The paper could not be made
    .text = { $detail }
    .remedy = It will be tried again; the administrator should look at failed jobs.
problem-records-damaged = A paper record is damaged
    .text = { $detail }
    .remedy = The administrator should run banhao verify.
