//! Points of the Sobol sequence: even in every coordinate and in every pair.
//!
//! Primitive polynomials and first direction numbers are those of Joe and Kuo, "Constructing
//! Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008),
//! file `new-joe-kuo-6.21201`.

/// Coordinates that a point may have.
pub const MOST_DIMENSIONS: usize = 12;

/// Degree, coefficients and first direction numbers of the second coordinate on.
const DIRECTIONS: [(u32, u32, &[u32]); MOST_DIMENSIONS - 1] = [
    (1, 0, &[1]),
    (2, 1, &[1, 3]),
    (3, 1, &[1, 3, 1]),
    (3, 2, &[1, 1, 1]),
    (4, 1, &[1, 1, 3, 3]),
    (4, 4, &[1, 3, 5, 13]),
    (5, 2, &[1, 1, 5, 5, 17]),
    (5, 4, &[1, 1, 5, 5, 5]),
    (5, 7, &[1, 1, 7, 11, 19]),
    (5, 11, &[1, 1, 5, 1, 1]),
    (5, 13, &[1, 1, 1, 3, 11]),
];

/// Coordinate `dimension` of point `index` of the sequence, in [0, 1); point 0 is the origin.
/// Beyond [`MOST_DIMENSIONS`] the last one is repeated.
pub fn coordinate(dimension: usize, index: u32) -> f64 {
    let mut directions = [0_u32; 32];
    match dimension.checked_sub(1) {
        None => {
            for (bit, direction) in directions.iter_mut().enumerate() {
                *direction = 1 << (31 - bit);
            }
        }
        Some(row) => {
            let (degree, coefficients, first) = DIRECTIONS[row.min(DIRECTIONS.len() - 1)];
            let degree = degree as usize;
            for (bit, number) in first.iter().enumerate() {
                directions[bit] = number << (31 - bit);
            }
            for bit in degree..32 {
                let before = directions[bit - degree];
                let mut direction = before ^ (before >> degree);
                for step in 1..degree {
                    if coefficients >> (degree - 1 - step) & 1 == 1 {
                        direction ^= directions[bit - step];
                    }
                }
                directions[bit] = direction;
            }
        }
    }
    // Of the Gray code, so that the order is the customary one.
    let gray = index ^ (index >> 1);
    let bits = (0..32).filter(|bit| gray >> bit & 1 == 1);
    let place = bits.fold(0, |place, bit| place ^ directions[bit as usize]);
    f64::from(place) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first points in three coordinates, as everyone prints them.
    #[test]
    fn the_first_points_are_the_published_ones() {
        let expected = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
        ];
        for (index, point) in (0..).zip(expected) {
            assert_eq!([0, 1, 2].map(|d| coordinate(d, index)), point, "{index}");
        }
    }

    /// The first 2^k points meet each of 2^k strata of each coordinate once.
    #[test]
    fn every_stratum_of_every_coordinate_is_met_once() {
        for dimension in 0..MOST_DIMENSIONS {
            let mut met: Vec<u32> = (0..256)
                .map(|index| (coordinate(dimension, index) * 256.0) as u32)
                .collect();
            met.sort_unstable();
            assert!(met.into_iter().eq(0..256), "{dimension}");
        }
    }
}
