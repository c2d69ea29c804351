//! The layout for a given window: a pure function used by both update and draw.

use ratatui::layout::Rect;

/// What has the keyboard focus.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Focus {
    #[default]
    List,
    Why,
    How,
}

impl Focus {
    pub const ALL: [Focus; 3] = [Focus::List, Focus::Why, Focus::How];

    pub fn next(self) -> Focus {
        match self {
            Focus::List => Focus::Why,
            Focus::Why => Focus::How,
            Focus::How => Focus::List,
        }
    }

    pub fn previous(self) -> Focus {
        self.next().next()
    }
}

/// The preferred place of a view's list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrangement {
    /// Beside the panes if there is room.
    Beside { columns: u16 },
    /// Beside the panes if there is room, else above them with no more rows than these.
    Fitted { columns: u16, rows: u16 },
    /// On the left if two panes fit beside it: narrow, or up to this wide.
    Aside { columns: u16 },
    /// Above the panes, at full width.
    Above,
    /// Above the panes, at full width and with more than half of the height.
    High,
    /// Above the panes, with a third box beside the panes if there is room; high if half of the height is not enough.
    AboveThree { high: bool },
    /// Alone; Tab shows the panes.
    Alone,
}

/// The areas of one frame; whatever is not shown has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Areas {
    pub tabs: Rect,
    pub list: Option<Rect>,
    pub why: Option<Rect>,
    pub how: Option<Rect>,
    /// What a view shows beside its panes.
    pub aside: Option<Rect>,
    pub status: Rect,
    pub hints: Rect,
}

impl Areas {
    pub fn of(&self, focus: Focus) -> Option<Rect> {
        match focus {
            Focus::List => self.list,
            Focus::Why => self.why,
            Focus::How => self.how,
        }
    }
}

/// Boxes side by side: an empty one is as narrow as its heading, the others share the rest. `filled` says of each
/// whether there is something in it.
pub fn side_by_side(area: Rect, filled: &[bool], headings: &[u16]) -> Vec<Rect> {
    let full = filled.iter().filter(|is_full| **is_full).count();
    let empty = filled.len().saturating_sub(full);
    let all_alike = full == 0 || empty == 0;
    let mut sharing = extent(if all_alike { filled.len() } else { full });
    let narrow = filled.iter().zip(headings).filter(|(is_full, _)| !**is_full).map(|(_, heading)| *heading);
    let taken = if all_alike { 0 } else { narrow.fold(0, u16::saturating_add) };
    let (mut left, mut x) = (area.width.saturating_sub(taken), area.x);
    let box_of = |(is_full, heading): (&bool, &u16)| {
        let width = if *is_full || all_alike {
            let share = left.checked_div(sharing).unwrap_or_default();
            (left, sharing) = (left.saturating_sub(share), sharing.saturating_sub(1));
            share
        } else {
            *heading
        };
        let one = Rect { x, width, ..area };
        x = x.saturating_add(width);
        one
    };
    filled.iter().zip(headings).map(box_of).collect()
}

