//! Handing over, visits and looks at files: what keeps the measured visit count and the record of looks honest.

use std::time::Duration;

use banhao_cases::{
    AtWindow, CaseError, HandOver, Signature as Receipt,
    facts::{CaseFact, DeliveryMethod},
    model::{CaseStatus, Outcome},
    queries, samples,
};
use banhao_identity::Principal;
use banhao_kernel::digest::sha256_hex;
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City, ready_to_deliver, why};

both_databases!(ALL, a_hand_over_names_window_receiver_and_signature, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = ready_to_deliver(&city).await;
    let exit = city.staff("chu.lin").await;
    let good = || HandOver {
        method: DeliveryMethod::Window,
        receiver: "测试甲".into(),
        signature: Some(Receipt::Typed("测试甲".into())),
        waybill: None,
        at: Some(AtWindow { hall: "centre".into(), window: "E01".into() }),
    };
    let facts_before = city.look(case).await.timeline.len();
    let big = vec![0; 200_001];
    let wrong: Vec<(&str, HandOver)> = vec![
        ("case-electronic-by-staff", HandOver { method: DeliveryMethod::Electronic, ..good() }),
        ("window", HandOver { at: None, ..good() }),
        ("case-no-window", HandOver { at: Some(AtWindow { hall: "centre".into(), window: "E02".into() }), ..good() }),
        ("case-no-window", HandOver { at: Some(AtWindow { hall: "renshe".into(), window: "E01".into() }), ..good() }),
        ("receiver", HandOver { receiver: " ".into(), ..good() }),
        ("window receiver signature", HandOver { at: None, receiver: " ".into(), signature: None, ..good() }),
        ("signature", HandOver { signature: None, ..good() }),
        ("signature", HandOver { signature: Some(Receipt::Typed(" ".into())), ..good() }),
        ("not-png", HandOver { signature: Some(Receipt::Drawn(b"MZ, not a picture".to_vec())), ..good() }),
        ("too-large", HandOver { signature: Some(Receipt::Drawn(big)), ..good() }),
        ("waybill", HandOver { method: DeliveryMethod::Courier, ..good() }),
    ];
    for (expected, given) in wrong {
        assert_eq!(why(banhao_cases::deliver(&city.cases, &exit, case, given).await), expected);
    }
    // Who may not deliver learns nothing of what is wrong, and nothing is kept of what they sent.
    let unseen = samples::PNG.iter().copied().take(samples::PNG.len() - 12).chain([0, 0, 0, 1, b't', b'E', b'X', b't', b'x', 0, 0, 0, 0]);
    let unseen: Vec<u8> = unseen.chain(samples::PNG[samples::PNG.len() - 12..].iter().copied()).collect();
    let drawn = HandOver { signature: Some(Receipt::Drawn(unseen.clone())), ..good() };
    for login in ["shen.chen", "cha.he"] {
        let other = city.staff(login).await;
        assert_eq!(why(banhao_cases::deliver(&city.cases, &other, case, drawn.clone()).await), "case-denied");
        let bad = HandOver { signature: None, ..good() };
        assert_eq!(why(banhao_cases::deliver(&city.cases, &other, case, bad).await), "case-denied");
    }
    let elsewhere = city.staff("chu.guo").await;
    assert_eq!(why(banhao_cases::deliver(&city.cases, &elsewhere, case, drawn.clone()).await), "case-not-found");
    let address = sha256_hex(&unseen);
    assert!(!city.bed.store.blobs().exists(&address).await.unwrap(), "the file was kept before anybody was asked");
    let file = city.look(case).await;
    assert_eq!((file.state.status, file.line.visits, file.timeline.len()), (CaseStatus::Delivering, 0, facts_before));

    banhao_cases::deliver(&city.cases, &exit, case, good()).await.unwrap();
    let file = city.look(case).await;
    assert_eq!((file.state.outcome, file.line.visits), (Some(Outcome::Granted), 1));
    let delivery = file.delivery.unwrap();
    assert_eq!(delivery.receiver.as_deref(), Some("测试甲"));
    assert_eq!(delivery.signature, Some(queries::file::SignatureView::Typed("测试甲".into())));
    let digest = file.timeline.iter().find_map(|entry| match &entry.what {
        Some(CaseFact::Delivered { signature_sha256, .. }) => signature_sha256.clone(),
        _ => None,
    });
    assert_ne!(digest.unwrap(), sha256_hex("测试甲".as_bytes()), "a name could be guessed from its plain digest");
    assert_eq!(why(banhao_cases::deliver(&city.cases, &exit, case, good()).await), "case-wrong-state");
});

