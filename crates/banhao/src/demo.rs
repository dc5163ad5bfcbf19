//! The demonstration city: the folder `honghu` travels in the program and is loaded when the database is empty. Passwords are
//! generated, kept in `demo-sign-ins.txt` (readable by the owner only) and printed at every start.

use std::{io::Write, path::Path};

use banhao_cases::{StoredFile, facts::Decision, facts::Verdict, samples};
use banhao_catalogue::{folder::SourceFile, model::Post};
use banhao_identity::{Principal, Registration};
use banhao_kernel::{
    actor::{Actor, Channel},
    entropy::Entropy,
    ids::CaseId,
};
use include_dir::{Dir, include_dir};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{fault::Fault, installation::Installation};

static HONGHU: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../honghu");

/// Members of staff whose sign-ins the tour uses.
const TOUR: [&str; 9] = ["win.zhou", "shou.luo", "shen.chen", "ding.gao", "chu.lin", "cha.he", "guan.song", "bian.qin", "fa.tang"];

/// One sign-in to be printed.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// What they do.
    pub role: String,
    /// Sign-in name or citizen number.
    pub login: String,
    /// The generated password.
    pub password: String,
    /// Where to sign in.
    pub path: &'static str,
}

fn files_of(folder: &Dir<'_>, files: &mut Vec<SourceFile>) -> Result<(), Fault> {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let text = file.contents_utf8().ok_or_else(|| Fault::new(format!("{path} 不是文本"), format!("{path} is not text")))?;
        files.push(SourceFile::new(path, text));
    }
    for folder in folder.dirs() {
        files_of(folder, files)?;
    }
    Ok(())
}

/// The demonstration's definition files, in the order of their paths.
///
/// # Errors
/// When a file is not text, which is a fault of the program.
pub fn definition_files() -> Result<Vec<SourceFile>, Fault> {
    let mut files = Vec::new();
    files_of(&HONGHU, &mut files)?;
    files.retain(|file| file.kind().is_some());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Fourteen characters that can be read aloud and typed: about 70 bits.
fn password(entropy: &dyn Entropy) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 14];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

