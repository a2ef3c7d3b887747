//! The page: a table for each run, and how to read it.

use crate::held::{Held, LARGEST_ERROR, LARGEST_MEAN_Z, LARGEST_SUM_Z2, SEEDS, hold};
use crate::published::{SOURCES, published};
use crate::runs::{RUNS, Run, digest};
use std::fmt::Write;

/// The page as markdown.
pub fn page() -> String {
    let mut tables = String::new();
    let (mut count, mut failed, mut largest) = (0, 0, 0.0_f64);
    for run in RUNS {
        let name = run.name;
        eprintln!("{name}");
        let loaded = run.load();
        let rows = hold(&loaded.system, run.replications);
        count += rows.len();
        failed += rows.iter().filter(|row| !row.holds()).count();
        largest = rows.iter().map(|row| row.z().abs()).fold(largest, f64::max);
        let n = u64::from(run.replications) * SEEDS.count() as u64;
        let title = &loaded.system.title;
        let with = with(&run);
        writeln!(
            tables,
            "\n## {name}\n\n{title}.{with} {n} replications, scenario {}.\n\n\
             | scope | index | unit | published | exact | estimate | standard error | z | mean z | sum z² |\n\
             |---|---|---|---|---|---|---|---|---|---|",
            digest(&loaded),
        )
        .expect("text grows");
        for row in &rows {
            tables.push_str(&line(name, row));
        }
    }
    let mut page = head(count, failed, largest) + &tables + "\n## Sources of published values\n\n";
    for (number, source) in SOURCES.iter().enumerate() {
        writeln!(page, "{}. {source}", number + 1).expect("text grows");
    }
    page.trim_end().to_owned()
}

/// What of a scenario is changed, as it is typed.
fn with(run: &Run) -> String {
    let typed = |(path, value): &(&str, &str)| format!("--set '{path}={value}'");
    let set: Vec<String> = run.set.iter().map(typed).collect();
    if set.is_empty() {
        String::new()
    } else {
        format!(" With `{}`.", set.join(" "))
    }
}

fn head(count: usize, failed: usize, largest: f64) -> String {
    format!(
        "# Validation\n\n\
         <!-- Made by `cargo run --release --example validation > docs/validation.md`; do not edit. -->\n\n\
         Here {count} indices that have an [exact answer](model/exact.md) stand beside their simulation, and\n\
         beside the literature where that gives them: of {systems} systems, every built-in one that has such an\n\
         answer as it is, and {changed} with keys changed. The largest |z| of a pooled estimate is {largest:.2};\n\
         {failed} of them fail the test below.\n\n\
         hashfall {version}, made by\n\n\
         ```sh\ncargo run --release --example validation > docs/validation.md\n```\n\n\
         **How to read it.** *Exact* is computed without a draw (`hashfall exact`), by another road than the\n\
         engine's: convolution, frequency and duration; of `triangle` it is by enumeration. *Estimate* is the\n\
         mean over seeds {first} to {last}, exactly these, each with the same number of replications; *z* is\n\
         its distance from the exact value in standard errors. Each seed has a z of its own: *mean z* is their\n\
         mean, whose standard deviation is 0.22, and *sum z²* is chi-square with 20 degrees of freedom. `tests/adequacy` runs the same and\n\
         accepts |mean z| below {LARGEST_MEAN_Z}, a sum below {LARGEST_SUM_Z2:.2} (its 99.99 % point), and a standard error of\n\
         at most {largest_error} % of the exact value. Of {count} indices, several\n\
         of them from the same replications, about one in twenty lies beyond |z| = 2 by chance. Systems\n\
         made of one scenario share most of their draws, and are no independent trials.\n\n\
         Indices are of the whole horizon of the scenario; ratios (`lold_h`, `neue_ppm`) have their error by\n\
         the delta method. A single zone is the system and is not listed twice. What an index means:\n\
         [Indices](model/indices.md).\n",
        systems = RUNS.len(),
        changed = RUNS.iter().filter(|run| !run.set.is_empty()).count(),
        version = env!("CARGO_PKG_VERSION"),
        first = SEEDS.start(),
        last = SEEDS.end(),
        largest_error = 100.0 * LARGEST_ERROR,
    )
}

/// The line of an index. What is published is of scenarios as they are.
pub fn line(name: &str, row: &Held) -> String {
    let exact = &row.exact;
    let published: Vec<String> = published(name, exact.index)
        .filter(|_| exact.scope == "system")
        .map(|published| format!("{} [{}]", published.value, published.source))
        .collect();
    // Two digits of the error, and the estimate to the same place.
    let error = row.standard_error();
    let places = (1.0 - error.log10().floor()).clamp(0.0, 9.0) as usize;
    format!(
        "| {} | `{}` | {} | {} | {:.6} | {:.places$} | {error:.places$} | {} | {} | {:.1} |\n",
        exact.scope,
        exact.index,
        exact.unit,
        published.join(", "),
        exact.value,
        row.mean(),
        signed(row.z()),
        signed(row.mean_z()),
        row.sum_z2(),
    )
}

/// A z with its sign; never a negative zero.
fn signed(z: f64) -> String {
    let text = format!("{z:+.2}");
    if text == "-0.00" {
        "+0.00".to_owned()
    } else {
        text
    }
}
