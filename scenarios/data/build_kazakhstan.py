#!/usr/bin/env python3
"""Builds the data of the two Kazakhstan scenarios from the tables in `kazakhstan/sources/`.

    python3 scenarios/data/build_kazakhstan.py           writes every output
    python3 scenarios/data/build_kazakhstan.py --check   compares instead, exit 1 on a difference

Reads nothing but the tables beside it and the two scenario files above it, uses nothing but the
standard library (Python 3.11), and prints the identities that `docs/kazakhstan.md` quotes. Files
are written only after all identities hold.

1. *Grid*: the plant list becomes plants of equal units with outage data (`plants.csv`).
2. *Load*: hourly shares of the national winter peak, local time to UTC (`load.csv`).
3. *Farms*: groups and their behaviour in one table (`farms.csv`).
4. *Bitcoin*: pools, daily blocks and prices, machine efficiency (`../bitcoin`, `../fleet`).
5. *The place*: what both scenario files share is written once, in `kazakhstan-2022.toml`, and
   copied between the same two marks of `kazakhstan-2022-cutoff.toml`.
6. *Identities*: sums against sourced totals; typed numbers of the scenario against the tables.
"""

import csv
import datetime as dt
import io
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "kazakhstan" / "sources"
UTC = dt.timezone.utc
LIST_SOURCE = "pypsa-kz-data, custom_powerplants.csv (CC-BY-4.0); zone by longitude and latitude"

#: Load is written from the first day of the first scenario to the last of the second.
FIRST_DAY, DAYS = dt.date(2022, 1, 1), 32


def table(name):
    """Rows of a source table as dictionaries; comment lines are skipped, hard spaces softened."""
    with open(SOURCES / name, encoding="utf-8", newline="") as file:
        lines = (line.replace("\u00a0", " ") for line in file)
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def by(rows, key):
    """Rows indexed by one column."""
    return {row[key]: row for row in rows}


def number(value):
    """A number as text: shortest form with at most six decimals, no exponent."""
    text = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"


def slug(name):
    """A listed name as an entity name."""
    kept = "".join(c.lower() if c.isalnum() else "-" for c in name)
    return "-".join(part for part in kept.split("-") if part)


# ---------------------------------------------------------------- 1. grid


def plant_class(row, split):
    """The merit class of a listed plant; `split.kind` overrules the list's CHP flag."""
    if split and split["kind"]:
        return split["kind"]
    fuel = row["fuel"]
    if fuel == "Hard Coal":
        return "hard-coal-chp" if row["set"] == "CHP" else "hard-coal"
    return {"CCGT": "ccgt", "OCGT": "ocgt", "Hydro": "hydro", "Wind": "wind", "Solar": "solar"}[fuel]


def small_group(zone, kind, megawatts):
    """The group a very small plant without fuel joins, or nothing."""
    limit = {"hydro": 30, "solar": 15, "wind": 10}.get(kind)
    return f"small-{kind}-{zone}" if limit and megawatts < limit else None


def plants():
    """Every listed plant in service by 2022, as (name, zone, class, units, MW a unit, ...)."""
    splits = by(table("unit_split_assumed.csv"), "plant")
    water = by(table("stored_water_assumed.csv"), "name")
    built, groups = [], {}
    for row in table("power_plants.csv"):
        if int(row["date_in"]) >= 2022:
            continue
        split = splits.pop(row["name"], None)
        zone, megawatts = row["zone_derived"].lower(), float(row["capacity_mw"])
        kind = plant_class(row, split)
        group = None if split else small_group(zone, kind, megawatts)
        if group:
            members = groups.setdefault((group, zone, kind), [])
            members.append(megawatts)
            continue
        name = split["name"] if split else slug(row["name"])
        units = int(split["units"]) if split else 1
        note = LIST_SOURCE
        if split:
            note += f"; units {split['basis']}" + (f": {split['note']}" if split["note"] else "")
        beta = float(split["beta"]) if split else 0.0
        stored = int(water[name]["units_on_stored_water"]) if name in water else 0
        size = megawatts / units
        parts = [(name, kind, units - stored)]
        if stored:
            parts.append((f"{name}-stored", "hydro-stored", stored))
        for part, part_kind, count in parts:
            built.append(dict(name=part, zone=zone, kind=part_kind, units=count,
                              unit_mw=size, beta=beta, source=note))
    if splits:
        sys.exit(f"unit_split_assumed.csv names plants that are not listed: {sorted(splits)}")
    for (group, zone, kind), members in sorted(groups.items()):
        built.append(dict(name=group, zone=zone, kind=kind, units=1, unit_mw=sum(members), beta=0.0,
                          source=f"{LIST_SOURCE}; {len(members)} plants taken together"))
    return sorted(built, key=lambda p: (p["zone"], p["kind"], p["name"]))


