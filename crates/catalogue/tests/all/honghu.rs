//! The demo folder at the top of the repository.

use std::path::{Path, PathBuf};

use banhao_catalogue::{
    Snapshot,
    folder::{self, Severity},
};
use banhao_kernel::Date;

fn honghu() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu")
}

fn snapshot() -> Snapshot {
    let definitions = folder::read(&honghu()).unwrap();
    Snapshot::of_definitions(definitions, Date::constant(2026, 11, 23)).unwrap()
}

#[test]
fn is_free_of_mistakes() {
    let listed = match folder::read(&honghu()) {
        Ok(definitions) => definitions.warnings,
        Err(problems) => problems,
    };
    let errors: Vec<String> = listed.iter().filter(|problem| problem.severity == Severity::Error).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{} problems\n{}", errors.len(), errors.join("\n"));
    assert_eq!(snapshot().matters().count(), 12);
}
