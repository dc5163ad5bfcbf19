//! A small HTTP/1.1 client for measuring: one kept connection, answers with a length or in chunks, only to this machine.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::Outcome;

/// One kept connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
}

/// What came back.
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    /// Connects to a port of this machine; `cookie` goes with every request when it is not empty.
    pub async fn connect(port: u16, cookie: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        stream.set_nodelay(true)?;
        let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: banhao_session={cookie}\r\n") };
        Ok(Self { stream: BufReader::new(stream), cookie })
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str) -> Outcome<Reply> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n", self.cookie);
        self.exchange(head.as_bytes()).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, form: &str) -> Outcome<Reply> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.cookie,
            form.len()
        );
        self.exchange(request.as_bytes()).await
    }

    async fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(line.trim_end().to_owned())
    }

    async fn exchange(&mut self, request: &[u8]) -> Outcome<Reply> {
        self.stream.get_mut().write_all(request).await?;
        let first = self.line().await?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or("not an HTTP answer")?;
        let (mut location, mut length, mut chunked) = (String::new(), 0_usize, false);
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "location" => value.clone_into(&mut location),
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let size = usize::from_str_radix(&self.line().await?, 16)?;
                let from = body.len();
                body.resize(from + size, 0);
                self.stream.read_exact(&mut body[from..]).await?;
                self.line().await?;
                if size == 0 {
                    break;
                }
            }
        } else {
            body.resize(length, 0);
            self.stream.read_exact(&mut body).await?;
        }
        Ok(Reply { status, location, body })
    }
}
