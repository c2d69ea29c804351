//! `whyhow why`: the chain from a story up to the vision.

use crate::cli::invocation::{Invocation, clock};
use crate::cli::out;
use crate::insight::trace::{TraceNode, thread};
use crate::model::value::Value;
use crate::store::open::open;
use anyhow::{Result, bail};

#[derive(clap::Args, Debug)]
pub struct Why {
    /// A number such as S24 or R2, or an id
    record: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The time to use instead of the clock
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
}

impl Why {
    pub fn run(&self, invocation: &Invocation) -> Result<u8> {
        let (product, notices) = open(&invocation.product()?.folder)?.shown(clock(self.now.as_ref())?);
        for notice in notices {
            out::message(&notice.text);
        }
        let Some((_, id)) = product.named(&self.record) else {
            bail!("{:?} is not a record of {}. Use a number such as S24, or an id.", self.record, product.name());
        };
        let thread = thread(&product, id);
        if self.json {
            let all = |knots: &[TraceNode]| -> Vec<Value> {
                let one = |knot: &TraceNode| crate::json!({"kind": knot.kind.key(), "id": knot.id, "number": knot.name, "title": knot.title, "suspect": knot.suspect});
                knots.iter().map(one).collect()
            };
            let (chain, beside) = (all(&thread.knots), all(&thread.beside));
            return Ok(out::json(&crate::json!({"chain": chain, "beside": beside, "breaks": thread.breaks})));
        }
        let mut lines = Vec::new();
        for (depth, knot) in thread.knots.iter().rev().enumerate() {
            let arrow = if depth == 0 { "" } else { "↑ " };
            let suspect = if knot.suspect { "  ! the why has changed since this was agreed" } else { "" };
            lines.push(format!(
                "{:indent$}{arrow}{:<8} {}{suspect}",
                "",
                knot.name,
                knot.title,
                indent = depth.saturating_mul(2)
            ));
        }
        lines.extend(thread.beside.iter().map(|knot| format!("Beside it: {} {}", knot.name, knot.title)));
        match thread.breaks.as_slice() {
            [] => lines.push("Breaks in the chain: none".to_string()),
            breaks => lines.extend(breaks.iter().map(|one| format!("Break: {one}"))),
        }
        Ok(out::line(&lines.join("\n")))
    }
}
