//! Names with `*` (any text) and `?` (one character).

/// Whether a pattern means a name.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // The last star seen, and how much of the name it stands for so far.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, n));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            p = at + 1;
            n = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&character| character == '*')
}

/// Whether a text is a pattern, not a plain name.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::matches;
    use proptest::prelude::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("registered-*", "registered-1", true),
            ("registered-*", "grey-1", false),
            ("*-1", "a-1-1", true),
            ("?", "é", true),
            ("a?c*", "abcd", true),
            ("a", "ab", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_means_itself_and_a_star_any_part(name in "[a-c]{0,8}", cut in 0usize..8, length in 0usize..8) {
            let from = cut.min(name.len());
            let until = (from + length).min(name.len());
            prop_assert!(matches(&name, &name));
            let starred = format!("{}*{}", &name[..from], &name[until..]);
            prop_assert!(matches(&starred, &name));
        }
    }
}
