//! Rows of text as columns: the first to the left, the others to the right.

use std::fmt::Write as _;

/// Lays out rows in columns two spaces apart, with an empty line after the rows whose index is in
/// `gaps_after`. A row may be shorter than others.
pub fn lay_out<R: AsRef<[String]>>(rows: &[R], gaps_after: &[usize]) -> String {
    let columns = rows.iter().map(|r| r.as_ref().len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|r| r.as_ref().get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, (cell, width)) in row.as_ref().iter().zip(&widths).enumerate() {
            // Writing to a string cannot fail.
            let _ = if column == 0 {
                write!(line, "{cell:<width$}")
            } else {
                write!(line, "  {cell:>width$}")
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
        if gaps_after.contains(&index) {
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["a", "level", "x"], vec!["bass", "-1", ""], vec!["é"]]
            .map(|row| row.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(lay_out(&rows, &[0]), "a     level  x\n\nbass     -1\né\n");
    }
}
