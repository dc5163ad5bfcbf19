//! Bodies, halls, windows, staff.

use banhao_kernel::{CreditCode, Date, RegionCode, UseLevel};
use serde::Serialize;

use super::{Bilingual, HallKind, OrganisationKind, Post, WindowArea, installation::valid_on};

/// A body 机构.
#[derive(Debug, Clone, Serialize)]
pub struct Organisation {
    /// Key (the file's name).
    pub key: String,
    /// Name.
    pub name: Bilingual,
    /// Short name for paper numbers, such as 洪市监.
    pub short: String,
    /// Unified social credit code.
    pub credit_code: CreditCode,
    /// Region.
    pub region: RegionCode,
    /// Kind.
    pub kind: OrganisationKind,
    /// Key of the body above.
    pub parent: Option<String>,
    /// Level of exercise.
    pub level: UseLevel,
    /// Telephone.
    pub phone: String,
    /// Telephone for complaints.
    pub supervise_phone: String,
    /// Address.
    pub address: String,
    /// First day of its existence.
    pub valid_from: Date,
    /// Last day of its existence.
    pub valid_to: Option<Date>,
    /// Key of the body that took over.
    pub successor: Option<String>,
    /// Name in the 2017 plan.
    pub seed_name: Option<String>,
    /// Name of its seal for approvals.
    pub approval_seal: Option<String>,
    /// Body for administrative reconsideration 复议机关.
    pub review_organ: Option<String>,
    /// Court for litigation.
    pub court: Option<String>,
}

impl Organisation {
    /// Whether it exists on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        valid_on(self.valid_from, self.valid_to, day)
    }
}

/// A hall 大厅.
#[derive(Debug, Clone, Serialize)]
pub struct Hall {
    /// Key (the file's name).
    pub key: String,
    /// Name.
    pub name: Bilingual,
    /// Kind.
    pub kind: HallKind,
    /// Region.
    pub region: RegionCode,
    /// Key of the body that runs it.
    pub organisation: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Opening hours in words.
    pub hours: Bilingual,
    /// Key of the hall above.
    pub parent: Option<String>,
    /// Windows.
    pub windows: Vec<Window>,
}

/// A window 窗口.
#[derive(Debug, Clone, Serialize)]
pub struct Window {
    /// Code, unique in the hall.
    pub code: String,
    /// Name.
    pub name: Bilingual,
    /// Area.
    pub area: WindowArea,
}

/// A member of staff and the posts they hold.
#[derive(Debug, Clone, Serialize)]
pub struct StaffPost {
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Key of the body.
    pub organisation: String,
    /// Posts.
    pub posts: Vec<Post>,
    /// Key of the hall they work in.
    pub hall: Option<String>,
    /// Codes of windows of that hall.
    pub windows: Vec<String>,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_to: Option<Date>,
}

impl StaffPost {
    /// Whether the posts are held on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        valid_on(self.valid_from, self.valid_to, day)
    }
}
