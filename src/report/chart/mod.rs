//! The figures: one file each, drawn on one path as SVG, with numbers, caption and words.
//!
//! May enter: plain numbers and times of a finished run, as public fields.
//! May not enter: the disk (who asks writes), the fonts of the machine, anything not finite.
//!
//! Fill a figure's struct, call `draw`, and a [`Drawing`] comes back: the picture, exactly the
//! plotted numbers as a tidy table, a caption, and a text for readers who cannot see it.
//!
//! Conventions of all fields: times are Unix milliseconds in UTC; series are step functions, the
//! value at index i holding from `times_utc_ms[i]` for `bin_ms`; where lengths differ the shortest
//! counts; a value that is not finite is a gap, in the picture and in the table.

mod backtest;
mod canvas;
mod causes;
mod clock;
mod convergence;
mod decades;
mod events;
mod exceedance;
mod fold;
mod hashrate;
mod inference;
mod ink;
mod layers;
mod lettering;
mod month_hours;
mod numbers;
mod observers;
mod page;
mod panel;
mod pools;
mod print;
mod readings;
mod rows;
mod scale;
mod shortages;
mod stores;
mod story;
mod supply;
mod sweep_differences;
mod sweep_lines;
mod sweep_map;

pub use backtest::{BacktestDay, BacktestFigure, RivalBar};
pub use causes::{CauseOfLoss, CausesFigure};
pub use clock::{LocalClock, rfc3339};
pub(crate) use clock::{spoken, spoken_span};
pub use convergence::{ConvergenceFigure, ConvergencePanel, EstimateAt};
pub use events::DatedEvent;
pub use exceedance::{ExceedanceFigure, ExceedancePanel};
pub use hashrate::{HashrateFigure, ObservedDay, OneDayCounts};
pub use inference::{InferenceFigure, InferenceRow};
pub(crate) use month_hours::MONTHS;
pub use month_hours::{MonthHourCell, MonthHoursFigure};
pub use observers::{ObserverPanel, ObserversFigure, TimedReading};
pub use panel::{Fan, TimeAxis};
pub use pools::{PoolRow, PoolsFigure};
pub use print::{PRINT_WIDTH_PX, PrintError, font_faces};
pub use readings::{ReadingRow, ReadingsFigure};
pub use shortages::{ShortagePoint, ShortagesFigure};
pub use stores::{StoreLevels, StoresFigure};
pub use story::{Outage, OutageKind, StoryFigure, StoryRow};
pub use supply::{FuelSeries, SupplyFigure};
pub use sweep_differences::{DifferenceBar, SweepDifferencesFigure};
pub use sweep_lines::{SweepLine, SweepLinesFigure, SweepPanel, SweptValue};
pub use sweep_map::{MapCell, MapPanel, SweepMapFigure};

/// What every figure carries around its picture.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The finding, in a sentence of up to about 80 letters: it is set in two lines.
    pub title: String,
    /// What is shown and in which units; may be empty.
    pub subtitle: String,
    /// How the numbers came about.
    pub footer: Footer,
}

/// How the numbers of a figure came about: the small print, always present.
#[derive(Debug, Clone)]
pub struct Footer {
    /// The scenario's name.
    pub scenario: String,
    /// Number of replications; 0 where nothing was drawn.
    pub replications: u64,
    /// Study seed.
    pub seed: u64,
    /// The kind of interval: "bands: P5–P95 of futures".
    pub interval: String,
    /// What is estimated and how: "hourly means, medians over futures".
    pub estimator: String,
    /// The window in words: "1–22 January 2022".
    pub window: String,
    /// Version of the program.
    pub version: String,
    /// Whether later knowledge was allowed.
    pub mode: Mode,
}

/// What the inputs were allowed to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only what was known before the event.
    Forecast,
    /// Later sources too.
    Hindcast,
    /// The question does not arise: a test system, an invented case.
    Study,
}

impl Mode {
    /// The mark on every figure.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Forecast => "Forecast",
            Mode::Hindcast => "Hindcast",
            Mode::Study => "Study",
        }
    }
}

impl Footer {
    /// The footer without its mark.
    pub(crate) fn words(&self) -> String {
        let drawn = match self.replications {
            0 => [String::new(), String::new()],
            n => [
                format!("n = {}", scale::number(n as f64, 0)),
                format!("seed {}", self.seed),
            ],
        };
        let [replications, seed] = drawn;
        let parts = [
            self.scenario.clone(),
            replications,
            seed,
            self.interval.clone(),
            self.estimator.clone(),
            self.window.clone(),
            format!("hashfall {}", self.version),
        ];
        parts
            .iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }
}

/// A finished figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Name for files: `hashrate`, `pools`, ...
    pub name: String,
    /// The picture. It names its font; see [`Drawing::standalone_svg`] for a file of its own.
    pub svg: String,
    /// Exactly the plotted numbers, tidy, with a header.
    pub numbers_csv: String,
    /// The caption as one paragraph.
    pub caption: String,
    /// The caption's middle: what is drawn, without the title and the small print, for a page
    /// that shows the picture itself.
    pub notes: String,
    /// What the picture shows, for readers who cannot see it.
    pub alternative_text: String,
}
