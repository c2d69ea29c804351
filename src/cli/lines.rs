//! Lines from an external input, delivered as they arrive, with a limit on their length.

use std::io::{self, BufRead, Read};

/// A longer line is refused instead of being read into memory.
pub const LONGEST_LINE: usize = 64 << 20;

/// One byte more than the longest line, so that an overlong line is noticed.
const READ: u64 = (64 << 20) + 1;

/// Yields each line without its line break. An overlong or unreadable line is an error and the last item.
pub struct Lines<R> {
    reader: R,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn of(reader: R) -> Lines<R> {
        Lines { reader, ended: false }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        if self.ended {
            return None;
        }
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(READ).read_until(b'\n', &mut line);
        match read {
            Ok(0) => None,
            Ok(_) if line.last() == Some(&b'\n') => {
                line.pop();
                Some(Ok(line))
            }
            Ok(read) if read > LONGEST_LINE => {
                self.ended = true;
                Some(Err(io::Error::new(io::ErrorKind::InvalidData, "a line is longer than 64 MB")))
            }
            Ok(_) => Some(Ok(line)),
            Err(cause) => {
                self.ended = true;
                Some(Err(cause))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_without_their_ends_and_one_without_an_end_is_refused() {
        let all: Vec<Vec<u8>> = Lines::of(&b"one\n\ntwo\r\nthree"[..]).map(Result::unwrap).collect();
        assert_eq!(all, [&b"one"[..], b"", b"two\r", b"three"]);
        let mut endless = Lines::of(io::BufReader::new(io::repeat(b'x')));
        assert!(endless.next().unwrap().is_err() && endless.next().is_none());
    }
}
