//! Ratings and alarms on both databases, as the people concerned would tell it. The demonstration's matters, invented people.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{path::Path, sync::Arc};

use banhao_cases::{AtWindow, CaseContext, CaseError, StoredFile, clock::Period, model::CaseStatus, queries, samples};
use banhao_catalogue::Catalogue;
use banhao_identity::{Principal, Registration};
use banhao_kernel::{
    actor::{Actor, Channel},
    clock::{civil_date, end_of_day},
    ids::CaseId,
};
use banhao_oversight::{
    ASSIGNED, AlarmLevel, OversightError, RatingChannel, RatingInput, Satisfaction, alarms_of, cockpit, rate, rating_of,
};
use banhao_store::{
    MigrationSet, NewJob, Runner, facts, ledger_log,
    trouble::{Trouble, Which},
};
use banhao_testbed::{Bed, both_databases};

const ALL: &[MigrationSet] = &[
    banhao_catalogue::MIGRATIONS,
    banhao_identity::MIGRATIONS,
    banhao_records::MIGRATIONS,
    banhao_cases::MIGRATIONS,
    banhao_oversight::MIGRATIONS,
];

/// The city without its printing works: papers stay ordered.
struct City {
    bed: Bed,
    cases: CaseContext,
    runner: Runner,
    citizen: Principal,
}

async fn citizen(bed: &Bed, name: &str, number: &str, mobile: &str) -> Principal {
    let who = Registration {
        name: name.into(),
        citizen_number: number.into(),
        mobile: mobile.into(),
        address: None,
        password: "a long pass phrase".into(),
    };
    let id = banhao_identity::register_person(&bed.store, who).await.unwrap();
    Principal::Person(Box::new(banhao_identity::person(&bed.store, id).await.unwrap().unwrap()))
}

impl City {
    async fn new(bed: Bed) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu");
        banhao_catalogue::import(&bed.store, &folder, Actor::System).await.unwrap();
        let cases = CaseContext::new(bed.store.clone(), Arc::new(Catalogue::new()));
        let snapshot = cases.snapshot().await.unwrap();
        let staff = snapshot
            .staff
            .iter()
            .map(|post| banhao_identity::StaffDefinition {
                login: post.login.clone(),
                name: post.name.clone(),
                organisation: post.organisation.clone(),
                posts: post.posts.iter().map(|post| post.as_str().to_owned()).collect(),
                hall: post.hall.clone(),
                windows: post.windows.clone(),
            })
            .collect();
        banhao_identity::follow_definitions(&bed.store, staff).await.unwrap();
        let runner = banhao_cases::register_jobs(Runner::new(bed.store.clone()), &cases);
        let runner = banhao_oversight::register_jobs(runner, &cases);
        let citizen = citizen(&bed, "测试甲", "421083190001010017", "13000000000").await;
        Self { bed, cases, runner, citizen }
    }

    async fn staff(&self, login: &str) -> Principal {
        Principal::Staff(Box::new(banhao_identity::staff_member(&self.bed.store, login).await.unwrap().unwrap()))
    }

    async fn apply(&self, matter: &str) -> CaseId {
        let draft = banhao_cases::start_draft(&self.cases, &self.citizen, matter, Channel::Mobile).await.unwrap();
        let snapshot = self.cases.snapshot().await.unwrap();
        let version = snapshot.matter(matter).unwrap();
        let answers = samples::answers(&version, snapshot.today);
        banhao_cases::save_answers(&self.cases, &self.citizen, draft, answers.clone()).await.unwrap();
        for needed in banhao_catalogue::forms::materials_needed(&version, &answers).into_iter().filter(|needed| needed.required) {
            let blob = self.bed.store.blobs().put(samples::PNG.to_vec()).await.unwrap();
            let (material, name) = (needed.material.key.clone(), "照片.png".to_owned());
            let file = StoredFile { material, name, media_type: blob.media_type, size: blob.size, sha256: blob.sha256 };
            banhao_cases::add_material(&self.cases, &self.citizen, draft, file).await.unwrap();
        }
        banhao_cases::submit(&self.cases, &self.citizen, draft, "electronic").await.unwrap().case
    }

    async fn work(&self) {
        while self.runner.run_due().await.unwrap() {}
        let failed = banhao_store::trouble::jobs_in_trouble(&self.bed.store, &Which::default(), 10).await.unwrap();
        assert!(failed.iter().all(|job| job.trouble != Trouble::Failed), "{failed:?}");
    }

    async fn due(&self, case: CaseId, period: Period) -> banhao_kernel::Date {
        queries::file::case_file(&self.cases, &Principal::System, case).await.unwrap().clock.due(period).unwrap()
    }

    async fn status(&self, case: CaseId) -> CaseStatus {
        queries::file::case_file(&self.cases, &Principal::System, case).await.unwrap().state.status
    }

    /// The facts of oversight about a case.
    async fn told(&self, case: CaseId) -> Vec<facts::Fact> {
        let mut all = facts::of(self.bed.store.read(), case.as_uuid()).await.unwrap();
        all.retain(|fact| !fact.kind.starts_with("case.") && !fact.kind.starts_with("paper."));
        all
    }

    async fn alarms(&self, case: CaseId) -> Vec<(String, AlarmLevel, String)> {
        let alarms = alarms_of(&self.cases, case).await.unwrap();
        alarms.into_iter().map(|alarm| (alarm.rule, alarm.level, alarm.due.to_string())).collect()
    }
}

