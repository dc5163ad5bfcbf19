//! The page `/design`: every component with every state, with invented data. For people who write pages, and for the
//! checks with axe. Nothing here is used by other pages.

use banhao_kernel::{Date, Timestamp, clock};

use crate::prelude::*;

/// The routes `/design` (public pages), `/design/desk`, `/design/screen`, `/design/print`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/design", get(portal).post(sent))
        .route("/design/desk", get(desk))
        .route("/design/screen", get(screen))
        .route("/design/print", get(print))
        .route("/design/confirm", get(confirm))
        .route("/design/upload", body::limit(post(upload), MIB))
}

struct Fixtures {
    crumbs: Crumbs,
    notices: Vec<Notice>,
    chips: Vec<Chip>,
    clocks: Vec<ClockBadge>,
    errors: ErrorSummary,
    fields: Vec<Field>,
    upload: Field,
    summary: SummaryList,
    steps: Steps,
    timeline: Timeline,
    table: Table,
    empty_table: Table,
    pagination: Pagination,
    tabs: Tabs,
    process: Option<ProcessDrawing>,
    bars: Chart,
    line: Chart,
    icons: &'static [&'static str],
    zoo: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "design/portal.html")]
struct PortalDesign {
    page: Page,
    parts: Fixtures,
}

#[derive(Template)]
#[template(path = "design/desk.html")]
struct DeskDesign {
    page: Page,
    parts: Fixtures,
}

#[derive(Template)]
#[template(path = "design/screen.html")]
struct ScreenDesign {
    page: Page,
    parts: Fixtures,
}

#[derive(Template)]
#[template(path = "design/print.html")]
struct PrintDesign {
    page: Page,
    parts: Fixtures,
}

#[derive(Template)]
#[template(path = "design/confirm.html")]
struct ConfirmDesign {
    page: Page,
    question: Confirm,
}

async fn portal(page: Page) -> Answer {
    Ok(page.html(&PortalDesign { parts: fixtures(&page), page: page.clone() }))
}

async fn sent(page: Page) -> Answer {
    Ok(page.redirect_with("/design", &Flash::good("web-design-title")))
}

/// Reads what comes and forgets it.
async fn upload(page: Page, mut uploads: Uploads) -> Answer {
    while let Some(mut part) = uploads.next().await? {
        while part.chunk().await?.is_some() {}
    }
    Ok(page.redirect_with("/design", &Flash::good("web-design-title")))
}

async fn desk(page: Page) -> Answer {
    page.set_desk(crate::page::DeskBar {
        takes: true,
        keeps: true,
        jobs: None,
        queues: vec![
            queue("收件", "/design/desk", 7, false),
            queue("审查", "/design/desk?queue=review", 12, true),
            queue("决定", "/design/desk?queue=decide", 0, false),
        ],
    });
    Ok(page.html(&DeskDesign { parts: fixtures(&page), page: page.clone() }))
}

async fn screen(page: Page) -> Answer {
    Ok(page.html(&ScreenDesign { parts: fixtures(&page), page: page.clone() }))
}

async fn print(page: Page) -> Answer {
    Ok(page.html(&PrintDesign { parts: fixtures(&page), page: page.clone() }))
}

async fn confirm(page: Page) -> Answer {
    let question = Confirm {
        page: page.clone(),
        title: "确定撤回这份申请吗？".into(),
        text: "撤回以后审查停止，已经上传的材料保留三十日，可以重新提交。".into(),
        action: "/design".into(),
        fields: vec![("case".into(), "DEMO-0001".into())],
        button: "撤回申请".into(),
        back: "/design".into(),
        danger: true,
    };
    Ok(page.html(&ConfirmDesign { page: page.clone(), question }))
}

fn queue(label: &str, href: &str, count: u64, overdue: bool) -> crate::page::Queue {
    crate::page::Queue { label: label.into(), href: href.into(), count, overdue }
}

fn at(day: i8, hour: i8, minute: i8) -> Timestamp {
    clock::instant(date(day).at(hour, minute, 0, 0))
}

fn date(day: i8) -> Date {
    Date::constant(2026, 11, day)
}

