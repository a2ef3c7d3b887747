//! The house keeps its floors: the source is parsed, and what a room may not do is looked for
//! in its syntax, not in its text. Code under `#[cfg(test)]` is free.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// Rooms and their floors, as in the plan of the house.
const FLOORS: [(&str, u8); 17] = [
    ("quantity", 0),
    ("random", 0),
    ("stats", 0),
    ("store", 0),
    ("system", 1),
    ("bitcoin", 2),
    ("dispatch", 2),
    ("stability", 2),
    ("connectivity", 2),
    ("scenario", 2),
    ("engine", 3),
    ("measure", 4),
    ("exact", 4),
    ("experiment", 5),
    ("report", 6),
    ("cli", 7),
    ("main", 8),
];

/// Arrows within a floor or upward that are allowed: (from, to, the decision that allows them).
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// The only room that may use threads.
const THREADS: [&str; 1] = ["experiment"];
/// The only rooms that touch the disk.
const FILES: [&str; 2] = ["scenario", "store"];
/// The highest floor whose numbers count: no hash maps below or on the one above it, no
/// mathematics of the platform on it.
const COMPUTES: u8 = 5;
const NUMBERS: u8 = 4;

/// Functions of `f64` whose last bits differ from platform to platform. `sqrt`, `abs`, `floor`,
/// `round` and `mul_add` are exact everywhere.
const PLATFORM_MATHS: [&str; 28] = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp",
    "exp2", "exp_m1", "gamma", "hypot", "ln", "ln_1p", "ln_gamma", "log", "log10", "log2", "powf",
    "powi", "sin", "sin_cos", "sinh", "tan", "tanh",
];

fn floor_of(room: &str) -> Option<u8> {
    let known = FLOORS.iter().find(|(name, _)| *name == room);
    known.map(|&(_, floor)| floor)
}

/// What a file does that a house cares about: (what, line).
#[derive(Default)]
struct Findings {
    /// Other rooms its paths lead to.
    rooms: Vec<(String, usize)>,
    /// Paths, joined by `::`.
    paths: Vec<(String, usize)>,
    /// Names of methods called.
    methods: Vec<(String, usize)>,
    /// Names brought in from a path under another name: (name here, path).
    names: Vec<(String, String)>,
}

impl Findings {
    fn of(text: &str) -> Self {
        let file = syn::parse_file(text).expect("source that compiles");
        let mut findings = Self::default();
        findings.visit_file(&file);
        findings.resolve();
        findings
    }

    fn note(&mut self, segments: &[String], line: usize) {
        if let [first, room, ..] = segments
            && (first == "crate" || first == "hashfall")
        {
            self.rooms.push((room.clone(), line));
        }
        self.paths.push((segments.join("::"), line));
    }

    /// Writes paths that begin with an imported name in full, so that `fs::read` is seen as
    /// `std::fs::read`.
    fn resolve(&mut self) {
        let names: BTreeMap<_, _> = self.names.iter().cloned().collect();
        for (path, _) in &mut self.paths {
            let (first, rest) = path.split_once("::").unwrap_or((path, ""));
            if let Some(full) = names.get(first)
                && !rest.is_empty()
            {
                *path = format!("{full}::{rest}");
            }
        }
    }

    fn use_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let mut path = before.to_vec();
        let line = match tree {
            syn::UseTree::Path(inner) => inner.ident.span().start().line,
            syn::UseTree::Name(name) => name.ident.span().start().line,
            syn::UseTree::Rename(rename) => rename.ident.span().start().line,
            syn::UseTree::Glob(glob) => glob.star_token.span.start().line,
            syn::UseTree::Group(_) => 0,
        };
        match tree {
            syn::UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                self.use_tree(&inner.tree, &path);
            }
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.use_tree(item, before);
                }
            }
            syn::UseTree::Name(name) => {
                let here = name.ident.to_string();
                if here != "self" {
                    path.push(here.clone());
                }
                let here = path.last().cloned().unwrap_or(here);
                self.names.push((here, path.join("::")));
                self.note(&path, line);
            }
            syn::UseTree::Rename(rename) => {
                path.push(rename.ident.to_string());
                self.names
                    .push((rename.rename.to_string(), path.join("::")));
                self.note(&path, line);
            }
            syn::UseTree::Glob(_) => {
                path.push("*".to_owned());
                self.note(&path, line);
            }
        }
    }
}

/// `#[cfg(test)]`, or `#[test]`.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let cfg_test = attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|ident| ident == "test");
        cfg_test || attribute.path().is_ident("test")
    })
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Findings {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let first = path.segments.first();
        self.note(
            &segments,
            first.map_or(0, |first| first.ident.span().start().line),
        );
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let line = call.method.span().start().line;
        self.methods.push((call.method.to_string(), line));
        visit::visit_expr_method_call(self, call);
    }

    /// Arguments of macros are tokens; what reads as a list of expressions is looked into, and
    /// else the paths are picked out of the tokens.
    fn visit_macro(&mut self, macro_call: &'ast syn::Macro) {
        let parser = syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        match macro_call.parse_body_with(parser) {
            Ok(arguments) => {
                for argument in &arguments {
                    self.visit_expr(argument);
                }
            }
            Err(_) => tokens(self, macro_call.tokens.clone()),
        }
        visit::visit_macro(self, macro_call);
    }

    fn visit_visibility(&mut self, _visibility: &'ast syn::Visibility) {}
}

