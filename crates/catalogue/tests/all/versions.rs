//! Importing, comparing, exporting; versions and the snapshot; on both databases.

use std::{fs, path::Path, sync::Arc};

use banhao_catalogue::{
    Catalogue, CatalogueError, MIGRATIONS,
    folder::{SourceFile, read_folder},
    versions::{self, Change, definition_id, import_files},
};
use banhao_kernel::{actor::Actor, clock::Clock};
use banhao_store::{Store, facts};
use banhao_testbed::{Bed, both_databases};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::support;

const SETS: &[banhao_store::MigrationSet] = &[MIGRATIONS];
const MATTER: &str = "matters/shop-licence/matter.toml";
const FORM: &str = "matters/shop-licence/form.toml";

fn spoil(files: &[SourceFile], edits: &[(&str, &str, &str)]) -> Vec<SourceFile> {
    let mut files = files.to_vec();
    for (path, old, new) in edits {
        support::edit(&mut files, path, old, new);
    }
    files
}

async fn import(store: &Store, files: &[SourceFile]) -> Result<versions::ImportReport, CatalogueError> {
    import_files(store, files.to_vec(), Actor::System).await
}

fn raised(version: u32, from: &str) -> Vec<(&'static str, String, String)> {
    vec![
        (MATTER, "version = 1\n".to_owned(), format!("version = {version}\n")),
        (MATTER, "effective_from = \"2026-01-01\"".to_owned(), format!("effective_from = \"{from}\"")),
    ]
}

fn with_version(files: &[SourceFile], version: u32, from: &str) -> Vec<SourceFile> {
    let mut files = files.to_vec();
    for (path, old, new) in raised(version, from) {
        support::edit(&mut files, path, &old, &new);
    }
    files
}

async fn before_and_after_the_first_import(bed: Bed) {
    let catalogue = Catalogue::new();
    assert!(matches!(catalogue.current(&bed.store).await, Err(CatalogueError::NothingImported)));
    let files = support::sound();
    let report = import(&bed.store, &files).await.unwrap();
    assert_eq!((report.revision, report.added.len(), report.changed.len(), report.removed.len()), (1, 13, 0, 0));
    let again = import(&bed.store, &files).await.unwrap();
    assert!(again.is_nothing());
    assert_eq!((again.revision, again.unchanged), (1, 13));

    let snapshot = catalogue.current(&bed.store).await.unwrap();
    assert_eq!(snapshot.revision, 1);
    let matter = snapshot.matter("shop-licence").unwrap();
    assert_eq!(matter.matter.task_code.as_str(), "11421083GMKD000135442013100100001");
    assert_eq!(matter.version, 1);
    assert_eq!(snapshot.paper("grant"), Some("#set page(paper: \"a4\")\ngrant\n"));
    assert!(Arc::ptr_eq(&snapshot, &catalogue.current(&bed.store).await.unwrap()));

    let facts = facts::of(bed.store.read(), definition_id("matter", "shop-licence", 1)).await.unwrap();
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].kind, "definition.published");
    assert_eq!(facts[0].body["sha256"], matter.digest);
    assert_eq!(facts[0].body["files"][MATTER], files.iter().find(|file| file.path == MATTER).unwrap().digest);
}
both_databases!(SETS, first_import, before_and_after_the_first_import);

async fn a_published_version_never_changes(bed: Bed) {
    let files = support::sound();
    import(&bed.store, &files).await.unwrap();
    let changed = spoil(&files, &[(FORM, "max = 500", "max = 600")]);
    let Err(CatalogueError::Definitions(problems)) = import(&bed.store, &changed).await else { unreachable!() };
    assert_eq!(problems.len(), 1);
    insta::allow_duplicates! {
        insta::assert_snapshot!("a_published_version_never_changes", problems[0]);
    }
    // Nothing of it was kept, also not what was fine.
    let both = spoil(&changed, &[("halls/centre.toml", "示范路1号", "示范路9号")]);
    import(&bed.store, &both).await.unwrap_err();
    assert_eq!(versions::latest_files(&bed.store).await.unwrap(), files);

    let earlier = with_version(&changed, 2, "2025-12-31");
    let Err(CatalogueError::Definitions(problems)) = import(&bed.store, &earlier).await else { unreachable!() };
    assert_eq!(problems[0].code, "effective-backwards");
    let lower = with_version(&files, 7, "2026-02-01");
    import(&bed.store, &lower).await.unwrap();
    let Err(CatalogueError::Definitions(problems)) = import(&bed.store, &with_version(&changed, 6, "2026-03-01")).await else {
        unreachable!()
    };
    assert_eq!(problems[0].code, "version-not-raised");
}
both_databases!(SETS, immutable, a_published_version_never_changes);

