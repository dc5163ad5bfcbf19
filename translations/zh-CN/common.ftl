# 各处共用的文字：产品名、按钮、是与否、办件状态。页面自己的文字在各自的文件里。

common-product = 办好
common-product-full = 办好 · 一次办好政务服务平台
common-tagline = 进一扇门，办一次事，就办好

## 按钮

common-save = 保存
common-save-later = 保存，以后再填
common-continue = 继续
common-back = 上一步
common-next = 下一步
common-cancel = 取消
common-close = 关闭
common-edit = 修改
common-delete = 删除
common-remove = 移除
common-add = 添加
common-submit = 提交
common-confirm = 确认
common-search = 搜索
common-filter = 筛选
common-clear = 清除
common-download = 下载
common-print = 打印
common-upload = 上传
common-view = 查看
common-open = 打开
common-retry = 重试
common-refresh = 刷新
common-copy = 复制
common-show-all = 全部显示
common-more = 更多
common-less = 收起

## 短语

common-yes = 是
common-no = 否
common-all = 全部
common-none = 无
common-other = 其他
common-optional = 选填
common-required = 必填
common-unknown = 不详
common-today = 今天
common-yesterday = 昨天
common-tomorrow = 明天
common-free = 不收费
common-loading = 正在加载
common-empty = 没有内容
common-total = 共 { $n } 条
common-working-days = { $n } 个工作日
common-natural-days = { $n } 个自然日
common-times = { $n } 次
common-pieces = { $n } 份
common-yuan = { $amount } 元

common-male = 男
common-female = 女

## 事项

common-case-kind-immediate = 即办件
common-case-kind-promised = 承诺件
common-channel-window = 窗口
common-channel-web = 电脑端网上
common-channel-mobile = 移动端网上
common-channel-courier = 快递
common-channel-api = 系统对接
common-channel-hotline = 12345 热线

## 办件状态

common-status-received = 已收件
    .explained = 申请已经收到，工作人员正在核对材料。
common-status-supplement = 待补正
    .explained = 还缺材料或者内容，请按补正告知书补齐。
common-status-reviewing = 审查中
    .explained = 申请已经受理，工作人员正在审查。
common-status-deciding = 待决定
    .explained = 审查已经完成，等待作出决定。
common-status-making = 制证中
    .explained = 决定已经作出，正在制作文书或者证照。
common-status-delivering = 待送达
    .explained = 结果已经做好，等待领取或者寄送。
common-status-closed = 已办结
    .explained = 这件事已经办完。

common-outcome-granted = 准予
common-outcome-refused = 不予
common-outcome-not-accepted = 不予受理
common-outcome-withdrawn = 申请人撤回
common-outcome-lapsed = 视为撤回
common-outcome-terminated = 终止办理

common-delivery-window = 窗口领取
common-delivery-courier = 快递寄送
common-delivery-electronic = 网上送达

## 时限

common-period-acceptance = 受理期限
common-period-supplement = 补正期限
common-period-promised = 承诺办结时限
common-period-statutory = 法定办结时限
common-period-delivery = 送达期限

## 行政层级

common-level-province = 省
common-level-prefecture = 市（州）
common-level-county = 县（市、区）
common-level-township = 镇（乡、街道）
common-level-village = 村（社区）
