//! Folders with mistakes, and what is said about them. The texts are reviewed like code: `cargo insta review`.

use std::fs;

use banhao_catalogue::folder::{self, Severity};

use crate::support;

#[test]
fn the_sound_folder_is_sound() {
    let definitions = folder::parse(&support::sound()).unwrap_or_else(|problems| {
        let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
        unreachable!("{}", listed.join("\n"))
    });
    assert_eq!(definitions.warnings, []);
    assert_eq!(definitions.matters.len(), 1);
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let mut scripts: Vec<_> = fs::read_dir(support::fixtures().join("bad")).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.sort();
    assert!(!scripts.is_empty());
    for script in scripts {
        let mut files = support::sound();
        support::apply(&mut files, &fs::read_to_string(&script).unwrap());
        let problems = match folder::parse(&files) {
            Ok(definitions) => definitions.warnings,
            Err(problems) => problems,
        };
        let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let name = script.file_stem().unwrap().to_string_lossy().into_owned();
        insta::assert_snapshot!(name, listed.join("\n"));
    }
}

#[test]
fn files_that_do_not_belong_are_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("installation.toml"), [0xff, 0xfe, 0x00]).unwrap();
    fs::write(folder.path().join("regions.tml"), "").unwrap();
    fs::write(folder.path().join(".git"), "hidden").unwrap();
    fs::create_dir_all(folder.path().join("matters/a/b")).unwrap();
    fs::write(folder.path().join("matters/a/b/matter.toml"), "").unwrap();
    fs::write(folder.path().join("staff.toml"), "a = \"\0\"").unwrap();
    let problems = folder::read_folder(folder.path()).unwrap_err();
    let listed: Vec<String> = problems.iter().map(|problem| format!("{} {}", problem.place(), problem.code)).collect();
    insta::assert_snapshot!("files_that_do_not_belong_are_told", listed.join("\n"));
    assert!(problems.iter().all(|problem| problem.severity == Severity::Error));

    let empty = tempfile::tempdir().unwrap();
    assert_eq!(folder::read_folder(empty.path()).unwrap_err()[0].code, "folder-empty");
    assert_eq!(folder::read_folder(&empty.path().join("none")).unwrap_err()[0].code, "file-unreadable");
}
