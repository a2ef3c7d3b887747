//! The house's colours and sizes: distinct to colour-blind eyes, and where it matters in grey.

/// A solid colour. Tints are opaque: they print the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    /// Text and axes.
    pub(crate) const BLACK: Ink = Ink(0x1A, 0x1A, 0x1A);
    /// Second voice: subtitles, footers, tick labels.
    pub(crate) const GREY: Ink = Ink(0x52, 0x52, 0x52);
    /// Rules and grids.
    pub(crate) const PALE: Ink = Ink(0xDD, 0xDD, 0xDD);
    /// Paper.
    pub(crate) const WHITE: Ink = Ink(0xFF, 0xFF, 0xFF);
    // Okabe and Ito (2008), distinct to every common colour blindness.
    pub(crate) const BLUE: Ink = Ink(0x00, 0x72, 0xB2);
    pub(crate) const SKY: Ink = Ink(0x56, 0xB4, 0xE9);
    pub(crate) const GREEN: Ink = Ink(0x00, 0x9E, 0x73);
    pub(crate) const YELLOW: Ink = Ink(0xF0, 0xE4, 0x42);
    pub(crate) const ORANGE: Ink = Ink(0xE6, 0x9F, 0x00);
    pub(crate) const VERMILLION: Ink = Ink(0xD5, 0x5E, 0x00);
    pub(crate) const PURPLE: Ink = Ink(0xCC, 0x79, 0xA7);

    /// The colour thinned with white: `strength` 1 is itself, 0 is white.
    pub(crate) fn tint(self, strength: f64) -> Ink {
        let mix = |part: u8| {
            libm::rint(255.0 - (255.0 - f64::from(part)) * strength.clamp(0.0, 1.0)) as u8
        };
        Ink(mix(self.0), mix(self.1), mix(self.2))
    }

    /// Relative luminance after WCAG, 0 black to 1 white.
    pub(crate) fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let c = f64::from(part) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                libm::pow((c + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Black or white, whichever reads better on this colour.
    pub(crate) fn text_on(self) -> Ink {
        if self.luminance() > 0.25 {
            Ink::BLACK
        } else {
            Ink::WHITE
        }
    }
}

/// Width of every figure in points: a newspaper's or journal's single column, 3.5 inches.
///
/// Figures are drawn at this size, so that no text is smaller than [`SMALL_PT`] in print.
pub(crate) const WIDTH_PT: f64 = 252.0;
/// The smallest text: ticks, keys, footers.
pub(crate) const SMALL_PT: f64 = 6.5;
/// Panel headings and direct labels.
pub(crate) const LABEL_PT: f64 = 7.0;
/// The title's sizes, tried from the largest until it takes two lines.
pub(crate) const TITLE_PT: [f64; 5] = [10.0, 9.5, 9.0, 8.5, 8.0];
/// Blank border around everything.
pub(crate) const MARGIN_PT: f64 = 7.0;
/// Line distance as a multiple of the size.
pub(crate) const LEADING: f64 = 1.24;
/// Height of a capital letter as a multiple of the size.
pub(crate) const CAPITAL: f64 = 0.73;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_legible_on_every_colour() {
        let inks = [
            Ink::BLUE,
            Ink::SKY,
            Ink::GREEN,
            Ink::YELLOW,
            Ink::ORANGE,
            Ink::VERMILLION,
            Ink::PURPLE,
            Ink::BLACK,
            Ink::GREY,
            Ink::PALE,
            Ink::WHITE,
        ];
        for ink in inks {
            let (a, b) = (ink.luminance() + 0.05, ink.text_on().luminance() + 0.05);
            assert!((a / b).max(b / a) >= 3.4, "{ink:?}");
        }
        assert_eq!(Ink::BLUE.tint(1.0), Ink::BLUE);
        assert_eq!(Ink::BLUE.tint(0.0), Ink::WHITE);
    }
}
