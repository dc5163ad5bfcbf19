//! Accounts, sessions and policies on both databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, time::Duration};

use banhao_identity::{
    CaseAct, CaseTarget, DeskAct, IdentityError, MIGRATIONS, PersonAtWindow, Post, Principal, Registration, StaffDefinition, StaffMember,
    ensure_person_at_window, follow_definitions, permit_case, permit_desk, person, policy, register_person, session, set_staff_password,
    sign_in_person, sign_in_staff, sign_out, staff_member,
};
use banhao_kernel::{
    entropy::SeededEntropy,
    ids::{CaseId, PersonId, StaffId},
};
use banhao_testbed::{Bed, both_databases};

fn registration(number: &str, mobile: &str) -> Registration {
    Registration {
        name: "测试甲".into(),
        citizen_number: number.into(),
        mobile: mobile.into(),
        address: None,
        password: "a long pass phrase".into(),
    }
}

both_databases!(&[MIGRATIONS], a_citizen_registers_signs_in_and_out, |bed: Bed| async move {
    let store = &bed.store;
    let mistakes =
        register_person(store, Registration { name: " ".into(), password: "short".into(), ..registration("421083190001010010", "12") })
            .await;
    let Err(IdentityError::Invalid { fields }) = mistakes else { panic!("{mistakes:?}") };
    assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["name", "citizen_number", "mobile", "password"]);
    let id = register_person(store, registration("42108319040229003x", "13000000000")).await.unwrap();
    let again = register_person(store, registration("42108319040229003X", "13000000009")).await;
    assert!(matches!(again, Err(IdentityError::AccountExists)));
    for login in ["13000000000", "42108319040229003x", " 42108319040229003X "] {
        let signed_in = sign_in_person(store, login, "a long pass phrase").await.unwrap();
        let found = session(store, &signed_in.token).await.unwrap().unwrap();
        assert_eq!(found.principal.person().unwrap().id, id);
        sign_out(store, &signed_in.token).await.unwrap();
        assert!(session(store, &signed_in.token).await.unwrap().is_none(), "signing out takes effect at once");
    }
    assert!(!format!("{:?}", person(store, id).await.unwrap()).contains("42108319040229003"), "debug output is masked");
});

both_databases!(&[MIGRATIONS], wrong_passwords_wait_and_idle_sessions_end, |bed: Bed| async move {
    let store = &bed.store;
    register_person(store, registration("42108319040229003X", "13000000000")).await.unwrap();
    for _ in 0..5 {
        assert!(matches!(sign_in_person(store, "13000000000", "wrong wrong wrong").await, Err(IdentityError::WrongCredentials)));
    }
    assert!(matches!(sign_in_person(store, "13000000000", "a long pass phrase").await, Err(IdentityError::TooManyAttempts { .. })));
    bed.clock.advance(Duration::from_secs(31));
    let signed_in = sign_in_person(store, "13000000000", "a long pass phrase").await.unwrap();
    bed.clock.advance(Duration::from_secs(100 * 60));
    assert!(session(store, &signed_in.token).await.unwrap().is_some(), "use keeps it alive");
    bed.clock.advance(Duration::from_secs(100 * 60));
    assert!(session(store, &signed_in.token).await.unwrap().is_some());
    bed.clock.advance(Duration::from_secs(121 * 60));
    assert!(session(store, &signed_in.token).await.unwrap().is_none(), "idle for two hours");
    assert!(session(store, "no such token").await.unwrap().is_none());
});

