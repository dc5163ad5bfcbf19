//! Where everything is and how the program listens: the command line, then the environment, then `banhao.toml` in the data folder.

use std::{net::SocketAddr, path::PathBuf};

use banhao_store::{DatabaseUrl, StoreConfig};
use clap::Args;
use serde::Deserialize;

use crate::fault::Fault;

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// 数据目录：内嵌数据库、文件、密钥 / Folder of the embedded database, files and keys
    #[arg(long, global = true, value_name = "DIR", env = "BANHAO_DATA")]
    // A text, because `bpmn run` and `dmn eval` have variables under the same name, and both are kept under it.
    pub data: Option<String>,
    /// 改用 PostgreSQL：postgres://用户:口令@主机/库 / PostgreSQL instead of the embedded database
    #[arg(long, global = true, value_name = "URL", env = "BANHAO_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

/// Options of the commands that listen.
#[derive(Debug, Clone, Args)]
pub struct Listen {
    /// 监听地址 / Address to listen on
    #[arg(long, value_name = "ADDR", env = "BANHAO_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// 对外网址，印在文书二维码里 / Public address, printed in the QR codes of papers
    #[arg(long, value_name = "URL", env = "BANHAO_PUBLIC_URL")]
    pub public_url: Option<String>,
}

/// `banhao.toml` in the data folder. Every key may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    connections: Option<u32>,
}

/// Everything decided.
#[derive(Debug, Clone)]
pub struct Config {
    /// How to open the store.
    pub store: StoreConfig,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Public address without a slash at the end.
    pub public_url: String,
}

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

impl Config {
    /// Decides from command line, environment and file.
    ///
    /// # Errors
    /// Names the file and line, or the option, that is not understood.
    pub fn decide(place: &Place, listen: Option<&Listen>) -> Result<Self, Fault> {
        let data_dir = place.data.as_ref().map_or_else(|| PathBuf::from("data"), PathBuf::from);
        let path = data_dir.join("banhao.toml");
        let file: File = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| Fault::config(&path, &error.to_string()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => return Err(Fault::config(&path, &error.to_string())),
        };
        let mut store = StoreConfig::embedded(&data_dir);
        if let Some(url) = place.database.clone().or(file.database) {
            store.database = url.parse::<DatabaseUrl>()?;
        }
        if let Some(connections) = file.connections {
            store.connections = connections;
        }
        if matches!(store.database, DatabaseUrl::Postgres(_)) && file.connections.is_none() {
            store.connections = 24;
        }
        let address = listen.and_then(|listen| listen.listen).or(file.listen).unwrap_or(DEFAULT_LISTEN);
        let public_url =
            listen.and_then(|listen| listen.public_url.clone()).or(file.public_url).unwrap_or_else(|| format!("http://{address}"));
        Ok(Self { store, listen: address, public_url: public_url.trim_end_matches('/').to_owned() })
    }
}
