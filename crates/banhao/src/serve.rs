//! Serving: the HTTP server, the job runner and the ledger's sequencer of one replica, started and stopped together.

use std::sync::Arc;

use axum::{Router, middleware};
use banhao_kernel::entropy::Entropy;
use banhao_store::{Runner, ledger_log::start_sequencer};
use banhao_web::{
    AppState, design, desk, layers, portal, screens,
    serve::serve as serve_http,
    session,
    shell::{Shell, Site, WebConfig},
};
use tokio::net::TcpListener;

use crate::{config::Config, fault::Fault, installation::Installation};

/// The 32 bytes that sign forms and flash messages: the same on every replica, derived from the vault's key.
fn form_key(installation: &Installation) -> [u8; 32] {
    let index = installation.store.vault().blind_index("web.forms", "key");
    let mut key = [0_u8; 32];
    for (place, pair) in key.iter_mut().zip(index.as_bytes().chunks(2)) {
        *place = std::str::from_utf8(pair).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
    }
    key
}

/// Listens first, so that a port in use is told before anything else is done.
///
/// # Errors
/// When the address is in use or not ours.
pub async fn bind(config: &Config) -> Result<TcpListener, Fault> {
    TcpListener::bind(config.listen).await.map_err(|error| {
        let address = config.listen;
        Fault::new(
            format!("不能监听 {address}:{error}。用 --listen 换一个地址。"),
            format!("Cannot listen on {address}: {error}. Choose another address with --listen."),
        )
    })
}

/// Serves until Ctrl-C or SIGTERM; then lets requests, jobs and commits in hand finish.
///
/// # Errors
/// When nothing has been imported, keys fail, or the listener breaks off.
pub async fn serve(config: &Config, installation: &Installation, listener: TcpListener, ready: impl FnOnce()) -> Result<(), Fault> {
    banhao_identity::policy::validate()?;
    let snapshot = installation.cases.snapshot().await?;
    let records = installation.records(config).await?;
    let site = &snapshot.installation;
    let operator = snapshot.organisations.values().find(|body| body.kind == banhao_catalogue::model::OrganisationKind::Centre);
    let site = Site {
        name: site.name.zh.clone(),
        name_en: site.name.en().to_owned(),
        operator: operator.map_or_else(|| site.name.zh.clone(), |body| body.name.zh.clone()),
        operator_en: operator.map_or_else(|| site.name.en().to_owned(), |body| body.name.en().to_owned()),
        phone: site.site.phone.clone(),
        supervise_phone: site.supervise_phone.clone(),
        address: site.site.address.clone(),
        demo: site.demo,
    };
    let https = config.public_url.starts_with("https://");
    let web = WebConfig { public_url: Some(config.public_url.clone()), https, ..WebConfig::default() };
    let entropy: Arc<dyn Entropy> = Arc::clone(installation.store.entropy());
    let shell = Arc::new(Shell::new(site, web, Arc::clone(installation.store.clock()), entropy, form_key(installation)));
    let state = AppState::new(Arc::clone(&shell), installation.cases.clone(), records.clone());

    // Papers have a runner of their own: timers and messages do not queue behind them. One is read while the others are made.
    let printer = Runner::new(installation.store.clone()).at_once(records.engine.press().threads() + 1);
    let printer = banhao_records::register_jobs(printer, &records).start();
    let runner = Runner::new(installation.store.clone());
    let runner = banhao_cases::register_jobs(runner, &installation.cases);
    let runner = banhao_oversight::register_jobs(runner, &installation.cases).start();
    let sequencer = start_sequencer(installation.store.clone());

    let pages: Router<AppState> = portal::routes(&state).merge(desk::routes(&state)).merge(screens::routes(&state));
    let pages = pages.layer(middleware::from_fn_with_state(state.clone(), session::layer)).merge(design::routes());
    let router = layers::wrap(pages, Arc::clone(&shell)).with_state(state);
    // The search index is made while the first pages are already answered.
    let warm = Arc::clone(&snapshot);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = warm.warm_search() {
            tracing::error!(%error, "the search index could not be made");
        }
    });
    ready();
    let served = serve_http(listener, router, shell, stop_signal()).await;
    printer.stop().await;
    runner.stop().await;
    sequencer.stop().await;
    installation.store.shutdown().await;
    served.map_err(|error| Fault::system("监听中断 / the listener broke off", &error))
}

async fn stop_signal() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for Ctrl-C");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            },
            Err(error) => {
                tracing::error!(%error, "cannot wait for SIGTERM");
                interrupted.await;
            }
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
