//! The enumerations of the definitions with their national codes (G39046 annex A and the exchange dictionary; see the
//! glossary for the Chinese terms). Names are in the texts under `name_key()`.

use banhao_kernel::UseLevel;

use super::words::words;

words! {
    /// Type of a matter 事项类型 (G39046 A.1). Penalty, coercion, levy and inspection are powers nobody applies for.
    ItemType ("item-type") {
        /// 行政许可.
        Licence = "licence" => "01",
        /// 行政处罚.
        Penalty = "penalty" => "02",
        /// 行政强制.
        Coercion = "coercion" => "03",
        /// 行政征收.
        Levy = "levy" => "04",
        /// 行政给付.
        Benefit = "benefit" => "05",
        /// 行政检查.
        Inspection = "inspection" => "06",
        /// 行政确认.
        Confirmation = "confirmation" => "07",
        /// 行政奖励.
        Award = "award" => "08",
        /// 行政裁决.
        Adjudication = "adjudication" => "09",
        /// 其他行政权力 (备案 and others).
        Other = "other" => "10",
        /// 公共服务.
        PublicService = "public-service" => "20",
    }

    /// Kind of case 办件类型 (G39046 A.6).
    CaseKind ("case-kind") {
        /// 即办件: decided at once.
        Immediate = "immediate" => "1",
        /// 承诺件: decided within the promised period.
        Promised = "promised" => "2",
    }

    /// Who may apply 服务对象 (G39046 A.4).
    ApplicantKind ("applicant-kind") {
        /// 自然人.
        Person = "person" => "1",
        /// 企业法人.
        Enterprise = "enterprise" => "2",
        /// 事业法人.
        Institution = "institution" => "3",
        /// 社会组织法人.
        SocialOrganisation = "social-organisation" => "4",
        /// 其他组织.
        Other = "other" => "6",
    }

    /// How to apply 办理形式 (G39046 A.5).
    HandlingForm ("handling-form") {
        /// 窗口办理.
        Window = "window" => "1",
        /// 网上办理(电脑端).
        Web = "web" => "2",
        /// 网上办理(移动端).
        Mobile = "mobile" => "3",
        /// 快递申请.
        Courier = "courier" => "4",
    }

    /// How far it can be applied for elsewhere 通办范围 (exchange dictionary).
    CrossHandling ("cross-handling") {
        /// 全国.
        Country = "country" => "1",
        /// 全省.
        Province = "province" => "2",
        /// 全市.
        City = "city" => "3",
        /// 全县.
        County = "county" => "4",
        /// 全镇.
        Town = "town" => "5",
        /// 跨村(社区).
        Village = "village" => "6",
    }

    /// Unit of a period 期限单位.
    PeriodUnit ("period-unit") {
        /// 工作日.
        WorkingDay = "working-day" => "W",
        /// 自然日.
        NaturalDay = "natural-day" => "N",
        /// 小时.
        Hour = "hour" => "H",
        /// 月.
        Month = "month" => "M",
        /// 年.
        Year = "year" => "Y",
    }

    /// Kind of special procedure 特别程序.
    SpecialKind ("special-kind") {
        /// 听证.
        Hearing = "hearing" => "",
        /// 招标.
        Tender = "tender" => "",
        /// 拍卖.
        Auction = "auction" => "",
        /// 检验.
        Inspection = "inspection" => "",
        /// 检测.
        Testing = "testing" => "",
        /// 检疫.
        Quarantine = "quarantine" => "",
        /// 鉴定.
        Appraisal = "appraisal" => "",
        /// 专家评审.
        ExpertReview = "expert-review" => "",
        /// 现场核查; not in article 45.
        SiteInspection = "site-inspection" => "",
        /// 公示; not in article 45.
        Publicity = "publicity" => "",
        /// 其他; not in article 45.
        Other = "other" => "",
    }

    /// Whether a material must be there 材料必要性 (exchange dictionary).
    Necessity ("necessity") {
        /// 必要.
        Required = "required" => "1",
        /// 非必要.
        Optional = "optional" => "2",
        /// 容缺后补: accepted without, handed in later.
        Tolerable = "tolerable" => "3",
        /// 信息免交: not asked of the applicant.
        WaivedByCredit = "waived-by-credit" => "4",
    }

    /// Where a material comes from 来源渠道 (exchange dictionary).
    MaterialSource ("material-source") {
        /// 申请人自备.
        Own = "self" => "10",
        /// 政府部门核发.
        Issued = "issued" => "20",
        /// 调取电子证照库.
        LicenceStore = "licence-store" => "20",
        /// 共享核验.
        Shared = "shared" => "20",
        /// 在线填报: made from the form.
        Form = "form" => "10",
    }

    /// Form of a material 材料形式.
    MaterialForm ("material-form") {
        /// 电子.
        Electronic = "electronic" => "2",
        /// 纸质.
        Paper = "paper" => "1",
        /// 纸质或电子.
        Both = "both" => "3",
    }

    /// What comes out 审批结果类型.
    ResultKind ("result-kind") {
        /// 证照.
        Licence = "licence" => "10",
        /// 批文.
        Approval = "approval" => "20",
        /// 无.
        None = "none" => "",
    }

    /// Kind of an answer in a form.
    FieldKind ("field-kind") {
        /// One line of text.
        Text = "text" => "",
        /// Several lines.
        Multiline = "multiline" => "",
        /// A person's or body's name.
        Name = "name" => "",
        /// Citizen number 公民身份号码.
        CitizenNumber = "citizen-number" => "",
        /// Unified social credit code 统一社会信用代码.
        CreditCode = "credit-code" => "",
        /// Mobile number.
        Mobile = "mobile" => "",
        /// Date.
        Date = "date" => "",
        /// Number.
        Number = "number" => "",
        /// Money in yuan.
        Money = "money" => "",
        /// One of several.
        Choice = "choice" => "",
        /// Some of several.
        Choices = "choices" => "",
        /// Region of the installation.
        Region = "region" => "",
        /// Address.
        Address = "address" => "",
        /// Project code 项目代码.
        ProjectCode = "project-code" => "",
        /// Yes or no.
        YesNo = "yes-no" => "",
    }

    /// What is known of the signed-in person and filled in beforehand.
    Prefill ("prefill") {
        /// Name.
        PersonName = "person.name" => "",
        /// Citizen number.
        PersonCitizenNumber = "person.citizen_number" => "",
        /// Mobile number.
        PersonMobile = "person.mobile" => "",
        /// Address.
        PersonAddress = "person.address" => "",
    }

    /// Kind of body.
    OrganisationKind ("organisation-kind") {
        /// 部门.
        Department = "department" => "",
        /// 乡镇、街道、管理区.
        Township = "township" => "",
        /// 政务服务中心.
        Centre = "centre" => "",
        /// 督查监察.
        Supervision = "supervision" => "",
        /// 其他.
        Other = "other" => "",
    }

    /// Kind of hall.
    HallKind ("hall-kind") {
        /// 政务服务中心.
        Centre = "centre" => "",
        /// 分中心.
        Sub = "sub" => "",
        /// 便民服务中心.
        Township = "township" => "",
        /// 便民服务站.
        Village = "village" => "",
    }

    /// Area of a hall 综合窗口分区.
    WindowArea ("window-area") {
        /// 商事登记.
        Registration = "registration" => "",
        /// 投资项目.
        Investment = "investment" => "",
        /// 社会事务.
        Social = "social" => "",
        /// 其他事项.
        General = "general" => "",
        /// 统一出件.
        Exit = "exit" => "",
    }

    /// Post of a member of staff.
    Post ("post") {
        /// 窗口收件.
        WindowClerk = "window-clerk" => "",
        /// 受理.
        Acceptor = "acceptor" => "",
        /// 审查.
        Reviewer = "reviewer" => "",
        /// 决定(首席代表).
        Decider = "decider" => "",
        /// 出件.
        ExitClerk = "exit-clerk" => "",
        /// 大厅管理.
        HallManager = "hall-manager" => "",
        /// 监察.
        Supervisor = "supervisor" => "",
        /// 系统管理.
        Administrator = "administrator" => "",
        /// 事项管理: writes new versions of processes.
        MatterEditor = "matter-editor" => "",
        /// 法制审核: checks and publishes what others wrote.
        LegalReviewer = "legal-reviewer" => "",
    }

    /// Who a theme is for.
    ThemeAudience ("theme-audience") {
        /// 个人办事.
        Person = "person" => "",
        /// 单位办事.
        Organisation = "organisation" => "",
    }

    /// When something handed in after hours counts as received (local rule).
    AfterHoursRule ("after-hours-rule") {
        /// At the start of the next working moment.
        NextWorkingMoment = "next-working-moment" => "",
        /// On the same day.
        SameDay = "same-day" => "",
    }
}

/// Key of the name of a level of exercise 行使层级 in the texts.
#[must_use]
pub const fn use_level_name_key(level: UseLevel) -> &'static str {
    match level {
        UseLevel::National => "use-level-national",
        UseLevel::Province => "use-level-province",
        UseLevel::Prefecture => "use-level-prefecture",
        UseLevel::County => "use-level-county",
        UseLevel::Township => "use-level-township",
        UseLevel::Village => "use-level-village",
        UseLevel::Graded => "use-level-graded",
    }
}

impl SpecialKind {
    /// Whether article 45 of the Administrative Licensing Law takes its time out of the period; any other kind needs a
    /// legal basis of its own to stop the clock.
    #[must_use]
    pub const fn in_article_45(self) -> bool {
        !matches!(self, Self::SiteInspection | Self::Publicity | Self::Other)
    }
}
