# 文书与证照的错误。

problem-records-not-found = 没有这份文书
    .text = 文书不存在，或者不是您的。
    .remedy = 请从办件页面打开，或者核对验真码。
problem-records-not-ready = 文书正在制作
    .text = 文书正在排版和签章，通常只要一秒。
    .remedy = 请稍等片刻，刷新页面。
problem-records-no-template = 缺少文书模板
    .text = 定义中没有 { $kind } 的模板。
    .remedy = 请系统管理员在定义文件夹的 papers 中补上并导入。
problem-records-no-organisation = 缺少机构定义
    .text = 定义中没有机构 { $organisation }。
    .remedy = 请系统管理员补上并导入。
problem-records-licence-number = 证照标识无法生成
    .text = { $detail }
    .remedy = 请系统管理员检查事项的证照类型代码。
problem-records-paper = 文书制作失败
    .text = { $detail }
    .remedy = 系统会自动重试；请系统管理员查看失败的后台任务。
problem-records-damaged = 文书记录损坏
    .text = { $detail }
    .remedy = 请联系系统管理员运行 banhao verify。
