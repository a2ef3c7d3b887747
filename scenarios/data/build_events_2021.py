#!/usr/bin/env python3
"""Builds the tables of `xinjiang-2021` and `uri-2021` from those in `bitcoin/sources_2021/`.

    python3 scenarios/data/build_events_2021.py           writes every output
    python3 scenarios/data/build_events_2021.py --check   compares instead, exit 1 on a difference

Reads nothing but those tables and the two scenario files, uses nothing but the standard library
(Python 3.11), and writes only after all identities hold: what block counts say against the
published estimates, epochs against the counts of their days, and the typed world levels of both
scenarios against the epoch before the event.
"""

import csv
import datetime as dt
import io
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "bitcoin" / "sources_2021"
WORK = 2**32


def table(name):
    """Rows of a source table as dictionaries, without its comments."""
    text = (SOURCES / name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def rendered(comment, columns, rows):
    """Some columns of rows as a CSV, under a line of comment."""
    out = io.StringIO()
    out.write(f"# {comment} Made by scenarios/data/build_events_2021.py\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[c] for c in columns] for row in rows)
    return out.getvalue()


def holds(what, value, wanted, tolerance):
    """One identity, printed; ends the program where it fails."""
    print(f"{what}: {value:.4g}, wanted {wanted:.4g} +- {tolerance:.2g}")
    if abs(value - wanted) > tolerance:
        sys.exit("an identity failed: nothing written")


def check_counts(days):
    """Each day's estimate is its count times what a block takes."""
    worst = max(abs(int(day["block_count"]) * float(day["difficulty_mean"]) * WORK / 86400e18
                    / float(day["hashrate_ehs_from_count"]) - 1) for day in days)
    holds("largest relative difference of a day's estimate", worst, 0, 1e-5)


def instant(text):
    """An instant of the tables."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def check_epochs(days, epochs):
    """Whole days inside an epoch have its mean hashrate, within the error of their counts."""
    for epoch, following in zip(epochs, epochs[1:]):
        first, last = instant(epoch["time_utc"]).date(), instant(following["time_utc"]).date()
        inside = [day for day in days if first < dt.date.fromisoformat(day["date_utc"]) < last]
        if len(inside) < 11:
            continue
        mean = sum(float(day["hashrate_ehs_from_count"]) for day in inside) / len(inside)
        whole = float(epoch["implied_epoch_hashrate_ehs"])
        # A tenth of the epoch's blocks lie on its first and last day.
        holds(f"EH/s from {first}", mean, whole, 0.025 * whole)


def check_level(epochs, file):
    """The typed world level: the last epoch that ended before the event's last known day, moved by
    the growth of the six epochs before it from its middle to the scenario's start."""
    scenario = tomllib.loads((HERE.parent / file).read_text("utf-8"))
    start = instant(scenario["scenario"]["start"])
    known = instant(scenario["inputs"]["world-level-ehs"]["known_since"] + "T23:59:59Z")
    ended = [n for n, epoch in enumerate(epochs) if instant(epoch["time_utc"]) <= known]
    last = ended[-1] - 1
    level = lambda n: float(epochs[n]["implied_epoch_hashrate_ehs"])
    middle = lambda n: (instant(epochs[n]["time_utc"])
                        + dt.timedelta(seconds=int(epochs[n]["epoch_seconds_following"]) / 2))
    first = max(last - 5, 0)
    weeks = (middle(last) - middle(first)).total_seconds() / 604800
    growth = (level(last) / level(first)) ** (1 / weeks) - 1
    print(f"{file}: growth {100 * growth:.2f} % a week over {last - first + 1} epochs")
    moved = level(last) * (1 + growth) ** ((start - middle(last)).total_seconds() / 604800)
    mean, sd = scenario["inputs"]["world-level-ehs"]["normal"]
    holds(f"{file}: level at the start, EH/s", mean, moved, 0.004 * moved)
    holds(f"{file}: its relative standard deviation", sd / mean, 0.0223, 0.002)


def main():
    """Checks, then writes or compares."""
    days, epochs = table("daily_blocks.csv"), table("difficulty_epochs.csv")
    check_counts(days)
    check_epochs(days, epochs)
    check_level(epochs, "xinjiang-2021.toml")
    check_level(epochs, "uri-2021.toml")
    outputs = {
        HERE / "bitcoin" / "daily_blocks_2021.csv": rendered(
            "Chain facts by UTC day; 95 % interval exact Poisson; price a rounded close.",
            ["date_utc", "block_count", "difficulty_mean", "hashrate_ehs_from_count", "ci95_lo_ehs",
             "ci95_hi_ehs", "price_usd"], days),
        HERE / "bitcoin" / "pool_readings_xinjiang.csv": rendered(
            "Reported on 16 and 17 April 2021; shown beside results, never an input.",
            ["pool", "change_pct", "window", "as_of_utc", "reported_by", "confidence"],
            table("pool_readings_xinjiang.csv")),
    }
    stale = [path for path, text in outputs.items()
             if not path.exists() or path.read_text("utf-8") != text]
    names = ", ".join(str(path.relative_to(HERE)) for path in stale)
    if "--check" in sys.argv[1:]:
        sys.exit(f"differs from the sources: {names}" if stale else 0)
    for path in stale:
        path.write_text(outputs[path], "utf-8")
    print(f"written: {names}" if stale else "all files are up to date")


if __name__ == "__main__":
    main()
