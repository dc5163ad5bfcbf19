# Errors of accounts and permissions.

problem-identity-wrong-credentials = Account or password is wrong
    .text = There is no such account, or the password is wrong.
    .remedy = Check and try again; if you forgot the password, go to any service hall with your identity card.
problem-identity-too-many-attempts = Too many attempts
    .text = To protect the account, wait { $seconds } seconds.
    .remedy = Try again after that, or have the password reset at a service hall.
problem-identity-account-exists = There is an account already
    .text = This citizen number is already registered.
    .remedy = Sign in; a forgotten password can be reset at a window.
problem-identity-invalid = Some things need correcting
    .text = All of them are listed below.
    .remedy = Correct each and send again; what you typed is still there.
problem-identity-unknown-staff = No such member of staff
    .text = There is no sign-in name { $login }.
    .remedy = Check the name; the staff are listed in staff.toml of the definitions.
problem-identity-denied = You may not do this
    .text = The policy { $policies } does not allow it.
    .remedy = If your work needs it, ask the hall manager or the administrator.
problem-identity-anonymous = Please sign in
    .text = This page needs you to be signed in.
    .remedy = After signing in you come back here.
problem-identity-policy = The policies are wrong
    .text = { $detail }
    .remedy = The administrator should run banhao check.
problem-identity-hashing = The password could not be processed
    .text = { $detail }
    .remedy = Try again later.
problem-identity-damaged = An account record is damaged
    .text = { $detail }
    .remedy = Ask the administrator.

field-password-weak = A password has at least 10 characters, and not just a few repeated
field-name-differs = The name differs from the one registered with this citizen number; compare with the identity card
