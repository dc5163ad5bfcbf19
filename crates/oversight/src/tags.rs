//! The national tag table of 好差评 (domain.md §8.3): eight reasons per star. Local additions are not allowed within one set;
//! a changed table is a new set number, and old ratings keep theirs.

use crate::satisfaction::Satisfaction;

/// Number of the table that ratings are given with now.
pub const TAG_SET: i32 = 1;

/// One reason to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// National code; its first digit is the star.
    pub code: u16,
    /// Chinese, as in the national table.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

const fn tag(code: u16, zh: &'static str, en: &'static str) -> Tag {
    Tag { code, zh, en }
}

/// The table, best star first, each star's tags in order.
pub const TAGS: [Tag; 40] = [
    tag(510, "一窗受理一次办结", "One window, done in one go"),
    tag(511, "可以先受理后补材料", "Accepted first, papers could follow"),
    tag(512, "不用提交证明", "No certificates had to be handed in"),
    tag(513, "可以全程网上办理", "Everything could be done online"),
    tag(514, "可以使用手机办理", "Could be done on a phone"),
    tag(515, "可以就近办理", "Could be done nearby"),
    tag(516, "无需材料直接办理", "Done without any papers"),
    tag(517, "服务热情效率高", "Friendly and quick service"),
    tag(406, "填写一张表单就可完成申报", "One form was enough to apply"),
    tag(407, "在线提交材料窗口核验", "Papers sent online, checked at the window"),
    tag(408, "一张清单告知全部申报材料", "One list named all the papers needed"),
    tag(409, "用告知承诺减免申报材料", "A declaration replaced some papers"),
    tag(410, "可以在线预约办理", "Could be booked online"),
    tag(411, "跑大厅一次办完", "Done in one visit to the hall"),
    tag(412, "可以使用自助机办理", "Could be done at a self-service machine"),
    tag(413, "服务态度较好", "Good attitude"),
    tag(307, "一次性告知需要补正的材料", "Told at once everything that had to be corrected"),
    tag(308, "提供申报材料样本", "Sample papers were provided"),
    tag(309, "在承诺的时间内办结", "Finished within the promised time"),
    tag(310, "办事指南指引准确", "The guide was accurate"),
    tag(311, "按办事指南要求的材料即可办理", "The papers named in the guide were enough"),
    tag(312, "可以快递送达", "Could be delivered by courier"),
    tag(313, "跑动次数与承诺的一致", "As many visits as promised"),
    tag(314, "服务态度一般", "Average attitude"),
    tag(207, "没有提供材料样本", "No sample papers were provided"),
    tag(208, "没有提供材料清单", "No list of papers was provided"),
    tag(209, "未在承诺时间内办结", "Not finished within the promised time"),
    tag(210, "同样内容的证明材料被要求多次提交", "The same proof was asked for several times"),
    tag(211, "承诺网办但无法在线办理", "Promised online, but could not be done online"),
    tag(212, "在线预约办理后到实体大厅重复取号排队", "Booked online, but had to queue again in the hall"),
    tag(213, "窗口人员业务不熟练", "The clerk did not know the work well"),
    tag(214, "服务态度生硬", "Brusque attitude"),
    tag(108, "在办事指南之外增加新的审批条件", "Conditions were added that are not in the guide"),
    tag(109, "需提供办事指南之外的申报材料", "Papers were asked for that are not in the guide"),
    tag(110, "无理由超过法定办理时间", "The statutory time was exceeded without reason"),
    tag(111, "办事指南提供样本有错", "The samples in the guide were wrong"),
    tag(112, "承诺在线收取申报材料实际无法收取", "Papers could not be sent online as promised"),
    tag(113, "多头跑窗口和部门", "Sent from window to window and office to office"),
    tag(114, "跑动次数与承诺的不一致", "More visits than promised"),
    tag(115, "服务态度差效率低", "Bad attitude and slow"),
];

impl Tag {
    /// The star it belongs to.
    #[must_use]
    pub const fn star(&self) -> u16 {
        self.code / 100
    }
}

/// The tags a level may be explained with, in order.
pub fn of(level: Satisfaction) -> impl Iterator<Item = &'static Tag> {
    TAGS.iter().filter(move |tag| tag.star() == u16::from(level.star()))
}

/// The tag with this code.
#[must_use]
pub fn find(code: u16) -> Option<&'static Tag> {
    TAGS.iter().find(|tag| tag.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_star_has_its_eight_tags_in_a_row() {
        for (level, first) in Satisfaction::ALL.into_iter().zip([510_u16, 406, 307, 207, 108]) {
            let codes: Vec<u16> = of(level).map(|tag| tag.code).collect();
            assert_eq!(codes, (first..first + 8).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_tag_is_there_twice_or_without_words() {
        assert_eq!(TAGS.iter().map(|tag| tag.code).collect::<BTreeSet<_>>().len(), TAGS.len());
        assert_eq!(TAGS.iter().map(|tag| tag.zh).collect::<BTreeSet<_>>().len(), TAGS.len());
        assert_eq!(TAGS.iter().map(|tag| tag.en).collect::<BTreeSet<_>>().len(), TAGS.len());
        assert!(TAGS.iter().all(|tag| !tag.zh.is_empty() && !tag.zh.is_ascii() && tag.en.is_ascii() && !tag.en.is_empty()));
        assert_eq!((find(517).map(Tag::star), find(999)), (Some(5), None));
    }
}
