//! The sample product: a script covering four months up to today, run through the same actions as any batch.

use crate::cli::batch::play;
use crate::cli::invocation::{Invocation, now};
use crate::model::value::Value;
use crate::store::products::Listed;
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Duration, FixedOffset, NaiveTime};
use std::sync::Arc;

/// The sample's name.
pub const NAME: &str = "Bike Doctor";

const SCRIPT: &str = include_str!("sample.jsonl");

/// Returns the sample in the data folder, and creates it if it is missing. Its folder distinguishes it from another
/// product of that name.
pub fn find_or_make(invocation: &Invocation, known: &str) -> Result<Listed> {
    let data = &invocation.places.data;
    if !known.is_empty()
        && let Ok(listed) = data.find(Some(known))
    {
        return Ok(listed);
    }
    let name = data.free_name(|nth| match nth {
        1 => format!("{NAME} sample"),
        nth => format!("{NAME} sample {nth}"),
    });
    make(invocation, &name)
}

/// Runs the script on a new product of that name.
pub fn make(invocation: &Invocation, name: &str) -> Result<Listed> {
    let mut own = invocation.clone();
    own.wide.product = Some(name.to_string());
    let lines: Vec<String> = SCRIPT.lines().map(|line| placed_in_time(line, now().0)).collect::<Result<_>>()?;
    for answer in play(&own, &lines) {
        if answer.get("ok") == Some(&Value::Bool(false)) {
            bail!(
                "The sample could not be created: {}",
                answer.get("error").and_then(Value::as_str).unwrap_or_default()
            );
        }
    }
    Ok(invocation.places.data.find(Some(name))?)
}

/// A line of the script with days relative to today: `"day":-3` and `"@-3"` are three days ago.
fn placed_in_time(line: &str, today: DateTime<FixedOffset>) -> Result<String> {
    let mut value: Value = serde_json::from_str(line).context("The sample has a line that is not JSON.")?;
    if let Some(line) = value.as_object_mut()
        && let Some(day) = line.remove("day").and_then(|day| day.as_i64())
    {
        let time = line.get("time").and_then(Value::as_str).unwrap_or("09:00");
        let time = NaiveTime::parse_from_str(time, "%H:%M").context("The sample has an invalid time.")?;
        let at = later(today, day).with_time(time).earliest().unwrap_or(today);
        // Nothing in the sample is in the future.
        line.insert("time", at.min(today).to_rfc3339().into());
    }
    dated(&mut value, today);
    Ok(value.to_string())
}

/// Returns the day that many days after today, or today if the calendar has no such day.
fn later(today: DateTime<FixedOffset>, days: i64) -> DateTime<FixedOffset> {
    Duration::try_days(days).and_then(|days| today.checked_add_signed(days)).unwrap_or(today)
}

fn dated(value: &mut Value, today: DateTime<FixedOffset>) {
    match value {
        Value::String(text) => {
            let days = text.strip_prefix('@').and_then(|days| days.parse::<i64>().ok());
            if let Some(days) = days {
                *text = later(today, days).format("%Y-%m-%d").to_string().into();
            }
        }
        Value::Array(all) => Arc::make_mut(all).iter_mut().for_each(|one| dated(one, today)),
        Value::Object(all) => Arc::make_mut(all).values_mut().for_each(|one| dated(one, today)),
        _ => {}
    }
}
