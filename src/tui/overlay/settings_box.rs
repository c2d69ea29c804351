//! The list of settings, each with its value, changed in place. What the selected one does is shown below.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::value::Amount;
use crate::tui::settings::table::{SETTINGS, Setting, SettingValue};
use crate::tui::settings::write;
use crate::tui::state::contract::{Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, fit, wrap};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;

/// The indentation of the values.
const NAMES: usize = 18;
/// Lines for the help of the selected setting.
const SENTENCE: usize = 2;

#[derive(Debug, Default)]
pub struct SettingsBox {
    at: usize,
    /// Numbers being typed.
    typing: Option<LineInput>,
}

impl Layer for SettingsBox {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, _: &Product, _: &mut Context) -> Next {
        let Some(setting) = SETTINGS.get(self.at) else { return (None, Outcome::Nothing) };
        let press = input.press().map(|press| (press.code, press.ctrl));
        if let Some(line) = &mut self.typing {
            let outcome = match press {
                Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) => {
                    self.typing = None;
                    Outcome::Nothing
                }
                Some((KeyCode::Enter, _)) => match numbers(&line.text()) {
                    Ok(all) => {
                        self.typing = None;
                        change(ui, setting, SettingValue::Numbers(all))
                    }
                    Err(why) => Outcome::refuse(why),
                },
                _ => {
                    line.take(input);
                    Outcome::Nothing
                }
            };
            return (Some(self), outcome);
        }
        let outcome = match press {
            None => Outcome::Nothing,
            Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) => {
                return (None, Outcome::Nothing);
            }
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => {
                self.at = self.at.saturating_sub(1);
                Outcome::Nothing
            }
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => {
                self.at = self.at.saturating_add(1).min(SETTINGS.len().saturating_sub(1));
                Outcome::Nothing
            }
            Some((KeyCode::Home | KeyCode::PageUp, _)) => {
                self.at = 0;
                Outcome::Nothing
            }
            Some((KeyCode::End | KeyCode::PageDown, _)) => {
                self.at = SETTINGS.len().saturating_sub(1);
                Outcome::Nothing
            }
            Some((code @ (KeyCode::Char(' ') | KeyCode::Enter | KeyCode::Left | KeyCode::Right), _)) => {
                match setting.step(&ui.settings, code != KeyCode::Left) {
                    Some(given) => change(ui, setting, given),
                    None => {
                        self.typing = Some(LineInput::new(&(setting.read)(&ui.settings).to_string()));
                        Outcome::Nothing
                    }
                }
            }
            Some(_) => Outcome::say("Space changes the setting, Esc goes back."),
        };
        (Some(self), outcome)
    }

    fn hints(&self, _: &Ui) -> String {
        if self.typing.is_some() {
            return "numbers with blanks between them · Enter takes · Esc back".to_string();
        }
        "↑ ↓ choose · Space changes it · ← → too · Esc back".to_string()
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let wrong = &ui.settings.troubles;
        let below = (SENTENCE + 1).saturating_add(if wrong.is_empty() { 0 } else { wrong.len().saturating_add(1) });
        let inner = popup::frame(ui, "Settings", 74, SETTINGS.len().saturating_add(below), buffer);
        let columns = usize::from(inner.width);
        let room = usize::from(inner.height).saturating_sub(SENTENCE + 1).max(1);
        let first = popup::scrolled(self.at, SETTINGS.len(), room.min(SETTINGS.len()));
        let mut rest = inner;
        for (at, setting) in SETTINGS.iter().enumerate().skip(first).take(room) {
            let chosen = at == self.at;
            let pointer = if chosen { ui.theme.pointer() } else { " " };
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            let value = (setting.read)(&ui.settings).to_string();
            let text = format!("{pointer} {:<16}{value}", setting.key);
            buffer.write(rest, fit(&text, columns), columns, style);
            if let (true, Some(line)) = (chosen, &self.typing) {
                let area = rest.row(0).past(NAMES);
                buffer.write(area, fit("", usize::from(area.width)), usize::from(area.width), Style::new());
                line.draw(area, Style::new(), buffer);
            }
            rest = rest.below(1);
        }
        list::more(ui, SETTINGS.len().saturating_sub(first.saturating_add(room)), inner, buffer);
        let sentence = SETTINGS.get(self.at).map_or("", |setting| setting.hint);
        let mut lines = vec![(String::new(), Style::new())];
        lines.extend(wrap(sentence, columns, SENTENCE).into_iter().map(|line| (line, ui.theme.quiet())));
        if !wrong.is_empty() {
            lines.resize(SENTENCE + 1, (String::new(), Style::new()));
            lines.push(("In config.toml:".to_string(), ui.theme.strong()));
            lines.extend(wrong.iter().map(|line| (ui.keymap.fill(line).into_owned(), ui.theme.wrong())));
        }
        for (at, (line, style)) in lines.iter().take(usize::from(rest.height)).enumerate() {
            buffer.write(rest.row(at), cut(line, columns), columns, *style);
        }
    }
}

fn numbers(text: &str) -> Result<Vec<Amount>, String> {
    let words = text.split([' ', ';']).map(|word| word.trim_matches(',')).filter(|word| !word.is_empty());
    let all = words.map(Amount::parse).collect::<Result<Vec<_>, _>>();
    all.map_err(|why| format!("{why}. Numbers are typed as 1 2 3 5 8 13."))
}

/// Gives a setting a value, on the screen and in the file.
pub fn change(ui: &mut Ui, setting: &Setting, given: SettingValue) -> Outcome {
    if let Err(why) = setting.set(&mut ui.settings, given) {
        return Outcome::refuse(why);
    }
    ui.theme = ui.settings.look();
    let value = (setting.read)(&ui.settings);
    match write::keep(&ui.settings, setting) {
        Ok(kept) => Outcome::say(format!("{} is {value} now. {kept}", setting.key)),
        Err(why) => Outcome::refuse(why),
    }
}
