"""Hourly load of the IEEE Reliability Test System 1979, as shares of the annual peak.

Source: IEEE RTS Task Force of APM Subcommittee, "IEEE Reliability Test System", IEEE
Trans. PAS-98(6), Nov/Dec 1979, pp. 2047-2054: table 1 (weekly peaks, percent of the annual
peak), table 2 (daily peaks, percent of the weekly peak), table 3 (hours, percent of the daily
peak). 52 weeks from a Monday, 8736 hours; Saturday and Sunday take the weekend columns.

A product of the three percentages has at most seven decimals as a share, so nothing is
rounded here, and 2850 MW times a share is a whole number of watts.

Run: python3 scenarios/data/build_rts79_load.py > scenarios/data/rts79/hourly_load.csv
"""

import csv
import pathlib

HERE = pathlib.Path(__file__).parent / "rts79"
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def table(name):
    with open(HERE / name, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def season(week):
    if week <= 8 or week >= 44:
        return "winter"
    return "summer" if 18 <= week <= 30 else "spring_fall"


def tenths(percent):
    """A percentage in tenths of a percent, exactly."""
    whole, _, tenth = percent.partition(".")
    return 10 * int(whole) + int(tenth or 0)


def main():
    weekly = {int(row["week"]): tenths(row["peak_pct"]) for row in table("weekly.csv")}
    daily = {row["day"]: int(row["peak_pct"]) for row in table("daily.csv")}
    hourly = table("hourly.csv")
    print("# IEEE RTS-79, tables 1 to 3 multiplied by build_rts79_load.py (source there)")
    print("hour,share_of_peak")
    hour = 0
    for week in range(1, 53):
        for day in DAYS:
            column = season(week) + ("_wknd" if day in ("Sat", "Sun") else "_wkdy")
            for row in hourly:
                ten_millionths = weekly[week] * daily[day] * int(row[column])
                print(f"{hour},0.{ten_millionths:07d}" if ten_millionths < 10**7 else f"{hour},1.0000000")
                hour += 1


if __name__ == "__main__":
    main()
