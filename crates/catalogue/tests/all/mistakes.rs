//! Folders with mistakes, and what is said about them. The texts are reviewed like code: `cargo insta review`.

use std::fs;

use banhao_catalogue::folder::{self, Severity, SourceFile};
use proptest::prelude::*;

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_folder_is_told_never_a_panic(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..60,
        instead in prop_oneof!["\\PC{0,8}", "[\\[\\]{}=\"'#.,\\n0-9a-z-]{0,8}"],
    ) {
        let mut files = support::sound();
        let index = which.index(files.len());
        let file = &files[index];
        let chars: Vec<char> = file.text.chars().collect();
        let from = at.index(chars.len());
        let to = (from + length).min(chars.len());
        let text: String = chars[..from].iter().copied().chain(instead.chars()).chain(chars[to..].iter().copied()).collect();
        files[index] = SourceFile::new(file.path.clone(), text);
        let problems = match folder::parse(&files) {
            Ok(definitions) => definitions.warnings,
            Err(problems) => {
                prop_assert!(problems.iter().any(|problem| problem.severity == Severity::Error));
                problems
            }
        };
        for problem in problems {
            prop_assert!(!problem.zh.is_empty() && !problem.en.is_empty());
            let lines = files.iter().find(|file| file.path == problem.file).map_or(1, |file| file.text.split('\n').count());
            prop_assert!(problem.line >= 1 && problem.line as usize <= lines, "{problem}");
        }
    }
}
