//! The five levels of satisfaction (满意度) with both national numberings, and where a rating is given. Pure.

/// How satisfied somebody is (domain.md §8.2). Practice counts stars down from 5, GB/T 39046 A.8 counts up from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Satisfaction {
    /// 非常满意.
    VerySatisfied,
    /// 满意.
    Satisfied,
    /// 基本满意; counted as satisfied.
    FairlySatisfied,
    /// 不满意: a negative rating (差评).
    Dissatisfied,
    /// 非常不满意: a negative rating.
    VeryDissatisfied,
}

impl Satisfaction {
    /// All levels, best first.
    pub const ALL: [Self; 5] = [Self::VerySatisfied, Self::Satisfied, Self::FairlySatisfied, Self::Dissatisfied, Self::VeryDissatisfied];

    /// Stars in 好差评 practice: 5 best, 1 worst.
    #[must_use]
    pub const fn star(self) -> u8 {
        match self {
            Self::VerySatisfied => 5,
            Self::Satisfied => 4,
            Self::FairlySatisfied => 3,
            Self::Dissatisfied => 2,
            Self::VeryDissatisfied => 1,
        }
    }

    /// Code of GB/T 39046 A.8: 1 best, 5 worst.
    #[must_use]
    pub const fn gbt39046(self) -> u8 {
        6 - self.star()
    }

    /// The level with this many stars.
    #[must_use]
    pub fn from_star(star: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.star() == star)
    }

    /// The level with this code of GB/T 39046 A.8.
    #[must_use]
    pub fn from_gbt39046(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.gbt39046() == code)
    }

    /// Whether it is a negative rating (差评), which has to be followed up.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.star() <= 2
    }
}

/// Where a rating is given (评价渠道, GB/T 39046 Table 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RatingChannel {
    /// PC端.
    Web,
    /// 移动服务端.
    Mobile,
    /// 二维码.
    QrCode,
    /// 政务大厅平板电脑.
    HallTablet,
    /// 政务大厅其他终端.
    HallTerminal,
    /// 电话.
    Phone,
    /// 短信.
    Sms,
}

impl RatingChannel {
    /// All channels in the order of the table.
    pub const ALL: [Self; 7] = [Self::Web, Self::Mobile, Self::QrCode, Self::HallTablet, Self::HallTerminal, Self::Phone, Self::Sms];

    /// Stable name in the database and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Mobile => "mobile",
            Self::QrCode => "qr-code",
            Self::HallTablet => "hall-tablet",
            Self::HallTerminal => "hall-terminal",
            Self::Phone => "phone",
            Self::Sms => "sms",
        }
    }

    /// The channel with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numberings_name_the_same_levels() {
        let table = [(5, 1), (4, 2), (3, 3), (2, 4), (1, 5)];
        for (level, (star, code)) in Satisfaction::ALL.into_iter().zip(table) {
            assert_eq!((level.star(), level.gbt39046()), (star, code));
            assert_eq!((Satisfaction::from_star(star), Satisfaction::from_gbt39046(code)), (Some(level), Some(level)));
            assert_eq!(level.is_negative(), star <= 2);
        }
        for wrong in [0, 6, 255] {
            assert_eq!((Satisfaction::from_star(wrong), Satisfaction::from_gbt39046(wrong)), (None, None));
        }
    }

    #[test]
    fn channels_survive_their_names() {
        for channel in RatingChannel::ALL {
            assert_eq!(RatingChannel::from_name(channel.as_str()), Some(channel));
        }
        assert_eq!(RatingChannel::from_name("window"), None);
    }
}
