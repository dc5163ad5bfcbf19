//! Jobs in trouble are seen, kept, tried again when somebody says so, and given up by nobody else.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use banhao_kernel::problem::Problem;
use banhao_store::{
    JobError, NewJob, Runner, Store, StoreError, jobs,
    trouble::{Queue, Trouble, Which, failed_jobs, jobs_in_trouble, queues, trouble_by_kind},
};
use banhao_testbed::{Bed, Faults, both_databases};
use uuid::Uuid;

use crate::{jobs::leave, subject};

fn failing(store: &Store, works: &Arc<AtomicBool>) -> Runner {
    let works = Arc::clone(works);
    Runner::new(store.clone()).on("print", move |_, _| {
        let works = works.load(Ordering::SeqCst);
        async move { if works { Ok(()) } else { Err(JobError::told(StoreError::Files("no paper".into()))) } }
    })
}

async fn fail_for_good(bed: &Bed, runner: &Runner) {
    while runner.run_due().await.unwrap() {
        bed.clock.advance(Duration::from_secs(1_000));
    }
}

both_databases!(&[], what_fails_is_seen_with_words_and_kept, |bed: Bed| async move {
    let (subject, works) = (subject(&bed), Arc::<AtomicBool>::default());
    leave(&bed.store, "print", subject, 3).await;
    let runner = failing(&bed.store, &works);
    assert!(jobs_in_trouble(&bed.store, &Which::default(), 10).await.unwrap().is_empty(), "nothing has failed yet");
    assert!(runner.run_due().await.unwrap());
    let seen = jobs_in_trouble(&bed.store, &Which::default(), 10).await.unwrap();
    assert_eq!(seen.iter().map(|job| (job.trouble, job.attempts)).collect::<Vec<_>>(), [(Trouble::Failing, 1); 3]);
    let problem = Problem::from(StoreError::Files("no paper".into()));
    assert_eq!((seen[0].code.as_str(), seen[0].detail.as_str()), (problem.code, "file store: no paper"));
    let args: Vec<_> = problem.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    assert_eq!((&seen[0].args, seen[0].tried_at), (&args, Some(bed.store.now())));
    assert!(seen[0].next_at.unwrap() > bed.store.now());
    assert_eq!(failed_jobs(&bed.store).await.unwrap(), 0, "they are tried again by themselves");
    bed.clock.advance(Duration::from_secs(1));
    fail_for_good(&bed, &runner).await;
    assert_eq!(failed_jobs(&bed.store).await.unwrap(), 3);
    let counts = trouble_by_kind(&bed.store).await.unwrap();
    assert_eq!((counts.len(), counts[0].kind.as_str(), counts[0].trouble, counts[0].jobs), (1, "print", Trouble::Failed, 3));
    // Page by page, and only what is asked for.
    let page = |after, limit| {
        let store = bed.store.clone();
        async move { jobs_in_trouble(&store, &Which { after, ..Which::default() }, limit).await.unwrap() }
    };
    let first = page(None, 2).await;
    let second = page(Some(first[1].id), 2).await;
    assert_eq!((first.len(), second.len(), second[0].id), (2, 1, seen[2].id));
    let only = |trouble, kind: Option<&str>| Which { trouble, kind: kind.map(str::to_owned), after: None };
    for (which, many) in
        [(only(Some(Trouble::Failing), None), 0), (only(Some(Trouble::Failed), Some("print")), 3), (only(None, Some("ring")), 0)]
    {
        assert_eq!(jobs_in_trouble(&bed.store, &which, 10).await.unwrap().len(), many, "{which:?}");
    }
    // An act that takes back what waits leaves what failed.
    bed.store.write(move |tx| Box::pin(async move { tx.cancel_jobs(subject, "print").await })).await.unwrap();
    assert_eq!(failed_jobs(&bed.store).await.unwrap(), 3);
});

