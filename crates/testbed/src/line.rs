//! A line to a PostgreSQL server that is cut where a test says: the server knows nothing of it, the program is the one that ships.
//! It reads the client's side of the protocol (PostgreSQL documentation, chapter "Frontend/Backend Protocol") as far as to count
//! statements.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp},
};

/// Where a line is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The statement never arrives.
    Before,
    /// The statement is carried out; its answer never arrives.
    After,
}

/// Requests for encryption, which come before the start of a session and have no letter.
const ENCRYPTION: [u32; 2] = [80_877_103, 80_877_104];
/// Carry out a prepared statement; carry out a text.
const STATEMENTS: [u8; 2] = *b"EQ";
/// What the session calls itself by which others see that a runner lives: its statements belong to no command and no job.
const SIGN_OF_LIFE: &[u8] = b"banhao runner";
/// The server is ready for the next statement.
const READY: u8 = b'Z';

/// The line. Every connection through it counts.
pub(crate) struct Line {
    /// Where to connect to.
    pub(crate) address: SocketAddr,
    plan: Arc<Mutex<Option<(u32, Cut)>>>,
}

impl Line {
    /// A line to a server, HOST:PORT.
    pub(crate) async fn to(server: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let plan = Arc::new(Mutex::new(None));
        let line = Self { address, plan: Arc::clone(&plan) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connection(client, server.clone(), Arc::clone(&plan)));
            }
        });
        line
    }

    /// Cuts the connection of the n-th statement from now on, counted from 1.
    pub(crate) fn arm(&self, at: u32, cut: Cut) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, cut));
    }

    /// Cuts nothing from now on.
    pub(crate) fn disarm(&self) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Counts a statement; whether this is the one.
fn strikes(plan: &Mutex<Option<(u32, Cut)>>) -> Option<Cut> {
    let mut plan = plan.lock().unwrap_or_else(PoisonError::into_inner);
    let (left, cut) = (*plan)?;
    *plan = if left > 1 { Some((left - 1, cut)) } else { None };
    (left == 1).then_some(cut)
}

async fn connection(client: TcpStream, server: String, plan: Arc<Mutex<Option<(u32, Cut)>>>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    if client.set_nodelay(true).is_err() || server.set_nodelay(true).is_err() {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let deaf = AtomicBool::new(false);
    // Whichever ends first takes both ends of the line away.
    tokio::select! {
        () = forth(from_client, to_server, &plan, &deaf) => {}
        () = back(from_server, to_client, &deaf) => {}
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

/// Length of the message at the beginning, once all of it is there.
fn whole(buffer: &[u8], has_letter: bool) -> Option<usize> {
    let letter = usize::from(has_letter);
    let length = usize::try_from(number(buffer.get(letter..)?)?).ok()? + letter;
    (buffer.len() >= length).then_some(length)
}

/// What a message says about where a transaction stands.
fn text(message: &[u8]) -> &[u8] {
    if message.first() == Some(&b'Q') { message.get(5..message.len() - 1).unwrap_or_default() } else { b"" }
}

/// Whether a transaction begins with this message.
fn begins(message: &[u8]) -> bool {
    text(message) == b"BEGIN" || text(message).ends_with(b" AND CHAIN")
}

/// Whether this message only begins a transaction. The program begins once more on another connection when that fails: nothing has happened
/// yet, and nobody is told.
fn only_begins(message: &[u8]) -> bool {
    text(message) == b"BEGIN"
}

/// Whether a transaction ends with this message and no other begins. Of a transaction in which nothing happened (the program had it ready
/// for a command that did not come) that is no statement of anybody.
fn ends(message: &[u8]) -> bool {
    matches!(text(message), b"COMMIT" | b"ROLLBACK")
}

async fn forth(mut client: tcp::OwnedReadHalf, mut server: tcp::OwnedWriteHalf, plan: &Mutex<Option<(u32, Cut)>>, deaf: &AtomicBool) {
    let (mut buffer, mut started, mut begun, mut sign_of_life) = (Vec::new(), false, false, false);
    while client.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        while let Some(length) = whole(&buffer, started) {
            if started {
                let message = &buffer[..length];
                let nobodys = sign_of_life || only_begins(message) || (begun && ends(message));
                let cut = if STATEMENTS.contains(&message[0]) && !nobodys { strikes(plan) } else { None };
                if STATEMENTS.contains(&message[0]) {
                    begun = begins(message);
                }
                if cut == Some(Cut::Before) {
                    return;
                }
                if cut == Some(Cut::After) {
                    deaf.store(true, Ordering::SeqCst);
                    // What belongs to it (the request to answer now) still goes through, with as much of it as has not come yet; `back`
                    // ends the connection when the server has answered.
                    let sent = server.write_all(&buffer).await.is_ok();
                    while sent && tokio::io::copy(&mut client, &mut server).await.is_ok_and(|more| more > 0) {}
                    return;
                }
            } else {
                started = number(&buffer[4..]).is_none_or(|code| !ENCRYPTION.contains(&code));
                sign_of_life = buffer[..length].windows(SIGN_OF_LIFE.len()).any(|words| words == SIGN_OF_LIFE);
            }
            let message: Vec<u8> = buffer.drain(..length).collect();
            if server.write_all(&message).await.is_err() {
                return;
            }
        }
    }
}

async fn back(mut server: tcp::OwnedReadHalf, mut client: tcp::OwnedWriteHalf, deaf: &AtomicBool) {
    let mut buffer = Vec::new();
    while server.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        if !deaf.load(Ordering::SeqCst) {
            if client.write_all(&buffer).await.is_err() {
                return;
            }
            buffer.clear();
            continue;
        }
        while let Some(length) = whole(&buffer, true) {
            if buffer[0] == READY {
                return;
            }
            buffer.drain(..length);
        }
    }
}
