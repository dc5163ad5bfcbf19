# 账号与权限的错误。

problem-identity-wrong-credentials = 账号或口令不对
    .text = 没有这样的账号，或者口令不对。
    .remedy = 请检查后再试；忘记口令可以带身份证到任一便民服务中心办理。
problem-identity-too-many-attempts = 试得太多了
    .text = 为了保护账号，请等 { $seconds } 秒。
    .remedy = 等待后再试，或者到便民服务中心重设口令。
problem-identity-account-exists = 已经有账号了
    .text = 这个公民身份号码已经注册过。
    .remedy = 请直接登录；忘记口令可以到窗口重设。
problem-identity-invalid = 有几处需要改正
    .text = 下面列出了全部问题。
    .remedy = 请逐项改正后再提交，已填内容都在。
problem-identity-unknown-staff = 没有这个工作人员
    .text = 没有登录名 { $login }。
    .remedy = 请检查登录名；人员名单在定义文件 staff.toml 中。
problem-identity-denied = 您没有这项权限
    .text = 权限策略 { $policies } 不允许。
    .remedy = 如果工作需要，请联系大厅管理或系统管理员。
problem-identity-anonymous = 请先登录
    .text = 这个页面需要登录后才能看。
    .remedy = 登录后会自动回到这里。
problem-identity-policy = 权限策略有误
    .text = { $detail }
    .remedy = 请联系系统管理员运行 banhao check。
problem-identity-hashing = 口令处理失败
    .text = { $detail }
    .remedy = 请稍后再试。
problem-identity-damaged = 账号记录损坏
    .text = { $detail }
    .remedy = 请联系系统管理员。

field-password-weak = 口令至少 10 个字，不要只重复几个字
field-name-differs = 姓名与该公民身份号码已登记的姓名不一致，请对照身份证
