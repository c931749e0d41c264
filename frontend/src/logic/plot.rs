//! Where things stand in a chart: scales with round ticks, the range bar, the trend. Pure geometry, no drawing.

/// A stretch of numbers laid over a stretch of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The number at `start`.
    pub low: f64,
    /// The number at `end`.
    pub high: f64,
    /// Where `low` is drawn.
    pub start: f64,
    /// Where `high` is drawn.
    pub end: f64,
}

impl Scale {
    /// Where `number` is drawn; never outside the drawing.
    pub fn at(&self, number: f64) -> f64 {
        let span = self.high - self.low;
        if span <= 0.0 {
            return (self.start + self.end) / 2.0;
        }
        let share = ((number - self.low) / span).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }
}

/// Round numbers (1, 2 or 5 times a power of ten apart), about `wanted` of them, that reach from at or below `low`
/// to at or above `high`.
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let (low, high) = if low < high { (low, high) } else { (low - 1.0, low + 1.0) };
    let rough = (high - low) / wanted.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    (0..=(last - first) as usize).map(|index| (first + index as f64) * step).collect()
}

/// A number as short as people write it: no more digits than a tick `step` needs.
pub fn short(number: f64) -> String {
    let text = format!("{number:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// A range bar (LAB-3): the whole scale, the usual range on it and the patient's value.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeBar {
    /// The numbers of the whole bar over the drawing.
    pub scale: Scale,
    /// Where the usual range begins and ends in the drawing.
    pub usual: (f64, f64),
    /// Where the value stands.
    pub mark: f64,
    /// Whether the value lies beyond the bar, so that the mark stands at its end.
    pub beyond: bool,
}

/// The bar of `value` against a usual range, drawn from 0 to `width`. None without any end of a range, or with a range
/// turned round.
pub fn range_bar(value: f64, low: Option<f64>, high: Option<f64>, width: f64) -> Option<RangeBar> {
    if ![Some(value), low, high].into_iter().flatten().all(f64::is_finite) {
        return None;
    }
    let (from, to) = match (low, high) {
        (Some(low), Some(high)) if low < high => (low, high),
        // "Up to 200": what is measured this way has its bottom at zero. "60 or more": as much again on top.
        (None, Some(high)) if high > 0.0 => (0.0, high),
        (Some(low), None) if low > 0.0 => (low, low * 2.0),
        _ => return None,
    };
    let span = to - from;
    let floor = if from >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
    // Room of half the range at each open side, more to reach the value, at most three times the range.
    let reach = |wanted: f64| wanted.clamp(0.5 * span, 3.0 * span);
    let bottom = if low.is_none() { from } else { (from - reach((from - value) + 0.15 * span)).max(floor) };
    let top =
        if high.is_none() { to.max(value + 0.15 * span) } else { to + reach((value - to) + 0.15 * span) };
    let scale = Scale { low: bottom, high: top, start: 0.0, end: width };
    let usual = (
        scale.at(if low.is_none() { bottom } else { from }),
        scale.at(if high.is_none() { top } else { to }),
    );
    Some(RangeBar { usual, mark: scale.at(value), beyond: value < bottom || value > top, scale })
}

/// A trend (LAB-4): points in time over round ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Each point across and down, in the order given.
    pub points: Vec<(f64, f64)>,
    /// Each tick: the number and where it is drawn, from the bottom up.
    pub ticks: Vec<(f64, f64)>,
    /// The usual range: top and bottom in the drawing.
    pub band: Option<(f64, f64)>,
}

