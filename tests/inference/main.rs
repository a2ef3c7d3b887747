//! How much was truly lost: intervals that cover, and answers on real events.

mod coverage;
mod events;
