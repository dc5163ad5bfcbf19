//! Draws a BPMN file as SVG on standard output: `look FILE [vertical] [done-ids active-ids overdue-ids]`, lists with commas.

use std::{error::Error, fs, io::Write};

use banhao_bpmn::{Drawing, Model, Orientation, Progress, draw};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let model = match Model::parse(&fs::read_to_string(file)?) {
        Ok(model) => model,
        Err(problems) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            return Err("the file cannot run".into());
        }
    };
    for remark in model.remarks() {
        eprintln!("{remark}");
    }
    let mut drawing = Drawing::default();
    let mut lists: Vec<Vec<String>> = Vec::new();
    for argument in arguments {
        if argument == "vertical" {
            drawing.orientation = Orientation::Vertical;
        } else {
            lists.push(argument.split(',').map(str::to_owned).collect());
        }
    }
    let mut lists = lists.into_iter();
    let progress = lists.next().map(|done| Progress::new(done, lists.next().unwrap_or_default()).overdue(lists.next().unwrap_or_default()));
    std::io::stdout().write_all(draw(&model, progress.as_ref(), &drawing).as_bytes())?;
    Ok(())
}
