//! Addressed randomness (scheme `hf1`) and the samplers that turn one uniform into one draw.
//!
//! May enter: seeds, names, replication numbers, the parameters of a law.
//! May not enter: clocks, threads, global generators, platform mathematics (`libm` only).
//!
//! A draw has an address: seed, name of the entity, replication, ordinal. Whoever asks for it,
//! in whatever order, on whatever machine, gets the same bits; nobody else's draw moves.
//!
//! ```
//! use hashfall::random::{DurationLaw, Sampler, Stream, StreamId};
//! let outages = StreamId::of("plant/gres-1/unit-3/outage");
//! let mut stream = Stream::new(20220105, outages, 7);
//! let up_time = Sampler::new(DurationLaw::Exponential { mean_h: 433.0 });
//! let first_h = up_time.quantile_h(stream.next_uniform());
//! assert_eq!(first_h, up_time.quantile_h(stream.uniform_at(0)));
//! ```

mod dirichlet;
mod duration;
mod input;
pub mod lanes;
mod logarithm;
mod philox;
mod poisson;
pub mod sobol;
pub mod special;
mod stream;

pub use dirichlet::dirichlet;
pub use duration::{DurationLaw, Sampler, exponential};
pub use input::InputLaw;
pub use philox::philox4x32_10;
pub use poisson::poisson;
pub use stream::{Stream, StreamId};

/// Name of the scheme by which addresses become bits; stands in every manifest and block.
pub const SCHEME: &str = "hf1";

#[cfg(test)]
mod oracle;
