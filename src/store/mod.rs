//! Files that are whole or not there: atomic writes, locks, checksummed blocks, staged results.
//!
//! May enter: bytes, columns of integers, a run's identity; paths that the caller chose.
//! May not enter: what the numbers mean, clocks, randomness of the model, threads.
//!
//! With `scenario` this is the only room that touches the disk. Every error names the path and
//! what to do about it. The files of a result called `NAME` are, side by side in one folder:
//!
//! | path               | holds                                                            |
//! |--------------------|------------------------------------------------------------------|
//! | `NAME/`            | the finished result, its manifest written last                   |
//! | `.NAME.blocks/ID/` | blocks and snapshots of one identity, for resuming and extending |
//! | `.NAME.lock`       | held by the one run that writes                                  |
//! | `.NAME.staging/`   | a result being written; gone when it is done or given up         |
//! | `.NAME.previous/`  | the older result for the moment of the swap                      |

mod atomic;
mod block;
mod error;
mod frame;
mod lock;
mod place;
mod process;
mod shard;
mod snapshot;
mod staging;

pub use atomic::{
    create_folder, file_length, folders, is_folder, read_limited, remove_file, remove_leftovers,
    write_atomic, write_new,
};
pub use block::{Block, ReplicationRange, list_blocks, read_block, remove_block, write_block};
pub use error::StoreError;
pub use frame::Identity;
pub use lock::FolderLock;
pub use place::Place;
pub use process::{peak_memory_bytes, processor_seconds};
pub use shard::{SHARD_ENDING, Shard, files_ending_in, read_shard, write_shard};
pub use snapshot::{Snapshot, read_snapshot, write_snapshot};
pub use staging::{StagedFile, Staging, remove_folder};
