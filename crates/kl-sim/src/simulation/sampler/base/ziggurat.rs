//! A falling density, cut into layers of equal area.

/// The layers under a density f that falls from f(0) = 1, of equal area v (Marsaglia & Tsang 2000, "The ziggurat method
/// for generating random variables").
///
/// Layer 0 is the rectangle of height f(r) over [0, r] with the tail beyond r, and is drawn from as if it were v/f(r)
/// wide; layer i ≥ 1 reaches from 0 to xᵢ and from f(xᵢ) to f(xᵢ₊₁), x₁ = r. A layer, a place and, where those do not
/// settle it, a height have random bits of their own (Doornik 2005, "An improved ziggurat method to generate normal
/// random samples": bits shared between them show).
#[derive(Debug)]
pub(super) struct Ziggurat {
    layers: [Layer; LAYERS],
    /// f(xᵢ), and at last 1.
    heights: [f64; LAYERS + 1],
}

/// As many as one byte tells apart.
const LAYERS: usize = 256;

/// One layer, as wide as 2ᵇ places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layer {
    /// Places below this one lie under the density at any height.
    pub(super) inside: u64,
    /// What is between neighbouring places.
    pub(super) step: f64,
}

impl Ziggurat {
    /// The layers for an `edge` r and an `area` v that belong together; `inverse` is that of `density`, and 2^`bits`
    /// the number of places.
    pub(super) fn new(
        edge: f64,
        area: f64,
        density: impl Fn(f64) -> f64,
        inverse: impl Fn(f64) -> f64,
        bits: u32,
    ) -> Self {
        let places = (1u64 << bits) as f64;
        let layer = |width: f64, inner: f64| Layer { inside: (inner / width * places) as u64, step: width / places };
        let mut layers = [layer(area / density(edge), edge); LAYERS];
        let mut heights = [0.0; LAYERS + 1];
        let (mut width, mut height) = (edge, density(edge));
        for (i, slot) in layers.iter_mut().enumerate().skip(1) {
            heights[i] = height;
            // The last layer ends at the top, where rounding would leave a trifle.
            height = if i + 1 < LAYERS { height + area / width } else { 1.0 };
            let inner = if i + 1 < LAYERS { inverse(height) } else { 0.0 };
            *slot = layer(width, inner);
            width = inner;
        }
        heights[LAYERS] = 1.0;
        Self { layers, heights }
    }

    /// The layer of that number.
    #[inline]
    pub(super) fn layer(&self, number: u8) -> Layer {
        self.layers[usize::from(number)]
    }

    /// The height in layer `number` ≥ 1, a share `unit` of the way up.
    pub(super) fn height(&self, number: u8, unit: f64) -> f64 {
        let (low, high) = (self.heights[usize::from(number)], self.heights[usize::from(number) + 1]);
        low + unit * (high - low)
    }
}

#[cfg(test)]
impl Ziggurat {
    /// Asserts that every layer but the lowest has the area `area`, to 1e-12 of it and in the mean to 2e-14: half of that
    /// is how far the law of the draws can be from the density's, in total variation.
    pub(super) fn assert_equal_areas(&self, area: f64, bits: u32) {
        let mut sum = 0.0f64;
        for number in 1..LAYERS {
            let found =
                self.layers[number].step * (1u64 << bits) as f64 * (self.heights[number + 1] - self.heights[number]);
            assert!((found / area - 1.0).abs() < 1e-12, "{number}: {found} {area}");
            sum += (found / area - 1.0).abs() / LAYERS as f64;
        }
        assert!(sum < 2e-14, "{sum}");
    }
}
