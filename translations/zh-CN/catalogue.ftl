# 事项目录：各类代码的名称、填表时的提示、定义的错误。

## 事项类型（G39046 A.1）

item-type-licence = 行政许可
item-type-penalty = 行政处罚
item-type-coercion = 行政强制
item-type-levy = 行政征收
item-type-benefit = 行政给付
item-type-inspection = 行政检查
item-type-confirmation = 行政确认
item-type-award = 行政奖励
item-type-adjudication = 行政裁决
item-type-other = 其他行政权力
item-type-public-service = 公共服务

## 行使层级（G39046 A.2）

use-level-national = 国家级
use-level-province = 省级
use-level-prefecture = 市（州）级
use-level-county = 县级
use-level-township = 镇（乡、街道）级
use-level-village = 村（社区）级
use-level-graded = 分级管理

## 办件类型（G39046 A.6）

case-kind-immediate = 即办件
case-kind-promised = 承诺件

## 服务对象（G39046 A.4）

applicant-kind-person = 自然人
applicant-kind-enterprise = 企业法人
applicant-kind-institution = 事业法人
applicant-kind-social-organisation = 社会组织法人
applicant-kind-other = 其他组织

## 办理形式（G39046 A.5）

handling-form-window = 窗口办理
handling-form-web = 网上办理（电脑）
handling-form-mobile = 网上办理（手机）
handling-form-courier = 快递申请

## 通办范围

cross-handling-country = 全国通办
cross-handling-province = 全省通办
cross-handling-city = 全市（州）通办
cross-handling-county = 全县（市）通办
cross-handling-town = 本镇（街道）内通办
cross-handling-village = 跨村（社区）通办

## 期限单位

period-unit-working-day = 个工作日
period-unit-natural-day = 天
period-unit-hour = 小时
period-unit-month = 个月
period-unit-year = 年

## 特别程序

special-kind-hearing = 听证
special-kind-tender = 招标
special-kind-auction = 拍卖
special-kind-inspection = 检验
special-kind-testing = 检测
special-kind-quarantine = 检疫
special-kind-appraisal = 鉴定
special-kind-expert-review = 专家评审
special-kind-site-inspection = 现场核查
special-kind-publicity = 公示
special-kind-other = 其他特别程序

## 材料

necessity-required = 必要
necessity-optional = 非必要
necessity-tolerable = 可以后补（容缺受理）
necessity-waived-by-credit = 免交

material-source-self = 自己准备
material-source-issued = 政府部门核发
material-source-licence-store = 从电子证照库调取，不用交
material-source-shared = 部门之间核对，不用交
material-source-form = 填表自动生成

material-form-electronic = 电子
material-form-paper = 纸质
material-form-both = 纸质或者电子

## 办理结果

result-kind-licence = 证照
result-kind-approval = 批文
result-kind-none = 无

## 表格里的题目

field-kind-text = 文字
field-kind-multiline = 多行文字
field-kind-name = 姓名或者名称
field-kind-citizen-number = 公民身份号码
field-kind-credit-code = 统一社会信用代码
field-kind-mobile = 手机号码
field-kind-date = 日期
field-kind-number = 数字
field-kind-money = 金额（元）
field-kind-choice = 单选
field-kind-choices = 多选
field-kind-region = 行政区划
field-kind-address = 地址
field-kind-project-code = 项目代码
field-kind-yes-no = 是或者否

## 机构、大厅、岗位

organisation-kind-department = 部门
organisation-kind-township = 乡镇、街道、管理区
organisation-kind-centre = 政务服务中心
organisation-kind-supervision = 监察机构
organisation-kind-other = 其他机构

hall-kind-centre = 政务服务中心
hall-kind-sub = 分中心
hall-kind-township = 便民服务中心
hall-kind-village = 便民服务站

window-area-registration = 商事登记
window-area-investment = 投资项目审批
window-area-social = 社会事务
window-area-general = 其他事项
window-area-exit = 统一出件

post-window-clerk = 窗口收件
post-acceptor = 受理
post-reviewer = 审查
post-decider = 决定（首席代表）
post-exit-clerk = 出件
post-hall-manager = 大厅管理
post-supervisor = 监察
post-administrator = 系统管理
post-matter-editor = 事项管理
post-legal-reviewer = 法制审核

theme-audience-person = 个人办事
theme-audience-organisation = 单位办事

after-hours-rule-next-working-moment = 算下一个工作时段收到
after-hours-rule-same-day = 算当天收到

## 填表时的提示

field-required = 请填写这一项
field-choose = 请选择
field-unknown = 表格里没有这一项，请去掉
field-format = 填写的内容形式不对，请重新填写
field-number = 请填数字，例如 120 或者 12.5
field-min = 不能小于 { $limit }
field-max = 不能大于 { $limit }
field-too-long = 最多写 { $limit } 个字，现在有 { $length } 个
field-date = 请填日期，例如 1905-03-08
field-choice = 这个选项已经没有了，请重新选择
field-region = 请从列表里选择所在的乡镇、街道
field-name = 请填姓名或者名称
field-rule = { $message }

## 错误

problem-definitions-wrong = 定义里有 { $count } 处错误
    .text = 一处也没有导入，正在使用的定义没有改变。
    .remedy = 请按列出的文件和行号逐处改正，再导入一次。
problem-nothing-imported = 还没有事项
    .text = 这个平台还没有导入机构和事项的定义。
    .remedy = 请系统管理员执行 banhao import 文件夹；想先看演示，执行 banhao demo。
problem-folder-not-empty = 文件夹不是空的
    .text = { $path } 里已经有文件，为免覆盖，没有写出。
    .remedy = 请换一个新的或者空的文件夹。
problem-definition-file = 文件写不了
    .text = { $path }：{ $reason }
    .remedy = 请检查磁盘空间和权限，再试一次。
problem-definitions-damaged = 保存的定义读不出来
    .text = { $detail }
    .remedy = 请执行 banhao verify 检查数据库；必要时从备份恢复。
problem-search-failed = 暂时不能搜索
    .text = { $detail }
    .remedy = 请按主题或者部门查找；系统管理员请看日志。
problem-feel-empty = 规则是空的
problem-feel-too-complex = 规则太复杂
problem-feel-forbidden = 规则用了不允许的写法
problem-feel-syntax = 规则写得不对
problem-feel-type = 规则的结果类型不对
problem-feel-evaluation = 规则算不出结果
