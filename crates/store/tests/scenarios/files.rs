//! Files: what they say they are, no larger than allowed, nothing left behind.

use banhao_store::StoreError;
use banhao_testbed::{Bed, both_databases};

both_databases!(&[], files_are_what_they_say_and_limits_hold, |bed: Bed| async move {
    let blobs = bed.store.blobs();
    let png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR rest of a picture".to_vec();
    let mut incoming = blobs.begin(1_000).await.unwrap();
    incoming.write(&png).await.unwrap();
    let stored = incoming.finish("户口簿.png", &["image/png"]).await.unwrap();
    assert_eq!((stored.media_type.as_str(), stored.size), ("image/png", png.len() as u64));
    assert_eq!(blobs.get(&stored.sha256).await.unwrap(), png);
    let mut lie = blobs.begin(1_000).await.unwrap();
    lie.write(&png).await.unwrap();
    let refusal = lie.finish("licence.pdf", &["application/pdf", "image/png"]).await;
    assert!(matches!(&refusal, Err(StoreError::WrongType { claimed, found }) if claimed == "pdf" && found == "image/png"), "{refusal:?}");
    let mut large = blobs.begin(10).await.unwrap();
    assert!(matches!(large.write(&png).await, Err(StoreError::TooLarge { limit: 10 })));
    large.abort().await;
    assert!(matches!(blobs.get("../../etc/passwd").await, Err(StoreError::NoFile)));
    let empty = blobs.begin(10).await.unwrap().finish("a.png", &["image/png"]).await;
    assert!(matches!(empty, Err(StoreError::EmptyFile)));
});

#[tokio::test]
async fn nothing_is_left_of_uploads_that_came_to_nothing() {
    let bed = Bed::new(banhao_testbed::On::Sqlite, &[]).await;
    let blobs = bed.store.blobs();
    let mut given_up = blobs.begin(1_000_000).await.unwrap();
    given_up.write(&[7; 4_000]).await.unwrap();
    // The client went away: the upload is dropped, not aborted.
    drop(given_up);
    let mut lie = blobs.begin(1_000_000).await.unwrap();
    lie.write(b"%PDF-1.7 not a picture").await.unwrap();
    assert!(lie.finish("a.png", &["image/png"]).await.is_err());
    let incoming = bed.folder().join("files").join("incoming");
    // The file of a dropped upload is removed in the background.
    while std::fs::read_dir(&incoming).unwrap().next().is_some() {
        tokio::task::yield_now().await;
    }
    // A killed program leaves its file; a day later the next start removes it, a fresh one (of another replica) it leaves alone.
    let old = std::fs::File::create(incoming.join("old#1")).unwrap();
    old.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 24 * 3600)).unwrap();
    std::fs::File::create(incoming.join("fresh#1")).unwrap();
    let _again = bed.again().await;
    let left: Vec<_> = std::fs::read_dir(&incoming).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["fresh#1"]);
}

#[tokio::test]
async fn a_file_whose_content_was_changed_on_disk_is_not_handed_out() {
    let bed = Bed::new(banhao_testbed::On::Sqlite, &[]).await;
    let stored = bed.store.blobs().put(b"%PDF-1.7 a paper".to_vec()).await.unwrap();
    assert_eq!(stored.media_type, "application/pdf");
    assert!(bed.store.blobs().exists(&stored.sha256).await.unwrap());
    let path = bed.folder().join("files").join("sha256").join(&stored.sha256[..2]).join(&stored.sha256[2..4]).join(&stored.sha256);
    std::fs::write(path, b"%PDF-1.7 b paper").unwrap();
    assert!(matches!(bed.store.blobs().get(&stored.sha256).await, Err(StoreError::Damaged(_))));
}
