# 后台任务

jobs-title = 后台任务
jobs-text = 计时、到期、通知、制作文书由系统在后台自动办。办不成的隔一会儿自动再试，间隔越来越长；半个多小时还不成，就停下来等系统管理员处理。
jobs-tabs = 按状态看
jobs-count-nav = 等人处理
jobs-kinds = 办不成的种类
jobs-kinds-failed = 等人处理 { $n } 项
jobs-kinds-failing = 还会再试 { $n } 项
jobs-kinds-given-up = 已放弃 { $n } 项
jobs-only = 只看这一种
jobs-only-now = 只看：{ $kind }
jobs-all-kinds = 看全部种类
jobs-all-again = 全部立即再试
jobs-col-job = 任务
jobs-col-about = 办件
jobs-col-tries = 试过
jobs-col-next = 下次
jobs-col-why = 为什么办不成
jobs-col-act = 处理
jobs-tries = { $n } 次
jobs-tried-at = 上次
jobs-left-at = 什么时候布置的
jobs-next-none = 不再自动试
jobs-next-in-hand = 正在办
jobs-detail = 技术信息
jobs-about-move = 在办件迁移命令
jobs-about-gone = 所属的办件已经没有了
jobs-again = 立即再试
jobs-again-done = 已排队，马上再试
jobs-again-already = 这项任务已经在排队、正在办或者已办成，不用再试
jobs-all-again-done = 已让 { $n } 项任务马上再试
jobs-all-again-none = 这一种没有等着再试的任务
jobs-give-up = 放弃
jobs-give-up-text = 放弃以后系统不再试这项任务，它要办的事不会发生，例如文书不会制作、预警不会发出。任务和理由都留着，以后还可以再试。
jobs-reason = 放弃的理由
jobs-reason-hint = 写明为什么不用再办，例如已经人工办好。不要写申请人的个人信息。
jobs-reason-missing = 请写放弃的理由
jobs-reason-long = 理由太长，最多 { $n } 个字
jobs-given-up = 已放弃，不再试
jobs-given-up-already = 这项任务已经放弃过了，或者已办成
jobs-given-up-by = 谁放弃的
jobs-given-up-why = 理由
jobs-none-failed = 没有等人处理的任务
jobs-none-failed-text = 后台任务都办得成，或者系统还会自己再试。
jobs-none-failing = 没有在反复重试的任务
jobs-none-failing-text = 办不成一次的任务会出现在这里，办成以后自动消失。
jobs-none-given-up = 没有放弃的任务
jobs-none-given-up-text = 放弃的任务留在这里，随时可以再试。
jobs-queue = 排队情况
jobs-queue-now = 正在办 { $running } 项，排队 { $queued } 项，等时间到 { $coming } 项。
jobs-queue-oldest = 排队最久的是“{ $kind }”，已等 { $age }。
jobs-queue-stuck = 等了这么久，多半是后台停住了：请看程序日志，必要时重新启动。
jobs-queue-chart = 到了时间的任务
jobs-queue-summary = 每种任务有几项到了时间，正在办或者排队
jobs-queue-running = 正在办
jobs-queue-queued = 排队
jobs-queue-coming = 等时间到
jobs-queue-age = 最久已等
jobs-queue-kind = 种类
jobs-age-moment = 1 分钟以内
jobs-age-minutes = { $n } 分钟
jobs-age-hours = { $n } 小时
jobs-age-days = { $n } 天

## 种类

job-kind-case-timer = 环节计时到点
job-kind-case-message = 通知相关办件
job-kind-case-signal = 通知所有等候的办件
job-kind-case-due = 受理、补正期限到期
job-kind-alarm-overdue = 超期预警
job-kind-case-calendar = 等下一年工作日历
job-kind-paper-issue = 制作文书
job-kind-paper-issued = 文书送回办件
job-kind-case-move = 找出要迁移的办件
job-kind-case-move-one = 迁移一件在办件

## 状态

job-trouble-failed = 等人处理
job-trouble-failing = 还会再试
job-trouble-given-up = 已放弃
