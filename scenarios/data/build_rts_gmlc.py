"""Plants of RTS-GMLC, from its units with transition probabilities per hour.

Source: units.csv and hourly.csv beside the result, taken from rts.pras (PRASFiles.jl, NREL/PRAS
fbde94e). A unit that fails with probability p in an hour has MTTF = 1/p h, and likewise for its
repair; 1/p is a whole number of hours for every unit, which the digits of p have lost.

A hydro unit gives its part of its region's hydro, by its largest capacity: `total_mw` does that
in whole watts, and what is left over goes to the first by name. Wind and sun of a region are one
plant that follows its hours and never fails.

Run: python3 scenarios/data/build_rts_gmlc.py > scenarios/data/rts_gmlc/plants.csv
"""

import csv
import pathlib

HERE = pathlib.Path(__file__).parent / "rts_gmlc"
SOURCE = "RTS-GMLC as in rts.pras (NREL/PRAS fbde94e)"
HOURLY = "data/rts_gmlc/hourly.csv"


def table(name):
    with open(HERE / name, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def hours(probability):
    """Mean hours of a probability per hour, whole where its digits allow it."""
    mean = 1 / float(probability)
    assert abs(mean - round(mean)) < 1e-6 * mean, probability
    return round(mean)


def main():
    print("# RTS-GMLC, made by build_rts_gmlc.py (source there)")
    print(
        "name,zone,units,capacity_mw,mttf_h,mttr_h,output.total_mw.csv,output.total_mw.column,"
        "output.hourly_mw.csv,output.hourly_mw.column,source,note"
    )
    for row in table("units.csv"):
        hydro = row["category"] == "Hydro"
        total = f"{HOURLY},hydro{row['region']}" if hydro else ","
        means = f"{hours(row['fail_prob_h'])},{hours(row['repair_prob_h'])}"
        print(
            f"{row['name']},region-{row['region']},1,{row['cap_max_mw']},{means},{total},,,"
            f"{SOURCE},{row['category']}"
        )
    hourly = table("hourly.csv")
    for region in "123":
        largest = max(int(row[f"vg{region}"]) for row in hourly)
        print(
            f"variable-{region},region-{region},1,{largest},,,,,{HOURLY},vg{region},"
            f"{SOURCE},wind and sun of the region; capacity is its largest hour"
        )


if __name__ == "__main__":
    main()
