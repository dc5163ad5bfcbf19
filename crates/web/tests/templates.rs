//! Reads all templates: every text, icon and asset they name exists, and nothing in them needs inline scripts or styles.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use banhao_web::{assets, icons};

fn templates(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            templates(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn all() -> Vec<(String, String)> {
    let mut found = Vec::new();
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut found);
    found.into_iter().map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

/// The literals in `"literal"|filter`.
fn literals<'t>(text: &'t str, filter: &str) -> Vec<&'t str> {
    let end = format!("\"|{filter}");
    text.match_indices(&end)
        .filter(|(at, _)| !text[at + end.len()..].starts_with(|next: char| next.is_ascii_alphanumeric()))
        .map(|(at, _)| &text[text[..at].rfind('"').unwrap() + 1..at])
        .collect()
}

#[test]
fn every_text_is_there_in_both_languages() {
    for (file, text) in all() {
        for filter in ["t", "t_with", "t_with2"] {
            let missing = banhao_texts::missing(literals(&text, filter));
            assert!(missing.is_empty(), "{file}: {missing:?}");
        }
    }
}

#[test]
fn every_icon_and_asset_is_there() {
    for (file, text) in all() {
        for name in literals(&text, "icon") {
            assert!(icons::NAMES.contains(&name), "{file}: no icon {name}");
        }
        for name in literals(&text, "asset") {
            assert_ne!(assets::href(name), "/assets/missing", "{file}: no asset {name}");
        }
    }
}

#[test]
fn the_content_security_policy_is_respected() {
    for (file, text) in all() {
        for forbidden in [" style=\"", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:"] {
            assert!(!text.contains(forbidden), "{file}: {forbidden}");
        }
        assert_eq!(text.matches("<script").count(), text.matches("<script type=\"module\" src=").count(), "{file}: inline script");
    }
}

#[test]
fn every_post_form_has_its_token_first() {
    for (file, text) in all() {
        for form in text.split("<form").skip(1) {
            let (tag, rest) = form.split_once('>').unwrap();
            if tag.contains("method=\"post\"") {
                assert!(rest.trim_start().starts_with("{{ page.csrf_field() }}"), "{file}: <form{tag}>");
            }
        }
    }
}