def outage_parameters(kind, unit_mw):
    """(MTTF h, MTTR h) of a unit, or nothing where it never fails."""
    row = by(table("class_parameters_assumed.csv"), "class").get(kind)
    if row is None:
        return None
    if kind.startswith("hard-coal"):
        size = next(r for r in table("coal_outage_by_size.csv") if unit_mw <= float(r["class_max_mw"]))
        share, repair = float(size["for_pct"]) / 100, float(size["mttr_h"])
    else:
        share, repair = float(row["for_pct"]) / 100, float(row["mttr_h"])
    return repair * (1 - share) / share, repair


# ---------------------------------------------------------------- 2. load


def load_shares(first_day, days):
    """Hourly shares of the national winter peak: [(instant, {zone: share})].

    The shares of all zones together reach exactly 1 in the peak hour of a winter weekday, so
    that the drawn national peak is the winter's, not a sum of peaks at different hours.
    """
    shape = {int(row["local_hour"]): row for row in table("daily_shape_assumed.csv")}
    zones = table("zones_assumed.csv")
    holidays = {row["date"] for row in table("calendar_assumed.csv")}

    def raw(instant, weekend_matters=True):
        shares = {}
        for zone in zones:
            local = instant + dt.timedelta(hours=int(zone["utc_offset_h"]))
            rest = local.weekday() >= 5 or local.date().isoformat() in holidays
            factor = 0.97 if rest and weekend_matters else 1.0
            shares[zone["zone"]] = float(zone["peak_share"]) * float(shape[local.hour][zone["zone"]]) * factor
        return shares

    some_day = dt.datetime(2022, 1, 12, tzinfo=UTC)
    peak = max(sum(raw(some_day + dt.timedelta(hours=h), False).values()) for h in range(24))
    start = dt.datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)
    instants = [start + dt.timedelta(hours=h) for h in range(24 * days)]
    return [(t, {zone: share / peak for zone, share in raw(t).items()}) for t in instants]


# ---------------------------------------------------------------- 3. bitcoin


def first_height(day):
    """Height of the first block of a UTC day: a known height less the daily counts since."""
    counts = {row["date_utc"]: int(row["block_count"]) for row in table("daily_blocks.csv")}
    for known in table("first_heights.csv"):
        known_day, height = dt.date.fromisoformat(known["date_utc"]), int(known["first_height"])
        if day <= known_day:
            while known_day > day:
                known_day -= dt.timedelta(days=1)
                height -= counts[known_day.isoformat()]
            return height
    sys.exit(f"no known height after {day}")




# ---------------------------------------------------------------- outputs


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
        fleet / "asic_efficiency.csv": copied(
            "asic_efficiency.csv", "Cambridge CBECI model list.", ["model", "release_date", "j_per_th"]),
        cutoff: with_place(cutoff.read_text("utf-8"), place.read_text("utf-8")),
    }


# ---------------------------------------------------------------- 5. the place

BEGIN, END = "# >>> the place: shared by both scenarios >>>", "# <<< the place <<<"


def with_place(text, other):
    """`text` with everything between the two marks taken from `other`."""
    block = other[other.index(BEGIN):other.index(END)]
    return text[:text.index(BEGIN)] + block + text[text.index(END):]


# ---------------------------------------------------------------- 6. identities


class Identities:
    """Prints each identity and remembers whether one failed."""

    def __init__(self):
        self.failed = False

    def near(self, name, value, target, tolerance):
        """`value` must lie within `tolerance` of `target`."""
        good = abs(value - target) <= tolerance
        self.failed |= not good
        sign = "ok " if good else "NO "
        print(f"{sign} {name}: {number(round(value, 4))} (expected {number(target)} +- {number(tolerance)})")


