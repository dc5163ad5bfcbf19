# 办件的错误。

problem-case-not-found = 没有找到
    .text = 没有这个办件、草稿或文件，或者它不是您的。
    .remedy = 请从“我的办件”打开，或者用查询码查询。
problem-case-denied = 您不能这样办理
    .text = 权限策略 { $policies } 不允许，办件没有改变。
    .remedy = 请由有相应岗位的人员办理；审查人员不得作出决定。
problem-case-wrong-state = 现在不能这样办理
    .text = 办件已经到了别的环节，可能别人刚办过。
    .remedy = 请刷新办件页面，看现在到哪一步。
problem-case-matter-closed = 这个事项现在不能申请
    .text = { $why ->
        [not-applicable] 按您填写的情况，这个事项不适用，什么都没有提交。填写的内容都在草稿里。
       *[other] 事项不在用，或者不能用这种方式申请。
    }
    .remedy = 请看办事指南里的适用条件，回到首页搜索相近的事项，或者到窗口咨询。
problem-case-incomplete = 还有几处没有完成
    .text = 下面一次列出了全部问题，什么都没有提交。
    .remedy = 请逐项补齐后再提交，已填的内容都在。
problem-case-supplement-twice = 只能一次性告知补正
    .text = 已经要求过一次补正。行政许可法第三十二条要求一次告知全部内容。
    .remedy = 请受理，或者依法不予受理。
problem-case-empty = 有一项必须填写
    .text = 法律要求写明的一项还空着：{ $what ->
        [opinion] 审查意见
        [reason] 理由
        [go-to] 应当向哪个机关申请
        [receiver] 领取人姓名
        [signature] 领取人签名
        [waybill] 物流单号
        [window] 所在的窗口
        [purpose] 来办什么
        [supplement-items] 需要补正的材料
        [supplement-problem] 存在的问题
        [supplement-requirement] 补正要求
       *[other] { $what }
    }。
    .remedy = 请填写后再提交。
problem-case-changed = 别人刚办过
    .text = 这个办件刚被别人办理，您这次没有存入。
    .remedy = 请刷新后再看。
problem-case-in-other-hands = 别人已经签收
    .text = 这个环节已由别人签收，您这次没有签收到。
    .remedy = 请从待办里选别的环节，或请对方放回。
problem-case-delegated = 已委派他人
    .text = 这个环节已经委派给别人，办件没有改变。
    .remedy = 请等受托人反馈以后再办结。
problem-case-report-first = 请先反馈
    .text = 这个环节是别人委派给您的，您反馈以后由委派人办结；也不能再转给别人或放回。
    .remedy = 请在“反馈”里写明办理情况。
problem-case-awaits-signers = 正在等加签人
    .text = 这个环节加了签，加签的人还没有签完。
    .remedy = 请等加签人签完，或者减签。
problem-case-suspended = 办件已挂起
    .text = 办件已经挂起，恢复以前不能办理。法定时限照常计算。
    .remedy = 请由决定人员恢复办件，或者终止办件。
problem-case-not-possible = 这里不能这样办理
    .text = { field-not-possible }。办件没有改变。
    .remedy = 请刷新办件，重新选择。
problem-case-not-allowed = 流程不允许
    .text = 这个环节的流程定义不允许“{ $operation ->
        [return] 退回
        [take-back] 撤回
        [hand-over] 转办
        [delegate] 委派
        [add-signers] 加签
        [remove-signer] 减签
        [copy] 抄送
       *[urge] 催办
    }”；受理、决定、送达有各自的文书和法律效力，也不能退回、撤回或者加签。
    .remedy = 请按流程办理；需要这种操作的，请系统管理员修改流程。
problem-case-not-a-candidate = 不能选这个人员或部门
    .text = 选的人员或部门不能办这个环节：不在岗、没有相应权限，或者已经在签署名单里。
    .remedy = 请从名单里另选。
problem-case-move-versions = 不能在这两版之间迁移
    .text = 在办件只能从旧版本迁移到现行版本。您看过以后可能又公布了新版本，什么都没有改变。
    .remedy = 请回到事项页面，重新试算。
problem-case-urged-today = 今天已经催过
    .text = 每人每天催办一次，办理人已经看到您的催办。
    .remedy = 明天仍未办的，可以再催；也可以向监察人员反映。
