//! Times of day go round: `time("22:30:00") + duration("PT2H")` is half past midnight (DMN 1.5, 10.3.2.15, Table 57). The evaluator
//! counts hours on beyond 24 and loses parts of seconds.

use dsntk_feel::values::Value;

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 24 * 60 * 60 * SECOND;

/// A time of day and a duration of days and time, added; none when the values are others.
pub(crate) fn sum(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Time(_), Value::DaysAndTimeDuration(duration)) => Some(moved(left, i128::from(duration.as_nanos()))),
        (Value::DaysAndTimeDuration(duration), Value::Time(_)) => Some(moved(right, i128::from(duration.as_nanos()))),
        _ => None,
    }
}

/// A duration of days and time taken from a time of day; none when the values are others.
pub(crate) fn difference(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Time(_), Value::DaysAndTimeDuration(duration)) => Some(moved(left, -i128::from(duration.as_nanos()))),
        _ => None,
    }
}

/// The time of day so many nanoseconds later, in the same zone.
fn moved(time: &Value, by: i128) -> Value {
    let Value::Time(time) = time else { return Value::Null(None) };
    let whole = (i128::from(time.hour()) * 60 + i128::from(time.minute())) * 60 + i128::from(time.second());
    let at = (whole * SECOND + i128::from(time.nanos()) + by).rem_euclid(DAY);
    let (seconds, nanos) = (at / SECOND, at % SECOND);
    let fraction = if nanos == 0 { String::new() } else { format!(".{nanos:09}") };
    let text = format!("{:02}:{:02}:{:02}{fraction}{}", seconds / 3600, seconds / 60 % 60, seconds % 60, time.zone());
    text.parse().map_or(Value::Null(None), Value::Time)
}