def check_grid(identities, scenario):
    """Plant sums, dependable capability, merit costs, weather and ties against the tables."""
    listed = [r for r in table("power_plants.csv") if int(r["date_in"]) < 2022]
    built = plants()
    mw = {id(p): p["units"] * p["unit_mw"] for p in built}
    for zone in ("north", "south", "west"):
        identities.near(f"nameplate {zone}, MW", sum(mw[id(p)] for p in built if p["zone"] == zone),
                        sum(float(r["capacity_mw"]) for r in listed if r["zone_derived"].lower() == zone), 1e-6)
    identities.near("nameplate, all, MW", sum(mw.values()), 22015.89, 0.01)
    inputs = scenario["inputs"]
    for bound, target, tolerance in ((1, 19000, 200), (0, 17250, 100), (2, 20570, 100)):
        total = 0
        for plant in built:
            base = plant["kind"].removesuffix("-stored")
            share = 1 if base in ("wind", "solar") else inputs[f"dependable-{base}"]["triangular"][bound]
            total += share * mw[id(plant)]
        identities.near(f"dependable before outages ({('low', 'mid', 'high')[bound]}), MW", total, target, tolerance)
    hydro = sum(mw[id(p)] for p in built if p["kind"].startswith("hydro"))
    river = sum(mw[id(p)] for p in built if p["kind"] == "hydro")
    identities.near("river hydro as a share of hydro nameplate x 0.80", 0.8 * river / hydro, 0.45, 0.01)
    names = {"Hydro": "hydro", "Solar": "solar", "Wind": "wind", "Hard Coal": "hard-coal", "CCGT": "ccgt",
             "Hard Coal CHP": "hard-coal-chp", "OCGT": "ocgt", "Import Russia": "import"}
    classes = by(scenario["class"], "name")
    for row in table("merit_and_emissions.csv"):
        ours = classes[names[row["class"]]]
        identities.near(f"cost of {ours['name']}", ours.get("cost_usd_mwh", 0), float(row["variable_cost_usd_mwh"]), 0)
        identities.near(f"tCO2/MWh of {ours['name']}", ours.get("tco2_mwh", 0), float(row["t_co2_mwh"]), 0)
    weathers, zones = by(scenario["weather"], "name"), by(scenario["zone"], "name")
    for row in table("january_weather_assumed.csv"):
        ours, response = weathers[row["zone"]], zones[row["zone"]]["load_response"]
        for key in ("mean_c", "daily_sd_c", "lag1", "diurnal_amplitude_c"):
            identities.near(f"{row['zone']} {key}", ours[key], float(row[key]), 0)
        identities.near(f"{row['zone']} load per degree", response["per_degree"],
                        float(row["load_pct_per_degree"]) / 100, 1e-12)
        identities.near(f"{row['zone']} reference: mean less two deviations", response["reference_c"],
                        ours["mean_c"] - 2 * ours["daily_sd_c"], 0)


def check_load(identities, scenario):
    """The winter peak, its bound, and January's energy against the published history."""
    shares = load_shares(FIRST_DAY, DAYS)
    peak = max(sum(s.values()) for _, s in shares)
    low, high = scenario["inputs"]["national-peak-mw"]["uniform"]
    zones = by(scenario["zone"], "name")
    top = max(zones[z]["load_response"]["maximum_factor"] for z in ("north", "south", "west"))
    identities.near("largest share of the winter peak", peak, 1, 1e-9)
    identities.near("drawn winter peak, low, MW", low, 15700, 0)
    identities.near("drawn winter peak, high, MW", high, 16100, 0)
    identities.near("largest load that can occur, MW (record 16,459)", high * top, 16454.2, 1)
    energy = 0.0
    for _, hour in shares[:744]:
        for zone, share in hour.items():
            r, mean = zones[zone]["load_response"], by(scenario["weather"], "name")[zone]["mean_c"]
            factor = (1 + r["per_degree"] * max(0, r["base_c"] - mean)) / (
                1 + r["per_degree"] * (r["base_c"] - r["reference_c"]))
            energy += 15900 * share * factor / 1000
    before = next(float(r["demand_korem_gwh"]) for r in table("monthly_demand_gwh.csv")
                  if (r["year"], r["month"]) == ("2018", "1"))
    identities.near("January energy at mean temperature over January 2018", energy / before, 1.06, 0.06)


