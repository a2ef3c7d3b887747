"""The other reading of "19 GW available": what is left *after* forced outages.

The scenario `kazakhstan-2022-firm19.toml` is `kazakhstan-2022.toml` but for its name and for the
dependable shares, which are raised by what outages take from each class on average: units still
fail one by one, in the cold more often, and 19 GW is what they leave at usual temperature.
"""

import re
import tomllib

from kazakhstan_model import by, outage_parameters, plants, table

CLASSES = ("hard-coal", "hard-coal-chp", "ccgt", "ocgt", "hydro")

HEAD = """\
# Kazakhstan, 1 to 22 January 2022 (UTC), a sensitivity: the 19 GW "available" of 23.9 installed are
# read as what is left AFTER forced outages, not before.
#
# Made by data/build_kazakhstan.py from kazakhstan-2022.toml. What differs is the name and the five
# `dependable-` inputs: each share divided by what outages and deratings leave of the class at
# usual temperature with the longer repairs of 2021, at most 1. docs/kazakhstan.md compares.

"""


def availability(kind, repair_factor):
    """Mean share of a class that outages and deratings leave at usual temperature."""
    derating = by(table("class_parameters_assumed.csv"), "class")[kind]
    whole = left = 0.0
    for plant in plants():
        if plant["kind"].removesuffix("-stored") != kind:
            continue
        megawatts, share = plant["units"] * plant["unit_mw"], 1.0
        if not plant["name"].startswith("small-"):
            up, down = outage_parameters(plant["kind"], plant["unit_mw"])
            down *= repair_factor if kind.startswith("hard-coal") else 1
            share = up / (up + down)
        if kind.startswith("hard-coal"):
            up, down = float(derating["derating_mttf_h"]), float(derating["derating_mttr_h"])
            share *= 1 - float(derating["derating_share"]) * down / (up + down)
        whole, left = whole + megawatts, left + megawatts * share
    return left / whole


def shares(scenario):
    """Raised shares: class to [low, middle, high], and what outages leave of it."""
    inputs = scenario["inputs"]
    repair = inputs["emergency-hours"]["triangular"][1]
    raised = {}
    for kind in CLASSES:
        left = availability(kind, repair)
        raised[kind] = [min(1.0, round(share / left, 3)) for share in inputs[f"dependable-{kind}"]["triangular"]], left
    return raised


def firm19(text):
    """The sensitivity's file from the main scenario's."""
    for kind, (bounds, left) in shares(tomllib.loads(text)).items():
        law = ", ".join(f"{share:.3f}" for share in bounds)
        pattern = rf"(\[inputs\.dependable-{kind}\]\ntriangular = )\[[^\]]*\](\nunit = .*\nbasis = .*\nsource = \").*\""
        new = rf'\g<1>[{law}]\g<2>19 GW read as after forced outages: the share of kazakhstan-2022 over the {left:.3f} that they leave"'
        text, count = re.subn(pattern, new, text)
        assert count == 1, kind
    text = text[text.index("schema = 1"):]
    for old, new in (('name = "kazakhstan-2022"', 'name = "kazakhstan-2022-firm19"'),
                     ('title = "Kazakhstan\'s internet blackout, January 2022"',
                      'title = "Kazakhstan\'s internet blackout, 19 GW read as after outages"')):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return HEAD + text


def check_firm19(identities, scenario):
    """What is left after outages at usual temperature is 19 GW, wind and sun at nameplate."""
    raised, total = shares(scenario), 0.0
    for plant in plants():
        kind = plant["kind"].removesuffix("-stored")
        (_, middle, _), left = raised.get(kind, ((1, 1, 1), 1.0))
        total += plant["units"] * plant["unit_mw"] * middle * left
    identities.near("left after outages in kazakhstan-2022-firm19, MW", total, 19000, 200)
