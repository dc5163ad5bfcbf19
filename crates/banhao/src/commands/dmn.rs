//! `banhao dmn check|eval FILE`: decisions for integrators, without an installation.

use std::path::{Path, PathBuf};

use banhao_decision::{DecisionModel, DmnProblem, Severity};
use clap::Subcommand;
use serde_json::Value;

use crate::{fault::Fault, say};

/// What to do with a decision file.
#[derive(Debug, Subcommand)]
pub enum Act {
    /// 用文字说明决策文件有什么问题 / Say what is wrong or doubtful in a decision file
    Check {
        /// DMN 文件 / DMN file
        file: PathBuf,
    },
    /// 作出决策，输出结果和依据（JSON） / Make a decision; prints the result and why, as JSON
    Eval {
        /// DMN 文件 / DMN file
        file: PathBuf,
        /// 输入（JSON 对象） / Inputs, a JSON object
        #[arg(long, default_value = "{}")]
        data: String,
        /// 哪一个决策；只有一个不被其他决策需要时可省略 / Which decision; without it the last one, which the others lead to
        #[arg(long, value_name = "NAME")]
        decision: Option<String>,
    },
}

/// Does it.
///
/// # Errors
/// The file cannot be read, is not a model that can be evaluated, or the decision cannot be made; in words.
pub fn dmn(act: &Act) -> Result<(), Fault> {
    match act {
        Act::Check { file } => {
            let model = parse(file)?;
            for remark in model.remarks() {
                say(&told(file, remark));
            }
            let names: Vec<&str> = model.decisions().collect();
            say(&format!("可以作出的决策：{}。 Decisions that can be made: {}.", names.join("、"), names.join(", ")));
            Ok(())
        }
        Act::Eval { file, data, decision } => {
            let model = parse(file)?;
            let data: Value = serde_json::from_str(data)
                .map_err(|error| Fault::new(format!("--data 不是 JSON:{error}"), format!("--data is not JSON: {error}")))?;
            if !data.is_object() {
                return Err(Fault::new(
                    "--data 应当是 JSON 对象，例如 {\"面积\": 60}。",
                    "--data must be a JSON object, such as {\"面积\": 60}.",
                ));
            }
            let Some(asked) = decision.as_deref().or_else(|| model.decisions().last()) else {
                return Err(Fault::new("文件里没有决策。", "The file has no decision."));
            };
            let evaluation = model.evaluate(asked, &data).map_err(|error| Fault::new(error.zh(), format!("{error} ({})", error.code())))?;
            say(&format!("{:#}", evaluation.to_json()));
            Ok(())
        }
    }
}

fn parse(file: &Path) -> Result<DecisionModel, Fault> {
    let text = std::fs::read_to_string(file).map_err(|error| Fault::system(&file.display().to_string(), &error))?;
    DecisionModel::parse(&text).map_err(|problems| {
        for problem in &problems {
            say(&told(file, problem));
        }
        let count = problems.len();
        Fault::new(
            format!("决策文件不能使用：{count} 处错误，见上。"),
            format!("The decisions cannot be made: {count} mistake(s), see above."),
        )
    })
}

fn told(file: &Path, problem: &DmnProblem) -> String {
    let mark = match problem.severity {
        Severity::Error => "错误 error",
        Severity::Warning => "提醒 warning",
    };
    format!("{}:{}: [{mark} {}]\n    {}\n    {problem}", file.display(), problem.line, problem.code, problem.in_chinese())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    const MODEL: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="费用" namespace="n">
        <inputData id="i" name="面积"><variable name="面积" typeRef="number"/></inputData>
        <decision id="f" name="费用"><variable name="费用" typeRef="number"/>
        <informationRequirement><requiredInput href="#i"/></informationRequirement>
        <literalExpression><text>面积 * 2</text></literalExpression></decision></definitions>"##;

    fn eval(text: &str, data: &str, decision: Option<&str>) -> Result<(), Fault> {
        let file = file(text);
        dmn(&Act::Eval { file: file.path().to_owned(), data: data.to_owned(), decision: decision.map(str::to_owned) })
    }

    #[test]
    fn decisions_are_made_and_mistakes_told() {
        assert!(eval(MODEL, r#"{"面积": 3}"#, None).is_ok());
        assert!(eval(MODEL, r#"{"面积": 3}"#, Some("费用")).is_ok());
        assert!(eval(MODEL, r#"{"面积": "三"}"#, None).unwrap_err().to_string().contains("面积"));
        assert!(eval(MODEL, "{}", Some("罚款")).unwrap_err().to_string().contains("费用"));
        assert!(eval(MODEL, "{", None).unwrap_err().to_string().contains("JSON"));
        assert!(eval("<a/>", "{}", None).is_err());
        assert!(dmn(&Act::Check { file: file(MODEL).path().to_owned() }).is_ok());
    }
}
