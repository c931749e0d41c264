//! Which shared programs come in one file.
//!
//! The splitter cuts a program for each combination of sections that share code: some hundreds, most below a kilobyte.
//! A request for each would cost whoever opens a page more than the code. So programs are packed, some sections getting
//! a little that they don't need.

use std::collections::BTreeSet;

/// What one request more costs, in bytes of uncompressed code: about a kilobyte of brotli.
const REQUEST: u64 = 3_000;

/// Shared programs in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The programs' file names.
    pub programs: Vec<String>,
    /// The sections that need one of them.
    pub sections: BTreeSet<String>,
    /// Bytes of all programs.
    bytes: u64,
}

impl Pack {
    /// One program of so many bytes.
    pub fn of(program: &str, bytes: u64, sections: BTreeSet<String>) -> Self {
        Self { programs: vec![program.to_owned()], sections, bytes }
    }

    /// What it costs all sections, each opened once by somebody who has nothing yet.
    fn cost(&self) -> u64 {
        cost(self.bytes, self.sections.len())
    }

    /// What is won when both are one; none when it costs more.
    fn gain(&self, other: &Self) -> Option<u64> {
        let together = cost(self.bytes + other.bytes, self.sections.union(&other.sections).count());
        (self.cost() + other.cost()).checked_sub(together).filter(|gain| *gain > 0)
    }

    fn join(&mut self, other: Self) {
        self.programs.extend(other.programs);
        self.sections.extend(other.sections);
        self.bytes += other.bytes;
    }
}

fn cost(bytes: u64, sections: usize) -> u64 {
    (bytes + REQUEST) * sections as u64
}

/// Joins packs, always the two that win most, until nothing is won.
pub fn join(mut packs: Vec<Pack>) -> Vec<Pack> {
    while let Some((_, first, second)) = best(&packs) {
        let other = packs.remove(second);
        packs[first].join(other);
    }
    packs
}

/// The two that win most; of equals the first ones, so that equal builds are equal.
fn best(packs: &[Pack]) -> Option<(u64, usize, usize)> {
    let pairs =
        (0..packs.len()).flat_map(|first| (first + 1..packs.len()).map(move |second| (first, second)));
    let gains = pairs.filter_map(|(first, second)| Some((packs[first].gain(&packs[second])?, first, second)));
    gains.min_by_key(|(gain, first, second)| (std::cmp::Reverse(*gain), *first, *second))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(program: &str, bytes: u64, sections: &str) -> Pack {
        Pack::of(program, bytes, sections.split(' ').map(str::to_owned).collect())
    }

    fn names(packs: Vec<Pack>) -> Vec<String> {
        packs.into_iter().map(|pack| pack.programs.join("+")).collect()
    }

    #[test]
    fn small_programs_come_together_though_not_every_section_needs_each() {
        let packs = vec![pack("a", 200, "x y"), pack("b", 300, "x y z"), pack("c", 250, "x z")];
        let joined = join(packs);
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].sections, ["x", "y", "z"].map(str::to_owned).into());
        let mut programs = joined[0].programs.clone();
        programs.sort();
        assert_eq!(programs, ["a", "b", "c"], "each once");
    }

    #[test]
    fn what_costs_others_more_than_a_request_stays_alone() {
        let packs = vec![pack("large", 90_000, "x y"), pack("small", 300, "y z"), pack("other", 300, "y z")];
        assert_eq!(names(join(packs)), ["large", "small+other"]);
        assert_eq!(names(join(vec![pack("a", 1, "x"), pack("b", 1, "y")])), ["a", "b"], "nobody needs both");
    }
}
