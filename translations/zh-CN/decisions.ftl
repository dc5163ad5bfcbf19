# 规则（决策表）：为什么要这些材料、收不收费、适不适用。
reasons-title = 为什么是这样
reasons-lead = 下面是判断时用的规则表。打勾的行是您的情况，材料、收费和是否适用都按它得出。
reasons-row = 行
reasons-state = 情况
reasons-used = ✓ 用到这一行
reasons-fired = 符合
reasons-open = 还要看您的回答
reasons-not = 不符合
reasons-result = 结果
reasons-remark = 说明
reasons-empty = 这张表没有规则。
reasons-applies = 是否适用：{ $name }
reasons-materials = 需要的材料：{ $name }
reasons-fees = 收费：{ $name }
reasons-acceptance = 自动受理：{ $name }
reasons-routing = 流程走向：{ $name }
reasons-not-applicable = 按您的回答，这个事项不适用。
