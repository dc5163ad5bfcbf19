//! `banhao bpmn check|roundtrip|draw|run FILE`: processes for integrators, without an installation.

mod run;

use std::path::{Path, PathBuf};

use banhao_bpmn::{BpmnProblem, Drawing, Model, Orientation, Severity, draw, tree::Document};
use banhao_catalogue::process_model;
use clap::Subcommand;

use crate::{fault::Fault, say};

/// What to do with a process file.
#[derive(Debug, Subcommand)]
pub enum Act {
    /// 用文字说明流程文件有什么问题 / Say what is wrong or doubtful in a process file
    Check {
        /// BPMN 文件 / BPMN file
        file: PathBuf,
    },
    /// 读入再写出，内容不变 / Read the file and write it again; nothing is lost
    Roundtrip {
        /// BPMN 文件 / BPMN file
        file: PathBuf,
    },
    /// 画成 SVG / Draw as SVG
    Draw {
        /// BPMN 文件 / BPMN file
        file: PathBuf,
        /// 竖排（适合手机） / From top to bottom, for narrow screens
        #[arg(long)]
        vertical: bool,
        /// 文件里有几张图时，画哪一张：名称、编号或序号 / Which of the file's drawings: its name, id or number
        #[arg(long, value_name = "NAME|N", conflicts_with = "vertical")]
        diagram: Option<String>,
    },
    /// 试运行：自动办理各环节，输出经过和结束事件（JSON） / Run it: tasks are completed automatically; prints the trace as JSON
    Run {
        /// BPMN 文件 / BPMN file
        file: PathBuf,
        /// 变量（JSON 对象） / Variables, a JSON object
        #[arg(long, default_value = "{}")]
        data: String,
        /// 各环节的答案（JSON：环节编号 → 变量，或依次的多组变量） / Answers by element: variables, or a list of them, one for each time
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
        /// 从这个带触发条件的开始事件开始 / Begin at this start event
        #[arg(long, value_name = "ID")]
        at: Option<String>,
        /// 输出引擎的全部事件 / Print every event of the engine
        #[arg(long)]
        events: bool,
    },
}

/// Does it.
///
/// # Errors
/// The file cannot be read, is not a process that runs, or the run cannot go on; in words.
pub fn bpmn(act: &Act) -> Result<(), Fault> {
    match act {
        Act::Check { file } => {
            let model = parse(file)?;
            for problem in model.remarks() {
                say(&told(file, problem));
            }
            let (nodes, flows) = (model.nodes().len(), model.flows().len());
            say(&format!("流程可以运行：{nodes} 个节点，{flows} 条流向。 The process can run: {nodes} nodes, {flows} flows."));
            Ok(())
        }
        Act::Roundtrip { file } => {
            let document = Document::parse(&text(file)?).map_err(|problem| faulty(file, &[problem]))?;
            say(document.to_xml().trim_end());
            Ok(())
        }
        Act::Draw { file, vertical, diagram } => {
            let orientation = if *vertical { Orientation::Vertical } else { Orientation::Horizontal };
            let model = match diagram {
                Some(wanted) => Document::parse(&text(file)?)
                    .map_err(|problem| vec![problem])
                    .and_then(|document| Model::read_diagram(&document, wanted))
                    .map_err(|problems| match problems.as_slice() {
                        [unknown] if unknown.code == "no-diagram" => Fault::new(unknown.zh.clone(), unknown.en.clone()),
                        problems => faulty(file, problems),
                    })?,
                None => parse(file)?,
            };
            say(&draw(&model, None, &Drawing { orientation, ..Drawing::default() }));
            Ok(())
        }
        Act::Run { file, data, answers, at, events } => {
            let model = parse(file)?;
            let answers = match answers {
                Some(answers) => run::Answers::read(&text(answers)?).map_err(|error| unreadable(answers, &error))?,
                None => run::Answers::default(),
            };
            let data = serde_json::from_str(data)
                .map_err(|error| Fault::new(format!("--data 不是 JSON:{error}"), format!("--data is not JSON: {error}")))?;
            let report = run::run(&model, data, at.as_deref(), answers, *events)
                .map_err(|error| Fault::new(error.zh(), format!("{} ({})", error, error.code())))?;
            say(&serde_json::to_string_pretty(&report).map_err(|error| unreadable(file, &error))?);
            Ok(())
        }
    }
}

fn text(file: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(file).map_err(|error| Fault::system(&file.display().to_string(), &error))
}

fn parse(file: &Path) -> Result<Model, Fault> {
    process_model(&text(file)?).map_err(|problems| faulty(file, &problems))
}

fn unreadable(file: &Path, error: &serde_json::Error) -> Fault {
    Fault::new(format!("{} 不是所需的 JSON:{error}", file.display()), format!("{} is not the JSON that is needed: {error}", file.display()))
}

fn told(file: &Path, problem: &BpmnProblem) -> String {
    let mark = match problem.severity {
        Severity::Error => "错误 error",
        Severity::Warning => "提醒 warning",
        Severity::Note => "说明 note",
    };
    let element = problem.element.as_deref().map(|element| format!(" {element}")).unwrap_or_default();
    format!("{}:{}:{element} [{mark} {}]\n    {}\n    {}", file.display(), problem.line, problem.code, problem.zh, problem.en)
}

fn faulty(file: &Path, problems: &[BpmnProblem]) -> Fault {
    for problem in problems {
        say(&told(file, problem));
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    Fault::new(format!("流程不能运行：{errors} 处错误，见上。"), format!("The process cannot run: {errors} mistake(s), see above."))
}
