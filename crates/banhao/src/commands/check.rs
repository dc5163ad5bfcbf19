//! `banhao check`: what is wrong with a configuration or an installation, in words.

use banhao_store::{jobs, trouble};

use crate::{config::Config, fault::Fault, installation::Installation, say};

/// Looks at everything that an operator can put right.
///
/// # Errors
/// When something has to be put right; each is printed.
pub async fn check(config: &Config, installation: &Installation) -> Result<(), Fault> {
    let mut wrong = 0;
    let mut report = |good: bool, zh: &str, en: &str| {
        say(&format!("{} {zh}\n  {en}", if good { "✓" } else { "✗" }));
        wrong += usize::from(!good);
    };
    report(true, "数据库可用,结构已是最新。", "The database answers and its tables are up to date.");
    match banhao_identity::policy::validate() {
        Ok(()) => report(true, "权限策略有效。", "The policies are valid."),
        Err(error) => report(false, &format!("权限策略有误:{error}"), &format!("The policies are wrong: {error}")),
    }
    match installation.cases.snapshot().await {
        Ok(snapshot) => {
            let matters = snapshot.matters().count();
            report(
                true,
                &format!("定义第 {} 版,{matters} 个事项在用。", snapshot.revision),
                &format!("Definitions at revision {}, {matters} matters in force.", snapshot.revision),
            );
            let year = snapshot.today.year();
            for wanted in [year, year + 1] {
                let loaded = snapshot.calendar.years().any(|calendar| calendar.year == wanted);
                // Next year's calendar is published in November; from December on it must be there.
                let needed = wanted == year || snapshot.today.month() == 12;
                report(
                    loaded || !needed,
                    &if loaded {
                        format!("{wanted} 年工作日历已载入。")
                    } else {
                        format!("{wanted} 年工作日历未载入:写 calendars/{wanted}.toml 并 banhao import。")
                    },
                    &if loaded {
                        format!("The working calendar of {wanted} is loaded.")
                    } else {
                        format!("The working calendar of {wanted} is not loaded: write calendars/{wanted}.toml and run banhao import.")
                    },
                );
            }
            match installation.records(config).await {
                Ok(_) => report(true, "签章密钥可用。", "The keys for papers are usable."),
                Err(fault) => report(false, &fault.zh, &fault.en),
            }
        }
        Err(error) => {
            report(false, "还没有载入定义:运行 banhao import 目录。", &format!("No definitions yet: run banhao import DIR. ({error})"))
        }
    }
    let failed = trouble::failed_jobs(&installation.store).await?;
    report(
        failed == 0,
        &if failed == 0 {
            "没有失败的后台任务。".to_owned()
        } else {
            format!("{failed} 个后台任务失败，请系统管理员在 /admin/jobs 处理。")
        },
        &if failed == 0 {
            "No background job has failed.".to_owned()
        } else {
            format!("{failed} background job(s) failed; the system administrator sees to them at /admin/jobs.")
        },
    );
    let which = trouble::Which { trouble: Some(trouble::Trouble::Failed), ..trouble::Which::default() };
    for job in trouble::jobs_in_trouble(&installation.store, &which, 20).await? {
        say(&format!("    {} {} ×{}: {}", job.kind, job.id, job.attempts, job.detail));
    }
    let waiting = jobs::waiting(&installation.store).await?;
    report(true, &format!("{waiting} 个后台任务待办。"), &format!("{waiting} background job(s) waiting."));
    if wrong == 0 { Ok(()) } else { Err(Fault::new(format!("有 {wrong} 项需要处理。"), format!("{wrong} thing(s) to put right."))) }
}
