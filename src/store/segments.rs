//! Reads the segments of a journal: line by line, each step once, the newest segment first.

use crate::model::id::Id;
use crate::store::damage_report::Lost;
use crate::store::error::{Result, StoreError};
use crate::store::file::read_file;
use crate::store::folder::Folder;
use crate::store::journal::{Bad, JournalLine, LoggedStep, fits, lines};
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One line of a segment.
#[derive(Debug)]
pub enum SegmentLine {
    Step(Arc<LoggedStep>),
    Snapshot { crc: u32, through: Option<Id> },
    Unreadable(UnreadableLine),
}

/// An unreadable line.
#[derive(Debug)]
pub struct UnreadableLine {
    /// Its number in the segment, from 1.
    pub number: usize,
    pub bytes: Vec<u8>,
    pub bad: Bad,
    /// Whether it is the end of the file and has no line end.
    pub is_cut: bool,
}

/// One file of the journal.
#[derive(Debug)]
pub struct Segment {
    pub path: PathBuf,
    pub lines: Vec<SegmentLine>,
    /// Why the file is unreadable; it then has no lines.
    pub unreadable: Option<StoreError>,
}

impl Segment {
    /// Reads a segment. A file that is missing is a segment without lines.
    pub fn read(path: &Path) -> Segment {
        let read = read_lines(path);
        let (lines, unreadable) = match read {
            Ok(lines) => (lines, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        Segment { path: path.to_path_buf(), lines, unreadable }
    }

    /// Its steps, oldest first.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &Arc<LoggedStep>> {
        self.lines.iter().filter_map(|line| match line {
            SegmentLine::Step(step) => Some(step),
            _ => None,
        })
    }

    /// The checksums of product.json that its snapshot lines name, with the last step in each.
    pub fn snapshots(&self) -> impl Iterator<Item = (u32, Option<Id>)> {
        self.lines.iter().filter_map(|line| match line {
            SegmentLine::Snapshot { crc, through } => Some((*crc, *through)),
            _ => None,
        })
    }
}

fn read_lines(path: &Path) -> Result<Vec<SegmentLine>> {
    let bytes = read_file(path)?.unwrap_or_default();
    let line = |line: crate::store::journal::RawLine<'_>| match line.read {
        Ok(JournalLine::Step(step)) => SegmentLine::Step(step),
        Ok(JournalLine::Snapshot { crc, through }) => SegmentLine::Snapshot { crc, through },
        Err(bad) => SegmentLine::Unreadable(UnreadableLine {
            number: line.number,
            bytes: line.bytes.to_vec(),
            bad,
            is_cut: !line.is_ended,
        }),
    };
    Ok(lines(&bytes).map(line).collect())
}

/// The first line of each closed segment that does not fit its checksum, and each segment that is unreadable. Reads the
/// bytes only, so it is quick. A segment that disappears meanwhile was closed by nobody and is no damage.
pub fn damage(folder: &Folder) -> Vec<Lost> {
    let of = |path: PathBuf| {
        let name = format!("journal/{}", path.file_name().unwrap_or_default().to_string_lossy());
        match read_file(&path) {
            Ok(bytes) => {
                let bytes = bytes.unwrap_or_default();
                let mut ended = bytes.strip_suffix(b"\n").unwrap_or(&bytes).split(|byte| *byte == b'\n').zip(1usize..);
                let bad = ended.find(|(line, _)| !bytes.is_empty() && !fits(line));
                bad.map(|(_, number)| Lost::new(format!("{name}, line {number}"), "its checksum does not fit"))
            }
            Err(error) => Some(Lost::new(name, error.short())),
        }
    };
    folder.closed_segments().into_iter().filter_map(of).collect()
}

/// The segments not read yet, newest first.
///
/// A step in two segments, as after a checkpoint, is left out of the older one.
#[derive(Clone, Debug, Default)]
pub struct Segments {
    /// Oldest first.
    unread: Vec<PathBuf>,
    met: FxHashSet<Id>,
}

impl Segments {
    /// All closed segments of a folder, without the steps known from its open one.
    pub fn closed(folder: &Folder, known: impl IntoIterator<Item = Id>) -> Segments {
        Segments { unread: folder.closed_segments(), met: known.into_iter().collect() }
    }

    /// All segments of a folder, the open one first.
    pub fn all(folder: &Folder) -> Segments {
        let unread = folder.closed_segments().into_iter().chain([folder.journal()]).collect();
        Segments { unread, met: FxHashSet::default() }
    }
}

impl Iterator for Segments {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        let mut segment = Segment::read(&self.unread.pop()?);
        // From the end, so that of two equal steps in one file the later one counts as well.
        let mut is_new: Vec<bool> = segment
            .lines
            .iter()
            .rev()
            .map(|line| !matches!(line, SegmentLine::Step(step) if !self.met.insert(step.id)))
            .collect();
        segment.lines.retain(|_| is_new.pop().unwrap_or(true));
        Some(segment)
    }
}
