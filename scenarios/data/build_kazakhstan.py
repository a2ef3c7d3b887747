#!/usr/bin/env python3
"""Builds the data of the Kazakhstan scenarios from the tables in `kazakhstan/sources/`.

    python3 scenarios/data/build_kazakhstan.py           writes every output
    python3 scenarios/data/build_kazakhstan.py --check   compares instead, exit 1 on a difference

Reads nothing but the tables beside it and the two scenario files above it, uses nothing but the
standard library (Python 3.11), and prints the identities that `docs/kazakhstan.md` quotes. Files
are written only after all identities hold.

Steps 1 and 2 are in `kazakhstan_model.py`, step 6 in `kazakhstan_firm19.py`, step 7 in
`kazakhstan_identities.py`.

1. *Grid*: the plant list becomes plants of equal units with outage data (`plants.csv`).
2. *Load*: hourly shares of the national winter peak, local time to UTC (`load.csv`).
3. *Farms*: groups and their behaviour in one table (`farms.csv`).
4. *Bitcoin*: pools, daily blocks and prices, epochs, header times, machine efficiency (`../bitcoin`, `../fleet`).
5. *The place*: what both scenario files share is written once, in `kazakhstan-2022.toml`, and
   copied between the same two marks of `kazakhstan-2022-cutoff.toml`.
6. *The other reading of 19 GW*: `kazakhstan-2022-firm19.toml`, the same but for five inputs.
7. *Identities*: sums against sourced totals; typed numbers of the scenario against the tables.
"""

import csv
import io
import sys
import tomllib

from kazakhstan_firm19 import check_firm19, firm19
from kazakhstan_identities import Identities, check_bitcoin, check_farms, check_grid, check_load
from kazakhstan_model import DAYS, FIRST_DAY, HERE, by, load_shares, number, outage_parameters, plants, table


