//! Tables for spreadsheets (RFC 4180), safe to open: no cell is taken for a formula.

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Words, which are never taken for a formula.
    Text(&'a str),
    /// Digits that this program wrote, to be summed: `-12.05`. What is no number is text all the same.
    Number(&'a str),
}

impl Cell<'_> {
    fn written(self) -> String {
        match self {
            Self::Number(digits) if is_number(digits) => digits.to_owned(),
            Self::Number(text) | Self::Text(text) => cell(text),
        }
    }
}

fn is_number(text: &str) -> bool {
    let size = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = size.split_once('.').unwrap_or((size, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|one| one.is_ascii_digit()))
}

/// One row of words, with its line break.
pub fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: Vec<Cell<'_>> = cells.iter().map(|text| Cell::Text(text.as_ref())).collect();
    mixed_row(&cells)
}

/// One row of words and numbers, with its line break.
pub fn mixed_row(cells: &[Cell<'_>]) -> String {
    let mut line = cells.iter().map(|cell| cell.written()).collect::<Vec<_>>().join(",");
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

/// A quote that is never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenQuote;

/// The rows of a table. Empty rows are left out.
pub fn read(text: &str) -> Result<Vec<Vec<String>>, OpenQuote> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(row) = rows.last_mut() else { break };
        let Some(cell) = row.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            c => cell.push(c),
        }
    }
    if quoted {
        return Err(OpenQuote);
    }
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let rows = [["a", "b \"c\"", ""], ["1,5", "two\nlines", "z"]];
        let text: String = rows.iter().map(|cells| row(cells)).collect();
        assert_eq!(read(&text).unwrap(), rows.map(|cells| cells.map(str::to_owned).to_vec()));
        assert_eq!(read("a,\"b"), Err(OpenQuote));
        assert_eq!(read("\n\n"), Ok(vec![]));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "=HYPERLINK(\"http://x\")"] {
            let line = row(&[formula]);
            let inside = line.trim_end_matches("\r\n").trim_start_matches('"');
            assert!(inside.starts_with('\''), "{line:?}");
        }
    }

    #[test]
    fn a_number_stays_a_number_and_nothing_else_passes_for_one() {
        for number in ["-12.05", "0", "7", "-7", "1250.00"] {
            assert_eq!(mixed_row(&[Cell::Text("owed"), Cell::Number(number)]), format!("owed,{number}\r\n"));
        }
        for other in ["-1+1", "-", "-.", "-1.", "=1", "+1", "-1.2.3", "--1", "-1e3", "-1 "] {
            assert_eq!(mixed_row(&[Cell::Number(other)]), row(&[other]));
            assert!(mixed_row(&[Cell::Number(other)]).starts_with('\''), "{other}");
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
