//! What a forecast may know, and what was observed.

use super::*;

#[test]
fn a_forecast_refuses_what_was_learnt_later_and_asks_for_sources() {
    let toml = |known: &str| {
        format!("{SOUND}{MINING}\n[inputs]\nshare = {{ uniform = [0.13, 0.18], source = \"s\", known_since = \"{known}\" }}\n")
            .replace("name = \"test\"\n", "name = \"test\"\nmode = \"forecast\"\nknown_until = \"2022-01-04\"\n")
            .replace("name = \"north\"\n", "name = \"north\"\nbasis = \"assumed\"\n")
            .replace("name = \"coal\"\n", "name = \"coal\"\nbasis = \"assumed\"\n")
            .replace("name = \"farm-1\"\n", "name = \"farm-1\"\nbasis = \"assumed\"\n")
            .replace("name = \"pool\"\n", "name = \"pool\"\nbasis = \"assumed\"\n")
            .replace("level_ehs = 170", "level_ehs = 170\nsource = \"epoch\"")
    };
    let folder = Folder::new(&toml("2021-12-30"), &[]);
    assert!(read(&Source::load(folder.path().join("test.toml")), &[]).is_ok());
    let late = toml("2022-05-17");
    one(
        &late,
        line_of(&late, "[inputs]") + 1,
        "inputs.share.known_since",
        "a forecast cannot know",
        "hindcast",
    );
    let unsourced = toml("2021-12-30").replacen("basis = \"assumed\"\n", "", 1);
    one(
        &unsourced,
        line_of(&unsourced, "name = \"north\""),
        "zone.north",
        "no source",
        "basis = \"assumed\"",
    );
}

#[test]
fn a_forecast_holds_price_and_difficulty_at_what_was_known() {
    const DAILY: &[u8] = b"date_utc,difficulty_mean,price_usd\n2022-01-01,10,100\n2022-01-02,20,200\n2022-01-03,30,300\n";
    let toml = |more: &str| {
        format!("{SOUND}[economics]\nsource = \"chain\"\nheight = 716600\ndaily = {{ csv = \"daily.csv\" }}\n{more}")
            .replace("duration_hours = 3", "duration_hours = 72\nmode = \"forecast\"\nknown_until = \"2022-01-02\"")
            .replace("load = { csv = \"load.csv\", column = \"mw\" }", "load_mw = 100\nbasis = \"assumed\"")
            .replace("name = \"coal\"\n", "name = \"coal\"\nbasis = \"assumed\"\n")
    };
    let folder = |more: &str| Folder::new(&toml(more), &[("daily.csv", DAILY)]);
    let held = folder("hold_after = \"2022-01-02\"\n");
    let loaded =
        read(&Source::load(held.path().join("test.toml")), &[]).unwrap_or_else(|m| panic!("{m}"));
    let economics = loaded.system.economics.expect("given");
    assert_eq!(
        (economics.difficulty, economics.price_usd),
        (vec![10.0, 20.0, 20.0], vec![100.0, 200.0, 200.0])
    );
    let line = |text: &str, part: &str| line_of(&toml(text), part);
    let found = folder("").mistakes();
    only(
        &found,
        "test.toml",
        line("", "[economics]"),
        "economics",
        "does not know later prices",
        "hold_after",
    );
    let late = "hold_after = \"2022-01-03\"\n";
    let found = folder(late).mistakes();
    only(
        &found,
        "test.toml",
        line(late, late),
        "economics.hold_after",
        "cannot use what came after",
        "known_until",
    );
}

#[test]
fn observations_are_read_with_their_columns_and_claims() {
    const BLOCKS: &[u8] = b"# chain facts\ndate_utc,block_count,difficulty_mean,hashrate_ehs_from_count,ci95_lo_ehs,ci95_hi_ehs,price_usd\n2022-01-02,140,2.4e13,170.5,140,200,47000\n2022-01-01,150,2.4e13,180,150,210,46000\n";
    const POOLS: &[u8] =
        b"pool,change_pct,window,reported_by\n\"top pools (mean)\",-10,24 h,CoinDesk\n";
    let toml = format!(
        "{SOUND}[observed]\nblocks_csv = \"blocks.csv\"\npools_csv = \"pools.csv\"\n[[observed.claims]]\nwhat = \"-10 %\"\npercent = -10\nsource = \"CoinDesk\"\nfrom = \"2022-01-01T00:00:00Z\"\nuntil = \"2022-01-02T00:00:00Z\"\nof = \"pools\"\n"
    );
    let folder = Folder::new(&toml, &[("blocks.csv", BLOCKS), ("pools.csv", POOLS)]);
    let loaded =
        read(&Source::load(folder.path().join("test.toml")), &[]).unwrap_or_else(|m| panic!("{m}"));
    let observed = loaded.system.observed;
    assert_eq!(
        (
            observed.days.len(),
            observed.days[0].blocks,
            observed.days[1].ehs
        ),
        (2, 150, (170.5, 140.0, 200.0))
    );
    assert_eq!(
        (
            observed.pools[0].pool.as_str(),
            observed.pools[0].change_pct
        ),
        ("top pools (mean)", -10.0)
    );
    assert_eq!(
        (observed.claims[0].of.as_str(), observed.claims[0].until),
        ("pools", 86_400_000)
    );
    let found = mistakes(
        &toml,
        &[
            ("blocks.csv", b"date_utc,blocks\n2022-01-01,1\n"),
            ("pools.csv", POOLS),
        ],
    );
    assert!(
        found
            .iter()
            .all(|mistake| mistake.file == "blocks.csv" && mistake.line == 1),
        "{found}"
    );
    // Count and difficulty; estimates are computed where they are not given.
    assert_eq!(found.len(), 2, "{found}");
}