fn stars(level: u8, tags: &[&str], text: &str) -> RatingInput {
    RatingInput { level, tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), text: text.into(), channel: RatingChannel::Mobile }
}

both_databases!(ALL, the_applicant_rates_once_when_it_is_finished, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await;
    let early = rate(&city.cases, &city.citizen, case, stars(5, &[], "")).await;
    assert!(matches!(early, Err(OversightError::NotFinished { status: "received" })));
    banhao_cases::withdraw(&city.cases, &city.citizen, case).await.unwrap();
    // Nobody rates for somebody else: not another citizen, not staff, not the platform.
    let other = citizen(&city.bed, "测试乙", "42108319040229003X", "13000000001").await;
    let theirs = rate(&city.cases, &other, case, stars(1, &[], "")).await;
    assert!(matches!(theirs, Err(OversightError::Cases(CaseError::NotFound { .. }))));
    for somebody in [city.staff("shou.luo").await, city.staff("cha.he").await, Principal::System] {
        let theirs = rate(&city.cases, &somebody, case, stars(5, &[], "")).await;
        assert!(matches!(theirs, Err(OversightError::Cases(CaseError::Denied { .. }))));
    }
    let mixed = rate(&city.cases, &city.citizen, case, stars(2, &["517", "214"], "")).await;
    assert!(matches!(mixed, Err(OversightError::Invalid { fields }) if fields.len() == 1));
    assert_eq!(rating_of(&city.cases, case).await.unwrap(), None);

    // Twelve clicks are one rating.
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (cases, citizen) = (city.cases.clone(), city.citizen.clone());
        tries.spawn(async move { rate(&cases, &citizen, case, stars(2, &["214", "208"], " 态度不好 ")).await.unwrap() });
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.first).count(), 1);
    assert!(answers.iter().all(|answer| answer.rating == answers[0].rating));
    let rating = rating_of(&city.cases, case).await.unwrap().unwrap();
    assert_eq!((rating.level, rating.tags.as_slice(), rating.tag_set), (Satisfaction::Dissatisfied, [208, 214].as_slice(), 1));
    assert_eq!((rating.text.as_deref(), rating.handling.as_deref()), (Some("态度不好"), Some(ASSIGNED)));
    assert!(matches!(rate(&city.cases, &city.citizen, case, stars(5, &[], "")).await, Err(OversightError::AlreadyRated)));

    let told = city.told(case).await;
    assert_eq!(told.iter().map(|fact| fact.kind.as_str()).collect::<Vec<_>>(), ["rating.given", "rating.negative-assigned"]);
    assert_eq!((&told[0].body["level"], &told[0].body["tags"]), (&2.into(), &serde_json::json!([208, 214])));
    assert_eq!((told[0].body["channel"].as_str(), told[1].body["organisation"].as_str()), (Some("mobile"), Some("scjgj")));
    assert!(!told[0].body.to_string().contains("态度"));
    assert_eq!((told[0].subject_kind.as_str(), told[1].actor.as_str()), ("case", "system"));
    while ledger_log::sequence_once(&city.bed.store).await.unwrap() > 0 {}
    assert!(city.told(case).await.iter().all(|fact| fact.leaf_index.is_some()));
});