both_databases!(&[MIGRATIONS], staff_follow_the_definitions, |bed: Bed| async move {
    let store = &bed.store;
    let definition = |login: &str, posts: &[&str]| StaffDefinition {
        login: login.into(),
        name: "周示范".into(),
        organisation: "scjgj".into(),
        posts: posts.iter().map(|post| (*post).into()).collect(),
        hall: Some("centre".into()),
        windows: vec!["A1".into()],
    };
    assert_eq!(
        follow_definitions(store, vec![definition("win.zhou", &["window-clerk"]), definition("old", &["acceptor"])]).await.unwrap(),
        2
    );
    assert!(matches!(sign_in_staff(store, "win.zhou", "").await, Err(IdentityError::WrongCredentials)), "no password, no entry");
    assert!(set_staff_password(store, "win.zhou", "short").await.is_err());
    set_staff_password(store, "win.zhou", "a long pass phrase").await.unwrap();
    set_staff_password(store, "old", "a long pass phrase").await.unwrap();
    assert!(matches!(set_staff_password(store, "nobody", "a long pass phrase").await, Err(IdentityError::UnknownStaff { .. })));
    let signed_in = sign_in_staff(store, "old", "a long pass phrase").await.unwrap();
    assert_eq!(follow_definitions(store, vec![definition("win.zhou", &["window-clerk", "exit-clerk"])]).await.unwrap(), 2);
    bed.clock.advance(Duration::from_secs(5));
    assert!(session(store, &signed_in.token).await.unwrap().is_none(), "who is no longer named is out within seconds");
    assert!(matches!(sign_in_staff(store, "old", "a long pass phrase").await, Err(IdentityError::WrongCredentials)));
    let member = staff_member(store, "win.zhou").await.unwrap().unwrap();
    assert!(member.holds(Post::ExitClerk));
});

both_databases!(&[MIGRATIONS], a_person_at_the_window_is_found_or_made, |bed: Bed| async move {
    let clerk = StaffId::generate(bed.clock.as_ref(), bed.store.entropy().as_ref());
    let seen = |name: &str| PersonAtWindow {
        name: name.into(),
        citizen_number: "42108319040229003X".into(),
        mobile: "13000000000".into(),
        address: None,
    };
    let write = |seen: PersonAtWindow| bed.store.write(move |tx| Box::pin(async move { ensure_person_at_window(tx, seen, clerk).await }));
    let first = write(seen("测试甲")).await.unwrap();
    assert_eq!(write(seen("测试甲")).await.unwrap(), first);
    assert!(matches!(write(seen("测试乙")).await, Err(IdentityError::Invalid { .. })), "the name must be the registered one");
    assert_eq!(person(&bed.store, first).await.unwrap().unwrap().level, 4);
});

struct World {
    case: CaseTarget,
    entropy: SeededEntropy,
}

fn staff(world: &World, organisation: &str, hall: Option<&str>, posts: &[Post]) -> StaffMember {
    StaffMember {
        id: StaffId::generate(&banhao_kernel::clock::SystemClock, &world.entropy),
        login: "x".into(),
        name: "某".into(),
        organisation: organisation.into(),
        posts: posts.iter().copied().collect(),
        hall: hall.map(Into::into),
        windows: Vec::new(),
    }
}

fn world() -> World {
    let (clock, entropy) = (banhao_kernel::clock::SystemClock, SeededEntropy::new(1));
    let case = CaseTarget {
        id: CaseId::generate(&clock, &entropy),
        organisation: "scjgj".into(),
        hall: Some("centre".into()),
        case_kind: "promised".into(),
        applicant: PersonId::generate(&clock, &entropy),
        received_by: None,
        reviewers: BTreeSet::new(),
        joint: BTreeSet::new(),
        copied: BTreeSet::new(),
    };
    World { case, entropy }
}

fn allowed(who: &StaffMember, case: &CaseTarget) -> Vec<&'static str> {
    let principal = Principal::Staff(Box::new(who.clone()));
    CaseAct::ALL.into_iter().filter(|act| permit_case(&principal, *act, case).is_ok()).map(CaseAct::as_str).collect()
}