def rendered(comment, header, rows):
    """A CSV as text: a comment line, a header, rows."""
    out = io.StringIO()
    out.write(f"# {comment} Made by scenarios/data/build_kazakhstan.py\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def plants_csv():
    """One row a plant; keys are those of `[[plant]]`."""
    january = by(table("availability_assumed.csv"), "class")
    parameters = by(table("class_parameters_assumed.csv"), "class")
    rows = []
    for plant in plants():
        kind, coal = plant["kind"], plant["kind"].startswith("hard-coal")
        outage = outage_parameters(kind, plant["unit_mw"])
        if plant["name"].startswith("small-"):
            outage = None
        up, down = (number(round(v, 1)) for v in outage) if outage else ("", "")
        derating = parameters[kind] if coal else None
        rows.append([
            plant["name"], plant["zone"], kind, plant["units"], number(plant["unit_mw"]),
            "" if kind in ("wind", "solar") else "dependable-" + kind.removesuffix("-stored"),
            january["Wind"]["january_output_share"] if kind == "wind" else "",
            january["Solar"]["january_output_share"] if kind == "solar" else "",
            up, down, number(plant["beta"]) if plant["beta"] else "",
            *([derating[f"derating_{key}"] for key in ("share", "mttf_h", "mttr_h")] if derating else [""] * 3),
            *(["data/kazakhstan/steam_unavailability.csv", "steam", "emergency-hours"] if coal else [""] * 3),
            "derived", plant["source"],
        ])
    header = ["name", "zone", "class", "units", "capacity_mw", "dependable_share.input", "output.wind",
              "output.sun", "mttf_h", "mttr_h", "beta", "derating.share", "derating.mttf_h",
              "derating.mttr_h", "temperature.csv", "temperature.column", "repair_factor.input",
              "basis", "source"]
    return rendered("Every listed plant in service by 2022; MW from the list, units and outages as "
                    "docs/kazakhstan.md says.", header, rows)


def load_csv():
    """Hourly shares of the national winter peak, mining included."""
    rows = [[t.strftime("%Y-%m-%dT%H:%M:%SZ"), *(f"{shares[z]:.6f}" for z in ("north", "south", "west"))]
            for t, shares in load_shares(FIRST_DAY, DAYS)]
    return rendered("Demand with mining as a share of the national winter peak.",
                    ["time_utc", "north", "south", "west"], rows)


#: Last-mile failures by access class: mean hours up and down. Assumed.
LAST_MILE_H = {"data-centre": (3000, 3), "household": (700, 8), "mixed": (1500, 6)}


def farms_csv():
    """One row a site or group; keys are those of `[[farm]]`."""
    details = by(table("farm_details_assumed.csv"), "name")
    rows = []
    for group in table("mining_groups_assumed.csv"):
        detail, mixed = details.pop(group["name"]), group["access"] == "mixed"
        registered = group["status"] == "registered"
        up, down = LAST_MILE_H[group["access"]]
        rows.append([
            *(group[key] for key in ("name", "zone", "status", "access", "installed_mw", "running_share")),
            *(["mixed-like-data-centre", "mixed-until-the-end", "rest"] if mixed else [""] * 3),
            detail["providers"], detail["pools"],
            *(detail[key] for key in ("hold_minutes", "hold_power", "after_power", "boot_minutes",
                                      "stagger_minutes", "crew_return_h", "compliance",
                                      "telecom_battery_h", "tariff_usd_mwh", "cut_priority")),
            "true" if detail["order_needs_link"] == "yes" else "false",
            "true" if registered else "false", up, down, "assumed",
            "split of the sourced totals (registered 600-700 MW, grey up to 1,200 MW; KEGOC, energy "
            "ministry, November 2021)" + (f"; {group['note']}" if group["note"] else ""),
            "2021-11-30",
        ])
    if details:
        sys.exit(f"farm_details_assumed.csv names unknown groups: {sorted(details)}")
    header = ["name", "zone", "status", "access", "installed_mw", "running_share",
              "mixed_access.data-centre.input", "mixed_access.until-the-end.input",
              "mixed_access.household", "providers", "pools", "on_link_loss.hold_minutes",
              "on_link_loss.hold_power", "on_link_loss.after_power", "start.boot_minutes",
              "start.stagger_minutes", "crew_start.time_constant_h", "compliance", "telecom_battery_h",
              "tariff_usd_mwh", "cut_priority", "order_needs_link", "interruptible",
              "access_outages.mttf_h", "access_outages.mttr_h", "basis", "source", "known_since"]
    return rendered("Mining sites and regional groups with the autumn rationing in force.", header, rows)


def pools_csv():
    """Shares that add up to 1; each pool's endpoint fails now and then."""
    listed = table("pool_shares_2022-01.csv")
    total = sum(float(row["share_of_world_pct"]) for row in listed)
    rows = [[row["pool"], number(float(row["share_of_world_pct"]) / total), 2000, 1, "assumed",
             "recalled, about January 2022; centre of a prior of effective count 200"] for row in listed]
    return rendered("Mining pools: share of the world, prior centre.",
                    ["name", "share", "mttf_h", "mttr_h", "basis", "source"], rows)


def copied(name, comment, columns):
    """Some columns of a source table."""
    return rendered(comment, columns, [[row[c] for c in columns] for row in table(name)])


def outputs():
    """Every file this script makes: path to text."""
    kz, bitcoin, fleet = HERE / "kazakhstan", HERE / "bitcoin", HERE / "fleet"
    place = HERE.parent / "kazakhstan-2022.toml"
    cutoff = HERE.parent / "kazakhstan-2022-cutoff.toml"
    return {
        kz / "plants.csv": plants_csv(),
        kz / "load.csv": load_csv(),
        kz / "farms.csv": farms_csv(),
        kz / "steam_unavailability.csv": copied(
            "temp_dependent_for.csv", "Murphy, Sowell and Apt 2019, as used by ReEDS; only the ratio "
            "to 10 C is used.", ["deg_c", "steam"]),
        bitcoin / "pools.csv": pools_csv(),
        bitcoin / "pool_readings.csv": copied(
            "pool_readings.csv", "Reported around 5-6 January 2022; shown beside results, never an input.",
            ["pool", "change_pct", "window", "as_of_utc", "reported_by", "confidence"]),
        bitcoin / "daily_blocks.csv": copied(
            "daily_blocks.csv", "Chain facts by UTC day; 95 % interval exact Poisson; price a rounded close.",
            ["date_utc", "block_count", "difficulty_mean", "hashrate_ehs_from_count", "ci95_lo_ehs",
             "ci95_hi_ehs", "price_usd"]),
        bitcoin / "difficulty_epochs.csv": copied(
            "difficulty_epochs.csv", "First block of each difficulty epoch, from headers (consensus facts).",
            ["height", "unix", "bits_hex", "difficulty"]),
        bitcoin / "block_times.csv": copied(
            "block_times.csv", "Header times of 2-13 January 2022 (they can run backwards), from "
            "bitcoin-data/block-arrival-times (CC0); difficulty from consensus rules.",
            ["height", "unix", "difficulty"]),
        fleet / "asic_efficiency.csv": copied(
            "asic_efficiency.csv", "Cambridge CBECI model list.", ["model", "release_date", "j_per_th"]),
        cutoff: with_place(cutoff.read_text("utf-8"), place.read_text("utf-8")),
        HERE.parent / "kazakhstan-2022-firm19.toml": firm19(place.read_text("utf-8")),
    }


# ---------------------------------------------------------------- 5. the place

BEGIN, END = "# >>> the place: shared by both scenarios >>>", "# <<< the place <<<"


def with_place(text, other):
    """`text` with everything between the two marks taken from `other`."""
    block = other[other.index(BEGIN):other.index(END)]
    return text[:text.index(BEGIN)] + block + text[text.index(END):]


def main():
    """Checks, then writes or compares."""
    place = tomllib.loads((HERE.parent / "kazakhstan-2022.toml").read_text("utf-8"))
    cutoff = tomllib.loads((HERE.parent / "kazakhstan-2022-cutoff.toml").read_text("utf-8"))
    identities = Identities()
    check_grid(identities, place)
    check_load(identities, place)
    check_farms(identities, place)
    check_bitcoin(identities, place, cutoff)
    check_firm19(identities, place)
    if identities.failed:
        sys.exit("an identity failed: nothing written")
    stale = []
    for path, text in outputs().items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(str(path.relative_to(HERE.parent)))
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    if "--check" in sys.argv[1:] and stale:
        sys.exit(f"differs from the sources: {', '.join(stale)}")
    print(f"written: {', '.join(stale)}" if stale else "all files are up to date")


if __name__ == "__main__":
    main()
