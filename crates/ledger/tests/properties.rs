//! Properties of the ledger: what is proved is true, what is changed is found.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use banhao_ledger::{
    Checkpoint, Fact, Finding, Frontier, Hash, NodeRef, Receipt, ReceiptFault, Section, SignerKey, consistency_nodes, consistency_proof,
    examine, inclusion_nodes, inclusion_proof, leaf_hash, locate, range_hash, section_nodes, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

fn tree(leaves: &[Hash]) -> (HashMap<NodeRef, Hash>, Vec<Hash>) {
    let mut nodes = HashMap::new();
    let mut frontier = Frontier::default();
    let mut roots = vec![frontier.root()];
    for (index, leaf) in leaves.iter().enumerate() {
        nodes.insert(NodeRef { level: 0, position: index as u64 }, *leaf);
        nodes.extend(frontier.append(*leaf));
        roots.push(frontier.root());
    }
    (nodes, roots)
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The eight-leaf tree that the implementations of RFC 6962 test with.
#[test]
fn known_tree() {
    let data: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let hashes: Vec<Hash> = data.iter().map(|bytes| leaf_hash(bytes)).collect();
    let (_, roots) = tree(&hashes);
    let known = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    assert_eq!(roots.iter().map(hex).collect::<Vec<_>>(), known);
}

#[test]
fn every_proof_up_to_130_leaves_verifies() {
    let hashes = leaves(130);
    let (nodes, roots) = tree(&hashes);
    for size in 1..=130_u64 {
        assert_eq!(range_hash(0, size, &nodes).unwrap(), roots[usize::try_from(size).unwrap()]);
        assert_eq!(Frontier::load(size, &nodes).unwrap().root(), roots[usize::try_from(size).unwrap()]);
        for index in 0..size {
            let wanted: HashMap<_, _> = inclusion_nodes(index, size).into_iter().map(|node| (node, nodes[&node])).collect();
            let proof = inclusion_proof(index, size, &wanted).unwrap();
            let (leaf, root) = (&hashes[usize::try_from(index).unwrap()], &roots[usize::try_from(size).unwrap()]);
            verify_inclusion(leaf, index, size, &proof, root).unwrap();
            if index + 1 < size {
                assert!(verify_inclusion(leaf, index + 1, size, &proof, root).is_err());
            }
        }
        for old in 0..=size {
            let wanted: HashMap<_, _> = consistency_nodes(old, size).into_iter().map(|node| (node, nodes[&node])).collect();
            let proof = consistency_proof(old, size, &wanted).unwrap();
            let (a, b) = (&roots[usize::try_from(old).unwrap()], &roots[usize::try_from(size).unwrap()]);
            verify_consistency(old, size, a, b, &proof).unwrap();
            for at in (usize::try_from(old).unwrap() % 32..256).step_by(32) {
                let mut changed = *a;
                flip(&mut changed, at);
                assert!(verify_consistency(old, size, &changed, b, &proof).is_err());
            }
            for place in 0..proof.len() {
                let mut changed = proof.clone();
                flip(&mut changed[place], (place * 37 + usize::try_from(old).unwrap()) % 256);
                assert!(verify_consistency(old, size, a, b, &changed).is_err());
            }
            assert!(old == size || verify_consistency(size, old, b, a, &proof).is_err());
        }
    }
}

fn flip(hash: &mut Hash, bit: usize) {
    hash[bit / 8] ^= 1 << (bit % 8);
}

proptest! {
    #[test]
    fn a_changed_bit_is_never_proved(size in 2_usize..200, at in any::<prop::sample::Index>(), which in any::<prop::sample::Index>(), bit in 0_usize..256) {
        let hashes = leaves(size);
        let (nodes, roots) = tree(&hashes);
        let index = at.index(size);
        let mut proof = inclusion_proof(index as u64, size as u64, &nodes).unwrap();
        let changed = which.index(proof.len());
        flip(&mut proof[changed], bit);
        prop_assert!(verify_inclusion(&hashes[index], index as u64, size as u64, &proof, &roots[size]).is_err());
        flip(&mut proof[changed], bit);
        let mut leaf = hashes[index];
        flip(&mut leaf, bit);
        prop_assert!(verify_inclusion(&leaf, index as u64, size as u64, &proof, &roots[size]).is_err());
        proof.push(hashes[0]);
        prop_assert!(verify_inclusion(&hashes[index], index as u64, size as u64, &proof, &roots[size]).is_err());
    }

    #[test]
    fn tampering_is_found_at_its_place(before in 0_usize..40, count in 1_usize..60, at in any::<prop::sample::Index>(), how in 0_u8..4, other in any::<prop::sample::Index>()) {
        let hashes = leaves(before + count);
        let (nodes, roots) = tree(&hashes);
        let honest: Vec<Option<Hash>> = hashes[before..].iter().copied().map(Some).collect();
        let mut section = Section { records: honest.clone(), leaves: honest };
        let offset = at.index(count);
        let place = (before + offset) as u64;
        let expected = match how {
            0 => { section.records[offset] = Some(leaf_hash(b"forged")); Finding::Changed { index: place } }
            1 => { section.records[offset] = None; Finding::Dropped { index: place } }
            2 if count > 1 => {
                let second = (offset + 1 + other.index(count - 1)) % count;
                section.records.swap(offset, second);
                Finding::Moved { index: (before + offset.min(second)) as u64, belongs_at: (before + offset.max(second)) as u64 }
            }
            // The root of a single leaf is the leaf.
            _ if before + count == 1 => { section.records[offset] = Some(leaf_hash(b"forged")); section.leaves[offset] = None; Finding::Changed { index: 0 } }
            _ => {
                section.records[offset] = Some(leaf_hash(b"forged"));
                section.leaves[offset] = Some(leaf_hash(b"forged"));
                Finding::Rewritten { from: before as u64, to: (before + count) as u64 }
            }
        };
        let mut frontier = Frontier::load(before as u64, &nodes).unwrap();
        prop_assert_eq!(examine(&mut frontier, &section, &roots[before + count]), Err(expected));
        prop_assert_eq!(frontier.size(), before as u64);
    }

    /// A record is taken out and all that follow move up, as `DELETE` and a renumbering would do.
    #[test]
    fn what_was_taken_out_is_found_where_it_was(before in 0_usize..40, count in 2_usize..60, at in any::<prop::sample::Index>(), filled in any::<bool>()) {
        let hashes = leaves(before + count);
        let (nodes, roots) = tree(&hashes);
        let leaves: Vec<_> = hashes[before..].iter().copied().map(Some).collect();
        let mut records = leaves.clone();
        let offset = at.index(count);
        records.remove(offset);
        // Something is put at the end, so that nothing is missing, or not.
        records.push(filled.then(|| leaf_hash(b"forged")));
        let mut frontier = Frontier::load(before as u64, &nodes).unwrap();
        let finding = examine(&mut frontier, &Section { records, leaves }, &roots[before + count]);
        let index = (before + offset) as u64;
        let expected = if filled && offset == count - 1 { Finding::Changed { index } } else { Finding::Dropped { index } };
        prop_assert_eq!(finding, Err(expected));
    }

    /// Leaf hashes rewritten together with the records: the stored nodes still lead to the first one.
    #[test]
    fn rewritten_leaf_hashes_do_not_hide_the_first_record(
        before in 0_usize..70,
        count in 1_usize..70,
        after in 0_usize..70,
        tampered in prop::collection::btree_set(any::<prop::sample::Index>().prop_map(|at| at.index(1_000_000)), 1..4),
    ) {
        let size = before + count + after;
        let hashes = leaves(size);
        let (nodes, roots) = tree(&hashes);
        let honest: Vec<_> = hashes[before..before + count].iter().copied().map(Some).collect();
        let mut section = Section { records: honest.clone(), leaves: honest };
        let mut first = count;
        for offset in tampered {
            let offset = offset % count;
            first = first.min(offset);
            section.records[offset] = Some(leaf_hash(format!("forged {offset}").as_bytes()));
            section.leaves[offset] = section.records[offset];
        }
        let (from, to) = (before as u64, (before + count) as u64);
        let mut stored: HashMap<_, _> = section_nodes(from, to, size as u64).into_iter().map(|node| (node, nodes[&node])).collect();
        for (offset, leaf) in section.leaves.iter().enumerate() {
            stored.insert(NodeRef { level: 0, position: (before + offset) as u64 }, leaf.unwrap());
        }
        let frontier = Frontier::load(from, &nodes).unwrap();
        let place = (before + first) as u64;
        match locate(&frontier, &section, size as u64, &roots[size], &stored) {
            Finding::Changed { index } => prop_assert_eq!(index, place),
            // Of the very last section, the right edge of the tree itself may be gone. Otherwise down to a pair of leaves: where
            // nothing is left of what was signed, nobody can say which of the two it was.
            Finding::Rewritten { from, to } => {
                prop_assert!(from <= place && place < to, "{from}..{to} for {place}");
                prop_assert!(after == 0 || from / 2 == place / 2, "{from}..{to} for {place}");
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    /// Whatever is rewritten or gone, never "sound", and nothing before the finding is wrong.
    #[test]
    fn nothing_before_the_finding_is_wrong(
        before in 0_usize..40,
        count in 1_usize..50,
        after in 0_usize..40,
        at in any::<prop::sample::Index>(),
        seed in any::<u64>(),
    ) {
        let size = before + count + after;
        let hashes = leaves(size);
        let (mut nodes, roots) = tree(&hashes);
        let honest: Vec<_> = hashes[before..before + count].iter().copied().map(Some).collect();
        let mut section = Section { records: honest.clone(), leaves: honest };
        let offset = at.index(count);
        section.records[offset] = Some(leaf_hash(b"forged"));
        section.leaves[offset] = None;
        let frontier = Frontier::load(before as u64, &nodes).unwrap();
        for (number, node) in section_nodes(before as u64, (before + count) as u64, size as u64).into_iter().enumerate() {
            match (seed >> (number % 61)) & 3 {
                0 => { nodes.remove(&node); }
                1 => { nodes.insert(node, leaf_hash(&seed.to_le_bytes())); }
                _ => {}
            }
        }
        let place = (before + offset) as u64;
        match locate(&frontier, &section, size as u64, &roots[size], &nodes) {
            Finding::Changed { index } => prop_assert_eq!(index, place),
            Finding::Rewritten { from, to } => prop_assert!(from <= place && place < to),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn canonical_bytes_do_not_depend_on_the_order_of_keys(keys in prop::collection::hash_map("[a-z\u{4e00}-\u{4e20}\"\\\\\n]{0,6}", -9_007_199_254_740_991_i64..=9_007_199_254_740_991, 0..12)) {
        let forward: serde_json::Map<_, _> = keys.iter().map(|(key, value)| (key.clone(), (*value).into())).collect();
        let mut pairs: Vec<_> = keys.into_iter().collect();
        pairs.reverse();
        let backward: serde_json::Map<_, _> = pairs.into_iter().map(|(key, value)| (key, value.into())).collect();
        let bytes = banhao_ledger::canonical(&forward.clone().into()).unwrap();
        prop_assert_eq!(&bytes, &banhao_ledger::canonical(&backward.into()).unwrap());
        let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(read, serde_json::Value::from(forward));
    }
}

#[test]
fn a_receipt_stands_alone_and_every_change_breaks_it() {
    let key = SignerKey::from_seed("ledger.example", [7; 32]);
    let fact = |n: i64| Fact {
        id: format!("f{n}"),
        at: n,
        subject_kind: "case".into(),
        subject: "s".into(),
        kind: "case.accepted".into(),
        actor: "system".into(),
        body: serde_json::json!({ "day": "2026-11-23", "n": n }),
    };
    let hashes: Vec<Hash> = (0..11).map(|n| fact(n).leaf_hash().unwrap()).collect();
    let (nodes, roots) = tree(&hashes);
    let note = key.sign(&Checkpoint { origin: key.name().into(), size: 11, root: roots[11], at: 99 });
    let receipt = Receipt::new(fact(4), 4, &inclusion_proof(4, 11, &nodes).unwrap(), note);
    let verifier = key.verifier().to_string().parse().unwrap();
    assert_eq!(receipt.verify(&verifier).unwrap().size, 11);
    let text = serde_json::to_string(&receipt).unwrap();
    // Any single changed character is noticed: by JSON, by the proof or by the signature.
    for (position, character) in text.char_indices() {
        let other = if character == 'A' { 'B' } else { 'A' };
        let mut changed = text.clone();
        changed.replace_range(position..position + character.len_utf8(), &other.to_string());
        let accepted = serde_json::from_str::<Receipt>(&changed).ok().is_some_and(|receipt| receipt.verify(&verifier).is_ok());
        assert!(!accepted, "position {position}: {changed}");
    }
    assert_eq!(Receipt::from_json(&receipt.to_json()), Ok(receipt.clone()));
    assert_eq!(Receipt::from_json(r#"{"format":"banhao.receipt.v9"}"#), Err(ReceiptFault::Format("banhao.receipt.v9".into())));
    assert!(matches!(Receipt::from_json("{}"), Err(ReceiptFault::NotAReceipt(_))));
    let moved = Receipt { leaf_index: 5, ..receipt.clone() };
    assert_eq!(moved.verify(&verifier).unwrap_err().code(), "receipt-not-included");
    let altered = Receipt { fact: fact(5), ..receipt.clone() };
    assert_eq!(altered.verify(&verifier).unwrap_err().code(), "receipt-not-included");
    let stranger = SignerKey::from_seed("ledger.example", [8; 32]).verifier();
    assert!(receipt.verify(&stranger).is_err());
}

/// The leaf format is a promise: receipts are kept for decades. This test must never be changed, only added to.
#[test]
fn leaf_bytes_stay_what_they_are() {
    let fact = Fact {
        id: "01936d3c-0000-7000-8000-000000000001".into(),
        at: 1_763_912_345_678_901,
        subject_kind: "case".into(),
        subject: "01936d3c-0000-7000-8000-000000000002".into(),
        kind: "case.accepted".into(),
        actor: "staff:01936d3c-0000-7000-8000-000000000003".into(),
        body: serde_json::json!({"窗口": "A01", "days": 5, "deemed": false, "note": null}),
    };
    assert_eq!(
        String::from_utf8(fact.leaf_bytes().unwrap()).unwrap(),
        concat!(
            r#"{"actor":"staff:01936d3c-0000-7000-8000-000000000003","at":1763912345678901,"#,
            r#""body":{"days":5,"deemed":false,"note":null,"窗口":"A01"},"id":"01936d3c-0000-7000-8000-000000000001","#,
            r#""kind":"case.accepted","subject":"01936d3c-0000-7000-8000-000000000002","subject_kind":"case","v":1}"#
        )
    );
}
