//! How the report looks: its colours in two schemes, and the rules for screen and paper.

/// Each colour by its name: on a light page, on a dark one.
const COLOURS: &[(&str, &str, &str)] = &[
    ("page", "#ffffff", "#14181d"),
    ("card", "#f4f6f8", "#1d232a"),
    ("ink", "#1b2026", "#e7eaee"),
    ("soft", "#4d5661", "#aab4bf"),
    ("line", "#7d8792", "#77828e"),
    ("mark", "#0b5ca8", "#7fb8ff"),
    ("warn", "#9a3412", "#ffab7a"),
];

const RULES: &str = "\
*{box-sizing:border-box}\n\
html{-webkit-text-size-adjust:100%}\n\
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;overflow-wrap:anywhere}\n\
header,nav,main,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem;overflow-x:clip}\n\
header{padding-top:2rem}\n\
h1{font-size:2rem;line-height:1.2;margin:0 0 .25rem}\n\
h2{font-size:1.4rem;line-height:1.25;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:2px solid var(--line)}\n\
h3{font-size:1.1rem;margin:1.5rem 0 .5rem}\n\
h4{font-size:1rem;margin:0 0 .5rem}\n\
p,ul,dl,figure,table{margin:0 0 .75rem}\n\
ul{padding-left:1.25rem}\n\
li ul{margin:0}\n\
a{color:var(--mark)}\n\
a:focus-visible,.scroll:focus-visible{outline:3px solid var(--mark);outline-offset:2px}\n\
.soft,footer,figcaption,caption{color:var(--soft)}\n\
.lead{font-size:1.25rem;line-height:1.4}\n\
.warn{color:var(--warn);font-weight:600}\n\
.side{display:inline-block;min-width:3.25rem;font-weight:600;color:var(--soft)}\n\
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:1rem 0 0}\n\
nav a{display:inline-block;padding:.2rem 0}\n\
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:0 1.25rem;align-items:start}\n\
.card{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.9rem 1rem;margin:0 0 1rem}\n\
.card>:last-child{margin-bottom:0}\n\
dt{font-weight:600;color:var(--soft);font-size:.875rem}\n\
dd{margin:0 0 .5rem}\n\
dd>:last-child{margin-bottom:0}\n\
@media (min-width:48rem){main>section>dl{display:grid;grid-template-columns:10rem 1fr;gap:.4rem 1rem}main>section>dl>dt{line-height:1.7}main>section>dl>dd{margin:0}}\n\
.scroll{overflow-x:auto;margin:0 0 1rem}\n\
table{border-collapse:collapse;width:100%;margin:0;font-variant-numeric:tabular-nums;overflow-wrap:normal}\n\
caption{text-align:left;padding:0 0 .4rem}\n\
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}\n\
thead th{font-size:.875rem;color:var(--soft)}\n\
tbody th{font-weight:600;min-width:9rem}\n\
.numbers td,.numbers thead th:not(:first-child){text-align:right;white-space:nowrap}\n\
figure{max-width:24rem}\n\
svg{display:block;width:100%;height:auto;font:14px system-ui,sans-serif;fill:var(--ink)}\n\
svg .track{fill:none;stroke:var(--line);stroke-width:1}\n\
svg .fill{fill:var(--mark)}\n\
svg .now{stroke:var(--ink);stroke-width:2}\n\
svg .axis{stroke:var(--line);stroke-width:1}\n\
svg .left{fill:none;stroke:var(--mark);stroke-width:3;stroke-linejoin:round}\n\
svg .ideal{fill:none;stroke:var(--soft);stroke-width:2;stroke-dasharray:6 5}\n\
footer{padding-top:1rem;padding-bottom:2rem;margin-top:2rem;border-top:1px solid var(--line)}\n";

/// White paper whatever the screen shows, nothing cut in two, and no list of links that lead nowhere.
const PAPER: &str = "\
@page{margin:16mm}\n\
@media print{\n\
body{font-size:10.5pt}\n\
header,main,footer{max-width:none;padding:0;overflow:visible}\n\
nav{display:none}\n\
a{color:inherit}\n\
.scroll{overflow:visible}\n\
.columns{display:block}\n\
h1,h2,h3,h4,caption,dt{break-after:avoid}\n\
h1,h2,h3,h4,tr,figure,.card,li,dd{break-inside:avoid}\n\
.card>dl>dt{float:left;clear:left;width:8rem}\n\
.card>dl>dd{margin:0 0 .25rem 8.75rem;min-height:1.5em}\n\
thead{display:table-header-group}\n\
p{orphans:3;widows:3}\n\
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}\n\
}\n";

/// The style sheet.
pub fn sheet() -> String {
    let of = |dark: bool| -> String {
        COLOURS.iter().map(|(name, day, night)| format!("--{name}:{};", if dark { night } else { day })).collect()
    };
    format!(
        ":root{{{}}}\n@media screen{{:root{{color-scheme:light dark}}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n{RULES}{PAPER}",
        of(false),
        of(true)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(colour.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_and_lines_stand_out_in_both_schemes() {
        assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 0.01);
        for scheme in
            [|row: &(&str, &'static str, &'static str)| row.1, |row: &(&str, &'static str, &'static str)| row.2]
        {
            let of = |name: &str| COLOURS.iter().find(|row| row.0 == name).map(scheme).unwrap();
            for below in ["page", "card"] {
                for text in ["ink", "soft", "mark", "warn"] {
                    let found = contrast(of(text), of(below));
                    assert!(found >= 4.5, "{text} on {below}: {found:.2}");
                }
                let found = contrast(of("line"), of(below));
                assert!(found >= 3.0, "line on {below}: {found:.2}");
            }
        }
    }

    #[test]
    fn every_colour_used_is_there() {
        let sheet = sheet();
        for used in sheet.split("var(--").skip(1) {
            let name = used.split(')').next().unwrap();
            assert!(COLOURS.iter().any(|row| row.0 == name), "{name}");
        }
    }
}
