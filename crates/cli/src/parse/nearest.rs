//! Which known name did the user mean?

/// Names longer than this many characters are not compared: the distance is quadratic.
const LONGEST: usize = 64;

/// The candidate closest to `name`, if one is close enough to be meant by it.
///
/// Distance is Damerau–Levenshtein (insertions, deletions, substitutions, swaps of neighbours),
/// case ignored, to the whole candidate or to its part after the last dot. At most one edit per
/// three characters, never all of them. Ties go to a candidate with the same first letter, then
/// to the first in alphabetical order, so the order of `candidates` does not matter.
///
/// ```
/// # use tilewright_cli::parse::nearest;
/// assert_eq!(nearest("nrmal", ["mean", "random.normal"]), Some("random.normal"));
/// assert_eq!(nearest("fourier", ["mean", "random.normal"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > LONGEST {
        return None;
    }
    let limit = ((length + 1) / 3).max(1).min(length.saturating_sub(1));
    let name = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 4 * LONGEST)
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let last = lower.rsplit('.').next().unwrap_or(&lower);
            let distance = strsim::damerau_levenshtein(&name, &lower)
                .min(strsim::damerau_levenshtein(&name, last));
            let other_letter = name.chars().next() != last.chars().next();
            (distance <= limit).then_some((distance, other_letter, candidate))
        })
        .min()
        .map(|(_, _, candidate)| candidate)
}
