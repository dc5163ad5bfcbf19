//! The vault: what is sealed cannot be read, changed or passed off as something else.

use banhao_testbed::Bed;
use proptest::prelude::*;

#[tokio::test]
async fn sealed_data_cannot_be_changed_or_used_for_something_else() {
    let bed = Bed::new(banhao_testbed::On::Sqlite, &[]).await;
    let vault = bed.store.vault();
    let sealed = vault.seal("cases.name", "测试甲".as_bytes()).unwrap();
    assert_eq!(vault.open("cases.name", &sealed).unwrap(), "测试甲".as_bytes());
    assert!(vault.open("cases.note", &sealed).is_err());
    for position in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[position] ^= 1;
        assert!(vault.open("cases.name", &changed).is_err(), "byte {position}");
    }
    assert_eq!(vault.blind_index("a", "x"), bed.again().await.vault().blind_index("a", "x"));
    assert_ne!(vault.blind_index("a", "x"), vault.blind_index("b", "x"));
}

#[test]
fn whatever_is_sealed_opens_again_and_nothing_else_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bed = runtime.block_on(Bed::new(banhao_testbed::On::Sqlite, &[]));
    let vault = bed.store.vault();
    proptest!(ProptestConfig::with_cases(64), |(plain: Vec<u8>, junk: Vec<u8>)| {
        let sealed = vault.seal("a", &plain).unwrap();
        prop_assert_eq!(vault.open("a", &sealed).unwrap(), plain.clone());
        prop_assert_ne!(vault.seal("a", &plain).unwrap(), sealed.clone(), "a fresh nonce each time");
        prop_assert!(vault.open("a", &junk).is_err());
        prop_assert!(vault.open("a", &sealed[..sealed.len() - 1]).is_err());
    });
}
