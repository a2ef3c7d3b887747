//! The program as its users meet it: exit codes, bytes, signals, disks.

mod batch;
mod disk;
mod events;
mod exact;
mod exit_codes;
mod interrupted;
mod program;
mod same_bytes;
mod shards;
mod sweeps;
mod verbs;
