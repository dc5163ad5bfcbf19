//! Properties of the ledger: what is proved is true, what is changed is found.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use banhao_ledger::{
    Checkpoint, Fact, Finding, Frontier, Hash, NodeRef, Receipt, Section, SignerKey, consistency_proof, examine, inclusion_proof, leaf_hash,
    range_hash, verify_consistency, verify_inclusion,
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
    assert_eq!(hex(&roots[0]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(hex(&roots[1]), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assert_eq!(hex(&roots[8]), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

#[test]
fn every_proof_up_to_130_leaves_verifies() {
    let hashes = leaves(130);
    let (nodes, roots) = tree(&hashes);
    for size in 1..=130_u64 {
        assert_eq!(range_hash(0, size, &nodes).unwrap(), roots[usize::try_from(size).unwrap()]);
        assert_eq!(Frontier::load(size, &nodes).unwrap().root(), roots[usize::try_from(size).unwrap()]);
        for index in 0..size {
            let proof = inclusion_proof(index, size, &nodes).unwrap();
            let (leaf, root) = (&hashes[usize::try_from(index).unwrap()], &roots[usize::try_from(size).unwrap()]);
            verify_inclusion(leaf, index, size, &proof, root).unwrap();
            if index + 1 < size {
                assert!(verify_inclusion(leaf, index + 1, size, &proof, root).is_err());
            }
        }
        for old in 0..=size {
            let proof = consistency_proof(old, size, &nodes).unwrap();
            let (a, b) = (&roots[usize::try_from(old).unwrap()], &roots[usize::try_from(size).unwrap()]);
            verify_consistency(old, size, a, b, &proof).unwrap();
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
            2 => {
                let second = other.index(count);
                prop_assume!(second > offset);
                section.records.swap(offset, second);
                Finding::Moved { index: place, belongs_at: (before + second) as u64 }
            }
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

    #[test]
    fn canonical_bytes_do_not_depend_on_the_order_of_keys(keys in prop::collection::hash_map("[a-z\u{4e00}-\u{4e20}\"\\\\\n]{0,6}", any::<i64>(), 0..12)) {
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
    let stranger = SignerKey::from_seed("ledger.example", [8; 32]).verifier();
    assert!(receipt.verify(&stranger).is_err());
}
