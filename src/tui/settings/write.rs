//! Writes one setting back into config.toml. Everything else in the file stays as it is, comments included.

use crate::tui::settings::Settings;
use crate::tui::settings::table::{Setting, SettingValue};
use std::io::Write;
use std::path::Path;
use toml_edit::{Array, DocumentMut, Value};

/// Returns the file's text with this setting in it, or `None` if the text is not valid TOML.
pub fn with(text: &str, key: &str, given: &SettingValue) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let mut value = match given {
        SettingValue::Word(word) => Value::from(word.as_str()),
        SettingValue::Yes(yes) => Value::from(*yes),
        SettingValue::Number(number) => Value::from(i64::from(*number)),
        SettingValue::Numbers(all) => {
            let whole = |hundredths: i64| (hundredths % 100 == 0).then_some(hundredths / 100);
            let number = |one: &crate::model::value::Amount| match whole(one.in_hundredths()) {
                Some(whole) => Value::from(whole),
                None => Value::from(one.as_f64()),
            };
            Value::from(all.iter().map(number).collect::<Array>())
        }
    };
    match document.get_mut(key).and_then(toml_edit::Item::as_value_mut) {
        Some(known) => {
            *value.decor_mut() = known.decor().clone();
            *known = value;
        }
        None => {
            document.insert(key, toml_edit::Item::Value(value));
        }
    }
    Some(document.to_string())
}

/// Writes the current value of a setting to its file. Returns where, or why not.
pub fn keep(settings: &Settings, setting: &Setting) -> Result<String, String> {
    let Some(file) = &settings.file else { return Ok("It applies to this run.".to_string()) };
    let shown = file.display();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(cause) => return Err(format!("{shown} is unreadable ({cause}). It applies to this run only.")),
    };
    let Some(text) = with(&text, setting.key, &(setting.read)(settings)) else {
        return Err(format!("{shown} has an invalid line, so nothing was written. It applies to this run only."));
    };
    match replace(file, &text) {
        Ok(()) => Ok(format!("Saved in {shown}.")),
        Err(cause) => Err(format!("{shown} could not be written ({cause}). It applies to this run only.")),
    }
}

/// Replaces the file atomically; a link to it stays a link.
pub fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let fresh = file.with_extension(format!("toml.{}", std::process::id()));
    let written = std::fs::File::create(&fresh).and_then(|mut out| {
        out.write_all(text.as_bytes())?;
        out.sync_all()
    });
    let done = written.and_then(|()| {
        if let Ok(known) = std::fs::metadata(&file) {
            std::fs::set_permissions(&fresh, known.permissions())?;
        }
        std::fs::rename(&fresh, &file)
    });
    if done.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::Amount;

    #[test]
    fn one_value_changes_and_every_comment_stays() {
        let text = "# mine\ntheme = \"dark\"  # at night\n\n[keys.list]\n\"x\" = \"tick\" # as in vim\n";
        let word = SettingValue::Word("light".to_string());
        let after = with(text, "theme", &word).unwrap();
        assert_eq!(after, text.replace("\"dark\"", "\"light\""));
        let after = with(&after, "mouse", &SettingValue::Yes(false)).unwrap();
        assert!(after.find("mouse = false").unwrap() < after.find("[keys.list]").unwrap(), "{after}");
        let points = SettingValue::Numbers(vec![Amount::hundredths(50), Amount::whole(1)]);
        assert!(with("", "points", &points).unwrap().contains("points = [0.5, 1]"));
        assert_eq!(with("theme = dark\n", "theme", &word), None);
    }
}
