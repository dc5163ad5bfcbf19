//! Rates of the good/bad rating (好差评): exact ratios of counts, no floating point. Formulae are common practice; no national
//! text sets them.

use serde::{Deserialize, Serialize};

/// An exact share: `part` of `whole`. A share of nothing has no value.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Ratio {
    /// How many.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
}

impl Ratio {
    /// A share.
    #[must_use]
    pub const fn new(part: u64, whole: u64) -> Self {
        Self { part, whole }
    }

    /// In 10^-`places`, rounded half up: `scaled(3)` is per mille. `None` when the whole is 0 or the number is too large.
    #[must_use]
    pub fn scaled(self, places: u32) -> Option<u64> {
        let whole = u128::from(self.whole);
        let part = u128::from(self.part).checked_mul(10_u128.checked_pow(places)?)?;
        u64::try_from(part.checked_mul(2)?.checked_add(whole)?.checked_div(whole * 2)?).ok()
    }

    /// In per mille, rounded half up.
    #[must_use]
    pub fn permille(self) -> Option<u64> {
        self.scaled(3)
    }

    /// `95.0 %`; a dash when the whole is 0.
    #[must_use]
    pub fn percent(self) -> String {
        self.permille().map_or_else(|| "—".to_owned(), |permille| format!("{}.{} %", permille / 10, permille % 10))
    }
}

/// Equal as numbers: 1/2 = 2/4. Shares of nothing are equal to each other only.
impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        if self.whole == 0 || other.whole == 0 {
            return self.whole == other.whole;
        }
        u128::from(self.part) * u128::from(other.whole) == u128::from(other.part) * u128::from(self.whole)
    }
}

impl Eq for Ratio {}

/// What was counted in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingCounts {
    /// Closed cases 办结办件.
    pub closed_cases: u64,
    /// Rated cases, those the system rated by default included.
    pub rated: u64,
    /// Of them, rated “good” by the system because nobody rated: no rating of a person.
    pub system_default: u64,
    /// Ratings by level, from level 1 (very dissatisfied) to level 5 (very satisfied).
    pub by_level: [u64; 5],
    /// Negative ratings found mistaken or malicious.
    pub negative_excluded: u64,
    /// Negative ratings whose rater was called back.
    pub negative_called_back: u64,
    /// Negative ratings put right.
    pub negative_rectified: u64,
    /// Of them, in time.
    pub negative_rectified_in_time: u64,
}

impl RatingCounts {
    /// Negative ratings: levels 1 and 2.
    #[must_use]
    pub const fn negative(&self) -> u64 {
        self.by_level[0] + self.by_level[1]
    }
}

/// The rates of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRates {
    /// 主动评价率: cases rated by people ÷ closed cases.
    pub evaluation: Ratio,
    /// 满意率: levels 5, 4 and 3 ÷ all ratings.
    pub satisfaction: Ratio,
    /// 差评率: levels 2 and 1 ÷ all ratings.
    pub negative: Ratio,
    /// 整改率: rectified ÷ valid negative ratings.
    pub rectification: Ratio,
    /// 按期整改率: rectified in time ÷ valid negative ratings.
    pub on_time_rectification: Ratio,
    /// 回访率: called back ÷ negative ratings.
    pub callback: Ratio,
}

/// Computes the rates.
#[must_use]
pub fn rating_rates(counts: &RatingCounts) -> RatingRates {
    let ratings = counts.by_level.iter().sum();
    let negative = counts.negative();
    let valid_negative = negative.saturating_sub(counts.negative_excluded);
    RatingRates {
        evaluation: Ratio::new(counts.rated.saturating_sub(counts.system_default), counts.closed_cases),
        satisfaction: Ratio::new(counts.by_level[2..].iter().sum(), ratings),
        negative: Ratio::new(negative, ratings),
        rectification: Ratio::new(counts.negative_rectified, valid_negative),
        on_time_rectification: Ratio::new(counts.negative_rectified_in_time, valid_negative),
        callback: Ratio::new(counts.negative_called_back, negative),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn satisfied_and_negative_make_up_all(by_level in prop::array::uniform5(0_u64..100_000)) {
            let rates = rating_rates(&RatingCounts { by_level, ..RatingCounts::default() });
            prop_assert_eq!(rates.satisfaction.part + rates.negative.part, rates.satisfaction.whole);
        }

        #[test]
        fn a_share_is_at_most_a_thousand_per_mille(whole in 1_u64.., part: u64) {
            let permille = Ratio::new(part % (whole.saturating_add(1)), whole).permille();
            prop_assert!(permille.is_some_and(|permille| permille <= 1000));
        }

        #[test]
        fn shortening_changes_nothing(part in 0_u64..1000, whole in 1_u64..1000, factor in 1_u64..1000) {
            let (short, long) = (Ratio::new(part, whole), Ratio::new(part * factor, whole * factor));
            prop_assert_eq!(short, long);
            prop_assert_eq!(short.permille(), long.permille());
        }
    }

    #[test]
    fn shares_as_written() {
        assert_eq!(Ratio::new(19, 20).percent(), "95.0 %");
        assert_eq!(Ratio::new(2, 3).percent(), "66.7 %");
        assert_eq!(Ratio::new(0, 0).percent(), "—");
        assert_ne!(Ratio::new(0, 0), Ratio::new(0, 1));
    }
}
