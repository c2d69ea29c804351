//! Other keyboard layouts: which Latin letter is on the same key. Used only if no binding matches and no text is being
//! typed, so that the user need not switch the layout for commands.

use crate::tui::term::key::Press;
use crossterm::event::KeyCode;

/// The rows of a keyboard in the Latin layout, and the same keys in another layout. A space marks a key that is not
/// mapped: it has the same character, more than one, or another meaning elsewhere.
struct Layout {
    plain: &'static [(&'static str, &'static str)],
}

/// Russian, with the letters that Ukrainian and Belarusian have instead.
const CYRILLIC: Layout = Layout {
    plain: &[
        ("`qwertyuiop[]", "ёйцукенгшщзхъ"),
        ("asdfghjkl;'", "фывапролджэ"),
        ("zxcvbnm,.", "ячсмитьбю"),
        ("s]'o", "іїєў"),
        ("~QWERTYUIOP{}", "ЁЙЦУКЕНГШЩЗХЪ"),
        ("ASDFGHJKL:\"", "ФЫВАПРОЛДЖЭ"),
        ("ZXCVBNM<>", "ЯЧСМИТЬБЮ"),
        ("S}\"O", "ІЇЄЎ"),
    ],
};

const GREEK: Layout = Layout {
    plain: &[
        ("wertyuiop", "ςερτυθιοπ"),
        ("asdfghjkl", "ασδφγηξκλ"),
        ("zxcvbnm", "ζχψωβνμ"),
        ("ERTYUIOP", "ΕΡΤΥΘΙΟΠ"),
        ("ASDFGHJKL", "ΑΣΔΦΓΗΞΚΛ"),
        ("ZXCVBNM", "ΖΧΨΩΒΝΜ"),
    ],
};

/// Without capitals, because with Shift the usual Hebrew layouts give Latin letters.
const HEBREW: Layout = Layout {
    plain: &[("ertyuiop", "קראטוןםפ"), ("asdfghjkl;", "שדגכעיחלךף"), ("zxcvbnm,.", "זסבהנמצתץ")],
};

/// The Arabic layout, with the Persian form of two letters. `b` is two letters there and is left out.
const ARABIC: Layout = Layout {
    plain: &[
        ("qwertyuiop[]", "ضصثقفغعهخحجد"),
        ("asdfghjkl;'", "شسيبلاتنمكط"),
        ("zxcvnm,./", "ئءؤرىةوزظ"),
        ("`d;", "ذیک"),
        ("0123456789", "٠١٢٣٤٥٦٧٨٩"),
        ("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    ],
};

/// The letter of the Latin layout on the same key.
pub fn latin(letter: char) -> Option<char> {
    if letter.is_ascii() {
        return None;
    }
    let rows = [CYRILLIC, GREEK, HEBREW, ARABIC].into_iter().flat_map(|layout| layout.plain);
    let mut pairs = rows.flat_map(|(latin, other)| other.chars().zip(latin.chars()));
    pairs.find(|(other, _)| *other == letter).map(|(_, latin)| latin)
}

/// The same press in the Latin layout.
pub fn on_latin(press: Press) -> Option<Press> {
    match press.code {
        KeyCode::Char(c) => latin(c).map(|c| Press { code: KeyCode::Char(c), ..press }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_as_long_as_its_latin_one() {
        for layout in [CYRILLIC, GREEK, HEBREW, ARABIC] {
            for (latin, other) in layout.plain {
                assert_eq!(latin.chars().count(), other.chars().count(), "{latin} {other}");
            }
        }
    }

    #[test]
    fn letters_lead_to_the_key_they_lie_on() {
        for (other, key) in [('й', 'q'), ('о', 'j'), ('л', 'k'), ('Ф', 'A'), ('Б', '<'), ('Ж', ':'), ('і', 's')]
        {
            assert_eq!(latin(other), Some(key), "{other}");
        }
        for (other, key) in [('κ', 'k'), ('ξ', 'j'), ('ק', 'e'), ('ח', 'j'), ('ش', 'a'), ('٣', '3')] {
            assert_eq!(latin(other), Some(key), "{other}");
        }
        assert_eq!((latin('q'), latin('é'), latin('日')), (None, None, None));
    }
}
