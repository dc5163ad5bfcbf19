//! The installation, its themes and its regions.

use banhao_kernel::{Date, RegionCode};
use serde::Serialize;

use super::{AfterHoursRule, Bilingual, ThemeAudience};

/// One county-level platform.
#[derive(Debug, Clone, Serialize)]
pub struct Installation {
    /// Its name.
    pub name: Bilingual,
    /// The county-level region.
    pub region: RegionCode,
    /// Address in the footer.
    pub site: Site,
    /// Telephone for complaints.
    pub supervise_phone: String,
    /// Domain name of the public site.
    pub city_domain: Option<String>,
    /// When the halls are open.
    pub office_hours: OfficeHours,
    /// When something handed in after hours counts as received.
    pub after_hours_rule: AfterHoursRule,
    /// Whether papers are marked as samples 示范.
    pub demo: bool,
    /// Themes, in order.
    pub themes: Vec<Theme>,
}

/// Where the government is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Site {
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Postal code.
    pub postcode: String,
}

/// Office hours, as `08:30-12:00`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct OfficeHours {
    /// Morning.
    pub morning: String,
    /// Afternoon.
    pub afternoon: String,
}

impl OfficeHours {
    /// The spans as minutes after midnight: `[(510, 720), (870, 1050)]`.
    #[must_use]
    pub fn minutes(&self) -> Vec<(u16, u16)> {
        [&self.morning, &self.afternoon].into_iter().filter_map(|span| span_minutes(span)).collect()
    }
}

/// `08:30-12:00` in minutes after midnight.
pub(crate) fn span_minutes(span: &str) -> Option<(u16, u16)> {
    let minutes = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
        (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let (from, to) = span.split_once('-')?;
    let (from, to) = (minutes(from)?, minutes(to)?);
    (from < to).then_some((from, to))
}

/// A theme that matters are found by 主题分类.
#[derive(Debug, Clone, Serialize)]
pub struct Theme {
    /// Key.
    pub key: String,
    /// Name.
    pub name: Bilingual,
    /// For persons or for bodies.
    pub audience: ThemeAudience,
    /// Place in the list.
    pub order: u32,
}

/// An administrative region.
#[derive(Debug, Clone, Serialize)]
pub struct Region {
    /// Code: 6, 9 or 12 digits.
    pub code: RegionCode,
    /// Name.
    pub name: Bilingual,
}

/// Whether a body, person or definition is valid on a day.
pub(crate) fn valid_on(from: Date, to: Option<Date>, day: Date) -> bool {
    from <= day && to.is_none_or(|to| day <= to)
}