/// Everything that each post may do with a case of its own organisation or hall – and with nobody else's. Written out, so that a change
/// of a policy shows here.
#[test]
fn every_post_may_do_exactly_this() {
    let world = world();
    let case = &world.case;
    let expected: [(Post, &[&str]); 8] = [
        (
            Post::WindowClerk,
            &[
                "view",
                "viewFile",
                "supplement",
                "recordVisit",
                "checkMaterial",
                "accept",
                "requestSupplement",
                "refuseAcceptance",
                "unmask",
            ],
        ),
        (
            Post::Acceptor,
            &[
                "view",
                "viewFile",
                "checkMaterial",
                "accept",
                "requestSupplement",
                "refuseAcceptance",
                "unmask",
                "viewProcess",
                "handOver",
                "copy",
                "urge",
            ],
        ),
        (
            Post::Reviewer,
            &[
                "view",
                "viewFile",
                "review",
                "inspect",
                "unmask",
                "viewProcess",
                "returnStep",
                "takeBack",
                "handOver",
                "delegate",
                "changeSigners",
                "copy",
                "urge",
                "notify",
            ],
        ),
        (
            Post::Decider,
            &[
                "view",
                "viewFile",
                "decide",
                "unmask",
                "viewProcess",
                "returnStep",
                "takeBack",
                "handOver",
                "delegate",
                "changeSigners",
                "copy",
                "urge",
                "notify",
                "suspend",
                "terminate",
            ],
        ),
        (Post::ExitClerk, &["view", "recordVisit", "deliver", "unmask", "viewProcess", "handOver", "copy", "urge"]),
        (Post::HallManager, &[]),
        (Post::Supervisor, &["view", "viewProcess", "urge"]),
        (Post::Administrator, &["viewProcess", "jump"]),
    ];
    for (post, acts) in expected {
        assert_eq!(allowed(&staff(&world, "scjgj", Some("centre"), &[post]), case), acts, "{post:?}");
        let elsewhere = staff(&world, "other", Some("elsewhere"), &[post]);
        let expected: &[&str] = match post {
            Post::Supervisor => &["view", "viewProcess", "urge"],
            Post::Administrator => &["viewProcess", "jump"],
            _ => &[],
        };
        assert_eq!(allowed(&elsewhere, case), expected, "{post:?} elsewhere");
    }
}

#[test]
fn those_who_were_asked_or_told_may_do_that_much() {
    let world = world();
    let joint = CaseTarget { joint: BTreeSet::from(["other".into()]), ..world.case.clone() };
    let asked = &["view", "viewFile", "review", "inspect", "viewProcess", "takeBack", "handOver", "delegate", "urge"];
    assert_eq!(allowed(&staff(&world, "other", None, &[Post::Reviewer]), &joint), asked);
    assert!(allowed(&staff(&world, "other", None, &[Post::Decider, Post::Acceptor]), &joint).is_empty());
    assert!(allowed(&staff(&world, "third", None, &[Post::Reviewer]), &joint).is_empty());
    let told = staff(&world, "third", None, &[]);
    let copied = CaseTarget { copied: BTreeSet::from([told.id]), ..world.case.clone() };
    assert_eq!(allowed(&told, &copied), ["view", "viewFile", "viewProcess"]);
    assert!(allowed(&told, &world.case).is_empty());
}

#[test]
fn duties_are_separated_and_denials_name_the_policy() {
    let world = world();
    let both = staff(&world, "scjgj", Some("centre"), &[Post::Reviewer, Post::Decider, Post::WindowClerk]);
    let principal = Principal::Staff(Box::new(both.clone()));
    let mut case = world.case.clone();
    permit_case(&principal, CaseAct::Decide, &case).unwrap();
    case.reviewers.insert(both.id);
    let denial = permit_case(&principal, CaseAct::Decide, &case).unwrap_err();
    assert!(matches!(&denial, IdentityError::Denied { policies } if policies == "reviewer-does-not-decide"), "{denial}");
    case.case_kind = "immediate".into();
    permit_case(&principal, CaseAct::Decide, &case).unwrap();
    case.received_by = Some(both.id);
    let denial = permit_case(&principal, CaseAct::Decide, &case).unwrap_err();
    assert!(matches!(&denial, IdentityError::Denied { policies } if policies == "receiver-does-not-decide"), "{denial}");
    let nobody = permit_case(&Principal::Anonymous, CaseAct::View, &case).unwrap_err();
    assert!(matches!(nobody, IdentityError::Anonymous));
    let plain = Principal::Staff(Box::new(staff(&world, "scjgj", None, &[Post::Reviewer])));
    assert!(matches!(permit_desk(&plain, DeskAct::SeeCockpit), Err(IdentityError::Denied { policies }) if policies == "no-permit"));
    assert!(permit_desk(&plain, DeskAct::SeeWorklist).is_ok());
}

#[test]
fn policies_are_valid_and_each_has_a_name_and_a_reason() {
    policy::validate().unwrap();
    let listing = policy::listing().unwrap();
    assert!(listing.len() >= 12);
    assert!(listing.iter().all(|policy| !policy.id.is_empty() && !policy.description.is_empty()));
}
