//! Mixes of machines.

/// A mix of mining machines, by equal parts of hashrate unless weights say otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    /// Name.
    pub name: String,
    /// (model, J/TH, weight of its hashrate).
    pub models: Vec<(String, f64, f64)>,
}

impl Fleet {
    /// Efficiency of the mix, J/TH: the hashrate-weighted mean.
    pub fn efficiency_j_th(&self) -> f64 {
        let weight: f64 = self.models.iter().map(|model| model.2).sum();
        self.models
            .iter()
            .map(|model| model.1 * model.2)
            .sum::<f64>()
            / weight
    }
}
