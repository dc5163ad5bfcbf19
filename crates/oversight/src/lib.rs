//! oversight
