//! Where things stand for a given window: a pure function that update and draw both use.

use ratatui::layout::Rect;

/// What has the keys.
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

/// How the list of a view wants to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Beside the panes where there is room.
    Beside { columns: u16 },
    /// Narrow and at the left wherever two panes fit beside it.
    Aside,
    /// Above the panes, in full width.
    Above,
    /// The same, with more than half of the height.
    High,
    /// The same, with a third box beside the panes where there is room.
    AboveThree,
    /// Alone: the panes come with Tab.
    Alone,
}

/// The places of one frame; what is not shown has none.
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

/// The smallest window that can be worked in.
pub const SMALLEST: (u16, u16) = (40, 10);

fn split_row(area: Rect, left: u16) -> (Rect, Rect) {
    let left = left.min(area.width);
    (Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

fn split_column(area: Rect, top: u16) -> (Rect, Rect) {
    let top = top.min(area.height);
    (Rect { height: top, ..area }, Rect { y: area.y + top, height: area.height - top, ..area })
}

/// Nothing where the window is too small to work in.
/// `share` is the part of the two panes that the why has, in percent.
pub fn areas(window: Rect, shape: Shape, focus: Focus, zoom: bool, share: u16) -> Option<Areas> {
    let part = |all: u16| (u32::from(all) * u32::from(share.clamp(20, 80)) / 100) as u16;
    if window.width < SMALLEST.0 || window.height < SMALLEST.1 {
        return None;
    }
    let (tabs, rest) = split_column(window, 1);
    let (body, foot) = split_column(rest, rest.height - 2);
    let (status, hints) = split_column(foot, 1);
    let mut areas = Areas { tabs, status, hints, ..Areas::default() };
    let (width, height) = (window.width, window.height);
    if zoom || shape == Shape::Alone || width < 60 || height < 18 {
        match focus {
            Focus::List => areas.list = Some(body),
            Focus::Why => areas.why = Some(body),
            Focus::How => areas.how = Some(body),
        }
    } else if width < 80 || height < 24 {
        let (list, pane) = split_column(body, body.height / 2);
        areas.list = Some(list);
        match focus {
            Focus::How => areas.how = Some(pane),
            _ => areas.why = Some(pane),
        }
    } else if shape == Shape::Aside {
        let (list, panes) = split_row(body, (width * 3 / 10).clamp(28, 44));
        let (why, how) = split_column(panes, part(panes.height));
        (areas.list, areas.why, areas.how) = (Some(list), Some(why), Some(how));
    } else if let (Shape::Beside { columns }, true) = (shape, width >= 110 && height >= 28) {
        let (list, panes) = split_row(body, columns.max(width * 45 / 100).min(width / 2));
        let (why, how) = split_column(panes, part(panes.height));
        (areas.list, areas.why, areas.how) = (Some(list), Some(why), Some(how));
    } else {
        let rows = if shape == Shape::High { (body.height * 3).div_ceil(5) } else { body.height.div_ceil(2) };
        let (list, panes) = split_column(body, rows);
        let three = shape == Shape::AboveThree && width >= 110 && height >= 28;
        let (halves, aside) = if three { split_row(panes, panes.width * 2 / 3) } else { (panes, Rect::default()) };
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
            for shape in [Shape::Above, Shape::Aside, Shape::High, Shape::Beside { columns: 52 }] {
                let all = areas(Rect::new(0, 0, width, height), shape, Focus::List, false, 50).unwrap();
                assert!(all.why.is_some() && all.how.is_some(), "{width}x{height}");
            }
        }
    }

    #[test]
    fn no_size_breaks_it_and_the_focus_is_always_seen() {
        for width in 1..130 {
            for height in 1..40 {
                for focus in Focus::ALL {
                    let window = Rect::new(0, 0, width, height);
                    let Some(all) = areas(window, Shape::Beside { columns: 52 }, focus, false, 50) else {
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
}
