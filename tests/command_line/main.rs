//! The program as its users meet it: exit codes, bytes, signals, disks.

mod disk;
mod exact;
mod exit_codes;
mod interrupted;
mod program;
mod same_bytes;
mod verbs;
