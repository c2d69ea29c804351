mod docs;
mod exchange;
