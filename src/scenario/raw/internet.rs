//! Access classes, providers, gateways and pools.

table! {
    /// A class of internet access that a kill switch treats alike.
    AccessClass {
        /// Name, as "data-centre".
        pub name: String,
    }
}

table! {
    /// An internet provider.
    reliable Provider {
        /// Name.
        pub name: String,
        /// Its ways out of the country, any one of which will do (`*` allowed). Default: all.
        #[serde(default)]
        pub gateways: Option<Vec<String>>,
        /// Delay it adds, ms (a satellite hop adds 600). Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub delay_ms: f64,
    }
}

table! {
    /// An international gateway.
    reliable Gateway {
        /// Name.
        pub name: String,
    }
}

table! {
    /// A mining pool.
    reliable Pool {
        /// Name.
        pub name: String,
        /// Share of the rest of the world's hashrate; those of all pools add up to 1.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub share: f64,
    }
}

table! {
    /// Failures and repairs.
    reliable Outages {
    }
}
