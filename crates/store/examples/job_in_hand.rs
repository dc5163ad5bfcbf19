//! The process that `a_killed_process_is_followed_at_once` (tests/scenarios/runners.rs) starts and kills: it takes a job, says so and never
//! ends it. Arguments: the address of the database and the data folder.

use std::{io::Write, sync::Arc};

use banhao_kernel::{clock::SystemClock, entropy::OsEntropy};
use banhao_store::{JobError, Runner, Store, StoreConfig};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (database, folder) = arguments.next().zip(arguments.next()).ok_or("DATABASE FOLDER")?;
    let config = StoreConfig { database: database.parse()?, data_dir: folder.into(), connections: 2 };
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(OsEntropy)).await?;
    let running = Runner::new(store).on("once", |_, _| async {
        writeln!(std::io::stdout(), "the job is in hand").map_err(JobError::from_error)?;
        std::future::pending().await
    });
    let _running = running.start();
    std::future::pending::<()>().await;
    Ok(())
}