both_databases!(&[], somebody_lets_them_be_tried_again_or_gives_them_up, |bed: Bed| async move {
    let (subject, works, by) = (subject(&bed), Arc::<AtomicBool>::default(), Uuid::from_u128(7));
    leave(&bed.store, "print", subject, 3).await;
    let runner = failing(&bed.store, &works);
    fail_for_good(&bed, &runner).await;
    let ids: Vec<_> = crate::jobs::failed(&bed.store).await.iter().map(|job| job.id).collect();
    let (again, up) = (ids[0], ids[1]);
    bed.store
        .write(move |tx| {
            Box::pin(async move {
                tx.let_try_again(&[again]).await?;
                tx.give_up_job(up, by, b"sealed".to_vec()).await
            })
        })
        .await
        .unwrap();
    works.store(true, Ordering::SeqCst);
    while runner.run_due().await.unwrap() {}
    let left = jobs_in_trouble(&bed.store, &Which::default(), 10).await.unwrap();
    assert_eq!(left.iter().map(|job| (job.id, job.trouble)).collect::<Vec<_>>(), [(up, Trouble::GivenUp), (ids[2], Trouble::Failed)]);
    let given_up = left[0].given_up.as_ref().unwrap();
    assert_eq!((given_up.by, given_up.why.as_slice(), given_up.at), (by, b"sealed".as_slice(), bed.store.now()));
    // All of a kind: what was given up is not among them.
    let kind = bed.store.write(|tx| Box::pin(async move { tx.jobs_in_trouble("print", 10).await })).await.unwrap();
    assert_eq!(kind.iter().map(|job| job.id).collect::<Vec<_>>(), [ids[2]]);
    let gone = bed.store.write(move |tx| Box::pin(async move { tx.job_in_trouble(again).await })).await.unwrap();
    assert_eq!(gone, None, "it is done");
});

both_databases!(&[], what_there_is_to_do_is_counted_by_kind, |bed: Bed| async move {
    let (subject, since) = (subject(&bed), bed.store.now());
    leave(&bed.store, "print", subject, 2).await;
    bed.clock.advance(Duration::from_secs(60));
    leave(&bed.store, "print", subject, 1).await;
    let later = bed.store.now() + Duration::from_secs(60);
    bed.store
        .write(move |tx| {
            Box::pin(async move {
                tx.enqueue(NewJob { kind: "ring", subject, run_at: Some(later), payload: serde_json::Value::Null });
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let inside = Arc::clone(&seen);
    let runner = Runner::new(bed.store.clone()).at_once(1).on("print", move |store, _| {
        let seen = Arc::clone(&inside);
        async move {
            let now = queues(&store).await.map_err(JobError::told)?;
            seen.lock().unwrap().push(now);
            Ok(())
        }
    });
    let queue = |kind: &str, running, queued, coming, oldest| Queue { kind: kind.into(), running, queued, coming, oldest };
    let ring = queue("ring", 0, 0, 1, None);
    assert_eq!(queues(&bed.store).await.unwrap(), [queue("print", 0, 3, 0, Some(since)), ring.clone()]);
    while runner.run_due().await.unwrap() {}
    assert_eq!(seen.lock().unwrap()[0], [queue("print", 1, 2, 0, Some(since)), ring.clone()]);
    assert_eq!(queues(&bed.store).await.unwrap(), [ring]);
});

both_databases!(&[], a_job_whose_end_could_not_be_written_is_not_kept_in_hand, |bed: Bed| async move {
    let mut bed = bed;
    let faults = Arc::new(Faults::under(&mut bed).await);
    leave(&bed.store, "print", subject(&bed), 1).await;
    for fault in faults.kinds() {
        let tries = Arc::<AtomicUsize>::default();
        let (counted, arming, fault) = (Arc::clone(&tries), Arc::clone(&faults), *fault);
        // The job fails, and so does writing that it failed.
        let runner = Runner::new(bed.store.clone()).on("print", move |_, _| {
            let (counted, arming) = (Arc::clone(&counted), Arc::clone(&arming));
            async move {
                if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                    arming.arm(fault, 1).await;
                }
                Err(JobError::new("no paper"))
            }
        });
        assert!(runner.run_due().await.unwrap(), "{fault:?}");
        faults.disarm().await;
        bed.clock.advance(Duration::from_secs(100));
        while tries.load(Ordering::SeqCst) < 2 {
            assert!(runner.run_due().await.unwrap(), "{fault:?}: nobody takes it");
        }
        let job = &jobs_in_trouble(&bed.store, &Which::default(), 10).await.unwrap()[0];
        assert!(!job.in_hand && job.trouble == Trouble::Failing, "{fault:?}: {job:?}");
        bed.clock.advance(Duration::from_secs(100));
    }
    assert_eq!(jobs::waiting(&bed.store).await.unwrap(), 1);
    assert_eq!(failed_jobs(&bed.store).await.unwrap(), 0);
});