async fn a_new_version_takes_over_on_its_day(bed: Bed) {
    let catalogue = Catalogue::new();
    let files = support::sound();
    import(&bed.store, &files).await.unwrap();
    let first = catalogue.current(&bed.store).await.unwrap().matter("shop-licence").unwrap();
    // The bed's clock stands at 2026-11-23.
    let next = with_version(&spoil(&files, &[(FORM, "max = 500", "max = 600")]), 2, "2026-11-25");
    let report = import(&bed.store, &next).await.unwrap();
    assert_eq!(report.changed.len(), 1);
    assert_eq!((report.changed[0].key.as_str(), report.changed[0].version), ("shop-licence", 2));

    let today = catalogue.current(&bed.store).await.unwrap();
    assert_eq!(today.matter("shop-licence").unwrap().version, 1);
    assert_eq!(today.matter_version("shop-licence", 2).unwrap().form.field("area").unwrap().max, Some(600.0));
    bed.clock.set_civil("2026-11-25T00:00".parse().unwrap());
    let later = catalogue.current(&bed.store).await.unwrap();
    assert_eq!(later.matter("shop-licence").unwrap().version, 2);
    // A running case keeps its version.
    let kept = later.matter_version("shop-licence", 1).unwrap();
    assert_eq!(kept.digest, first.digest);
    assert_eq!(kept.form.field("area").unwrap().max, Some(500.0));
    assert_eq!(kept.effective_to.unwrap().to_string(), "2026-11-24");
}
both_databases!(SETS, takes_over, a_new_version_takes_over_on_its_day);

async fn files_without_versions_are_numbered(bed: Bed) {
    let files = support::sound();
    import(&bed.store, &files).await.unwrap();
    let changed = spoil(&files, &[("halls/centre.toml", "示范路1号", "示范路9号")]);
    let report = import(&bed.store, &changed).await.unwrap();
    assert_eq!((report.changed[0].kind.as_str(), report.changed[0].version), ("hall", 2));
    // Back to what it was is a third version with the first one's text.
    assert_eq!(import(&bed.store, &files).await.unwrap().changed[0].version, 3);
    let facts = facts::of(bed.store.read(), definition_id("hall", "centre", 3)).await.unwrap();
    assert_eq!(facts[0].body["version"], 3);
}
both_databases!(SETS, numbered, files_without_versions_are_numbered);

async fn what_is_gone_from_the_folder_is_withdrawn(bed: Bed) {
    let catalogue = Catalogue::new();
    let files = support::sound();
    import(&bed.store, &files).await.unwrap();
    let without: Vec<SourceFile> = files.iter().filter(|file| !file.path.starts_with("matters/")).cloned().collect();
    let report = import(&bed.store, &without).await.unwrap();
    assert_eq!(report.removed.len(), 1);
    let snapshot = catalogue.current(&bed.store).await.unwrap();
    assert!(snapshot.matter("shop-licence").is_none());
    assert!(snapshot.matter_version("shop-licence", 1).is_some());
    let kinds: Vec<String> =
        facts::of(bed.store.read(), definition_id("matter", "shop-licence", 1)).await.unwrap().into_iter().map(|fact| fact.kind).collect();
    assert_eq!(kinds, ["definition.published", "definition.withdrawn"]);
    assert!(import(&bed.store, &without).await.unwrap().is_nothing());
    assert_eq!(versions::latest_files(&bed.store).await.unwrap(), without);

    import(&bed.store, &files).await.unwrap();
    let snapshot = catalogue.current(&bed.store).await.unwrap();
    assert_eq!(snapshot.matter("shop-licence").unwrap().version, 1);
    assert_eq!(versions::latest_files(&bed.store).await.unwrap(), files);
}
both_databases!(SETS, withdrawn, what_is_gone_from_the_folder_is_withdrawn);

