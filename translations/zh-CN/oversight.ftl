# 好差评、电子监察、驾驶舱的错误和名称。

## 错误

problem-oversight-not-finished = 还没有办结，暂时不能评价
    .text = 这件事还在办理中。好差评在办结以后进行，一件事评一次。
    .remedy = 办结后请再打开办件页面评价；办理中遇到问题，请拨打 12345 或者到窗口反映。
problem-oversight-already-rated = 这件事已经评价过了
    .text = 一件事只评一次，已经收到的评价不能改。
    .remedy = 如果还有话要说，请拨打 12345 反映。
problem-oversight-invalid = 评价没有填对
    .text = 有几处需要改正，改正以前没有保存。
    .remedy = 请按每一处的提示改正后再提交。
problem-oversight-no-job = 没有这项失败的任务
    .text = 这项后台任务已经办成，或者从来没有。
    .remedy = 请回到后台任务页面，看现在还有哪些。
problem-oversight-job-in-hand = 这项任务正在办
    .text = 系统此刻正在试这项任务，现在不能放弃。
    .remedy = 请等这一次结束，再刷新页面看结果。
problem-oversight-damaged = 有一条监督记录读不出来
    .text = { $detail }
    .remedy = 请系统管理员执行 banhao verify，检查数据库是否被改动。

field-job-reason-missing = 请写放弃的理由
field-job-reason-long = 理由太长
field-rating-level = 请选择满意程度，从一星到五星
field-rating-tag = “{ $tag }”不是这个星级的评价理由，请重新选择
field-rating-text-long = 文字太长，请写在 { $longest } 字以内

## 满意度

rating-level-5 = 非常满意
rating-level-4 = 满意
rating-level-3 = 基本满意
rating-level-2 = 不满意
rating-level-1 = 非常不满意

## 评价渠道

rating-channel-web = 电脑端
rating-channel-mobile = 移动服务端
rating-channel-qr-code = 二维码
rating-channel-hall-tablet = 政务大厅平板电脑
rating-channel-hall-terminal = 政务大厅其他终端
rating-channel-phone = 电话
rating-channel-sms = 短信

## 监察

alarm-level-reminder = 提醒
alarm-level-yellow = 黄牌
alarm-level-red = 红牌

alarm-rule-acceptance-silence = 受理期满未作答复
    .text = 收到申请之日起五个工作日内没有告知申请人，依照行政许可法第三十二条视为受理。
alarm-rule-promised-overdue = 超过承诺时限
    .text = 在办事指南承诺的时限内没有作出决定。
alarm-rule-statutory-overdue = 超过法定时限
    .text = 在行政许可法第四十二条规定的时限内没有作出决定。
alarm-rule-delivery-overdue = 超过送达时限
    .text = 作出决定之日起十个工作日内没有颁发、送达（行政许可法第四十四条）。

## 办件记录

fact-rating-given = 申请人作出评价
fact-rating-negative-assigned = 差评转承办单位回访整改
fact-alarm-raised = 电子监察预警
fact-job-let-try-again = 让后台任务再试
fact-job-given-up = 放弃后台任务