/// A box within a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// The trend of `values` (instant in milliseconds, number), oldest first, within `frame`. None below two values.
pub fn trend(values: &[(i64, f64)], low: Option<f64>, high: Option<f64>, frame: Frame) -> Option<Trend> {
    if values.len() < 2 || !values.iter().all(|(_, number)| number.is_finite()) {
        return None;
    }
    let numbers = || values.iter().map(|(_, number)| *number).chain(low).chain(high);
    let ticks =
        ticks(numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max), 4);
    let up = Scale { low: *ticks.first()?, high: *ticks.last()?, start: frame.bottom, end: frame.top };
    let (first, last) = (values.first()?.0 as f64, values.last()?.0 as f64);
    let across = Scale { low: first, high: last, start: frame.left, end: frame.right };
    let band = (low.is_some() || high.is_some())
        .then(|| (high.map_or(frame.top, |high| up.at(high)), low.map_or(frame.bottom, |low| up.at(low))));
    Some(Trend {
        points: values.iter().map(|(at, number)| (across.at(*at as f64), up.at(*number))).collect(),
        ticks: ticks.into_iter().map(|tick| (tick, up.at(tick))).collect(),
        band,
    })
}

/// Upright bars from a line of zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Each bar in the order given: left edge, width, upper edge, height.
    pub bars: Vec<(f64, f64, f64, f64)>,
    /// Each tick: the number and where it is drawn, from the bottom up.
    pub ticks: Vec<(f64, f64)>,
    /// Where zero is drawn.
    pub zero: f64,
}

