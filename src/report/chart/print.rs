//! From the one SVG to what printers and programs take: PNG, and an SVG that brings its font.

use super::Drawing;
use super::lettering::{BOLD, REGULAR};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::{Arc, OnceLock};
use thiserror::Error;

/// Why a drawing could not become a picture.
#[derive(Debug, Error)]
pub enum PrintError {
    /// The SVG is not one that can be rendered.
    #[error("figure {figure}: the SVG cannot be rendered: {reason}")]
    Unreadable {
        /// Name of the figure.
        figure: String,
        /// What the renderer says.
        reason: String,
    },
    /// The picture has no size or does not fit in memory.
    #[error("figure {figure}: a picture {width_px} pixels wide cannot be made")]
    Size {
        /// Name of the figure.
        figure: String,
        /// The width asked for.
        width_px: u32,
    },
}

/// Width for print: 7 inches at 300 dots an inch, or 3.5 inches at 600.
pub const PRINT_WIDTH_PX: u32 = 2100;

impl Drawing {
    /// The figure as a PNG of this width, from the SVG and the embedded font alone: the fonts of
    /// the machine are never asked.
    pub fn png(&self, width_px: u32) -> Result<Vec<u8>, PrintError> {
        let unreadable = |reason: String| PrintError::Unreadable {
            figure: self.name.clone(),
            reason,
        };
        let too_large = || PrintError::Size {
            figure: self.name.clone(),
            width_px,
        };
        let options = Options {
            fontdb: fonts(),
            ..Options::default()
        };
        let tree = Tree::from_str(&self.svg, &options).map_err(|e| unreadable(e.to_string()))?;
        let scale = f64::from(width_px) / f64::from(tree.size().width());
        let height = libm::ceil(f64::from(tree.size().height()) * scale - 1e-3);
        if width_px > 20_000 || height > 60_000.0 {
            return Err(too_large());
        }
        let mut picture = Pixmap::new(width_px, height as u32).ok_or_else(too_large)?;
        picture.fill(resvg::tiny_skia::Color::WHITE);
        resvg::render(
            &tree,
            Transform::from_scale(scale as f32, scale as f32),
            &mut picture.as_mut(),
        );
        picture.encode_png().map_err(|e| unreadable(e.to_string()))
    }

    /// The figure as an SVG file that looks the same anywhere.
    ///
    /// Text stays text (an editor may still mend a label, a reader may copy it, a screen reader
    /// may speak it), and the font travels inside as base64. Programs that ignore embedded fonts
    /// (Inkscape, librsvg) fall back to an installed DejaVu Sans or to Verdana, whose widths are
    /// nearly the same. Outlines instead of text would have cost all of that.
    pub fn standalone_svg(&self) -> String {
        match self.svg.split_once('\n') {
            Some((root, body)) => format!("{root}\n<style>{}</style>\n{body}", font_faces()),
            None => self.svg.clone(),
        }
    }
}

/// CSS that brings the two faces along; for one page with many figures, once.
pub fn font_faces() -> &'static str {
    static FACES: OnceLock<String> = OnceLock::new();
    FACES.get_or_init(|| {
        let face = |weight: &str, bytes: &[u8]| {
            format!(
                "@font-face{{font-family:\"DejaVu Sans\";font-weight:{weight};\
                 src:url(data:font/ttf;base64,{}) format(\"truetype\")}}",
                base64(bytes)
            )
        };
        format!("{}\n{}", face("normal", REGULAR), face("bold", BOLD))
    })
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            fonts.load_font_data(REGULAR.to_vec());
            fonts.load_font_data(BOLD.to_vec());
            fonts.set_sans_serif_family("DejaVu Sans");
            Arc::new(fonts)
        })
        .clone()
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            if index <= group.len() {
                text.push(char::from(
                    LETTERS[(bits >> (18 - 6 * index)) as usize & 63],
                ));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    /// The test vectors of RFC 4648, section 10.
    #[test]
    fn base64_of_the_standard() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