/// Paths among the bare tokens of a macro.
fn tokens(findings: &mut Findings, stream: proc_macro2::TokenStream) {
    let mut path: Vec<String> = Vec::new();
    let mut line = 0;
    let mut colons = 0;
    let mut after_dot = false;
    for token in stream {
        match token {
            proc_macro2::TokenTree::Ident(ident) => {
                if after_dot {
                    findings
                        .methods
                        .push((ident.to_string(), ident.span().start().line));
                }
                if colons != 2 && !path.is_empty() {
                    findings.note(&std::mem::take(&mut path), line);
                }
                line = ident.span().start().line;
                path.push(ident.to_string());
                (colons, after_dot) = (0, false);
            }
            proc_macro2::TokenTree::Punct(punct) => {
                after_dot = punct.as_char() == '.';
                colons = if punct.as_char() == ':' {
                    colons + 1
                } else {
                    0
                };
            }
            proc_macro2::TokenTree::Group(group) => {
                tokens(findings, group.stream());
                (colons, after_dot) = (0, false);
            }
            proc_macro2::TokenTree::Literal(_) => (colons, after_dot) = (0, false),
        }
    }
    if !path.is_empty() {
        findings.note(&path, line);
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Modules in files of their own that a file declares for tests only.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(path).expect("a source file");
    let file = syn::parse_file(&text).expect("source that compiles");
    let module = path.with_extension("");
    let inside = match module.file_name().and_then(|name| name.to_str()) {
        Some("mod" | "lib" | "main") => module.parent().expect("a folder").to_owned(),
        _ => module,
    };
    let declared = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if item.content.is_none() && is_test(&item.attrs) => {
            Some(inside.join(item.ident.to_string()))
        }
        _ => None,
    });
    declared.collect()
}

/// Every source file with its room, in order; those that hold only tests are left out.
fn files() -> Vec<(String, PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let entries = std::fs::read_dir(folder).expect("a folder");
        for entry in entries.map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                walk(&entry, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                found.push(entry);
            }
        }
    }
    let mut found = Vec::new();
    walk(&source(), &mut found);
    found.sort();
    let tests: Vec<PathBuf> = found.iter().flat_map(|path| test_modules(path)).collect();
    found.retain(|path| {
        let module = path.with_extension("");
        let module = if module.ends_with("mod") {
            path.parent()
        } else {
            Some(&*module)
        };
        !tests.iter().any(|test| Some(&**test) == module) && !path.ends_with("src/lib.rs")
    });
    let with_room = found.into_iter().filter_map(|path| {
        let inside = path.strip_prefix(source()).expect("inside").to_owned();
        let room = inside
            .components()
            .next()?
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        let room = room.trim_end_matches(".rs").to_owned();
        let text = std::fs::read_to_string(&path).expect("a source file");
        Some((room, inside, text))
    });
    with_room.collect()
}

/// Everything that `wrong` finds in the files, one line each.
fn inspect(wrong: impl Fn(&str, &Findings) -> Vec<(String, usize)>) -> Vec<String> {
    let mut all = Vec::new();
    for (room, path, text) in files() {
        let findings = Findings::of(&text);
        for (what, line) in wrong(&room, &findings) {
            all.push(format!("src/{}:{line}: {what}", path.display()));
        }
    }
    all
}

