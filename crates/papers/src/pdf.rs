//! The incremental update that adds a signature field to a PDF: only appended to, the typeset bytes stay as they are.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

use crate::error::PaperError;

/// Bytes reserved for the CMS signature (hex twice that): ours are about 2,000.
pub(crate) const RESERVED: usize = 6_000;

/// A PDF with room for a signature.
pub(crate) struct Prepared {
    /// The whole file, `/Contents` filled with zeros, `/ByteRange` set.
    pub(crate) bytes: Vec<u8>,
    /// Where the hex of `/Contents` begins and ends, angle brackets included.
    pub(crate) gap: (usize, usize),
}

fn fault(error: impl std::fmt::Display) -> PaperError {
    PaperError::Pdf(error.to_string())
}

fn text(value: &str) -> Object {
    // UTF-16BE with mark, as ISO 32000 7.9.2.2 wants for text that is not Latin.
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(value.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn write_object(out: &mut Vec<u8>, offsets: &mut Vec<(ObjectId, usize)>, id: ObjectId, object: &Object) {
    offsets.push((id, out.len()));
    out.extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
    write_value(out, object);
    out.extend_from_slice(b"\nendobj\n");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_alphanumeric() || b"-_.+:".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

fn write_value(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
        Object::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Real(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, _) => {
            out.push(b'<');
            bytes.iter().for_each(|byte| out.extend_from_slice(format!("{byte:02X}").as_bytes()));
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                write_value(out, item);
                out.push(b' ');
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => {
            out.extend_from_slice(b"<<");
            for (key, value) in dictionary {
                write_name(out, key);
                out.push(b' ');
                write_value(out, value);
                out.push(b'\n');
            }
            out.extend_from_slice(b">>");
        }
        Object::Reference(id) => out.extend_from_slice(format!("{} {} R", id.0, id.1).as_bytes()),
        // Only dictionaries of the catalog and the first page are written anew; streams are always behind references there.
        Object::Stream(_) => out.extend_from_slice(b"null"),
    }
}

fn dictionary(document: &Document, id: ObjectId) -> Result<Dictionary, PaperError> {
    document.get_object(id).and_then(Object::as_dict).cloned().map_err(fault)
}

/// Appends a signature field with an empty signature. `signed_at` is `D:20261123090000+08'00'`.
pub(crate) fn prepare(pdf: &[u8], organisation: &str, reason: &str, location: &str, signed_at: &str) -> Result<Prepared, PaperError> {
    let document = Document::load_mem(pdf).map_err(fault)?;
    let root = document.trailer.get(b"Root").and_then(Object::as_reference).map_err(fault)?;
    let page = document.page_iter().next().ok_or_else(|| PaperError::Pdf("no page".to_owned()))?;
    let previous = startxref(pdf)?;
    let (field, signature) = ((document.max_id + 1, 0), (document.max_id + 2, 0));

    let mut catalog = dictionary(&document, root)?;
    let mut form = Dictionary::new();
    form.set("Fields", vec![Object::Reference(field)]);
    form.set("SigFlags", 3);
    catalog.set("AcroForm", form);

    let mut first = dictionary(&document, page)?;
    let mut annotations = match first.get(b"Annots") {
        Ok(Object::Array(there)) => there.clone(),
        Ok(Object::Reference(id)) => document.get_object(*id).and_then(Object::as_array).cloned().map_err(fault)?,
        _ => Vec::new(),
    };
    annotations.push(Object::Reference(field));
    first.set("Annots", annotations);

    let mut widget = Dictionary::new();
    widget.set("Type", Object::Name(b"Annot".to_vec()));
    widget.set("Subtype", Object::Name(b"Widget".to_vec()));
    widget.set("FT", Object::Name(b"Sig".to_vec()));
    widget.set("T", text("签章"));
    widget.set("V", Object::Reference(signature));
    widget.set("P", Object::Reference(page));
    widget.set("F", 132);
    widget.set("Rect", vec![0.into(), 0.into(), 0.into(), 0.into()]);

    let mut out = pdf.to_vec();
    if out.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    let mut offsets = Vec::new();
    write_object(&mut out, &mut offsets, root, &Object::Dictionary(catalog));
    write_object(&mut out, &mut offsets, page, &Object::Dictionary(first));
    write_object(&mut out, &mut offsets, field, &Object::Dictionary(widget));

    offsets.push((signature, out.len()));
    out.extend_from_slice(
        format!("{} 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/Name ", signature.0).as_bytes(),
    );
    write_value(&mut out, &text(organisation));
    out.extend_from_slice(b"\n/Reason ");
    write_value(&mut out, &text(reason));
    out.extend_from_slice(b"\n/Location ");
    write_value(&mut out, &text(location));
    out.extend_from_slice(format!("\n/M ({signed_at})\n/ByteRange ").as_bytes());
    let range_at = out.len();
    const RANGE: usize = 50;
    out.extend(std::iter::repeat_n(b' ', RANGE));
    out.extend_from_slice(b"\n/Contents ");
    let gap_from = out.len();
    out.push(b'<');
    out.extend(std::iter::repeat_n(b'0', RESERVED * 2));
    out.push(b'>');
    let gap_to = out.len();
    out.extend_from_slice(b"\n>>\nendobj\n");

    let xref_at = out.len();
    offsets.sort_unstable();
    out.extend_from_slice(b"xref\n");
    for (id, offset) in &offsets {
        out.extend_from_slice(format!("{} 1\n{offset:010} {:05} n \n", id.0, id.1).as_bytes());
    }
    let mut trailer = Dictionary::new();
    trailer.set("Size", i64::from(signature.0) + 1);
    trailer.set("Root", Object::Reference(root));
    for key in ["Info", "ID"] {
        if let Ok(value) = document.trailer.get(key.as_bytes()) {
            trailer.set(key, value.clone());
        }
    }
    trailer.set("Prev", i64::try_from(previous).map_err(fault)?);
    out.extend_from_slice(b"trailer\n");
    write_value(&mut out, &Object::Dictionary(trailer));
    out.extend_from_slice(format!("\nstartxref\n{xref_at}\n%%EOF\n").as_bytes());

    let range = format!("[0 {gap_from} {gap_to} {}]", out.len() - gap_to);
    if range.len() > RANGE {
        return Err(PaperError::Pdf("too large to sign".to_owned()));
    }
    out[range_at..range_at + range.len()].copy_from_slice(range.as_bytes());
    Ok(Prepared { bytes: out, gap: (gap_from, gap_to) })
}

fn startxref(pdf: &[u8]) -> Result<usize, PaperError> {
    let tail = &pdf[pdf.len().saturating_sub(1_024)..];
    let text = String::from_utf8_lossy(tail);
    text.rsplit_once("startxref")
        .and_then(|(_, after)| after.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| PaperError::Pdf("no startxref".to_owned()))
}
