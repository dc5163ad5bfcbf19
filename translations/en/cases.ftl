# Errors of cases.

problem-case-not-found = Not found
    .text = There is no such case, draft or file, or it is not yours.
    .remedy = Open it from “My cases”, or look it up by its query code.
problem-case-denied = You may not do this
    .text = The policy { $policies } does not allow it; the case was not changed.
    .remedy = Somebody with the right post has to do it; a reviewer does not decide.
problem-case-wrong-state = Not possible now
    .text = The case stands at another step; perhaps somebody has just acted.
    .remedy = Reload the page of the case and see where it stands.
problem-case-matter-closed = This matter cannot be applied for now
    .text = { $why ->
        [not-applicable] By the answers you gave this matter does not apply; nothing was sent. What you typed is kept in the draft.
       *[other] It is not in force, or not by this channel.
    }
    .remedy = See in the guide when it applies, search for a similar matter on the front page, or ask at a window.
problem-case-incomplete = Some things are not complete
    .text = All of them are listed below; nothing was sent.
    .remedy = Complete each and send again; what you typed is still there.
problem-case-supplement-twice = A supplement can be asked for only once
    .text = One was already asked for. The Administrative Licensing Law, article 32, wants everything told at once.
    .remedy = Accept, or refuse acceptance with the legal ground.
problem-case-empty = Something must be filled in
    .text = Something that the law requires is empty: { $what ->
        [opinion] the opinion
        [reason] the reason
        [go-to] the body to apply to
        [receiver] the receiver's name
        [signature] the receiver's signature
        [waybill] the waybill number
        [window] the window
        [purpose] what they came for
        [supplement-items] the materials to be supplemented
        [supplement-problem] what is wrong
        [supplement-requirement] what is needed
       *[other] { $what }
    }.
    .remedy = Fill it in and send again.
problem-case-changed = Somebody has just acted
    .text = Somebody acted on this case a moment ago; yours was not kept.
    .remedy = Reload and look again.
problem-case-in-other-hands = Somebody else has it in hand
    .text = Somebody else has taken this step; it was not given to you.
    .remedy = Choose another step from your worklist, or ask them to put it back.
problem-case-delegated = Delegated to somebody else
    .text = This step has been delegated; the case has not changed.
    .remedy = Wait for the report, then complete the step.
problem-case-report-first = Please report first
    .text = This step was delegated to you: you report, and whoever delegated it completes it. It cannot be handed on or put back either.
    .remedy = Write what you did under “Report”.
problem-case-awaits-signers = Waiting for added signers
    .text = Signers were added to this step and have not all signed.
    .remedy = Wait for them, or remove a signer.
problem-case-suspended = The case is suspended
    .text = Nothing goes on until it is resumed. The legal clock runs on.
    .remedy = Ask a decider to resume or end the case.
problem-case-not-possible = Not possible here
    .text = { field-not-possible }. The case has not changed.
    .remedy = Reload the case and choose again.
problem-case-not-allowed = The process does not allow it
    .text = The definition of this step does not allow “{ $operation ->
        [return] return
        [take-back] take back
        [hand-over] hand over
        [delegate] delegate
        [add-signers] add signers
        [remove-signer] remove a signer
        [copy] copy
       *[urge] urge
    }”; acceptance, decision and delivery have papers and a legal effect of their own and can never be returned, taken back or signed by more.
    .remedy = Follow the process; ask an administrator to change it if this is needed.
problem-case-not-a-candidate = This person or organisation cannot be chosen
    .text = They cannot do this step: not active, not permitted, or on the list of signers already.
    .remedy = Choose somebody else from the list.
problem-case-move-versions = Cases cannot be moved between these versions
    .text = Running cases move from an older version to the one in force. A newer one may have been published since you looked; nothing was changed.
    .remedy = Go back to the matter and make the dry run again.
problem-case-urged-today = Urged today already
    .text = Everybody may urge once a day; those who hold the steps have seen it.
    .remedy = Urge again tomorrow, or tell supervision.
problem-case-nobody-waits = Nothing waits for this now
    .text = The process does not stand where it waits for this message; nothing was registered.
    .remedy = Reload the case and look where the process stands.
problem-case-no-window = You need a window of your own
    .text = What happens in person is recorded with its window. You have no hall and window, or the one you chose is not yours; the case was not changed.
    .remedy = Ask the administrator to give you a window in the staff definitions, or let the clerk of the exit window do it.
problem-case-electronic-by-staff = Electronic delivery is up to the applicant
    .text = Staff cannot complete electronic delivery for the applicant; the case was not changed.
    .remedy = Choose the window or the courier; the applicant can also sign in and take the result.
problem-case-signature = This signature cannot be taken
    .text = A signature is a picture drawn on this page or a typed name: { $why ->
        [not-png] what came in is no PNG picture
        [too-large] the picture is larger than 200 KB
        [pixels] the picture is wider or higher than 4000 pixels
       *[too-long] the name has more than 60 letters
    }.
    .remedy = Sign again, or type the name.
problem-case-file-refused = The file cannot be added
    .text = It is not a material of this matter, or there are too many.
    .remedy = Check the material; each takes at most 20 files.
problem-case-process = The process failed
    .text = { $detail }
    .remedy = The case was not changed. The administrator should look at the definition of the process.
problem-case-damaged = A case record is damaged
    .text = { $detail }
    .remedy = The administrator should run banhao verify.

field-material-missing = “{ $material }” has not been uploaded yet
field-verdict-missing = Choose a verdict
field-opinion-missing = Write your opinion
field-decision-missing = Choose to grant or to refuse
field-reason-missing = Give the reason
field-ground-missing = Choose the legal ground
field-go-to-missing = Name the body to apply to
field-method-missing = Choose how it is delivered
field-method-electronic = Electronic delivery is up to the applicant; choose the window or the courier
field-receiver-missing = Enter the receiver's name as on their identity card
field-signature-missing = Let the receiver sign, or type the name in their presence
field-signature-refused = { $why ->
        [not-png] The drawing cannot be read; sign again or type the name
        [too-large] The drawing is larger than 200 KB; sign again or type the name
        [pixels] The drawing is wider or higher than 4000 pixels; sign again or type the name
       *[too-long] A typed name has at most 60 letters
    }
field-waybill-missing = Enter the waybill number
field-window-missing = Choose the window you are at
field-purpose-missing = Choose what they came for
field-in-order-missing = Choose “in order” or “not in order”
field-supplement-items-missing = Name at least one material to be supplemented
field-supplement-problem-missing = Say what is wrong
field-supplement-requirement-missing = Say what is needed
field-to-missing = Choose where to
field-who-missing = Choose a person or an organisation
field-report-missing = Write what you did
field-note-missing = Write what came in
field-when-missing = Choose when they sign
field-then-missing = Choose what happens after the return
field-reply-missing = Choose what it comes to
field-not-possible = Not possible here: { $why ->
    [not-before] that step has not been done, or does not lead here
    [other-branch] that step is in another parallel branch
    [tangled] the drawing jumps into a parallel branch here
    [several] there are several steps; choose one
    [none] not a step that you did, or nobody of that name
    [not-straight] the way would cross parallel branches; choose step by step
    [too-late] what comes after has been begun; ask its holder to return it
    [not-human] it is not done by people
    [not-in-turn] signers do not come in turn here
    [already-signers] signers were added already; wait for them
    [last-signer] the last signer has to stay
    [nobody] nobody was named
   *[not-a-target] it cannot go there
}
field-not-a-candidate = This person or organisation cannot be chosen; choose somebody else from the list