problem-case-nobody-waits = 现在没有在等这个来件
    .text = 流程没有停在等这个消息的地方，什么都没有登记。
    .remedy = 请刷新办件，看流程走到哪一步。
problem-case-no-window = 要先有您自己的窗口
    .text = 当面办理要登记在哪个窗口办的。您没有分配大厅和窗口，或者选的不是您的窗口；办件没有改变。
    .remedy = 请系统管理员在人员定义里给您分配窗口，或者由出件窗口人员办理。
problem-case-electronic-by-staff = 电子送达要由申请人自己收取
    .text = 工作人员不能代替申请人完成电子送达，办件没有改变。
    .remedy = 请选择窗口领取或者邮寄送达；申请人也可以登录后自己收取。
problem-case-signature = 这个签名不能用
    .text = 签名必须是本页面画出的图片，或者键入的姓名：{ $why ->
        [not-png] 收到的不是 PNG 图片
        [too-large] 图片超过 200 KB
        [pixels] 图片的宽或高超过 4000 像素
       *[too-long] 姓名超过 60 个字
    }。
    .remedy = 请重新签名，或者键入姓名。
problem-case-file-refused = 这个文件不能加
    .text = 不是本事项的材料，或者文件太多。
    .remedy = 请检查材料名称；每项材料最多 20 个文件。
problem-case-process = 办理流程出错
    .text = { $detail }
    .remedy = 办件没有改变。请联系系统管理员检查事项的流程定义。
problem-case-damaged = 办件记录损坏
    .text = { $detail }
    .remedy = 请联系系统管理员运行 banhao verify。

field-material-missing = 还没有上传“{ $material }”
field-verdict-missing = 请选择审查结论
field-opinion-missing = 请写审查意见
field-decision-missing = 请选择准予或者不予
field-reason-missing = 请写理由
field-ground-missing = 请选择不予受理的法定情形
field-go-to-missing = 请写应当向哪个机关申请
field-method-missing = 请选择送达方式
field-method-electronic = 电子送达要由申请人自己收取，请选择窗口领取或者邮寄送达
field-receiver-missing = 请填领取人姓名，与身份证一致
field-signature-missing = 请领取人签名，或者当面键入姓名
field-signature-refused = { $why ->
        [not-png] 签名图片读不出来，请重新签名，或者键入姓名
        [too-large] 签名图片超过 200 KB，请重新签名，或者键入姓名
        [pixels] 签名图片的宽或高超过 4000 像素，请重新签名，或者键入姓名
       *[too-long] 键入的姓名最多 60 个字
    }
field-waybill-missing = 请填物流单号
field-window-missing = 请选择您现在所在的窗口
field-purpose-missing = 请选择来办什么
field-in-order-missing = 请选择“合格”或者“不合格”
field-supplement-items-missing = 请至少写一项需要补正的材料
field-supplement-problem-missing = 请写存在的问题
field-supplement-requirement-missing = 请写补正要求
field-to-missing = 请选择退到或者转给哪里
field-who-missing = 请选择人员或部门
field-report-missing = 请写办理情况
field-note-missing = 请写来件的内容或结论
field-when-missing = 请选择什么时候签
field-then-missing = 请选择退回以后怎么走
field-reply-missing = 请选择来件的结论
field-not-possible = 这里不能这样办理：{ $why ->
    [not-before] 这个环节以前没有办过，或者走不到当前环节
    [other-branch] 这个环节在另一个并行分支里
    [tangled] 流程图在这里从外面跳进了并行分支
    [several] 有多个环节，请选定一个
    [none] 不是您办过的环节，或者没有这个人
    [not-straight] 会跨越并行分支，办完不能直接返回，请选择逐步重办
    [too-late] 后面的环节已经开始办理，请联系后面的经办人退回
    [not-human] 这不是由人办理的环节
    [not-in-turn] 这里不是依次签
    [already-signers] 已经加过签，请等他们签完
    [last-signer] 最后一个签的人不能减去
    [nobody] 没有指定人员或部门
   *[not-a-target] 不能转到这里
}
field-not-a-candidate = 不能选这个人员或部门，请从名单里另选
