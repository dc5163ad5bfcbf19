//! Serves the page of components on 127.0.0.1:8090 (or the port given as argument), without database or domain.
//! `cargo run -p banhao-web --example design`

use std::sync::Arc;

use banhao_kernel::clock::SystemClock;
use banhao_kernel::entropy::{Entropy, OsEntropy};
use banhao_web::shell::{Shell, Site, WebConfig};
use banhao_web::{design, layers, serve};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8090_u16);
    let mut key = [0; 32];
    OsEntropy.fill(&mut key);
    let site = Site {
        name: "洪湖市政务服务网".into(),
        name_en: "Honghu Government Services".into(),
        operator: "洪湖市政务服务和大数据管理局".into(),
        operator_en: "Honghu Government Services and Big Data Bureau".into(),
        phone: "0716-0000000".into(),
        supervise_phone: "0716-0000001".into(),
        address: "洪湖市示范路 1 号".into(),
        demo: true,
    };
    let shell = Arc::new(Shell::new(site, WebConfig::default(), Arc::new(SystemClock), Arc::new(OsEntropy), key));
    let router = layers::wrap(design::routes::<()>(), Arc::clone(&shell));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    serve::serve(listener, router, shell, async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for Ctrl-C");
        }
    })
    .await
}