both_databases!(ALL, each_look_at_a_file_is_a_fact_once_a_day, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = ready_to_deliver(&city).await;
    let (exit, reviewer, supervisor) = (city.staff("chu.lin").await, city.staff("shen.chen").await, city.staff("cha.he").await);
    let given = HandOver {
        method: DeliveryMethod::Window,
        receiver: "测试甲".into(),
        signature: Some(Receipt::Drawn(samples::PNG.to_vec())),
        waybill: None,
        at: Some(AtWindow { hall: "centre".into(), window: "E01".into() }),
    };
    banhao_cases::deliver(&city.cases, &exit, case, given).await.unwrap();
    let material = city.look(case).await.files[0].id;
    let paper = banhao_records::papers_of_case(&city.bed.store, case).await.unwrap()[0].id;
    let looks = async || {
        let timeline = city.look(case).await.timeline;
        timeline.iter().filter(|entry| entry.kind == "case.file-viewed").count()
    };
    // Reviewers see everything, exit clerks what they hand over, supervisors no files at all.
    for _ in 0..2 {
        banhao_cases::look_at_material(&city.cases, &reviewer, case, material).await.unwrap();
        banhao_cases::look_at_paper(&city.cases, &reviewer, case, paper).await.unwrap();
    }
    assert_eq!(looks().await, 2);
    assert_eq!(banhao_cases::look_at_signature(&city.cases, &exit, case).await.unwrap(), samples::PNG);
    banhao_cases::look_at_paper(&city.cases, &exit, case, paper).await.unwrap();
    assert_eq!(looks().await, 4);
    assert!(matches!(banhao_cases::look_at_material(&city.cases, &exit, case, material).await, Err(CaseError::Denied { .. })));
    assert!(matches!(banhao_cases::look_at_material(&city.cases, &supervisor, case, material).await, Err(CaseError::Denied { .. })));
    assert!(matches!(banhao_cases::look_at_paper(&city.cases, &supervisor, case, paper).await, Err(CaseError::Denied { .. })));
    assert!(matches!(banhao_cases::look_at_signature(&city.cases, &supervisor, case).await, Err(CaseError::Denied { .. })));
    let elsewhere = city.staff("chu.guo").await;
    assert!(matches!(banhao_cases::look_at_paper(&city.cases, &elsewhere, case, paper).await, Err(CaseError::NotFound { .. })));
    assert_eq!(looks().await, 4, "a refused look is none");
    city.bed.clock.advance(Duration::from_secs(24 * 3600));
    banhao_cases::look_at_paper(&city.cases, &reviewer, case, paper).await.unwrap();
    assert_eq!(looks().await, 5);
    let other = city.apply("food-licence").await.case;
    assert!(matches!(banhao_cases::look_at_paper(&city.cases, &reviewer, other, paper).await, Err(CaseError::NotFound { .. })));
});

both_databases!(ALL, a_visit_is_at_a_window_of_the_clerk, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await.case;
    let clerk = city.staff("win.zhou").await;
    let at = |window: &str| AtWindow { hall: "centre".into(), window: window.into() };
    let visit = async |at: Option<AtWindow>, purpose| why(banhao_cases::record_visit(&city.cases, &clerk, case, at, purpose).await);
    assert_eq!(visit(None, "other").await, "window");
    assert_eq!(visit(Some(at("")), "other").await, "case-no-window");
    assert_eq!(visit(Some(at("B01")), "other").await, "case-no-window");
    assert_eq!(visit(Some(at("D01")), "").await, "purpose");
    assert_eq!(city.look(case).await.line.visits, 0);
    assert_eq!(visit(Some(at("D01")), "other").await, "done");
    assert_eq!(city.look(case).await.line.visits, 1);
    let Principal::Staff(mut member) = clerk.clone() else { unreachable!() };
    member.windows.clear();
    let nowhere = Principal::Staff(member);
    assert_eq!(why(banhao_cases::record_visit(&city.cases, &nowhere, case, None, "other").await), "case-no-window");
});
