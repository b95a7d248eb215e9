//! Means over draws against enumeration and simulation.

mod normals;
mod symbols;
