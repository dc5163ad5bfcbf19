//! banhao
fn main() {}
