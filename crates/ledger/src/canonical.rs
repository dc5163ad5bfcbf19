//! The one byte form of a JSON value that is hashed: RFC 8785 (JCS), integers only. The same on every database, whatever it does
//! with its JSON, and the same in every other program that knows the RFC.

use serde_json::Value;

/// A value that has no canonical form: it holds a fraction, or an integer that not every JSON reader keeps exact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an integer between -(2^53-1) and 2^53-1")]
pub struct NotCanonical(pub String);

/// The largest integer every JSON reader keeps exact (RFC 7493 §2.2).
const LARGEST: u64 = (1 << 53) - 1;

fn exact(number: &serde_json::Number) -> bool {
    number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs)).is_some_and(|magnitude| magnitude <= LARGEST)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
        Value::Number(number) if exact(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::Number(number) => return Err(NotCanonical(number.to_string())),
        Value::String(text) => string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut keys: Vec<_> = members.iter().collect();
            // RFC 8785 §3.2.3: by UTF-16 code units, which is not the order of UTF-8 bytes beyond the basic plane.
            keys.sort_unstable_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push(b'{');
            for (index, (key, member)) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(key, out);
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for character in text.chars() {
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            control if control < ' ' => out.extend_from_slice(format!("\\u{:04x}", u32::from(control)).as_bytes()),
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

/// The canonical bytes of a value.
///
/// # Errors
/// When it holds a fraction or an integer beyond ±(2^53 − 1).
pub fn canonical(value: &Value) -> Result<Vec<u8>, NotCanonical> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    Ok(out)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: &Value) -> String {
        String::from_utf8(canonical(value).unwrap()).unwrap()
    }

    #[test]
    fn keys_are_sorted_and_spaces_dropped() {
        let value: Value = serde_json::from_str(r#"{ "b": [ 1, -2, {"z":null,"a":true} ], "a": "办件", "": false }"#).unwrap();
        assert_eq!(text(&value), r#"{"":false,"a":"办件","b":[1,-2,{"a":true,"z":null}]}"#);
    }

    /// The example of RFC 8785 §3.2.3.
    #[test]
    fn keys_are_sorted_by_utf16() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let text = text(&value);
        let words = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let order: Vec<_> = words.iter().map(|word| text.find(word).unwrap()).collect();
        assert!(order.is_sorted(), "{text}");
    }

    /// The string of RFC 8785 §3.2.2, and the short escapes.
    #[test]
    fn strings_are_escaped_as_the_rfc_says() {
        assert_eq!(
            text(&json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{8}\t\u{c}\r\u{7f}")),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\u{7f}\""
        );
    }

    #[test]
    fn fractions_and_huge_integers_are_refused() {
        for value in [json!(1.5), json!(1.0), json!(9_007_199_254_740_992_u64), json!(-9_007_199_254_740_992_i64), json!({"a": [1e3]})] {
            assert!(canonical(&value).is_err(), "{value}");
        }
        assert_eq!(text(&json!([9_007_199_254_740_991_u64, -9_007_199_254_740_991_i64, 0])), "[9007199254740991,-9007199254740991,0]");
    }
}