both_databases!(ALL, silence_raises_a_red_alarm_whoever_is_first, |bed: Bed| async move {
    let city = City::new(bed).await;
    let mut silent = Vec::new();
    for _ in 0..6 {
        silent.push(city.apply("food-licence").await);
    }
    let due = city.due(silent[0], Period::Acceptance).await;
    city.bed.clock.set_civil("2026-11-30T23:59:59".parse().unwrap());
    city.work().await;
    assert_eq!(city.alarms(silent[0]).await, []);
    city.bed.clock.set(end_of_day(due));
    city.work().await;
    for case in silent {
        assert_eq!(city.status(case).await, CaseStatus::Reviewing, "deemed accepted");
        let mut alarms = city.alarms(case).await;
        alarms.sort();
        // Accepted as of receipt, its promise of five days ran out the same night.
        let both = ["acceptance-silence", "promised-overdue"].map(|rule| (rule.to_owned(), AlarmLevel::Red, "2026-11-30".to_owned()));
        assert_eq!(alarms, both);
        assert_eq!(city.told(case).await.len(), 2, "each stated once");
    }
});

both_databases!(ALL, a_missed_promise_is_told_once_and_stays, |bed: Bed| async move {
    let city = City::new(bed).await;
    let (late, withdrawn) = (city.apply("food-licence").await, city.apply("food-licence").await);
    let acceptor = city.staff("shou.luo").await;
    for case in [late, withdrawn] {
        banhao_cases::accept(&city.cases, &acceptor, case).await.unwrap();
    }
    let (promised, statutory) = (city.due(late, Period::Promised).await, city.due(late, Period::Statutory).await);
    let before = cockpit(&city.cases, promised.yesterday().unwrap()).await.unwrap();
    assert_eq!((before.due_soon.len(), before.overdue.len()), (2, 0));
    banhao_cases::withdraw(&city.cases, &city.citizen, withdrawn).await.unwrap();
    city.bed.clock.set(end_of_day(promised));
    city.work().await;
    let promise = ("promised-overdue".to_owned(), AlarmLevel::Red, promised.to_string());
    assert_eq!(city.alarms(late).await, std::slice::from_ref(&promise));
    assert_eq!(city.alarms(withdrawn).await, []);
    let told = city.told(late).await;
    assert_eq!((told.len(), told[0].kind.as_str(), told[0].body["due"].as_str()), (1, "alarm.raised", Some(promised.to_string().as_str())));

    // The same timer once more, as after a restore from a backup of the jobs: nothing new.
    let payload = serde_json::json!(banhao_cases::Overdue { case: late, period: Period::Promised, due: promised });
    let again = NewJob { kind: banhao_cases::OVERDUE_JOB, subject: late.as_uuid(), run_at: None, payload };
    let enqueued: Result<(), banhao_store::StoreError> = city
        .bed
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.enqueue(again);
                Ok(())
            })
        })
        .await;
    enqueued.unwrap();
    city.work().await;
    assert_eq!((city.alarms(late).await.len(), city.told(late).await.len()), (1, 1));

    let seen = cockpit(&city.cases, civil_date(city.bed.store.now())).await.unwrap();
    assert_eq!((seen.overdue.len(), seen.overdue[0].id, seen.alarms.len(), seen.alarms[0].case), (1, late, 1, late));
    assert_eq!((seen.alarms[0].number.len(), seen.day.overdue), (43, 1));

    city.bed.clock.set(end_of_day(statutory));
    city.work().await;
    assert_eq!(city.alarms(late).await, [promise, ("statutory-overdue".to_owned(), AlarmLevel::Red, statutory.to_string())]);
    banhao_cases::withdraw(&city.cases, &city.citizen, late).await.unwrap();
    assert_eq!(city.alarms(late).await.len(), 2, "what was missed stays missed");
});