fn fixtures(page: &Page) -> Fixtures {
    let fields = fields();
    Fixtures {
        crumbs: Crumbs::new().to("首页", "/").to("办事指南", "/design").here("界面组件"),
        notices: vec![
            Notice::new(Tone::Info, "办理地点有变", "11月30日起，社会保障窗口搬到二楼 B 区。"),
            Notice::new(Tone::Good, "申请已经提交", "办件编号 DEMO-0001。5 个工作日内会告知是否受理。"),
            Notice::new(Tone::Warn, "还差一份材料", "请在 12月4日 前补交经营场所平面图。"),
            Notice::new(Tone::Bad, "", "没有标题的提示：文件损坏，没有保存。"),
        ],
        chips: vec![
            Chip::new(Tone::Info, "审查中"),
            Chip::new(Tone::Good, "已办结"),
            Chip::new(Tone::Warn, "待补正"),
            Chip::new(Tone::Bad, "不予受理"),
            Chip::new(Tone::Info, "待送达").icon("parcel"),
        ],
        clocks: [
            ClockState::NotStarted,
            ClockState::Running(12),
            ClockState::DueSoon(1),
            ClockState::DueToday,
            ClockState::Overdue(3),
            ClockState::Stopped,
            ClockState::Kept,
            ClockState::Missed,
        ]
        .into_iter()
        .map(|state| ClockBadge::new(state, matches!(state, ClockState::Running(_) | ClockState::DueSoon(_)).then(|| date(30))))
        .collect(),
        errors: ErrorSummary::of(&fields),
        upload: Field::new(
            FieldKind::File { accept: String::new(), multiple: true, most: MIB, have: Vec::new() },
            "papers",
            "试一试：最多 1 MB，传完就丢弃",
        )
        .required(),
        fields,
        summary: SummaryList::new()
            .text("申请人", "王**")
            .change("/design")
            .text("证件号码", "4210**********001X")
            .change("/design")
            .text("电子邮箱", "")
            .change("/design")
            .text("经营场所", "湖北省洪湖市示范街道示范路 1 号一层"),
        steps: Steps {
            label: "申请步骤".into(),
            items: vec![
                Step::new("申请人信息", StepState::Done).href("/design"),
                Step::new("经营场所", StepState::Current).href("/design").note("还差两个问题"),
                Step::new("上传材料", StepState::Attention).href("/design").note("平面图看不清，请重新上传"),
                Step::new("委托书", StepState::Skipped),
                Step::new("核对并提交", StepState::ToDo),
            ],
            progress: true,
        },
        timeline: Timeline {
            items: vec![
                happening(at(23, 15, 4), "准予许可", "洪湖市示范局", Tone::Good, Some("<a href=\"/design\">下载决定书(PDF)</a>")),
                happening(at(20, 9, 30), "要求补正", "窗口 03", Tone::Warn, Some("<p>请补交经营场所平面图。</p>")),
                happening(at(19, 16, 12), "已收件", "", Tone::Info, None),
                happening(at(18, 8, 1), "承诺期限届满", "", Tone::Bad, None),
            ],
        },
        table: table(),
        empty_table: Table { rows: Vec::new(), ..table() },
        pagination: Pagination { first: Some("/design".into()), next: Some("/design?after=abc".into()) },
        tabs: Tabs {
            label: "办件范围".into(),
            items: vec![
                tab("办理中", "/design", Some(3), true),
                tab("已办结", "/design?tab=closed", Some(28), false),
                tab("草稿", "/design?tab=drafts", None, false),
            ],
        },
        process: process(page.lang()),
        bars: bar_chart(),
        line: line_chart(),
        icons: crate::icons::NAMES,
        zoo: vec![("lang", page.lang_tag().to_owned()), ("path", page.here())],
    }
}

fn happening(when: Timestamp, title: &str, by: &str, tone: Tone, body: Option<&str>) -> Happening {
    Happening { at: when, title: title.into(), by: by.into(), body: body.map(Markup::trusted), tone }
}

fn tab(label: &str, href: &str, count: Option<u64>, current: bool) -> Tab {
    Tab { label: label.into(), href: href.into(), count, current }
}

fn fields() -> Vec<Field> {
    let ways = || {
        vec![
            Choice::new("window", "到窗口领取").hint("市政务服务中心一楼出件窗口"),
            Choice::new("courier", "快递送达"),
            Choice::new("online", "只要电子证照"),
        ]
    };
    vec![
        Field::text("name", "姓名").hint("与身份证上的一致").value("王小洪").required().autocomplete("name"),
        Field::text("shop", "店名").value("小").error("店名至少两个字").required().max_length(40),
        Field::new(FieldKind::Code, "number", "公民身份号码")
            .hint("18 位，最后一位可能是 X")
            .value("42108319050308001")
            .error("少一位：现在是 17 位")
            .required(),
        Field::new(FieldKind::Tel, "mobile", "手机号码").required().autocomplete("tel"),
        Field::new(FieldKind::Date, "opening", "计划开业日期").required().between("2026-11-23", ""),
        Field::new(FieldKind::Number, "staff", "从业人数").value("4"),
        Field::new(FieldKind::Money, "capital", "注册资本（元）").value("50000"),
        Field::new(FieldKind::Password, "password", "密码").required().autocomplete("current-password"),
        Field::new(FieldKind::Multiline { rows: 4 }, "scope", "经营范围").hint("一行写一项").value("热食类食品制售\n冷食类食品制售"),
        Field::radio("way", "证照怎么领取", ways()).value("courier").required(),
        Field::radio("again", "证照怎么领取（未选）", ways()).error("请选择一种领取方式").required(),
        Field::new(FieldKind::Checkboxes(ways()), "ways", "可以接受的领取方式").values(vec!["window".into(), "online".into()]),
        Field::new(
            FieldKind::Select(vec![Choice::new("421083001", "新堤街道"), Choice::new("421083100", "螺山镇")]),
            "region",
            "所在乡镇街道",
        )
        .value("421083100")
        .required(),
        Field::new(FieldKind::Tick, "truth", "我保证填写的内容真实").required().error("提交前请确认"),
        Field::new(
            FieldKind::File {
                accept: ".pdf,.jpg,.png".into(),
                multiple: true,
                most: 20 * MIB,
                have: vec![
                    FileItem {
                        name: "平面图.pdf".into(), size: "1.2 MB".into(), href: Some("/design".into()), remove: Some("1".into())
                    },
                    FileItem {
                        name: "门头照片-很长很长很长的文件名-2026年11月.jpg".into(),
                        size: "820 KB".into(),
                        href: None,
                        remove: Some("2".into()),
                    },
                ],
            },
            "plan",
            "经营场所平面图",
        )
        .hint("PDF、JPG 或 PNG，每个不超过 20 MB，可以一次选几个"),
        Field::new(FieldKind::Signature, "signature", "领取人签名").hint("请写姓名").required(),
        Field::text("code", "统一社会信用代码").value("11421083MB00000000").read_only(),
    ]
}

