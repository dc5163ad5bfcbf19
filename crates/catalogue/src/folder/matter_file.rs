//! Reads `matters/KEY/matter.toml`.

use banhao_kernel::{CatalogueCode, CreditCode, TaskCode, UseLevel, problem::FieldProblem};
use banhao_texts::{Lang, field_text};

use super::{base_files::use_level, reader::Reader};
use crate::model::{
    Basis, Bilingual, Contact, DecisionUse, Faq, Fee, LegalClock, Material, Matter, PeriodUnit, Question, QuestionOption, Remedy,
    ResultField, ResultSpec, SpecialProcedure, Stage,
};

/// Most days of any period.
const DAYS: (i64, i64) = (0, 1_000);

/// What a matter's file needs from elsewhere: the credit code of its body, for the task code.
pub(crate) type CreditCodeOf<'a> = &'a dyn Fn(&str) -> Option<CreditCode>;

pub(crate) fn matter(key: &str, reader: Reader<'_>, credit_code_of: CreditCodeOf<'_>) -> Option<Matter> {
    let name = reader.bilingual("name", "name_en");
    let summary = reader.bilingual("summary", "summary_en");
    let keywords = reader.opt_texts("keywords");
    let version = reader.integer("version", (1, 100_000));
    let effective_from = reader.date("effective_from");
    let change_document = reader.text("change_document");
    let organisation = reader.text("organisation");
    let catalogue_code = catalogue_code(&reader);
    let level = use_level(&reader, "use_level");
    let handling_item = reader.opt_integer("handling_item", (1, 99));
    let item_type = reader.word("item_type");
    let case_kind = reader.word("case_kind");
    let audience = reader.words("audience");
    let themes = reader.texts("themes");
    let channels = reader.words("channels");
    let cross_handling = reader.word("cross_handling");
    let halls = reader.texts("halls");
    let township_receives = reader.opt_bool("township_receives").unwrap_or_default();
    let online_depth = reader.integer("online_depth", (1, 4));
    let visits = reader.integer("visits", (0, 20));
    let visits_reason = reader.opt_bilingual("visits_reason", "visits_reason_en");
    let conditions = reader.bilingual_list("conditions", "conditions_en");
    let limits = reader.opt_text("limits");
    let intermediary = reader.opt_text("intermediary");
    let rights = reader.opt_text("rights");
    let duties = reader.opt_text("duties");
    let basis = reader.tables("basis").into_iter().map(basis).collect();
    let clock = reader.table("clock").and_then(clock);
    let special_procedures = reader.tables("special_procedures").into_iter().filter_map(special_procedure).collect();
    let stages = reader.tables("stages").into_iter().map(stage).collect();
    let materials = reader.tables("materials").into_iter().filter_map(material).collect();
    let fees = reader.tables("fees").into_iter().map(fee).collect();
    let result = reader.table("result").and_then(result);
    let contact = reader.table("contact").map(contact);
    let remedy = reader.table("remedy").map(remedy);
    let faq = reader.tables("faq").into_iter().map(faq).collect();
    let questions = reader.tables("questions").into_iter().map(question).collect();
    let decisions = reader.opt_table("decisions").map(decisions).unwrap_or_default();

    let task_code = match (credit_code_of(&organisation), &catalogue_code, level) {
        (Some(credit), Some(catalogue), Some(level)) => task_code(&reader, &credit, level, catalogue, handling_item),
        _ => None,
    };
    reader.finish();
    Some(Matter {
        key: key.to_owned(),
        name,
        summary,
        keywords,
        version: version?,
        effective_from: effective_from?,
        change_document,
        organisation,
        catalogue_code: catalogue_code?,
        task_code: task_code?,
        use_level: level?,
        handling_item,
        item_type: item_type?,
        case_kind: case_kind?,
        audience,
        themes,
        channels,
        cross_handling: cross_handling?,
        halls,
        township_receives,
        online_depth: online_depth?,
        visits: visits?,
        visits_reason,
        basis,
        clock: clock?,
        special_procedures,
        conditions,
        stages,
        materials,
        fees,
        result: result?,
        contact: contact?,
        remedy: remedy?,
        limits,
        intermediary,
        rights,
        duties,
        faq,
        questions,
        decisions,
    })
}

