"""The place as the tables give it: plants of equal units, hourly shares of load, heights of blocks.

Used by `build_kazakhstan.py`, which writes it, and by `kazakhstan_identities.py`, which tests it.
"""

import csv
import datetime as dt
import pathlib
import sys

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