both_databases!(ALL, a_missed_promise_is_told_although_somebody_acts_before_the_watch_is_back, |bed: Bed| async move {
    let city = City::new(bed).await;
    let (late, early) = (city.apply("food-licence").await, city.apply("food-licence").await);
    let acceptor = city.staff("shou.luo").await;
    for case in [late, early] {
        banhao_cases::accept(&city.cases, &acceptor, case).await.unwrap();
    }
    let promised = city.due(late, Period::Promised).await;
    banhao_cases::withdraw(&city.cases, &city.citizen, early).await.unwrap();
    // The program was down over midnight; before its watch looks again, the case is closed.
    city.bed.clock.set(end_of_day(promised));
    banhao_cases::withdraw(&city.cases, &city.citizen, late).await.unwrap();
    city.work().await;
    assert_eq!(city.alarms(late).await, [("promised-overdue".to_owned(), AlarmLevel::Red, promised.to_string())]);
    assert_eq!(city.alarms(early).await, []);
});

both_databases!(ALL, the_cockpit_counts_the_day_and_the_month, |bed: Bed| async move {
    let city = City::new(bed).await;
    let empty = cockpit(&city.cases, "2026-11-23".parse().unwrap()).await.unwrap();
    assert_eq!((empty.day.received, empty.flow.len(), empty.ratings.satisfied_permille(), empty.visits.permille()), (0, 14, None, None));
    assert_eq!((empty.soon.to_string().as_str(), empty.month.to_string().as_str()), ("2026-11-25", "2026-11-01"));
    let mut cases = Vec::new();
    for time in ["2026-11-23T00:30", "2026-11-23T23:59:59", "2026-11-24T00:00", "2026-11-24T10:00"] {
        city.bed.clock.set_civil(time.parse().unwrap());
        cases.push(city.apply("food-licence").await);
    }
    let clerk = city.staff("win.zhou").await;
    for purpose in ["supplement", "other"] {
        let at = AtWindow { hall: "centre".into(), window: "A01".into() };
        banhao_cases::record_visit(&city.cases, &clerk, cases[0], at, purpose).await.unwrap();
    }
    for (case, level) in cases.iter().take(3).zip([5, 3, 1]) {
        banhao_cases::withdraw(&city.cases, &city.citizen, *case).await.unwrap();
        rate(&city.cases, &city.citizen, *case, stars(level, &[], "")).await.unwrap();
    }
    let seen = cockpit(&city.cases, "2026-11-24".parse().unwrap()).await.unwrap();
    assert_eq!((seen.day.received, seen.day.closed, seen.day.open), (2, 3, 1));
    let flow: Vec<_> = seen.flow.iter().map(|day| (day.day.to_string(), day.received, day.closed)).collect();
    assert_eq!((flow[0].0.as_str(), flow[0].1), ("2026-11-11", 0));
    assert_eq!(flow[12..], [("2026-11-23".to_owned(), 2, 0), ("2026-11-24".to_owned(), 2, 3)]);
    assert_eq!((seen.ratings.counts, seen.ratings.satisfied_permille()), ([1, 0, 1, 0, 1], Some(666)));
    assert_eq!((seen.visits.closed, seen.visits.permille()), (3, Some(666)));
    // Another month starts from nothing.
    city.bed.clock.set_civil("2026-12-01T09:00".parse().unwrap());
    let next = cockpit(&city.cases, "2026-12-01".parse().unwrap()).await.unwrap();
    assert_eq!((next.ratings.total(), next.visits.closed), (0, 0));
    assert_eq!((next.day.due_soon, next.due_soon[0].id, next.day.overdue), (1, cases[3], 0));
});
