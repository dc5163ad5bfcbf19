//! Random FEEL expressions that are well typed: every part has the type its place asks for (or is null, where a value is missing).

use serde_json::{Value, json};

use crate::dice::Dice;

/// The variables that expressions speak of.
pub fn context() -> Value {
    json!({
        "面积": 60, "金额": 1250.5, "人数": 3,
        "姓名": "张三丰", "类别": "餐饮",
        "合格": true,
        "数列": [3, 1, 4, 1, 5], "名单": ["甲", "乙", "丙"],
        "申请人": { "年龄": 20, "姓名": "李四", "会员": false },
        "材料": [{ "名称": "身份证", "份数": 2 }, { "名称": "照片", "份数": 4 }],
        "开业": { "@date": "2026-03-01" },
        "缺": null,
    })
}

/// A random expression.
pub fn expression(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 | 1 => number(dice, 3),
        2 => text(dice, 3),
        3 | 4 => truth(dice, 3),
        5 => numbers(dice, 3),
        6 => texts(dice, 3),
        _ => moment(dice),
    }
}

fn number(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.one_in(5) {
        return match dice.below(9) {
            0 => dice.below(20).to_string(),
            1 => format!("{}.{}", dice.below(50), dice.between(1, 99)),
            2 => "面积".to_owned(),
            3 => "金额".to_owned(),
            4 => "人数".to_owned(),
            5 => "申请人.年龄".to_owned(),
            6 => format!("材料[{}].份数", dice.between(1, 2)),
            7 if dice.one_in(4) => "缺".to_owned(),
            _ => dice.between(1, 9).to_string(),
        };
    }
    let d = depth - 1;
    match dice.below(22) {
        0..=5 => {
            let sign = dice.pick(&["+", "-", "*", "/", "+", "-"]);
            format!("({} {sign} {})", number(dice, d), number(dice, d))
        }
        6 => format!("-{}", number(dice, 0)),
        7 => format!("{} ** {}", dice.between(1, 6), dice.below(4)),
        8 => format!("(if {} then {} else {})", truth(dice, d), number(dice, d), number(dice, d)),
        9 => format!("sum({})", numbers(dice, d)),
        10 => format!("{}({})", dice.pick(&["min", "max", "mean", "median"]), numbers(dice, d)),
        11 => format!("count({})", numbers(dice, d)),
        12 => format!("string length({})", text(dice, d)),
        13 => format!("abs({})", number(dice, d)),
        14 => format!("{}({})", dice.pick(&["floor", "ceiling"]), number(dice, d)),
        15 => format!("modulo({}, {})", number(dice, d), dice.between(1, 7)),
        16 => format!("decimal({}, {})", number(dice, d), dice.below(3)),
        17 => format!("{}[{}]", numbers(dice, d), dice.between(1, 3)),
        18 => format!("{{a: {}, b: a + {}}}.b", number(dice, d), number(dice, 0)),
        19 => format!("{}.{}", date(dice), dice.pick(&["year", "month", "day"])),
        20 => format!("number(string({}))", number(dice, 0)),
        _ => format!("({}).days", days(dice)),
    }
}

fn text(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.one_in(4) {
        let words = ["\"abc\"", "\"窗口\"", "\"A-1\"", "\"\"", "姓名", "类别", "申请人.姓名", "材料[1].名称", "\"Hello World\""];
        return dice.pick(&words).to_owned();
    }
    let d = depth - 1;
    match dice.below(11) {
        0 | 1 => format!("({} + {})", text(dice, d), text(dice, d)),
        2 => format!("substring({}, {}, {})", text(dice, d), dice.between(1, 3), dice.between(1, 3)),
        3 => format!("{}({})", dice.pick(&["upper case", "lower case"]), text(dice, d)),
        4 => format!("{}({}, {})", dice.pick(&["substring before", "substring after"]), text(dice, d), text(dice, 0)),
        5 => format!("replace({}, \"[a-c]\", \"x\")", text(dice, d)),
        6 => format!("(if {} then {} else {})", truth(dice, d), text(dice, d), text(dice, d)),
        7 => format!("string join({}, \"、\")", texts(dice, d)),
        8 => format!("string({})", number(dice, 0)),
        9 => format!("string({})", date(dice)),
        _ => format!("{}[{}]", texts(dice, d), dice.between(1, 3)),
    }
}

fn truth(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.one_in(8) {
        return dice.pick(&["true", "false", "合格", "申请人.会员"]).to_owned();
    }
    let d = depth - 1;
    let sign = |dice: &mut Dice| dice.pick(&["=", "!=", "<", "<=", ">", ">="]);
    match dice.below(20) {
        0..=2 => format!("({} {} {})", number(dice, d), sign(dice), number(dice, d)),
        3 => format!("({} {} {})", text(dice, d), sign(dice), text(dice, d)),
        4 => format!("({} {} {})", date(dice), sign(dice), date(dice)),
        5 | 6 => format!("({} {} {})", truth(dice, d), dice.pick(&["and", "or"]), truth(dice, d)),
        7 => format!("not({})", truth(dice, d)),
        8 => format!("({} between {} and {})", number(dice, 0), number(dice, 0), number(dice, 0)),
        9 => {
            let (open, close) = (dice.pick(&["[", "("]), dice.pick(&["]", ")"]));
            let least = dice.below(10);
            format!("({} in {open}{least}..{}{close})", number(dice, 0), least + dice.between(1, 60))
        }
        10 => format!("({} in (< {}, >= {}))", number(dice, 0), dice.below(20), dice.between(20, 90)),
        11 => format!("({} in ({}, {}))", text(dice, 0), text(dice, 0), text(dice, 0)),
        12 => format!("(some 甲数 in {} satisfies 甲数 > {})", numbers(dice, d), dice.below(6)),
        13 => format!("(every 甲数 in {} satisfies 甲数 > {})", numbers(dice, d), dice.below(6)),
        14 => format!("list contains({}, {})", numbers(dice, d), dice.below(6)),
        15 => format!("{}({}, {})", dice.pick(&["contains", "starts with", "ends with"]), text(dice, d), text(dice, 0)),
        16 => format!("matches({}, \"[a-z]+\")", text(dice, d)),
        17 => format!("(缺 {} null)", dice.pick(&["=", "!="])),
        18 => format!("({} instance of {})", number(dice, 0), dice.pick(&["number", "string", "boolean"])),
        _ => format!("{}([{}, {}])", dice.pick(&["all", "any"]), truth(dice, d), truth(dice, 0)),
    }
}