fn catalogue_code(reader: &Reader<'_>) -> Option<CatalogueCode> {
    let text = reader.text("catalogue_code");
    if text.is_empty() {
        return None;
    }
    CatalogueCode::parse(&text)
        .map_err(|_| {
            reader.error(
                "catalogue_code",
                "catalogue-code",
                format!("“{text}”不是基本编码：应当是 12 位数字，依次为省 2 位（国家 00、湖北 42）、类型 2 位、部门 2 位、主项 3 位、子项 3 位。"),
                format!("`{text}` is not a catalogue code: 12 digits, namely province 2 (national 00, Hubei 42), type 2, department 2, main item 3, sub-item 3."),
            );
        })
        .ok()
}

fn task_code(
    reader: &Reader<'_>,
    credit: &CreditCode,
    level: UseLevel,
    catalogue: &CatalogueCode,
    handling_item: Option<u8>,
) -> Option<TaskCode> {
    let code = TaskCode::new(credit, level, catalogue);
    let Some(item) = handling_item else { return Some(code) };
    match code.with_handling_item(item) {
        Ok(code) => Some(code),
        Err(error) => {
            reader.error(
                "handling_item",
                "task-code",
                field_text(Lang::ZhCn, &FieldProblem::new("handling_item", error.code())),
                field_text(Lang::En, &FieldProblem::new("handling_item", error.code())),
            );
            None
        }
    }
}

fn basis(reader: Reader<'_>) -> Basis {
    let basis = Basis {
        law: reader.text("law"),
        document: reader.opt_text("document"),
        article: reader.text("article"),
        text: reader.text("text"),
        issued_by: reader.opt_text("issued_by"),
        effective: reader.opt_date("effective"),
    };
    reader.finish();
    basis
}

fn clock(reader: Reader<'_>) -> Option<LegalClock> {
    let statutory_days = reader.opt_integer("statutory_days", DAYS);
    let promised_days = reader.integer("promised_days", DAYS);
    let unit = reader.word::<PeriodUnit>("unit");
    let statutory_note = reader.opt_text("statutory_note");
    let accept_days = reader.opt_integer("accept_days", DAYS).unwrap_or(5);
    let deliver_days = reader.opt_integer("deliver_days", DAYS).unwrap_or(10);
    let supplement_days = reader.opt_integer("supplement_days", DAYS).unwrap_or(15);
    reader.finish();
    Some(LegalClock {
        statutory_days,
        promised_days: promised_days?,
        unit: unit?,
        statutory_note,
        accept_days,
        deliver_days,
        supplement_days,
    })
}

fn special_procedure(reader: Reader<'_>) -> Option<SpecialProcedure> {
    let kind = reader.word("kind");
    let name = reader.bilingual("name", "name_en");
    let days = reader.integer("days", DAYS);
    let stops_clock = reader.bool("stops_clock");
    let basis = reader.text("basis");
    reader.finish();
    Some(SpecialProcedure { kind: kind?, name, days: days?, stops_clock, basis })
}

fn stage(reader: Reader<'_>) -> Stage {
    let stage = Stage { name: reader.bilingual("name", "name_en"), who: reader.text("who") };
    reader.finish();
    stage
}

fn material(reader: Reader<'_>) -> Option<Material> {
    let key = reader.key("key", '-');
    let name = reader.bilingual("name", "name_en");
    let necessity = reader.word("necessity");
    let source = reader.word("source");
    let form = reader.word("form");
    let originals = reader.opt_integer("originals", (0, 100)).unwrap_or_default();
    let copies = reader.opt_integer("copies", (0, 100)).unwrap_or_default();
    let standard = reader.bilingual("standard", "standard_en");
    let issued_by = reader.opt_text("issued_by");
    let basis = reader.opt_text("basis");
    let types = reader.opt_texts("types");
    let max_mb = reader.opt_integer("max_mb", (1, 200)).unwrap_or(20);
    let when = reader.opt_expression("when");
    let licence_type = licence_type(&reader);
    let share_resource = reader.opt_text("share_resource");
    let blank_form = reader.opt_text("blank_form");
    let sample = reader.opt_text("sample");
    for (index, extension) in types.iter().enumerate() {
        if !TAKEN_TYPES.contains(&extension.as_str()) {
            reader.error(
                &format!("types[{index}]"),
                "file-type",
                format!("不收“{extension}”格式的文件。可以写：{}", TAKEN_TYPES.join("、")),
                format!("`{extension}` files are not taken. Write some of: {}", TAKEN_TYPES.join(", ")),
            );
        }
    }
    reader.finish();
    Some(Material {
        key,
        name,
        necessity: necessity?,
        source: source?,
        form: form?,
        originals,
        copies,
        standard,
        issued_by,
        basis,
        types,
        max_mb,
        when,
        licence_type,
        share_resource,
        blank_form,
        sample,
    })
}