fn assert_none(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Whether a path is, or lies in, a module.
fn within(path: &str, module: &str) -> bool {
    path == module || path.starts_with(&format!("{module}::"))
}

#[test]
fn every_room_is_on_the_plan() {
    assert_none(inspect(|room, _| match floor_of(room) {
        Some(_) => vec![],
        None => vec![(format!("the room {room} has no floor"), 1)],
    }));
}

#[test]
fn arrows_point_downward() {
    let arrows = std::cell::Cell::new(0);
    let found = inspect(|room, findings| {
        let from = floor_of(room).unwrap_or(0);
        // A path may also climb out of its room by `super`.
        let climbing = findings.paths.iter().filter_map(|(path, line)| {
            let climbed = path.strip_prefix("super::super::")?;
            let to = climbed.trim_start_matches("super::").split("::").next()?;
            Some((to.to_owned(), *line))
        });
        let all = findings.rooms.iter().cloned().chain(climbing);
        let upward = all.filter(|(to, _)| {
            let (Some(floor), false) = (floor_of(to), to == room) else {
                return false;
            };
            arrows.set(arrows.get() + 1);
            let allowed = EXCEPTIONS.iter().any(|(a, b, _)| *a == room && b == to);
            floor >= from && !allowed
        });
        upward
            .map(|(to, line)| (format!("{room} must not know {to}"), line))
            .collect()
    });
    assert!(arrows.get() > 100, "only {} arrows seen", arrows.get());
    assert_none(found);
    for (from, to, decision) in EXCEPTIONS {
        let page = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs/decisions")
            .join(decision);
        assert!(
            page.exists(),
            "{from} -> {to} is allowed by a missing {decision}"
        );
    }
}

#[test]
fn threads_live_in_one_room() {
    assert_none(inspect(|room, findings| {
        let threads = [
            "rayon",
            "std::thread",
            "std::sync::mpsc",
            "tokio",
            "crossbeam",
        ];
        let found = findings.paths.iter().filter(|(path, _)| {
            threads.iter().any(|module| within(path, module)) && !THREADS.contains(&room)
        });
        found.cloned().collect()
    }));
}

#[test]
fn the_disk_is_touched_in_two_rooms() {
    assert_none(inspect(|room, findings| {
        let disk = ["std::fs", "tempfile", "std::os"];
        let found = findings.paths.iter().filter(|(path, _)| {
            disk.iter().any(|module| within(path, module)) && !FILES.contains(&room)
        });
        found.cloned().collect()
    }));
}

#[test]
fn nothing_that_computes_holds_a_hash_map() {
    assert_none(inspect(|room, findings| {
        let computes = floor_of(room).is_some_and(|floor| floor <= COMPUTES);
        let found = findings.paths.iter().filter(|(path, _)| {
            let named = |name: &str| path == name || path.split("::").any(|part| part == name);
            computes && (named("HashMap") || named("HashSet") || named("RandomState"))
        });
        found.cloned().collect()
    }));
}

#[test]
fn numbers_that_count_use_portable_mathematics() {
    assert_none(inspect(|room, findings| {
        if floor_of(room).is_none_or(|floor| floor > NUMBERS) {
            return vec![];
        }
        let methods = findings
            .methods
            .iter()
            .filter(|(name, _)| PLATFORM_MATHS.contains(&name.as_str()));
        let paths = findings.paths.iter().filter(|(path, _)| {
            let function = ["f64", "f32"]
                .iter()
                .find_map(|float| path.strip_prefix(&format!("{float}::")));
            function.is_some_and(|name| PLATFORM_MATHS.contains(&name))
        });
        methods.chain(paths).cloned().collect()
    }));
}

#[test]
fn no_clock_reaches_a_number() {
    assert_none(inspect(|room, findings| {
        let computes = floor_of(room).is_some_and(|floor| floor <= NUMBERS);
        let found = findings.paths.iter().filter(|(path, _)| {
            computes && (within(path, "std::time") || within(path, "std::env"))
        });
        found.cloned().collect()
    }));
}

#[test]
fn every_room_says_what_it_is_for() {
    let mut wrong = Vec::new();
    for (room, path, text) in files() {
        let is_room = path == Path::new(&room).join("mod.rs");
        let in_a_folder = path.components().count() > 1;
        if !is_room || !in_a_folder {
            continue;
        }
        let words: Vec<&str> = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .map(|line| line.trim_start_matches("//!").trim())
            .collect();
        let says = |start: &str| words.iter().any(|line| line.starts_with(start));
        let purpose = words.first().is_some_and(|line| line.len() > 20);
        if !(purpose && says("May enter:") && says("May not enter:")) {
            wrong.push(format!("src/{}", path.display()));
        }
    }
    assert_none(wrong);
}

/// The eyes of these tests: each sort of offence is seen, however it is spelled.
#[test]
fn offences_are_seen_however_they_are_spelled() {
    let text = r#"
        use crate::{engine::{State as S, View}, system};
        use std::{fs, collections::HashMap as Map};
        use rayon::prelude::*;
        fn f(x: f64) -> f64 {
            let y = vec![x.ln(), f64::powf(x, 2.0)];
            println!("{}", crate::report::words(y.len()));
            std::thread::spawn(|| ());
            fs::read("a").unwrap();
            libm::exp(x)
        }
        macro_rules! m { ($x:expr) => { crate::measure::Ledger::new($x.exp()) }; }
        #[cfg(test)]
        mod tests { use crate::cli::Arguments; fn g(x: f64) -> f64 { x.sin() } }
    "#;
    let findings = Findings::of(text);
    let rooms: Vec<&str> = findings
        .rooms
        .iter()
        .map(|(room, _)| room.as_str())
        .collect();
    assert_eq!(rooms, ["engine", "engine", "system", "report", "measure"]);
    let has = |wanted: &str| findings.paths.iter().any(|(path, _)| path == wanted);
    for path in [
        "std::fs::read",
        "std::collections::HashMap",
        "rayon::prelude::*",
    ] {
        assert!(has(path), "{path} in {:?}", findings.paths);
    }
    assert!(has("std::thread::spawn") && has("f64::powf") && has("libm::exp"));
    let called = |wanted: &str| findings.methods.iter().any(|(name, _)| name == wanted);
    assert!(called("ln") && called("exp") && !called("sin"));
}