fn table() -> Table {
    let row = |number: &str, name: &str, chip: Chip, clock: ClockBadge, visits: u32| {
        Row::new(vec![
            Cell::link("/design", number),
            Cell::text(name),
            Cell::Chip(chip),
            Cell::Clock(clock),
            Cell::Day(date(19)),
            Cell::text(visits),
        ])
    };
    Table {
        caption: "办理中的件".into(),
        caption_hidden: false,
        columns: vec![
            Column::text("编号"),
            Column::text("事项"),
            Column::text("状态"),
            Column::text("时限"),
            Column::text("收件日期"),
            Column::number("跑动次数"),
        ],
        rows: vec![
            row(
                "DEMO-0001",
                "食品经营许可（新办）",
                Chip::new(Tone::Info, "审查中"),
                ClockBadge::new(ClockState::Overdue(2), Some(date(18))),
                0,
            )
            .marked(true),
            row("DEMO-0002", "个体工商户设立登记", Chip::new(Tone::Warn, "待补正"), ClockBadge::new(ClockState::Stopped, None), 1),
            row(
                "DEMO-0003",
                "社保卡补换",
                Chip::new(Tone::Info, "待送达").icon("parcel"),
                ClockBadge::new(ClockState::Running(4), Some(date(27))),
                0,
            ),
        ],
        empty: Empty::new("还没有办件", "提交申请以后，可以在这里看到进度。").action("找要办的事", "/design"),
        keys: true,
    }
}

fn bar_chart() -> Chart {
    let data =
        [("一次没跑", 412.0, Tone::Good), ("跑了一次", 157.0, Tone::Info), ("跑了两次", 21.0, Tone::Warn), ("三次以上", 4.0, Tone::Bad)];
    Chart {
        title: "今年办结的件跑了几次".into(),
        summary: "594 件里 569 件至多跑一次，占百分之九十五点八。".into(),
        drawing: bars(
            &data
                .iter()
                .map(|&(label, value, tone)| Bar { label: label.into(), value, shown: format!("{value} 件"), tone })
                .collect::<Vec<_>>(),
        ),
        columns: vec!["跑动次数".into(), "件数".into()],
        rows: data.iter().map(|(label, value, _)| vec![(*label).into(), value.to_string()]).collect(),
    }
}

fn line_chart() -> Chart {
    let data = [("6月", 310.0), ("7月", 342.0), ("8月", 298.0), ("9月", 401.0), ("10月", 380.0), ("11月", 455.0)];
    Chart {
        title: "每月收件".into(),
        summary: "从六月的 310 件升到十一月的 455 件。".into(),
        drawing: line(&data.iter().map(|&(label, value)| Point { label: label.into(), value }).collect::<Vec<_>>()),
        columns: vec!["月份".into(), "件数".into()],
        rows: data.iter().map(|(label, value)| vec![(*label).into(), value.to_string()]).collect(),
    }
}

fn process(lang: Lang) -> Option<ProcessDrawing> {
    let model = banhao_bpmn::Model::parse(include_str!("design_process.bpmn")).ok()?;
    let progress = banhao_bpmn::Progress::new(["received", "accept", "a", "b", "accepted", "yes"], ["review"]).overdue(["review"]);
    Some(ProcessDrawing::new(lang, "办理流程和进度", "demo", &model, Some(&progress)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_of_the_components_page_can_be_drawn() {
        assert!(process(Lang::ZhCn).is_some_and(|drawing| drawing.lying.as_str().contains("<svg") && drawing.lines.len() == 7));
    }
}
