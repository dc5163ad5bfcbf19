# 基础代码的错误：号码、编码、日历。其他部分的错误写在各自的文件里。

## 一般

problem-code-invalid = 号码或者编码不对
    .text = 有一个号码或者编码没有通过核对。
    .remedy = 请对照原件，按提示改正后再提交。

## 日历

problem-calendar-year-not-loaded = 还没有 { $year } 年的工作日历
    .text = 这个期限要算到 { $year } 年，但是国务院办公厅 { $year } 年的放假安排还没有录入，系统不会猜测哪天上班。
    .remedy = 请系统管理员照 crates/kernel/data/calendar-2026.toml 的格式，把 { $year } 年的放假安排写进定义文件夹的 calendars/{ $year }.toml，再对这个文件夹执行 banhao import。
problem-calendar-out-of-range = 日期太远
    .text = 算出来的日期超过 9999 年。
    .remedy = 请检查开始日期和天数。
problem-calendar-unreadable = 工作日历读不出来
    .text = { $detail }
    .remedy = 请按 crates/kernel/data/calendar-2026.toml 的格式改正。
problem-calendar-other-year = 日历里有别的年份的日期
    .text = { $date } 不属于 { $year } 年的日历。
    .remedy = 请把这一天写进它自己年份的日历文件。
problem-calendar-reversed = 假期的结束早于开始
    .text = 假期从 { $from } 到 { $to }，结束的日期在前。
    .remedy = 请改正 from 和 to。
problem-calendar-contradiction = 同一天既放假又上班
    .text = { $date } 既在假期里，又列为调休上班日。
    .remedy = 请对照国务院办公厅的通知，删去其中一处。

## 字段

field-citizen-number-format = 公民身份号码应为 18 位：前 17 位是数字，最后一位是数字或者 X
field-citizen-number-birth-date = 第 7 到 14 位应是出生日期，但是没有这一天，请对照身份证检查
field-citizen-number-birth-range = 第 7 到 14 位的出生日期不可能，请对照身份证检查
field-citizen-number-check = 最后一位与前面的数字对不上，至少有一位填错了，请对照身份证逐位检查
field-credit-code-format = 统一社会信用代码应为 18 位数字或者大写字母（不用 I、O、S、V、Z），第 3 到 8 位是数字
field-credit-code-check = 最后一位与前面的对不上，至少有一位填错了，请对照营业执照逐位检查
field-organisation-code-format = 组织机构代码应为 8 位数字或者大写字母加 1 位数字或者 X
field-organisation-code-check = 最后一位与前面的对不上，请对照证书检查
field-region-code-format = 行政区划代码应为 6 位、9 位或者 12 位数字
field-region-code-level = 行政区划代码中间有一级是 00 或者 000，后面却还有下级，或者 9 位、12 位代码以 000 结尾
field-task-code-format = 实施编码应为 31 位，业务办理项编码应为 33 位，依次为统一社会信用代码 18 位、行使层级 1 位、基本编码 12 位、办理项 2 位
field-task-code-body = 前 18 位应是实施主体的统一社会信用代码，但是没有通过核对
field-task-code-level = 第 19 位应是行使层级 1 到 7
field-task-code-province = 基本编码的前两位应是 00（国家）或者省级代码，湖北是 42
field-task-code-handling-item = 办理项从 01 开始编号
field-case-number-format = 办件编号应为 43 到 50 位：实施编码 31 位、日期 8 位、流水号 4 到 11 位
field-case-number-task-code = 办件编号的前 31 位不是有效的实施编码，请检查
field-case-number-date = 办件编号的第 32 到 39 位应是日期，但是没有这一天
field-case-number-serial = 办件编号的流水号从 0001 开始
field-query-code-format = 查询码应为 13 位数字和字母，不含 0、O、1、I、L
field-query-code-check = 查询码有一位填错了，请对照收件凭证逐位检查
field-licence-number-format = 证照标识应为 1.2.156.3005.2 开头，后接证照类型 21 位、颁证机构 18 位、流水号、版本号 3 位和校验位，用点分开
field-licence-number-check = 证照标识的校验位对不上，至少有一位填错了
field-project-code-format = 项目代码应为 24 位，例如 2611-421083-04-01-123456
field-mobile-format = 手机号码应为 11 位数字，以 13 到 19 开头
field-money-format = 金额按元填写，最多两位小数，例如 1250.50
field-money-range = 金额太大，小数点前最多 14 位
field-ebill-format = 电子票据应有 8 位代码、10 位号码和 6 位校验码