fn progress(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("  {bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar
}

/// Loads the demonstration into an empty installation and gives the sign-ins; into a loaded one, only reads them.
///
/// # Errors
/// When the store fails or the sign-ins file cannot be written.
pub async fn prepare(installation: &Installation, data_dir: &Path) -> Result<Vec<SignIn>, Fault> {
    let path = data_dir.join("demo-sign-ins.txt");
    if installation.cases.snapshot().await.is_ok() {
        return Ok(read(&path));
    }
    let bar = progress(6);
    bar.set_message("载入事项定义 / definitions");
    banhao_catalogue::versions::import_files(&installation.store, definition_files()?, Actor::System).await?;
    bar.inc(1);
    bar.set_message("建立工作人员账号 / staff accounts");
    installation.follow_staff().await?;
    bar.inc(1);
    let mut sign_ins = Vec::new();
    bar.set_message("生成口令 / passwords");
    let snapshot = installation.cases.snapshot().await?;
    for login in TOUR {
        let Some(post) = snapshot.staff.iter().find(|staff| staff.login == login) else { continue };
        let password = password(installation.store.entropy().as_ref());
        banhao_identity::set_staff_password(&installation.store, login, &password).await?;
        let posts =
            post.posts.iter().map(|post| banhao_texts::t(banhao_texts::Lang::ZhCn, &format!("post-{}", post.as_str())).into_owned());
        let role = format!("{} {}", posts.collect::<Vec<_>>().join("、"), post.name);
        sign_ins.push(SignIn { role, login: login.to_owned(), password, path: "/desk/sign-in" });
    }
    bar.inc(1);
    bar.set_message("示范申请人 / applicants");
    let mut citizens = Vec::new();
    for (name, number, mobile) in [("测试甲", "421083190001010017", "13000000000"), ("测试乙", "42108319040229003X", "13000000001")] {
        let password = password(installation.store.entropy().as_ref());
        let registration = Registration {
            name: name.into(),
            citizen_number: number.into(),
            mobile: mobile.into(),
            address: Some("洪湖市新堤街道示范路1号".into()),
            password: password.clone(),
        };
        let id = banhao_identity::register_person(&installation.store, registration).await?;
        if let Some(person) = banhao_identity::person(&installation.store, id).await? {
            citizens.push(Principal::Person(Box::new(person)));
        }
        sign_ins.insert(citizens.len() - 1, SignIn { role: format!("申请人 {name}"), login: mobile.into(), password, path: "/sign-in" });
    }
    bar.inc(1);
    bar.set_message("示范办件 / cases");
    cases(installation, &citizens).await?;
    bar.inc(1);
    bar.set_message("保存示范账号 / sign-ins");
    write(&path, &sign_ins)?;
    bar.inc(1);
    bar.finish_and_clear();
    Ok(sign_ins)
}

/// A few cases in different states, so that no page is empty.
async fn cases(installation: &Installation, citizens: &[Principal]) -> Result<(), Fault> {
    let snapshot = installation.cases.snapshot().await?;
    let mut number = 0;
    for version in snapshot.matters().filter(|version| version.matter.is_online()) {
        let Some(citizen) = citizens.get(number % citizens.len().max(1)) else { return Ok(()) };
        number += 1;
        let Some(case) = apply(installation, citizen, &version.key).await? else { continue };
        let staff = |post: Post| {
            let found =
                snapshot.staff.iter().find(|staff| staff.organisation == version.matter.organisation && staff.posts.contains(&post));
            found.map(|staff| staff.login.clone())
        };

        let (acceptor, reviewer, decider) = (staff(Post::Acceptor), staff(Post::Reviewer), staff(Post::Decider));
        if number % 4 == 1 {
            continue;
        }
        let Some(acceptor) = principal(installation, acceptor).await? else { continue };
        banhao_cases::accept(&installation.cases, &acceptor, case).await?;
        if number % 4 == 2 {
            continue;
        }
        if let Some(reviewer) = principal(installation, reviewer).await? {
            let file = banhao_cases::queries::file::case_file(&installation.cases, &Principal::System, case).await?;
            let steps: Vec<_> = file
                .open_steps()
                .filter(|step| matches!(step.act.as_str(), "review" | "inspect"))
                .map(|step| step.element.clone())
                .collect();
            for step in steps {
                banhao_cases::review(&installation.cases, &reviewer, case, &step, Verdict::Pass, "材料齐全，符合条件。".into()).await?;
            }
        }
        if number % 4 == 3 {
            continue;
        }
        let Some(decider) = principal(installation, decider).await? else { continue };
        match banhao_cases::decide(&installation.cases, &decider, case, Decision::Grant, "符合规定条件，同意。".into()).await {
            // Several reviews in a row: the case stays under review in the demonstration.
            Ok(()) | Err(banhao_cases::CaseError::WrongState { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn principal(installation: &Installation, login: Option<String>) -> Result<Option<Principal>, Fault> {
    let Some(login) = login else { return Ok(None) };
    let member = banhao_identity::staff_member(&installation.store, &login).await?;
    Ok(member.map(|member| Principal::Staff(Box::new(member))))
}

/// Applies for a matter with invented answers; `None` when its rules do not allow them.
pub async fn apply(installation: &Installation, citizen: &Principal, matter: &str) -> Result<Option<CaseId>, Fault> {
    let ctx = &installation.cases;
    let snapshot = ctx.snapshot().await?;
    let Some(version) = snapshot.matter(matter) else { return Ok(None) };
    let answers = samples::answers(&version, snapshot.today);
    let draft = banhao_cases::start_draft(ctx, citizen, matter, Channel::Web).await?;
    banhao_cases::save_answers(ctx, citizen, draft, answers.clone()).await?;
    for needed in banhao_catalogue::forms::materials_needed(&version, &answers) {
        if needed.required {
            let blob = installation.store.blobs().put(samples::PNG.to_vec()).await?;
            let name = format!("{}.png", needed.material.name.zh);
            let file = StoredFile {
                material: needed.material.key.clone(),
                name,
                media_type: blob.media_type,
                size: blob.size,
                sha256: blob.sha256,
            };
            banhao_cases::add_material(ctx, citizen, draft, file).await?;
        }
    }
    match banhao_cases::submit(ctx, citizen, draft, "electronic").await {
        Ok(submitted) => Ok(Some(submitted.case)),
        Err(banhao_cases::CaseError::Incomplete { fields }) => {
            tracing::warn!(matter, ?fields, "the invented answers do not fit");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn write(path: &Path, sign_ins: &[SignIn]) -> Result<(), Fault> {
    let text: String =
        sign_ins.iter().map(|entry| format!("{}\t{}\t{}\t{}\n", entry.path, entry.login, entry.password, entry.role)).collect();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let place = path.display().to_string();
    let mut file = options.open(path).map_err(|error| Fault::system(&place, &error))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| Fault::system(&place, &error))
}

fn read(path: &Path) -> Vec<SignIn> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let mut parts = line.split('\t').map(str::to_owned);
            let path = if parts.next()? == "/sign-in" { "/sign-in" } else { "/desk/sign-in" };
            Some(SignIn { path, login: parts.next()?, password: parts.next()?, role: parts.next()? })
        })
        .collect()
}
