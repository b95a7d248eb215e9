//! Every kind of mistake: one full message for each rule, and one line for every other message.

mod distributions;
mod grids;
mod keys;
mod labels;
mod syntax;