/// The bars of `numbers`, from left to right, within `frame`. None without any.
pub fn bars(numbers: &[f64], frame: Frame) -> Option<Bars> {
    if numbers.is_empty() || !numbers.iter().all(|number| number.is_finite()) {
        return None;
    }
    let (least, most) =
        (numbers.iter().copied().fold(0.0, f64::min), numbers.iter().copied().fold(0.0, f64::max));
    let ticks = ticks(least, most.max(least + 1.0), 4);
    let up = Scale { low: *ticks.first()?, high: *ticks.last()?, start: frame.bottom, end: frame.top };
    let zero = up.at(0.0);
    let room = (frame.right - frame.left) / numbers.len() as f64;
    let bar = |(place, number): (usize, &f64)| {
        let end = up.at(*number);
        (frame.left + room * (place as f64 + 0.15), room * 0.7, zero.min(end), (zero - end).abs())
    };
    Some(Bars {
        bars: numbers.iter().enumerate().map(bar).collect(),
        ticks: ticks.into_iter().map(|tick| (tick, up.at(tick))).collect(),
        zero,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_zero_side_by_side_and_hang_below_it() {
        let frame = Frame { left: 10.0, top: 0.0, right: 110.0, bottom: 50.0 };
        let Bars { bars: drawn, ticks, zero } = bars(&[100.0, 0.0, 40.0, -20.0], frame).unwrap();
        assert_eq!(drawn.len(), 4);
        assert!(drawn.windows(2).all(|pair| pair[0].0 + pair[0].1 < pair[1].0));
        assert!(drawn[0].0 > 10.0 && drawn[3].0 + drawn[3].1 < 110.0);
        assert!((drawn[0].2 + drawn[0].3 - zero).abs() < 1e-9 && drawn[1].3 == 0.0);
        assert!(drawn[3].2 == zero && drawn[3].3 > 0.0 && drawn[0].3 > drawn[2].3);
        assert!(ticks[0].0 <= -20.0 && ticks[ticks.len() - 1].0 >= 100.0);
        let nothing = bars(&[0.0, 0.0], frame).unwrap();
        assert!(nothing.bars.iter().all(|bar| bar.3 == 0.0) && nothing.zero == 50.0);
        assert_eq!(bars(&[], frame), None);
        assert_eq!(bars(&[f64::NAN], frame), None);
    }

    #[test]
    fn ticks_are_round_and_hold_every_value() {
        assert_eq!(ticks(4.0, 6.4, 4), [4.0, 5.0, 6.0, 7.0]);
        assert_eq!(ticks(0.0, 200.0, 4), [0.0, 50.0, 100.0, 150.0, 200.0]);
        for (low, high) in [(0.01, 0.07), (-3.0, 12.0), (98.6, 98.6), (1e-9, 1e9), (5.0, 5.0)] {
            let found = ticks(low, high, 4);
            assert!(found[0] <= low && found[found.len() - 1] >= high, "{found:?}");
            assert!((2..=8).contains(&found.len()), "{found:?}");
        }
    }

    #[test]
    fn numbers_are_written_short() {
        assert_eq!(["0", "5.6", "100", "0.0125"], [0.0, 5.6, 100.0, 0.0125].map(short)[..]);
        assert_eq!(short(0.1 + 0.2), "0.3");
        assert_eq!(short(-0.000_001), "0");
    }

    #[test]
    fn a_value_within_its_range_stands_within_the_usual_part() {
        let bar = range_bar(5.0, Some(4.0), Some(5.6), 100.0).unwrap();
        assert!(bar.usual.0 < bar.mark && bar.mark < bar.usual.1);
        assert!(
            bar.usual.0 > 10.0 && bar.usual.1 < 90.0,
            "the rest of the scale shows at both sides: {bar:?}"
        );
    }

    #[test]
    fn a_value_outside_stands_outside_and_the_bar_reaches_it() {
        let high = range_bar(6.4, Some(4.0), Some(5.6), 100.0).unwrap();
        assert!(high.mark > high.usual.1 && !high.beyond);
        let low = range_bar(3.0, Some(4.0), Some(5.6), 100.0).unwrap();
        assert!(low.mark < low.usual.0 && !low.beyond);
    }

    #[test]
    fn a_value_far_away_stands_at_the_end_and_leaves_the_usual_part_readable() {
        let bar = range_bar(5_000.0, Some(4.0), Some(5.6), 100.0).unwrap();
        assert!(bar.beyond && bar.mark == 100.0);
        assert!(bar.usual.1 - bar.usual.0 > 8.0, "{bar:?}");
    }

    #[test]
    fn a_range_with_one_end_reaches_the_edge_at_the_other() {
        let up_to = range_bar(180.0, None, Some(200.0), 100.0).unwrap();
        assert!(up_to.usual.0 == 0.0 && up_to.mark < up_to.usual.1);
        let at_least = range_bar(90.0, Some(60.0), None, 100.0).unwrap();
        assert!(at_least.usual.1 == 100.0 && at_least.mark > at_least.usual.0);
    }

    #[test]
    fn nothing_below_zero_is_drawn_for_what_can_not_be_negative() {
        assert_eq!(range_bar(0.2, Some(0.1), Some(1.2), 100.0).unwrap().scale.low, 0.0);
        assert!(range_bar(-3.0, Some(-2.0), Some(2.0), 100.0).unwrap().scale.low < -3.0);
    }

    #[test]
    fn without_a_usable_range_there_is_no_bar() {
        assert_eq!(range_bar(5.0, None, None, 100.0), None);
        assert_eq!(range_bar(5.0, Some(6.0), Some(4.0), 100.0), None);
        assert_eq!(range_bar(f64::NAN, Some(4.0), Some(6.0), 100.0), None);
    }

    #[test]
    fn a_trend_runs_from_left_to_right_and_grows_upwards() {
        let frame = Frame { left: 10.0, top: 0.0, right: 110.0, bottom: 50.0 };
        let trend = trend(&[(0, 5.0), (50, 6.0), (100, 7.0)], Some(4.0), Some(5.6), frame).unwrap();
        assert_eq!(trend.points.iter().map(|(x, _)| *x).collect::<Vec<_>>(), [10.0, 60.0, 110.0]);
        assert!(trend.points.windows(2).all(|pair| pair[1].1 < pair[0].1));
        let (top, bottom) = trend.band.unwrap();
        assert!(top < bottom && bottom <= 50.0);
    }

    #[test]
    fn one_value_is_no_trend() {
        let frame = Frame { left: 0.0, top: 0.0, right: 100.0, bottom: 50.0 };
        assert_eq!(trend(&[(0, 5.0)], None, None, frame), None);
    }
}
