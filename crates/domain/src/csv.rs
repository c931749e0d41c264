//! Tables for spreadsheets (RFC 4180), safe to open: no cell is taken for a formula.

/// One row with its line break.
pub fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let mut line = cells.iter().map(|text| cell(text.as_ref())).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A cell in quotes where it needs them. What a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, or one of them
/// behind a tab, a line break or white space) gets an apostrophe before it, which spreadsheets read as "this is text".
fn cell(text: &str) -> String {
    let formula = text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n', ';', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "=HYPERLINK(\"http://x\")"] {
            let line = row(&[formula]);
            let inside = line.trim_end_matches("\r\n").trim_start_matches('"');
            assert!(inside.starts_with('\''), "{line:?}");
        }
    }

    #[test]
    fn quotes_commas_and_line_breaks_stay_inside_their_cell() {
        assert_eq!(
            row(&["Lund, Anna", "say \"hi\"", "a\nb", "plain"]),
            "\"Lund, Anna\",\"say \"\"hi\"\"\",\"a\nb\",plain\r\n"
        );
    }
}