async fn another_replica_sees_an_import(bed: Bed) {
    let files = support::sound();
    import(&bed.store, &files).await.unwrap();
    let other = bed.again().await;
    let catalogue = Catalogue::new();
    assert_eq!(catalogue.current(&other).await.unwrap().revision, 1);
    import(&bed.store, &spoil(&files, &[("staff.toml", "李立夏", "李小满")])).await.unwrap();
    assert_eq!(catalogue.current(&other).await.unwrap().staff[0].name, "李小满");
    // Two at once: both find the same thing and only one makes it.
    let changed = spoil(&files, &[("staff.toml", "李立夏", "李大雪")]);
    let (one, two) = tokio::join!(import(&bed.store, &changed), import(&other, &changed));
    let made = [&one, &two].into_iter().filter(|report| report.as_ref().is_ok_and(|report| !report.changed.is_empty())).count();
    assert_eq!(made, 1, "{one:?} {two:?}");
    assert_eq!(catalogue.current(&other).await.unwrap().staff[0].name, "李大雪");
}
both_databases!(SETS, replicas, another_replica_sees_an_import);

async fn export_is_import_backwards(bed: Bed) {
    let out = bed.folder().join("out");
    assert!(matches!(versions::export(&bed.store, &out).await, Err(CatalogueError::NothingImported)));
    let files = support::sound();
    import(&bed.store, &files).await.unwrap();
    assert_eq!(versions::export(&bed.store, &out).await.unwrap(), files.len());
    assert_eq!(read_folder(&out).unwrap(), files);
    assert!(versions::diff(&bed.store, &out).await.unwrap().is_empty());
    assert!(matches!(versions::export(&bed.store, &out).await, Err(CatalogueError::FolderNotEmpty(_))));
}
both_databases!(SETS, export, export_is_import_backwards);

async fn honghu_makes_the_round_trip(bed: Bed) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu");
    let files = read_folder(&folder).unwrap();
    let report = versions::import(&bed.store, &folder, Actor::System).await.unwrap();
    assert_eq!(report.added.len(), report.added.len() + report.changed.len());
    let out = bed.folder().join("out");
    versions::export(&bed.store, &out).await.unwrap();
    assert_eq!(read_folder(&out).unwrap(), files);
    for file in &files {
        assert_eq!(fs::read(folder.join(&file.path)).unwrap(), fs::read(out.join(&file.path)).unwrap(), "{}", file.path);
    }
    let snapshot = Catalogue::new().current(&bed.store).await.unwrap();
    assert_eq!(snapshot.matters().count(), 12);
    assert!(snapshot.today <= banhao_kernel::clock::civil_date(bed.clock.now()));
}
both_databases!(SETS, honghu, honghu_makes_the_round_trip);

#[test]
fn a_comparison_reads_like_a_review() {
    let files = support::sound();
    let mut new = spoil(&files, &[(MATTER, "promised_days = 5", "promised_days = 3"), (MATTER, "\"小卖部\"]", "\"小卖部\", \"便利店\"]")]);
    new.retain(|file| file.path != "papers/licence.typ");
    new.push(SourceFile::new("papers/delivery.typ", "delivery\n"));
    let diff = versions::diff_files(&files, &new);
    assert_eq!(diff.of(Change::Changed).count(), 1);
    insta::assert_snapshot!("a_comparison_reads_like_a_review", diff);
}

#[test]
fn any_text_comes_back_byte_for_byte() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let bed = runtime.block_on(Bed::new(banhao_testbed::On::Sqlite, SETS));
    let text = "[^\\x00]{0,200}";
    let mut runner = TestRunner::new(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() });
    runner
        .run(&(text, text, "[a-z]{1,8}"), |(note, paper, name)| {
            let mut files = support::sound();
            files.push(SourceFile::new(format!("notes/{name}.md"), note));
            files.push(SourceFile::new(format!("papers/x-{name}.typ"), paper));
            files.sort_by(|a, b| a.path.cmp(&b.path));
            runtime.block_on(import(&bed.store, &files)).unwrap();
            prop_assert_eq!(runtime.block_on(versions::latest_files(&bed.store)).unwrap(), files.clone());
            let folder = tempfile::tempdir().unwrap();
            runtime.block_on(versions::export(&bed.store, folder.path())).unwrap();
            prop_assert_eq!(read_folder(folder.path()).unwrap(), files);
            Ok(())
        })
        .unwrap();
}
