"""Identities of the Kazakhstan scenarios: sums against sourced totals, typed numbers against tables."""

import datetime as dt

from kazakhstan_model import DAYS, FIRST_DAY, by, first_height, load_shares, number, plants, table


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
