//! What lines let through: circuits in service, and what survives the loss of any one of them.

/// A line's circuits and its limit in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circuits {
    /// With all circuits in service, W.
    pub limit: i64,
    /// Equal circuits, at least one.
    pub circuits: i64,
    /// Circuits in service.
    pub up: i64,
}

impl Circuits {
    /// What so many circuits let through: they share the limit equally.
    const fn with(self, up: i64) -> i64 {
        self.limit * up / self.circuits
    }

    /// What those in service let through, W.
    pub const fn in_service(self) -> i64 {
        self.with(self.up)
    }
}

/// What lines under the N-1 rule may carry, of all such lines of one corridor in one direction.
///
/// Together they may carry what is in service, but never more than the intact corridor could
/// after the loss of its largest circuit: so the limit survives the loss of any one circuit, and
/// does not fall when one is lost. Each carries its proportion of that, by its limit in service;
/// rounding as in `in_proportion`.
pub fn surviving(lines: impl Iterator<Item = Circuits> + Clone) -> impl Iterator<Item = i64> {
    let intact: i64 = lines.clone().map(|line| line.limit).sum();
    let losses = lines
        .clone()
        .map(|line| line.limit - line.with(line.circuits - 1));
    let secure = intact - losses.max().unwrap_or(0);
    let in_service: i64 = lines.clone().map(Circuits::in_service).sum();
    let parts = lines.map(Circuits::in_service);
    in_proportion(in_service.min(secure), in_service, parts)
}

/// Shares an amount in proportion to parts of a whole; none gets more than its part where the
/// amount is not more than the whole. Whole watts: the parts up to each get their proportion
/// rounded down.
pub(super) fn in_proportion(
    amount: i64,
    whole: i64,
    parts: impl Iterator<Item = i64>,
) -> impl Iterator<Item = i64> {
    let (mut before, mut given) = (0, 0);
    parts.map(move |part| {
        before += part;
        let until = if before == whole {
            amount
        } else {
            (i128::from(amount) * i128::from(before) / i128::from(whole)) as i64
        };
        until - std::mem::replace(&mut given, until)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(limit: i64, circuits: i64, up: i64) -> Circuits {
        Circuits {
            limit,
            circuits,
            up,
        }
    }

    fn limits(lines: &[Circuits]) -> Vec<i64> {
        surviving(lines.iter().copied()).collect()
    }

    #[test]
    fn a_corridor_counts_without_its_largest_circuit() {
        // 175 + 500 + 500, as between two regions of RTS-GMLC: 675 survive, in proportion.
        let whole = [line(175, 1, 1), line(500, 1, 1), line(500, 1, 1)];
        assert_eq!(limits(&whole), [100, 287, 288]);
        // Two circuits of 300 each and a line of 200: the largest circuit has 300.
        assert_eq!(limits(&[line(600, 2, 2), line(200, 1, 1)]), [375, 125]);
        // Nothing survives the loss of an only circuit.
        assert_eq!(limits(&[line(100, 1, 1)]), [0]);
    }

    #[test]
    fn the_limit_survives_a_loss_and_falls_with_the_second() {
        assert_eq!(limits(&[line(900, 3, 3)]), [600]);
        assert_eq!(limits(&[line(900, 3, 2)]), [600]);
        assert_eq!(limits(&[line(900, 3, 1)]), [300]);
        // The smaller line is lost: the larger alone may carry what always survives.
        assert_eq!(limits(&[line(200, 1, 0), line(300, 1, 1)]), [0, 200]);
        assert_eq!(limits(&[line(200, 1, 1), line(300, 1, 0)]), [200, 0]);
        assert_eq!(limits(&[line(200, 1, 0), line(300, 1, 0)]), [0, 0]);
    }
}