fn numbers(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.one_in(4) {
        return if dice.one_in(2) {
            "数列".to_owned()
        } else {
            format!("[{}, {}, {}]", number(dice, 0), number(dice, 0), number(dice, 0))
        };
    }
    let d = depth - 1;
    match dice.below(11) {
        0 => format!("(for 甲数 in {} return 甲数 * {})", numbers(dice, d), dice.between(2, 4)),
        1 => format!("{}[item > {}]", numbers(dice, d), dice.below(5)),
        2 => format!("concatenate({}, {})", numbers(dice, d), numbers(dice, 0)),
        3 => format!("distinct values({})", numbers(dice, d)),
        4 => format!("reverse({})", numbers(dice, d)),
        5 => format!("append({}, {})", numbers(dice, d), number(dice, 0)),
        6 => format!("sublist({}, {}, {})", numbers(dice, d), dice.between(1, 2), dice.between(1, 2)),
        7 => format!("(for 项 in 材料 return 项.份数 + {})", number(dice, 0)),
        8 => format!("remove({}, 1)", numbers(dice, d)),
        9 => format!("flatten([{}, {}])", numbers(dice, d), numbers(dice, 0)),
        _ => format!("index of({}, {})", numbers(dice, d), dice.between(1, 5)),
    }
}

fn texts(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.one_in(4) {
        return if dice.one_in(2) { "名单".to_owned() } else { format!("[{}, {}]", text(dice, 0), text(dice, 0)) };
    }
    let d = depth - 1;
    match dice.below(7) {
        0 => format!("(for 词 in {} return 词 + {})", texts(dice, d), text(dice, 0)),
        1 => format!("{}[item != {}]", texts(dice, d), text(dice, 0)),
        2 => "材料.名称".to_owned(),
        3 => format!("材料[份数 > {}].名称", dice.below(5)),
        4 => format!("split({}, \"-\")", text(dice, 0)),
        5 => format!("union({}, {})", texts(dice, d), texts(dice, 0)),
        _ => format!("insert before({}, 1, {})", texts(dice, d), text(dice, 0)),
    }
}

fn moment(dice: &mut Dice) -> String {
    match dice.below(12) {
        0 | 1 => date(dice),
        2 => format!("{} {} {}", date(dice), dice.pick(&["+", "-"]), days(dice)),
        3 => format!("{} {} {}", date(dice), dice.pick(&["+", "-"]), months(dice)),
        4 => format!("{} - {}", date(dice), date(dice)),
        5 => format!("{} + {}", days(dice), days(dice)),
        6 => format!("{} {} {}", months(dice), dice.pick(&["+", "-"]), months(dice)),
        7 => format!("{} * {}", days(dice), dice.between(1, 4)),
        8 => format!("years and months duration({}, {})", date(dice), date(dice)),
        9 => format!("{} + {}", instant(dice), days(dice)),
        10 => format!("{} - {}", instant(dice), instant(dice)),
        _ => format!(
            "time(\"{:02}:{:02}:00\") {} duration(\"PT{}M\")",
            dice.below(24),
            dice.below(60),
            dice.pick(&["+", "-"]),
            dice.between(1, 2_000)
        ),
    }
}

fn date(dice: &mut Dice) -> String {
    if dice.one_in(4) {
        return "开业".to_owned();
    }
    // Ends of months in common years and leap years are where engines differ.
    let day = if dice.one_in(3) { 28 } else { dice.between(1, 28) };
    format!("date(\"{}-{:02}-{day:02}\")", dice.between(2020, 2028), dice.between(1, 12))
}

fn instant(dice: &mut Dice) -> String {
    format!(
        "date and time(\"{}-{:02}-{:02}T{:02}:{:02}:00\")",
        dice.between(2023, 2026),
        dice.between(1, 12),
        dice.between(1, 28),
        dice.below(24),
        dice.below(60)
    )
}

fn days(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => format!("duration(\"P{}D\")", dice.between(1, 60)),
        1 => format!("duration(\"PT{}H\")", dice.between(1, 60)),
        _ => format!("duration(\"P{}DT{}H{}M\")", dice.between(1, 9), dice.between(1, 23), dice.between(1, 59)),
    }
}

fn months(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => format!("duration(\"P{}M\")", dice.between(1, 30)),
        1 => format!("duration(\"P{}Y\")", dice.between(1, 5)),
        _ => format!("duration(\"P{}Y{}M\")", dice.between(1, 5), dice.between(1, 11)),
    }
}
