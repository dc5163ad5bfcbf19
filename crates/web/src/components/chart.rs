//! Numbers drawn and listed: a figure with a server-made SVG and the same numbers as a table that opens below it.
//! Bars and lines are drawn here; other drawings may come from elsewhere.

use std::fmt::Write as _;

use askama::{Template, filters::HtmlSafe};

use super::{Markup, escape};
use crate::filters;
use crate::flash::Tone;

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// One sentence that says what can be seen in it; read by screen readers in place of the drawing.
    pub summary: String,
    /// The drawing.
    pub drawing: Markup,
    /// Headings of the table.
    pub columns: Vec<String>,
    /// The numbers; the first cell of a row names it.
    pub rows: Vec<Vec<String>>,
}

impl HtmlSafe for Chart {}

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Name.
    pub label: String,
    /// Length.
    pub value: f64,
    /// The number as it is written at the bar's end.
    pub shown: String,
    /// Colour; the words in `shown` or `label` must say the same.
    pub tone: Tone,
}

/// Standing bars side by side, drawn to the largest: many short steps of time. Labels that would run into each other are left
/// out; the table beside the drawing has them all.
#[must_use]
pub fn columns(bars: &[Bar]) -> Markup {
    const WIDTH: f64 = 400.0;
    const TALL: f64 = 110.0;
    let largest = bars.iter().map(|bar| bar.value).fold(0.0_f64, f64::max);
    let step = WIDTH / bars.len().max(1) as f64;
    let every = bars.len().div_ceil(5).max(1);
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 {WIDTH} 162" role="presentation">"#);
    for (index, bar) in bars.iter().enumerate() {
        let left = step * index as f64;
        let height = if largest > 0.0 { bar.value.max(0.0) / largest * TALL } else { 0.0 };
        let (top, middle) = (134.0 - height.max(1.5), left + step / 2.0);
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            r#"<rect class="chart-bar {}" x="{:.1}" y="{top:.1}" width="{:.1}" height="{:.1}" rx="2"/>"#,
            bar.tone.class(),
            left + step * 0.15,
            step * 0.7,
            height.max(1.5),
        );
        if bar.value > 0.0 {
            let _ = write!(
                svg,
                r#"<text class="chart-value" x="{middle:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                top - 6.0,
                escape(&bar.shown)
            );
        }
        if (bars.len() - 1 - index).is_multiple_of(every) {
            let _ = write!(svg, r#"<text class="chart-label" x="{middle:.1}" y="156" text-anchor="middle">{}</text>"#, escape(&bar.label));
        }
    }
    svg.push_str("</svg>");
    Markup::trusted(svg)
}

/// Lying bars, one per line, drawn to the largest.
#[must_use]
pub fn bars(bars: &[Bar]) -> Markup {
    const LABEL: f64 = 190.0;
    const LENGTH: f64 = 330.0;
    const LINE: f64 = 34.0;
    let largest = bars.iter().map(|bar| bar.value).fold(0.0_f64, f64::max);
    let height = LINE * bars.len() as f64 + 4.0;
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 600 {height}" role="presentation">"#);
    for (index, bar) in bars.iter().enumerate() {
        let top = LINE * index as f64 + 4.0;
        let length = if largest > 0.0 { (bar.value.max(0.0) / largest * LENGTH).max(1.0) } else { 1.0 };
        let text = top + 18.0;
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            r#"<text class="chart-label" x="{}" y="{text}" text-anchor="end">{}</text><rect class="chart-bar {}" x="{LABEL}" y="{top}" width="{length:.1}" height="26" rx="2"/><text class="chart-value" x="{:.1}" y="{text}">{}</text>"#,
            LABEL - 10.0,
            escape(&bar.label),
            bar.tone.class(),
            LABEL + length + 8.0,
            escape(&bar.shown),
        );
    }
    svg.push_str("</svg>");
    Markup::trusted(svg)
}

/// A point of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Name on the lower axis.
    pub label: String,
    /// Height.
    pub value: f64,
}

/// A line over time, from zero up to the largest value.
#[must_use]
pub fn line(points: &[Point]) -> Markup {
    const LEFT: f64 = 46.0;
    const WIDTH: f64 = 530.0;
    const TOP: f64 = 14.0;
    const HEIGHT: f64 = 170.0;
    let top_value = ceiling(points.iter().map(|point| point.value).fold(0.0_f64, f64::max));
    let x = |index: usize| {
        let steps = points.len().saturating_sub(1).max(1) as f64;
        LEFT + WIDTH * index as f64 / steps
    };
    let y = |value: f64| TOP + HEIGHT * (1.0 - value / top_value);
    let mut svg = String::from(r#"<svg class="chart" viewBox="0 0 600 220" role="presentation">"#);
    for part in 0..=2 {
        let value = top_value * f64::from(part) / 2.0;
        let height = y(value);
        let _ = write!(
            svg,
            r#"<line class="chart-grid" x1="{LEFT}" x2="{}" y1="{height:.1}" y2="{height:.1}"/><text class="chart-axis" x="{}" y="{:.1}" text-anchor="end">{value}</text>"#,
            LEFT + WIDTH,
            LEFT - 8.0,
            height + 5.0
        );
    }
    let path: Vec<String> = points.iter().enumerate().map(|(index, point)| format!("{:.1},{:.1}", x(index), y(point.value))).collect();
    let _ = write!(svg, r#"<polyline class="chart-line" points="{}"/>"#, path.join(" "));
    let every = points.len().div_ceil(8).max(1);
    for (index, point) in points.iter().enumerate() {
        let _ = write!(svg, r#"<circle class="chart-point" cx="{:.1}" cy="{:.1}" r="3.5"/>"#, x(index), y(point.value));
        if index % every == 0 {
            let _ =
                write!(svg, r#"<text class="chart-axis" x="{:.1}" y="208" text-anchor="middle">{}</text>"#, x(index), escape(&point.label));
        }
    }
    svg.push_str("</svg>");
    Markup::trusted(svg)
}

/// The next round even number, so that the middle grid line has a whole number.
fn ceiling(value: f64) -> f64 {
    let mut step = 2.0;
    while step * 5.0 < value {
        step *= 10.0;
    }
    ((value / step).ceil() * step).max(2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_and_nothing_divides_by_zero() {
        let drawing = bars(&[Bar { label: "<b>".into(), value: 0.0, shown: "0 & 0".into(), tone: Tone::Info }]);
        assert!(drawing.as_str().contains("&lt;b&gt;") && drawing.as_str().contains("0 &amp; 0"));
        assert!(!line(&[]).as_str().contains("NaN"));
        assert!(!line(&[Point { label: "一月".into(), value: 0.0 }]).as_str().contains("NaN"));
    }

    #[test]
    fn the_axis_ends_on_an_even_number() {
        for (largest, top) in [(0.0, 2.0), (3.0, 4.0), (9.0, 10.0), (11.0, 20.0), (97.0, 100.0), (101.0, 200.0)] {
            assert!((ceiling(largest) - top).abs() < f64::EPSILON, "{largest}");
        }
    }
}
