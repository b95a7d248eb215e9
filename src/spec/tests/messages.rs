//! Every kind of mistake: each rule has one message in full, and the others are a line each.

mod distributions;
mod grids;
mod keys;
mod syntax;