def check_farms(identities, scenario):
    """Registered and grey totals, the pools' parts, and that no two farms are alike."""
    groups, details = table("mining_groups_assumed.csv"), by(table("farm_details_assumed.csv"), "name")
    for status, installed, running in (("registered", 700, 436.75), ("grey", 920, 843)):
        chosen = [g for g in groups if g["status"] == status]
        identities.near(f"{status} installed, MW", sum(float(g["installed_mw"]) for g in chosen), installed, 1e-9)
        identities.near(f"{status} running, MW",
                        sum(float(g["installed_mw"]) * float(g["running_share"]) for g in chosen), running, 1e-9)
    keys = ("providers", "hold_minutes", "boot_minutes", "stagger_minutes", "compliance", "telecom_battery_h",
            "tariff_usd_mwh", "crew_return_h", "pools")
    alike = len(groups) - len({tuple(details[g["name"]][k] for k in keys) for g in groups})
    identities.near("pairs of farms that behave alike", alike, 0, 0)
    low, high = scenario["inputs"]["running-mining-mw"]["uniform"]
    identities.near("centre of the drawn running load over the groups' sum", (low + high) / 2 / 1279.75, 1, 0.03)
    parts = {}
    for group in groups:
        pool = details[group["name"]]["pools"].split(";")[0]
        parts[pool] = parts.get(pool, 0) + float(group["installed_mw"]) * float(group["running_share"])
    total = sum(parts.values())
    for row in table("pool_shares_2022-01.csv"):
        share, part = float(row["share_of_world_pct"]) / 100, parts.get(row["pool"], 0) / total
        of_pool = 0.155 * part / (0.845 * share + 0.155 * part) if part else 0
        print(f"    {row['pool']}: {part:.1%} of the country's hashrate first choice, "
              f"{of_pool:.1%} of the pool at the centre of the draws")


def check_bitcoin(identities, scenario, cutoff):
    """Level and heights against the difficulty table, pools' shares, the derived J/TH."""
    epochs = by(table("difficulty_epochs.csv"), "height")
    for name, file, height, day in (("article", scenario, "713664", dt.date(2022, 1, 1)),
                                    ("cutoff", cutoff, "717696", dt.date(2022, 1, 22))):
        mean, sd = file["inputs"]["world-level-ehs"]["normal"]
        identities.near(f"{name}: world level, EH/s", mean, round(float(epochs[height]["implied_epoch_hashrate_ehs"]), 1), 1e-9)
        identities.near(f"{name}: its relative deviation", sd / mean, 0.0223, 0.0005)
        identities.near(f"{name}: height at the start", file["economics"]["height"], first_height(day), 0)
    listed = sum(float(r["share_of_world_pct"]) for r in table("pool_shares_2022-01.csv"))
    identities.near("pool shares, %", listed, 100, 1e-9)
    efficiency = by(table("asic_efficiency.csv"), "model")
    for fleet, target in (("modern", 33.92), ("old", 61.8525)):
        models = [m["model"] for m in by(scenario["fleet"], "name")[fleet]["models"]]
        mean = sum(float(efficiency[m]["j_per_th"]) for m in models) / len(models)
        identities.near(f"{fleet} mix, J/TH", mean, target, 1e-9)
    identities.near("J/TH at the centre of the draws", 1250 / 1.05 / (0.155 * 173.7), 44.22, 0.01)


def main():
    """Checks, then writes or compares."""
    place = tomllib.loads((HERE.parent / "kazakhstan-2022.toml").read_text("utf-8"))
    cutoff = tomllib.loads((HERE.parent / "kazakhstan-2022-cutoff.toml").read_text("utf-8"))
    identities = Identities()
    check_grid(identities, place)
    check_load(identities, place)
    check_farms(identities, place)
    check_bitcoin(identities, place, cutoff)
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
