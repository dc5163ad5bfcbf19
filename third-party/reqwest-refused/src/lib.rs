//! Not an HTTP client. The FEEL evaluator (`dsntk-feel-evaluator`) depends on one for a single purpose: to ask a Java
//! server on this machine to run "external functions". Decision rules must not speak to the network, and an HTTP client
//! with its own TLS (`aws-lc-sys`, a C library) would be most of the weight of the rule engine. This package takes its
//! place (`[patch.crates-io]` in the root `Cargo.toml`), with only the calls the evaluator makes, and refuses each.
//!
//! `banhao-decision` refuses external functions earlier, when an expression is parsed; this is the second wall.

#![deny(unsafe_code, missing_docs)]

use std::fmt;

/// The only answer there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("network calls are refused")
    }
}

impl std::error::Error for Error {}

/// The calls as the evaluator makes them.
pub mod blocking {
    use serde::{Serialize, de::DeserializeOwned};

    use crate::Error;

    /// Opens no connection.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct Client;

    impl Client {
        /// Makes nothing.
        #[must_use]
        pub const fn new() -> Self {
            Self
        }

        /// Goes nowhere.
        #[must_use]
        pub const fn post(&self, _url: &str) -> RequestBuilder {
            RequestBuilder
        }
    }

    /// A request that will be refused.
    #[derive(Debug, Clone, Copy)]
    pub struct RequestBuilder;

    impl RequestBuilder {
        /// Takes no body.
        #[must_use]
        pub const fn json<T: Serialize + ?Sized>(self, _body: &T) -> Self {
            self
        }

        /// Refuses.
        ///
        /// # Errors
        /// Always.
        pub const fn send(self) -> Result<Response, Error> {
            Err(Error)
        }
    }

    /// Never comes.
    #[derive(Debug, Clone, Copy)]
    pub enum Response {}

    impl Response {
        /// Cannot be called, for there is no response.
        ///
        /// # Errors
        /// Never: there is nothing to read.
        pub fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
            match self {}
        }
    }
}