/// Converts to a number of columns or rows, saturating at the maximum of a screen.
pub fn extent(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Parts of an area. A missing one is empty, or outside the frame, where nothing is drawn.
pub trait Part {
    /// The row with this index, from 0.
    fn row(self, nth: usize) -> Rect;
    /// The area right of its first columns.
    fn past(self, columns: usize) -> Rect;
    /// The area below its first rows.
    fn below(self, rows: usize) -> Rect;
    /// The area without its first and last column.
    fn indented(self) -> Rect;
}

impl Part for Rect {
    fn row(self, nth: usize) -> Rect {
        Rect { y: self.y.saturating_add(extent(nth)), height: 1, ..self }
    }

    fn past(self, columns: usize) -> Rect {
        let columns = extent(columns);
        Rect { x: self.x.saturating_add(columns), width: self.width.saturating_sub(columns), ..self }
    }

    fn below(self, rows: usize) -> Rect {
        let rows = extent(rows);
        Rect { y: self.y.saturating_add(rows), height: self.height.saturating_sub(rows), ..self }
    }

    fn indented(self) -> Rect {
        Rect { x: self.x.saturating_add(1), width: self.width.saturating_sub(2), ..self }
    }
}

/// The smallest usable window.
pub const SMALLEST: (u16, u16) = (40, 10);

/// A percentage of a number of columns or rows.
pub fn of_hundred(all: u16, share: u16) -> u16 {
    extent(usize::from(all).saturating_mul(usize::from(share)) / 100)
}

fn split_row(area: Rect, left: u16) -> (Rect, Rect) {
    let left = left.min(area.width);
    (Rect { width: left, ..area }, area.past(usize::from(left)))
}

fn split_column(area: Rect, top: u16) -> (Rect, Rect) {
    let top = top.min(area.height);
    (Rect { height: top, ..area }, area.below(usize::from(top)))
}

/// A pane beside a list is never narrower, as at 80 columns with one pane beside the other.
pub const READABLE: u16 = 42;

/// The width of a list with panes beside it: what its titles need, unless the panes would no longer be readable.
fn list_beside(width: u16, columns: u16, needs: u16) -> u16 {
    let least = columns.max(of_hundred(width, 45)).min(width / 2);
    needs.min(width.saturating_sub(READABLE)).max(least)
}

/// Returns `None` if the window is too small. `share` is the why pane's share of both panes, in percent; `needs` is the
/// width of the list, with its border, that cuts no title.
pub fn areas(
    window: Rect,
    arrangement: Arrangement,
    focus: Focus,
    zoom: bool,
    share: u16,
    needs: u16,
) -> Option<Areas> {
    let part = |all: u16| of_hundred(all, share.clamp(20, 80));
    if window.width < SMALLEST.0 || window.height < SMALLEST.1 {
        return None;
    }
    let (tabs, rest) = split_column(window, 1);
    let (body, foot) = split_column(rest, rest.height.saturating_sub(2));
    let (status, hints) = split_column(foot, 1);
    let mut areas = Areas { tabs, status, hints, ..Areas::default() };
    let (width, height) = (window.width, window.height);
    // With its border.
    let most = match arrangement {
        Arrangement::Fitted { rows, .. } => rows.max(1).saturating_add(2),
        _ => u16::MAX,
    };
    if zoom || arrangement == Arrangement::Alone || width < 60 || height < 18 {
        match focus {
            Focus::List => areas.list = Some(body),
            Focus::Why => areas.why = Some(body),
            Focus::How => areas.how = Some(body),
        }
    } else if width < 80 || height < 24 {
        // A low window shows the list and half of what a row says, or the other way round.
        let rows = if focus == Focus::List { body.height.saturating_mul(3) / 5 } else { body.height / 2 };
        let (list, pane) = split_column(body, most.min(rows));
        areas.list = Some(list);
        match focus {
            Focus::How => areas.how = Some(pane),
            _ => areas.why = Some(pane),
        }
    } else if let Arrangement::Aside { columns } = arrangement {
        let narrow = of_hundred(width, 34).clamp(36, 48);
        let (list, panes) = split_row(body, columns.min(of_hundred(width, 44)).max(narrow));
        let (why, how) = split_column(panes, part(panes.height));
        (areas.list, areas.why, areas.how) = (Some(list), Some(why), Some(how));
    } else if let (Arrangement::Beside { columns } | Arrangement::Fitted { columns, .. }, true) =
        (arrangement, width >= 110 && height >= 28)
    {
        let (list, panes) = split_row(body, list_beside(width, columns, needs));
        let (why, how) = split_column(panes, part(panes.height));
        (areas.list, areas.why, areas.how) = (Some(list), Some(why), Some(how));
    } else {
        let is_high = matches!(arrangement, Arrangement::High | Arrangement::AboveThree { high: true });
        let rows = if is_high { body.height.saturating_mul(3).div_ceil(5) } else { body.height.div_ceil(2) };
        let (list, panes) = split_column(body, most.min(rows));
        let three = matches!(arrangement, Arrangement::AboveThree { .. }) && width >= 110 && height >= 28;
        let (halves, aside) =
            if three { split_row(panes, panes.width.saturating_mul(2) / 3) } else { (panes, Rect::default()) };
        let (why, how) = split_row(halves, part(halves.width));
        areas.aside = three.then_some(aside);
        (areas.list, areas.why, areas.how) = (Some(list), Some(why), Some(how));
    }
    Some(areas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_are_seen_from_80x24_up() {
        for (width, height) in [(80, 24), (100, 24), (120, 35), (300, 100)] {
            for arrangement in [
                Arrangement::Above,
                Arrangement::Aside { columns: 70 },
                Arrangement::High,
                Arrangement::Beside { columns: 52 },
                Arrangement::Fitted { columns: 52, rows: 0 },
            ] {
                let all = areas(Rect::new(0, 0, width, height), arrangement, Focus::List, false, 50, 0).unwrap();
                assert!(all.why.is_some() && all.how.is_some(), "{width}x{height}");
            }
        }
    }

    #[test]
    fn boxes_side_by_side_fill_the_width_and_an_empty_one_is_narrow() {
        let area = Rect::new(3, 1, 100, 10);
        let widths = |filled: &[bool]| {
            let all = side_by_side(area, filled, &[15; 4]);
            assert!(all.windows(2).all(|two| two[0].right() == two[1].x), "{all:?}");
            assert_eq!((all[0].x, all[all.len() - 1].right()), (3, 103));
            all.iter().map(|one| one.width).collect::<Vec<_>>()
        };
        assert_eq!(widths(&[true, true, true]), [33, 33, 34]);
        assert_eq!(widths(&[false, false, false]), [33, 33, 34]);
        assert_eq!(widths(&[true, false, true, false]), [35, 15, 35, 15]);
    }

    #[test]
    fn a_list_takes_from_the_panes_what_its_titles_need_as_long_as_they_are_readable() {
        let beside = |width, needs| {
            let window = Rect::new(0, 0, width, 35);
            let all = areas(window, Arrangement::Beside { columns: 56 }, Focus::List, false, 50, needs).unwrap();
            assert_eq!(all.why.unwrap().x, all.list.unwrap().right());
            (all.list.unwrap().width, all.why.unwrap().width)
        };
        assert_eq!(beside(120, 0), (56, 64));
        assert_eq!(beside(120, 70), (70, 50));
        assert_eq!(beside(120, 200), (78, READABLE));
        assert_eq!(beside(200, 130), (130, 70));
    }

    #[test]
    fn no_size_breaks_it_and_the_focus_is_always_seen() {
        for width in 1..130 {
            for height in 1..40 {
                for focus in Focus::ALL {
                    let window = Rect::new(0, 0, width, height);
                    let Some(all) = areas(window, Arrangement::Beside { columns: 52 }, focus, false, 50, 0) else {
                        assert!(width < 40 || height < 10);
                        continue;
                    };
                    let own = all.of(focus).unwrap();
                    assert!(own.width >= 20 && own.height >= 3, "{width}x{height} {focus:?} {own:?}");
                    assert_eq!(window.union(own), window);
                }
            }
        }
    }

    #[test]
    fn a_short_list_above_the_panes_leaves_them_its_room() {
        let fitted = |rows| Arrangement::Fitted { columns: 46, rows };
        for (width, height) in [(80, 24), (60, 20)] {
            let window = Rect::new(0, 0, width, height);
            let all = |arrangement| areas(window, arrangement, Focus::List, false, 50, 0).unwrap();
            let (short, long) = (all(fitted(3)), all(fitted(40)));
            assert_eq!(short.list.unwrap().height, 5, "three rows and the border");
            assert_eq!(short.list.unwrap().height + short.why.unwrap().height, height - 3);
            assert_eq!(long, all(Arrangement::Beside { columns: 46 }), "a long list shares as before");
        }
        let window = Rect::new(0, 0, 120, 35);
        let beside = areas(window, fitted(3), Focus::List, false, 50, 0);
        assert_eq!(beside, areas(window, Arrangement::Beside { columns: 46 }, Focus::List, false, 50, 0));
    }
}
