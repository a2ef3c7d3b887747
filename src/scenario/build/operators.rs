//! The system operator's orders, contracts and delays.

use super::numbers::{number, stretch};
use super::{Context, Names};
use crate::quantity::Span;
use crate::scenario::raw::{Leaves, Scenario};
use crate::system::{Contract, FarmId, Operator, Order, OrderShare, Value};

/// Orders in force, by name.
pub(crate) fn orders(raw: &Scenario, names: &Names, context: &mut Context<'_>) -> Vec<Order> {
    let mut orders = Vec::new();
    for (name, index) in names.orders.declared() {
        let (written, path) = (&raw.order[index], format!("order[{index}]"));
        let mut farms = Vec::new();
        for (at, pattern) in written.farms.iter().enumerate() {
            farms.extend(
                names
                    .farms
                    .all(pattern, &format!("{path}.farms[{at}]"), context),
            );
        }
        farms.sort_unstable();
        farms.dedup();
        let (from, until) = stretch(
            written.from.as_ref(),
            written.until.as_ref(),
            &path,
            context,
        );
        let share = match &written.leaves {
            None => OrderShare::Share(Value::Fixed(0.0)),
            Some(Leaves::Running(_)) => OrderShare::Running,
            Some(Leaves::Share(share)) => {
                OrderShare::Share(number(share, &format!("{path}.leaves"), context))
            }
        };
        orders.push(Order {
            name: name.to_owned(),
            event: written.event,
            farms: farms.into_iter().map(FarmId::from).collect(),
            from,
            until,
            share,
            certain: written.certain,
        });
    }
    orders
}

/// Interruptible contracts, by name.
pub(crate) fn contracts(raw: &Scenario, names: &Names) -> Vec<Contract> {
    let contract = |(name, index): (&str, usize)| {
        let written = &raw.contract[index];
        Contract {
            name: name.to_owned(),
            notice: Span::from_minutes(written.notice_minutes),
            maximum: written.maximum_h.map_or(Span(i64::MAX), Span::from_hours),
            rest: Span::from_hours(written.rest_h),
            calls: written.calls.unwrap_or(u32::MAX),
            payment_usd_mwh: written.payment_usd_mwh,
        }
    };
    names.contracts.declared().map(contract).collect()
}

/// The curtailment ladder.
pub(crate) fn operator(raw: &Scenario) -> Operator {
    raw.operator
        .as_ref()
        .map_or_else(Operator::default, |written| Operator {
            order_delay: Span::from_minutes(written.order_delay_minutes),
            order_minimum: Span::from_minutes(written.order_minimum_minutes),
        })
}
