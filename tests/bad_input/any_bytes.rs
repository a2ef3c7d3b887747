//! No bytes panic.

use hashfall::scenario::{Source, read, starter};
use proptest::prelude::*;

/// What people and editors do to a file by mistake.
fn spoilt() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "",
        "-1",
        "nan",
        "inf",
        "1e300",
        "[",
        "]]",
        "{",
        "}",
        "\"",
        "'",
        "=",
        "\n",
        "[[zone]]\n",
        "true",
        "0",
        "9223372036854775807",
        "99999999999999999999",
        "é",
        "\u{0}",
        "2022-01-01",
        "name = \"north\"\n",
        "#",
        "*",
    ]);
    let edit = (any::<prop::sample::Index>(), 0usize..40, bits);
    prop::collection::vec(edit, 1..6).prop_map(|edits| {
        let mut text = starter().to_owned();
        for (at, length, bit) in edits {
            let boundary = |mut byte: usize| {
                while !text.is_char_boundary(byte) {
                    byte -= 1;
                }
                byte
            };
            let from = boundary(at.index(text.len() + 1));
            let until = boundary((from + length).min(text.len()));
            text.replace_range(from..until, bit);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Law 7: a scenario is a system or a list of mistakes, never a panic; and every mistake
    /// stands on a line of the file and can be drawn.
    #[test]
    fn no_input_panics(text in spoilt()) {
        if let Err(mistakes) = read(&Source::text(text.as_str()), &[]) {
            prop_assert!(!mistakes.is_empty());
            let lines = text.matches('\n').count() + 1;
            prop_assert!(mistakes.iter().all(|mistake| (1..=lines).contains(&mistake.line)));
            prop_assert!(!mistakes.render(false).is_empty());
        }
    }

    #[test]
    fn no_override_panics(path in "[a-z.*?\"\\[\\]0-9]{0,24}", value in "\\PC{0,12}") {
        let _ = read(&Source::text(starter()), &[(path, value)]).map_err(|mistakes| mistakes.render(false));
    }
}