/// File types whose content can be told by looking at it.
const TAKEN_TYPES: [&str; 8] = ["pdf", "ofd", "jpg", "png", "docx", "xlsx", "zip", "mp4"];

/// Licence type: credit code of the issuer and three digits.
fn licence_type(reader: &Reader<'_>) -> Option<String> {
    let text = reader.opt_text("licence_type")?;
    let parts = text.is_ascii().then(|| text.split_at_checked(18)).flatten();
    let valid = parts.is_some_and(|(credit, serial)| {
        CreditCode::parse(credit).is_ok() && serial.len() == 3 && serial.bytes().all(|byte| byte.is_ascii_digit())
    });
    if !valid {
        reader.error(
            "licence_type",
            "licence-type",
            format!("“{text}”不是证照类型代码：应当是定义机构的统一社会信用代码（18位）加3位数字。"),
            format!("`{text}` is not a licence type: the definer's credit code (18 characters) and 3 digits."),
        );
    }
    valid.then_some(text)
}

fn fee(reader: Reader<'_>) -> Fee {
    let fee = Fee {
        name: reader.bilingual("name", "name_en"),
        standard: reader.text("standard"),
        basis: reader.text("basis"),
        waiver: reader.opt_text("waiver"),
    };
    reader.finish();
    fee
}

fn result(reader: Reader<'_>) -> Option<ResultSpec> {
    let kind = reader.word("kind");
    let name = reader.bilingual("name", "name_en");
    let validity_months = reader.opt_integer("validity_months", (1, 1_200));
    let licence_type = licence_type(&reader);
    let template = reader.opt_text("template");
    let sample_note = reader.opt_text("sample_note");
    let fields = reader
        .tables("fields")
        .into_iter()
        .filter_map(|reader| {
            let label = reader.bilingual("label", "label_en");
            reader.text("value");
            let value = reader.opt_expression("value");
            reader.finish();
            Some(ResultField { label, value: value? })
        })
        .collect();
    reader.finish();
    Some(ResultSpec { kind: kind?, name, validity_months, licence_type, template, sample_note, fields })
}

fn contact(reader: Reader<'_>) -> Contact {
    let contact = Contact {
        phone: reader.text("phone"),
        supervise_phone: reader.text("supervise_phone"),
        address: reader.text("address"),
        hours: reader.text("hours"),
    };
    reader.finish();
    contact
}

fn remedy(reader: Reader<'_>) -> Remedy {
    let remedy = Remedy { review_organ: reader.text("review_organ"), court: reader.text("court") };
    reader.finish();
    remedy
}

fn faq(reader: Reader<'_>) -> Faq {
    let faq = Faq { question: reader.bilingual("question", "question_en"), answer: reader.bilingual("answer", "answer_en") };
    reader.finish();
    faq
}

fn decisions(reader: Reader<'_>) -> DecisionUse {
    let decisions = DecisionUse {
        applies: reader.opt_text("applies"),
        materials: reader.opt_text("materials"),
        fees: reader.opt_text("fees"),
        acceptance: reader.opt_text("acceptance"),
        acceptance_basis: reader.opt_bilingual("acceptance_basis", "acceptance_basis_en"),
        instead: reader.opt_bilingual("instead", "instead_en"),
        inputs: reader
            .tables("inputs")
            .into_iter()
            .map(|reader| {
                let input = (reader.text("name"), reader.text("answer"));
                reader.finish();
                input
            })
            .collect(),
    };
    reader.finish();
    decisions
}

fn question(reader: Reader<'_>) -> Question {
    let question = Question {
        key: reader.key("key", '_'),
        text: reader.bilingual("text", "text_en"),
        options: reader
            .tables("options")
            .into_iter()
            .map(|reader| {
                let option = QuestionOption {
                    value: reader.text("value"),
                    label: Bilingual { zh: reader.text("label"), en: reader.opt_text("label_en") },
                };
                reader.finish();
                option
            })
            .collect(),
    };
    if question.options.len() < 2 {
        reader.error("options", "question-options", "情形问题至少要有两个选项。", "A scenario question needs at least two options.");
    }
    reader.finish();
    question
}
