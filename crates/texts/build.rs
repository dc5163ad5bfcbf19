//! Lists the files of `translations/LANG/` for `include_str!`, so that a new file is found by dropping it there.

use std::{env, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../translations").canonicalize()?;
    println!("cargo::rerun-if-changed={}", root.display());
    let mut source = String::new();
    for (name, folder) in [("ZH_CN", "zh-CN"), ("EN", "en")] {
        let mut files: Vec<_> = fs::read_dir(root.join(folder))?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "ftl"));
        files.sort();
        writeln!(source, "const {name}: &[(&str, &str)] = &[")?;
        for file in files {
            println!("cargo::rerun-if-changed={}", file.display());
            let short = file.strip_prefix(&root)?.display().to_string();
            // Named from the crate, not from the disk: two checkouts may share what was built.
            let path = format!("/../../translations/{short}");
            writeln!(source, "    ({short:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),")?;
        }
        writeln!(source, "];")?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("files.rs"), source)?;
    Ok(())
}
