//! Our icons: 24-unit outlines drawn with the current text colour. An icon never stands alone; words go beside it.

use crate::components::Markup;

/// The icon called `name`; an unknown name gives a plain dot, and a test keeps our own templates from using one.
#[must_use]
pub fn icon(name: &str) -> Markup {
    let shape = shape(name).unwrap_or(r#"<circle cx="12" cy="12" r="3"/>"#);
    Markup::trusted(format!(
        r#"<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">{shape}</svg>"#
    ))
}

/// Every icon there is, for the components page.
pub const NAMES: &[&str] = &[
    "search",
    "check",
    "tick-circle",
    "clock",
    "pause",
    "warning",
    "error",
    "info",
    "person",
    "building",
    "phone",
    "document",
    "upload",
    "download",
    "camera",
    "next",
    "back",
    "down",
    "menu",
    "close",
    "print",
    "place",
    "star",
    "lock",
    "pen",
    "calendar",
    "language",
    "large-type",
    "stamp",
    "home",
    "list",
    "shield",
    "parcel",
    "link",
    "remove",
    "eye",
    "keyboard",
    "sign-out",
    "dot",
    "ring",
    "flag",
];

fn shape(name: &str) -> Option<&'static str> {
    Some(match name {
        "search" => r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>"#,
        "check" => r#"<path d="m4.5 12.5 5 5 10-11"/>"#,
        "tick-circle" => r#"<circle cx="12" cy="12" r="9"/><path d="m7.5 12.3 3.2 3.2 5.8-6.6"/>"#,
        "clock" => r#"<circle cx="12" cy="12" r="9"/><path d="M12 6.5V12l3.8 2.3"/>"#,
        "pause" => r#"<circle cx="12" cy="12" r="9"/><path d="M9.7 8.5v7m4.6-7v7"/>"#,
        "warning" => r#"<path d="M12 3.5 2.5 20h19L12 3.5Z"/><path d="M12 10v4.5m0 2.4v.1"/>"#,
        "error" => r#"<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3L8.3 3Z"/><path d="M12 7.5v5.5m0 3v.1"/>"#,
        "info" => r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5m0-9v.1"/>"#,
        "person" => r#"<circle cx="12" cy="8" r="4"/><path d="M4 20.5c.8-4 4-6 8-6s7.200 2 8 6"/>"#,
        "building" => r#"<path d="M5 21V4.500L14 3v18M14 9h5v12M3 21h18M8 8h2.500M8 12h2.500M8 16h2.500"/>"#,
        "phone" => {
            r#"<path d="M5 3.500h4l1.500 5-2.500 1.500c1 2.600 3 4.600 5.600 5.700l1.600-2.400 5 1.500v4c0 1-.8 1.700-1.700 1.700C10.500 20.500 3.500 13.500 3.500 5c0-.8.600-1.500 1.500-1.500Z"/>"#
        }
        "document" => r#"<path d="M6 3h8l5 5v13H6V3Z"/><path d="M14 3v5h5M9 13h7M9 17h7"/>"#,
        "upload" => r#"<path d="M12 16V4m0 0L7 9m5-5 5 5M4 16v4h16v-4"/>"#,
        "download" => r#"<path d="M12 4v12m0 0 5-5m-5 5-5-5M4 16v4h16v-4"/>"#,
        "camera" => r#"<path d="M3.500 7.500h4l1.500-2.500h6l1.500 2.500h4v12h-17v-12Z"/><circle cx="12" cy="13" r="3.500"/>"#,
        "next" => r#"<path d="m9 5 7 7-7 7"/>"#,
        "back" => r#"<path d="m15 5-7 7 7 7"/>"#,
        "down" => r#"<path d="m5 9 7 7 7-7"/>"#,
        "menu" => r#"<path d="M4 6.500h16M4 12h16M4 17.500h16"/>"#,
        "close" => r#"<path d="m6 6 12 12M18 6 6 18"/>"#,
        "print" => r#"<path d="M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7v-7Z"/>"#,
        "place" => {
            r#"<path d="M12 21.500c4.500-5 6.500-8.500 6.500-11.500a6.500 6.500 0 0 0-13 0c0 3 2 6.500 6.500 11.500Z"/><circle cx="12" cy="10" r="2.500"/>"#
        }
        "star" => {
            r#"<path d="m12 3 2.700 5.800 6.300.8-4.600 4.400 1.200 6.300L12 17.200l-5.600 3.100 1.200-6.300L3 9.600l6.300-.8L12 3Z"/>"#
        }
        "lock" => r#"<rect x="5" y="11" width="14" height="10" rx="1.500"/><path d="M8 11V7.500a4 4 0 0 1 8 0V11"/>"#,
        "pen" => r#"<path d="M4 20l1-4.500L16.500 4 20 7.500 8.500 19 4 20ZM14 6.500 17.500 10"/>"#,
        "calendar" => r#"<rect x="4" y="5" width="16" height="16" rx="1.500"/><path d="M4 10h16M8.500 3v4m7-4v4"/>"#,
        "language" => r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 4 6 4 9s-1 6-4 9c-3-3-4-6-4-9s1-6 4-9Z"/>"#,
        "large-type" => r#"<path d="M2.500 19 8.500 5l6 14M4.800 14h7.400M18.500 8v8m-4-4h8"/>"#,
        "stamp" => r#"<path d="M9.500 13c.4-3-1-4.500-1-6.500a3.500 3.500 0 0 1 7 0c0 2-1.400 3.500-1 6.500M5 17v-4h14v4H5Zm0 4h14"/>"#,
        "home" => r#"<path d="m3 11.500 9-8 9 8M5.500 9.500V20.500h13V9.500M10 20.500V14h4v6.500"/>"#,
        "list" => r#"<path d="M8.500 6h12M8.500 12h12M8.500 18h12M3.500 6h.1m-.1 6h.1m-.1 6h.1"/>"#,
        "shield" => {
            r#"<path d="M12 3 4.500 6v5.500c0 4.500 3 8 7.500 9.500 4.500-1.500 7.500-5 7.500-9.500V6L12 3Z"/><path d="m8.500 12 2.500 2.500 4.500-5"/>"#
        }
        "parcel" => {
            r#"<path d="M3.500 7.500 12 3l8.500 4.500v9L12 21l-8.500-4.500v-9Z"/><path d="M3.500 7.500 12 12l8.500-4.500M12 12v9M7.700 5.300l8.500 4.500"/>"#
        }
        "link" => {
            r#"<path d="M10 14a4 4 0 0 0 5.700 0l3.600-3.600a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.600 3.600a4 4 0 0 0 5.700 5.700l1.600-1.600"/>"#
        }
        "remove" => r#"<path d="M4 6.500h16M9.500 6.500V4h5v2.500M6.500 6.500 7.500 21h9l1-14.500M10 10.500v6.500m4-6.500v6.500"/>"#,
        "eye" => {
            r#"<path d="M2.500 12c2.200-4 5.500-6.500 9.500-6.500s7.300 2.500 9.500 6.500c-2.200 4-5.500 6.500-9.500 6.500S4.700 16 2.500 12Z"/><circle cx="12" cy="12" r="3"/>"#
        }
        "keyboard" => {
            r#"<rect x="2.500" y="6" width="19" height="12" rx="1.500"/><path d="M6 10h.1m3.900 0h.1m3.900 0h.1m3.900 0h.1M7.500 14.500h9"/>"#
        }
        "sign-out" => r#"<path d="M14 4H5v16h9M10 12h11m0 0-4-4m4 4-4 4"/>"#,
        "dot" => r#"<circle cx="12" cy="12" r="5" fill="currentColor"/>"#,
        "ring" => r#"<circle cx="12" cy="12" r="6"/>"#,
        "flag" => r#"<path d="M5.500 21V4h13l-3 4.500 3 4.500h-13"/>"#,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_icon_is_drawn() {
        for name in NAMES {
            assert!(shape(name).is_some(), "no drawing for the icon {name}");
        }
    }
}
