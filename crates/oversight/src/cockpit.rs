//! The cockpit (驾驶舱): the numbers of the day on one page. Every list is short and served by an index. Whoever shows it has
//! asked the policies for [`banhao_identity::DeskAct::SeeCockpit`].

use banhao_cases::{
    CaseContext,
    queries::{
        counts::{DayCounts, VisitShare, day_counts, visit_share},
        mine::CaseLine,
        supervision::{DayFlow, due_within, flow_per_day},
    },
};
use banhao_kernel::{Date, Timestamp, clock::start_of_day};

use crate::{
    alarms::{AlarmView, latest_alarms},
    error::OversightError,
    ratings::counts_since,
    satisfaction::Satisfaction,
};

/// Working days that count as due soon.
const SOON: u32 = 2;
/// Days of the small chart.
const CHART_DAYS: u8 = 14;
/// Longest list of the page.
const LIST: u64 = 20;

/// How often each level was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RatingCounts {
    /// In the order of [`Satisfaction::ALL`], best first.
    pub counts: [u64; 5],
}

impl RatingCounts {
    pub(crate) fn add(&mut self, level: Satisfaction, number: u64) {
        self.counts[usize::from(level.gbt39046() - 1)] += number;
    }

    /// How often this level was given.
    #[must_use]
    pub fn of(&self, level: Satisfaction) -> u64 {
        self.counts[usize::from(level.gbt39046() - 1)]
    }

    /// All ratings.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Negative ratings.
    #[must_use]
    pub fn negative(&self) -> u64 {
        Satisfaction::ALL.into_iter().filter(|level| level.is_negative()).map(|level| self.of(level)).sum()
    }

    /// 满意率: share of the three good levels in thousandths, rounded down; `None` when nobody has rated.
    #[must_use]
    pub fn satisfied_permille(&self) -> Option<u64> {
        ((self.total() - self.negative()) * 1000).checked_div(self.total())
    }
}

/// Everything the cockpit shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cockpit {
    /// The day.
    pub today: Date,
    /// Last day that counts as due soon.
    pub soon: Date,
    /// First day of the month, from which visits and ratings count.
    pub month: Date,
    /// Numbers of the day.
    pub day: DayCounts,
    /// Open cases of the authority due today or within two working days, most urgent first; at most 20.
    pub due_soon: Vec<CaseLine>,
    /// Open cases whose last day is over, longest first; at most 20.
    pub overdue: Vec<CaseLine>,
    /// Visits of the cases closed this month.
    pub visits: VisitShare,
    /// Ratings of this month.
    pub ratings: RatingCounts,
    /// Received and closed per day, 14 days up to today.
    pub flow: Vec<DayFlow>,
    /// The newest alarms, newest first; at most 20.
    pub alarms: Vec<AlarmView>,
    /// When the numbers were gathered.
    pub generated_at: Timestamp,
}

/// Gathers the cockpit of a day.
///
/// # Errors
/// When the store fails, or the calendar of the next working days is not loaded.
pub async fn cockpit(ctx: &CaseContext, today: Date) -> Result<Cockpit, OversightError> {
    let soon = ctx.snapshot().await?.calendar.add_working_days(today, SOON)?;
    let month = today.first_of_month();
    let mut first = today;
    for _ in 1..CHART_DAYS {
        first = first.yesterday().unwrap_or(first);
    }
    let before = today.yesterday().unwrap_or(today);
    Ok(Cockpit {
        day: day_counts(ctx, today, soon).await?,
        due_soon: due_within(ctx, Some(today), soon, LIST).await?,
        overdue: due_within(ctx, None, before, LIST).await?,
        visits: visit_share(ctx, month).await?,
        ratings: counts_since(ctx, start_of_day(month)).await?,
        flow: flow_per_day(ctx, first, today).await?,
        alarms: latest_alarms(ctx, LIST).await?,
        generated_at: ctx.store.now(),
        today,
        soon,
        month,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_levels_of_five_are_satisfied() {
        let mut counts = RatingCounts::default();
        assert_eq!((counts.total(), counts.satisfied_permille()), (0, None));
        for (number, level) in Satisfaction::ALL.into_iter().enumerate() {
            counts.add(level, number as u64 + 1);
        }
        assert_eq!(counts.counts, [1, 2, 3, 4, 5]);
        assert_eq!((counts.of(Satisfaction::VeryDissatisfied), counts.negative(), counts.satisfied_permille()), (5, 9, Some(400)));
    }
}
