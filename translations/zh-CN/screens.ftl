# screens

screens-cockpit = 运行态势
screens-live = 实时更新中
screens-not-live = 连接中断，数字可能已过时
screens-received = 今日收件
screens-closed = 今日办结
screens-open = 在办
screens-soon = 临期
screens-overdue = 超期
screens-jobs = 失败的后台任务
screens-share = 最多跑一次占比
screens-share-of = 本月办结 { $n } 件
screens-share-none = 本月还没有办结的办件
screens-ratings = 本月评价
screens-level = 等级
screens-count = 次数
screens-drawn = 图示
screens-flow = 近14天收件
screens-table = 表格
screens-day = 日期
screens-overdue-none = 没有超期办件
screens-soon-none = 没有临期办件
screens-alarms = 最新预警
screens-alarms-none = 没有预警
