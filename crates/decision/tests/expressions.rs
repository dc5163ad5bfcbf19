//! Expressions as the definitions write them, and garbage.
#![expect(clippy::unwrap_used, reason = "tests")]

use banhao_decision::{Cache, Expression, FeelError, Truth, date};
use banhao_kernel::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

fn eval(text: &str, vars: &Value) -> Value {
    Expression::parse(text).unwrap().eval(vars).unwrap()
}

fn holds(text: &str, vars: &Value) -> bool {
    Expression::parse(text).unwrap().holds(vars).unwrap()
}

#[test]
fn conditions_over_answers() {
    let vars = json!({"q": {"kind": "new"}, "form": {"area": 60, "items": ["hot", "cold"], "online": true}});
    assert!(holds(r#"q.kind = "new" and form.area > 50"#, &vars));
    assert!(!holds(r#"q.kind = "new" and form.area > 60"#, &vars));
    assert!(holds(r#"list contains(form.items, "hot")"#, &vars));
    assert!(holds("form.online", &vars));
    assert!(holds("form.online = true", &vars));
    assert!(holds(r#"form.area in [50..70]"#, &vars));
    assert!(holds(r#"not(form.area < 50)"#, &vars));
    assert!(holds(r#"some x in form.items satisfies x = "cold""#, &vars));
}

#[test]
fn what_is_missing_is_null() {
    for vars in [json!({}), json!({"form": {}}), json!({"form": null}), json!(null), json!({"form": {"area": null}})] {
        assert!(!holds("form.area > 50", &vars), "{vars}");
        assert!(holds("form.area = null", &vars), "{vars}");
        assert_eq!(Expression::parse("form.area > form.total").unwrap().truth(&vars).unwrap(), Truth::Unknown);
        assert!(!holds(r#"decision = "refuse""#, &vars), "{vars}");
    }
}

#[test]
fn values_for_licences() {
    let vars = json!({"form": {"kind": "canteen", "items": ["hot", "drinks"], "area": 12.50, "total": 300_000},
        "case": {"number": "B1"}});
    assert_eq!(
        eval(r#"if form.kind = "catering" then "餐饮" else if form.kind = "canteen" then "食堂" else "销售""#, &vars),
        json!("食堂")
    );
    assert_eq!(
        eval(r#"string join(for item in form.items return if item = "hot" then "热食" else "饮品", "、")"#, &vars),
        json!("热食、饮品")
    );
    assert_eq!(eval(r#"string(form.total) + "元""#, &vars), json!("300000元"));
    assert_eq!(eval(r#"string(form.area) + "平方米""#, &vars), json!("12.5平方米"));
    assert_eq!(eval("form.total / 4", &vars), json!(75_000));
    assert_eq!(eval("case.number", &vars), json!("B1"));
}

#[test]
fn chinese_names() {
    let vars = json!({"面积": 60, "申请人": {"年龄": 20}});
    assert!(holds("面积 > 50 and 申请人.年龄 >= 18", &vars));
}

#[test]
fn a_function_with_a_keyword_in_its_name() {
    let vars = json!({"数列": [3, 1, 4, 1]});
    assert_eq!(eval("index of(数列, 1)", &vars), json!([2, 4]));
    assert_eq!(eval("count(index of(数列, 9)) + 1", &vars), json!(1));
}

#[test]
fn types_are_no_variables() {
    let vars = json!({"form": {"online": true}, "boolean": 1});
    assert_eq!(eval("form.online instance of boolean", &vars), json!(true));
    assert_eq!(eval("if (form.area instance of boolean) then 1 else 2", &vars), json!(2));
}

#[test]
fn what_is_missing_equals_only_what_is_missing() {
    let vars = json!({"form": {"area": 60}});
    for (text, holds) in [
        ("form.missing = 60", false),
        ("60 = form.missing", false),
        ("form.missing != 60", true),
        ("60 != form.missing", true),
        ("form.missing != form.area", true),
        ("form.missing = form.other", true),
        ("form.missing != null", false),
    ] {
        assert_eq!(eval(text, &vars), json!(holds), "{text}");
    }
}

#[test]
fn all_and_any_know_what_is_missing() {
    let vars = json!({"form": {"a": true, "b": false}});
    assert_eq!(eval("any([form.missing, form.a])", &vars), json!(true));
    assert_eq!(eval("any([form.missing, form.b])", &vars), Value::Null);
    assert_eq!(eval("any(form.missing, form.a)", &vars), json!(true));
    assert_eq!(eval("all([form.missing, form.b])", &vars), json!(false));
    assert_eq!(eval("all([form.missing, form.a])", &vars), Value::Null);
    assert_eq!(eval("all([form.a, form.a])", &vars), json!(true));
    assert_eq!(eval("any([])", &vars), json!(false));
    assert_eq!(eval("all([])", &vars), json!(true));
    assert_eq!(eval("any(list: [form.missing, form.a])", &vars), json!(true));
}

#[test]
fn years_and_months_backwards_are_those_forwards() {
    for (from, to, months) in
        [("2028-05-08", "2028-01-28", "-P3M"), ("2028-01-28", "2028-05-08", "P3M"), ("2026-12-10", "2026-03-01", "-P9M")]
    {
        let text = format!(r#"years and months duration(date("{from}"), date("{to}"))"#);
        assert_eq!(eval(&text, &Value::Null), json!(months), "{text}");
    }
}

#[test]
fn times_go_round() {
    for (text, expected) in [
        (r#"time("22:30:00") + duration("PT162M")"#, "01:12:00"),
        (r#"duration("PT162M") + time("22:30:00")"#, "01:12:00"),
        (r#"time("01:12:00") - duration("PT162M")"#, "22:30:00"),
        (r#"time("22:30:00") + duration("-PT23H")"#, "23:30:00"),
        (r#"time("00:00:00") - duration("PT1S")"#, "23:59:59"),
        (r#"time("23:59:59") + duration("PT1S")"#, "00:00:00"),
        (r#"time("10:00:00") + duration("P10DT1H")"#, "11:00:00"),
        (r#"time("10:00:00") - duration("P10DT11H")"#, "23:00:00"),
        (r#"time("10:00:00.25") + duration("PT0.5S")"#, "10:00:00.75"),
        (r#"time("00:00:00.25") - duration("PT0.5S")"#, "23:59:59.75"),
        (r#"time("23:00:00Z") + duration("PT2H")"#, "01:00:00Z"),
        (r#"time("23:00:00+08:00") + duration("PT2H")"#, "01:00:00+08:00"),
        (r#"time("23:00:00@Asia/Shanghai") + duration("PT2H")"#, "01:00:00@Asia/Shanghai"),
        (r#"if true then (time("22:00:00") + duration("PT1H")) + duration("PT1H") else null"#, "00:00:00"),
        (r#"time("00:30:00") - time("23:30:00")"#, "-PT23H"),
        (r#"date and time("2026-03-01T00:30:00") - duration("PT2H")"#, "2026-02-28T22:30:00"),
        (r#"date and time("2026-12-31T23:30:00") + duration("PT2H")"#, "2027-01-01T01:30:00"),
    ] {
        assert_eq!(eval(text, &json!({})), json!(expected), "{text}");
    }
    // What is no time of day is added as before, and what does not fit together is null.
    assert_eq!(eval(r#""a" + "b""#, &json!({})), json!("ab"));
    assert_eq!(eval(r#"duration("PT20H") + duration("PT10H")"#, &json!({})), json!("P1DT6H"));
    assert_eq!(eval(r#"time("10:00:00") + 1"#, &json!({})), Value::Null);
}

proptest! {
    #[test]
    fn a_time_of_day_comes_back(second in 0..86_400_u32, by in -1_000_000..1_000_000_i64) {
        let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let duration = format!("{}PT{}S", if by < 0 { "-" } else { "" }, by.abs());
        let vars = json!({});
        let there = format!(r#"time("{time}") + duration("{duration}")"#);
        prop_assert_eq!(eval(&format!(r#"{there} - duration("{duration}")"#), &vars), json!(time));
        let expected = (i64::from(second) + by).rem_euclid(86_400);
        let expected = format!("{:02}:{:02}:{:02}", expected / 3600, expected / 60 % 60, expected % 60);
        prop_assert_eq!(eval(&there, &vars), json!(expected));
    }
}

#[test]
fn dates_are_dates() {
    let vars = json!({"form": {"opening": date(Date::constant(2026, 3, 1))}});
    assert!(holds(r#"form.opening >= date("2026-01-01")"#, &vars));
    assert!(!holds(r#"form.opening < date("2026-01-01")"#, &vars));
    assert_eq!(eval(r#"form.opening + duration("P1M")"#, &vars), json!("2026-04-01"));
    assert_eq!(eval("form.opening.year", &vars), json!(2026));
}

#[test]
fn a_condition_gives_true_or_false() {
    let error = Expression::parse("form.area + 1").unwrap().holds(&json!({"form": {"area": 1}})).unwrap_err();
    assert_eq!(error, FeelError::Type { expected: "true or false", found: "a number".to_owned() });
}

#[test]
fn external_functions_are_refused_before_anything_runs() {
    for text in [
        r#"{f: function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}, r: f(1)}.r"#,
        r#"(function(a) external {pmml: {document: "d", model: "m"}})(1)"#,
        "(function(f) f(f))(function(f) f(f))",
    ] {
        let error = Expression::parse(text).unwrap_err();
        assert_eq!(error.code(), "feel-forbidden", "{text}");
    }
}

#[test]
fn not_feel() {
    for text in ["form.area >", "= = =", "if a then b", "(1", "\"open", "form..area"] {
        let error = Expression::parse(text).unwrap_err();
        assert_eq!(error.code(), "feel-syntax", "{text}: {error}");
    }
}

#[test]
fn keys_asked_for() {
    let expression = Expression::parse(r#"form.b > form.a and q.x = "form.z""#).unwrap();
    assert_eq!(expression.paths("form"), ["a", "b"]);
    assert_eq!(expression.paths("q"), ["x"]);
}

#[test]
fn the_cache_gives_the_same_expression() {
    let cache = Cache::new();
    let first = cache.get("1 + 1").unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &cache.get("1 + 1").unwrap()));
    assert!(cache.get("1 +").is_err());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(cache.get("form.a + 1").unwrap().eval(&json!({"form": {"a": 1}})).unwrap(), json!(2)));
        }
    });
}

#[test]
fn numbers_without_end_are_an_error() {
    for text in ["string(10 ** 9999)", "1 / 0", "10 ** 9999"] {
        let _ = Expression::parse(text).unwrap().eval(&json!({}));
    }
}

#[test]
fn deep_texts_end_in_an_answer() {
    for text in [
        format!("{}1", "-".repeat(590)),
        (0..290).map(|_| "1").collect::<Vec<_>>().join("+"),
        format!("{}1{}", "(".repeat(32), ")".repeat(32)),
        format!("{} 3", "if true then 1 else ".repeat(110)),
        format!("{}1", "a.".repeat(290)),
    ] {
        if let Ok(expression) = Expression::parse(&text) {
            let _ = expression.eval(&json!({}));
        }
    }
}

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "form",
            ".",
            "area",
            "q",
            ">",
            "<",
            "=",
            "!=",
            "and",
            "or",
            "not",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "if",
            "then",
            "else",
            "for",
            "in",
            "return",
            "some",
            "satisfies",
            "\"a\"",
            "1",
            "2.5",
            "-",
            "+",
            "*",
            "/",
            "**",
            "null",
            "true",
            "between",
            "date",
            "time",
            "string",
            "join",
            "..",
            "@",
            "面积",
            "item",
            "list",
            "contains",
            "instance",
            "of",
            "number",
            "substring",
            "matches",
            "split",
            "sum",
            "duration",
            "\"P1Y\"",
            "years",
            "sort",
            "flatten",
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,4}",
        "\\PC{1,3}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_is_an_error_never_a_panic(tokens in prop::collection::vec(token(), 0..25), blank in any::<bool>()) {
        let text = tokens.join(if blank { " " } else { "" });
        if let Ok(expression) = Expression::parse(&text) {
            let _ = expression.eval(&json!({"form": {"area": 5}, "面积": [1, "a", null]}));
            let _ = expression.holds(&json!({}));
        }
    }

    #[test]
    fn numbers_and_texts_pass_through(number in any::<i64>(), text in "\\PC*") {
        prop_assert_eq!(eval("form.n", &json!({"form": {"n": number}})), json!(number));
        prop_assert_eq!(eval("form.t", &json!({"form": {"t": text.clone()}})), json!(text));
    }
}

/// Each of these would run for ever or fill the memory without a budget.
#[test]
fn work_is_bounded() {
    let doubling = |first: &str, step: &str| {
        let mut text = format!("{{a0: {first}");
        for i in 1..60 {
            text += &format!(", a{i}: {}", step.replace('#', &format!("a{}", i - 1)));
        }
        text + "}"
    };
    let list = json!({"l": (0..400).collect::<Vec<_>>()});
    for text in [
        doubling("[1, 1]", "[#, #]"),
        doubling("\"ab\"", "# + #"),
        "for a in l, b in l, c in l, d in l return a".to_owned(),
        "some a in l, b in l, c in l, d in l satisfies a < 0".to_owned(),
        "for i in l return partial".to_owned(),
        "l[count(l[count(l[count(l[item > 0]) > 0]) > 0]) > 0]".to_owned(),
        format!("{}\"a\"{}", "replace(".repeat(12), ", \"a\", \"aaaaaaaaaaaaaaaaaaaa\")".repeat(12)),
        format!("string join(for a in l, b in l return \"x\", \"{}\")", "y".repeat(3_000)),
    ] {
        let error = Expression::parse(&text).unwrap().eval(&list).unwrap_err();
        assert_eq!(error, FeelError::TooMuchWork, "{text}");
    }
    // Subtraction of what cannot be subtracted, 250 times over, is null at once.
    let text = format!("x{}", " - 1".repeat(250));
    assert_eq!(eval(&text, &json!({})), Value::Null);
    let text = doubling("null / null", "# / #");
    assert_eq!(eval(&format!("{text}.a59"), &json!({})), Value::Null);
}

#[test]
fn loops_and_filters() {
    let vars = json!({"l": [1, 2, 3], "people": [{"name": "甲", "age": 17}, {"name": "乙", "age": 30}]});
    assert_eq!(eval("for a in l, b in l return a * b", &vars), json!([1, 2, 3, 2, 4, 6, 3, 6, 9]));
    assert_eq!(eval("for a in l return if a = 1 then 1 else a * partial[-1]", &vars), json!([1, 2, 6]));
    assert_eq!(eval("for a in [[1, 2], [3]], b in a return b", &vars), json!([1, 2, 3]));
    assert_eq!(eval("l[item > 1]", &vars), json!([2, 3]));
    assert_eq!(eval("l[-1]", &vars), json!(3));
    assert_eq!(eval("people[age >= 18].name", &vars), json!(["乙"]));
    assert_eq!(eval("people[item.age >= 18][1].name", &vars), json!("乙"));
    assert_eq!(eval("some x in l satisfies x > 2", &vars), json!(true));
    assert_eq!(eval("every x in l satisfies x > missing", &vars), Value::Null);
    assert_eq!(eval("some x in [1, null, 3] satisfies x > 2", &vars), json!(true));
    assert_eq!(eval("replace(input: \"abc\", pattern: \"b\", replacement: \"x\")", &vars), json!("axc"));
    assert_eq!(eval("matches(pattern: \"b\", input: \"abc\")", &vars), json!(true));
    assert_eq!(eval("string length(string: \"abc\")", &vars), json!(3));
}
