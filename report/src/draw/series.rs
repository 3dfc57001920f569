//! Measurements over time as lines and areas.

use super::{Place, Scale};

/// Where the points of a timeline stand from left to right, and how many of them share a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Columns {
    /// Points a column.
    pub fold: usize,
    /// From seconds to places.
    pub time: Scale,
    /// Seconds a column.
    pub seconds: f64,
}

impl Columns {
    /// Columns for `points` points of `seconds_per_point`, no more than about one for each point
    /// of `time`'s width.
    pub fn new(points: usize, seconds_per_point: f64, time: Scale) -> Self {
        let room = (time.places[1] - time.places[0]).abs().max(1.0) as usize;
        let fold = points.div_ceil(room).max(1);
        Self { fold, time, seconds: seconds_per_point * fold as f64 }
    }

    /// The middle of column `index`.
    fn middle(&self, index: usize) -> f64 {
        self.time.place((index as f64 + 0.5) * self.seconds)
    }

    /// The left and the right end of column `index`.
    pub fn edges(&self, index: usize) -> [f64; 2] {
        [index, index + 1].map(|i| self.time.place(i as f64 * self.seconds))
    }

    /// The highest value of each column.
    pub fn highest(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        self.folded(values, |values| values.reduce(f64::max))
    }

    /// The lowest value of each column.
    pub fn lowest(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        self.folded(values, |values| values.reduce(f64::min))
    }

    /// The last value of each column.
    pub fn last(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        self.folded(values, |values| values.last())
    }

    /// The mean value of each column.
    pub fn mean(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        self.folded(values, |values| {
            let (sum, count) = values.fold((0.0, 0), |(sum, count), v| (sum + v, count + 1));
            (count > 0).then(|| sum / f64::from(count))
        })
    }

    /// The value of each column that is furthest from 0.
    pub fn furthest(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        self.folded(values, |values| values.reduce(|a, b| if b.abs() > a.abs() { b } else { a }))
    }

    fn folded(
        &self,
        values: &[Option<f64>],
        how: impl Fn(&mut dyn Iterator<Item = f64>) -> Option<f64>,
    ) -> Vec<Option<f64>> {
        values.chunks(self.fold).map(|chunk| how(&mut chunk.iter().flatten().copied())).collect()
    }

    /// A line through a value for each column, broken where there is none.
    pub fn line(&self, values: &[Option<f64>], scale: Scale) -> Vec<Vec<Place>> {
        runs(values)
            .map(|(start, run)| {
                let place = |(i, v): (usize, &f64)| [self.middle(start + i), scale.place(*v)];
                let mut line: Vec<Place> = run.iter().enumerate().map(place).collect();
                // A value on its own is as wide as its column.
                if let [[_, y]] = line[..] {
                    line = self.edges(start).map(|x| [x, y]).to_vec();
                }
                line
            })
            .collect()
    }

    /// The areas between a lower and an upper value for each column.
    pub fn band(&self, low: &[Option<f64>], high: &[Option<f64>], scale: Scale) -> Vec<Vec<Place>> {
        let both: Vec<Option<[f64; 2]>> =
            low.iter().zip(high).map(|(low, high)| Some([(*low)?, (*high)?])).collect();
        runs(&both)
            .map(|(start, run)| {
                let mut upper = Vec::new();
                let mut lower = Vec::new();
                for (i, [low, high]) in run.iter().enumerate() {
                    // Steps where columns are wide enough to be seen, else one corner a column.
                    for x in self.corners(start + i) {
                        upper.push([x, scale.place(*high)]);
                        lower.push([x, scale.place(*low)]);
                    }
                }
                upper.extend(lower.into_iter().rev());
                upper
            })
            .collect()
    }

    fn corners(&self, index: usize) -> Vec<f64> {
        let [left, right] = self.edges(index);
        if right - left > 2.0 { vec![left, right] } else { vec![self.middle(index)] }
    }
}

/// The runs of values without a gap, and where each starts.
fn runs<T: Copy>(values: &[Option<T>]) -> impl Iterator<Item = (usize, Vec<T>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += values[at..].iter().take_while(|v| v.is_none()).count();
        let run: Vec<T> = values[at..].iter().copied().map_while(|v| v).collect();
        let start = at;
        at += run.len();
        (!run.is_empty()).then_some((start, run))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: Scale = Scale { values: [0.0, 10.0], places: [10.0, 0.0] };

    fn columns(points: usize, width: f64) -> Columns {
        let time = Scale { values: [0.0, points as f64], places: [0.0, width] };
        Columns::new(points, 1.0, time)
    }

    #[test]
    fn a_line_breaks_at_gaps() {
        let values = [Some(1.0), Some(2.0), None, Some(3.0), None];
        let lines = columns(5, 50.0).line(&values, LEVEL);
        assert_eq!(lines, [vec![[5.0, 9.0], [15.0, 8.0]], vec![[30.0, 7.0], [40.0, 7.0]]]);
        assert!(columns(2, 50.0).line(&[None, None], LEVEL).is_empty());
        assert!(columns(0, 50.0).line(&[], LEVEL).is_empty());
    }

    #[test]
    fn extremes_survive_narrow_columns() {
        let mut values = vec![Some(1.0); 1200];
        values[777] = Some(9.0);
        values[300] = Some(0.5);
        let narrow = columns(1200, 100.0);
        assert_eq!(narrow.fold, 12);
        let line = narrow.line(&narrow.highest(&values), LEVEL).concat();
        assert_eq!(line.len(), 100);
        assert_eq!(line.iter().filter(|p| p[1] == 1.0).count(), 1);
        let band = narrow.band(&narrow.lowest(&values), &narrow.highest(&values), LEVEL).concat();
        assert_eq!(band.len(), 200);
        assert_eq!(band.iter().filter(|p| p[1] == 9.5).count(), 1);
        assert_eq!(band.iter().filter(|p| p[1] == 1.0).count(), 1);
        let mean = narrow.mean(&values);
        assert_eq!(mean.iter().filter(|v| **v == Some(1.0)).count(), 98);
        assert_eq!(mean[64], Some(20.0 / 12.0));
        assert_eq!(narrow.mean(&[None; 3]), [None]);
        let either = [Some(0.5), None, Some(-2.0), Some(1.0)];
        assert_eq!(narrow.furthest(&either), [Some(-2.0)]);
        assert_eq!(narrow.last(&[Some(3.0), Some(0.5), None]), [Some(0.5)]);
    }

    #[test]
    fn wide_columns_are_steps() {
        let band = columns(2, 20.0).band(&[Some(0.0); 2], &[Some(1.0), Some(2.0)], LEVEL);
        let upper = [[0.0, 9.0], [10.0, 9.0], [10.0, 8.0], [20.0, 8.0]];
        assert_eq!(band[0][..4], upper);
        assert_eq!(band[0].len(), 8);
    }
}
