//! The list of products, as text or JSON.

use crate::cli::invocation::Invocation;
use crate::cli::out;
use crate::model::value::Value;
use crate::store::error::StoreError;
use crate::store::products::Listed;
use crate::tui::term::text::clean;
use anyhow::Result;

#[derive(clap::Args, Debug)]
pub struct Listing {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub fn list(invocation: &Invocation, listing: &Listing) -> Result<u8> {
    let all = match invocation.places.data.find(None) {
        Err(error @ StoreError::Io { .. }) => return Err(error.into()),
        _ => invocation.places.data.list(),
    };
    if listing.json {
        let rows: Vec<_> = all
            .iter()
            .map(|one| crate::json!({"name": one.name, "id": one.id, "slug": one.slug, "folder": one.folder.0.display().to_string()}))
            .collect();
        return Ok(out::json(&Value::from(rows)));
    }
    if all.is_empty() {
        out::message(&StoreError::Empty { data: invocation.places.data.0.clone() }.to_string());
    }
    let row = |one: &Listed| format!("{}\t{}\n", clean(&one.name), clean(&one.folder.0.display().to_string()));
    Ok(out::bytes(all.iter().map(row).collect::<String>().as_bytes()))
}
