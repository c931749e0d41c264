//! Passwords that guessers try first (SEC-1), by the lists and patterns of zxcvbn: common passwords, words and names,
//! dates, keyboard rows, repeats, and the usual disguises of all of them.

use zxcvbn::{Score, zxcvbn};

/// As much of a password as is looked at, in characters: the work grows with the cube of the length, and what begins
/// with 40 characters that are hard to guess is hard to guess.
const LOOKED_AT: usize = 40;
/// Shortest word of a phrase that counts by itself, in characters.
const WORD: usize = 4;
/// How people join the words of a phrase.
const JOINTS: [&str; 5] = ["", " ", "-", "_", "."];

/// Whether a guesser who knows the lists, the usual disguises and these `personal` words (the username, the practice's
/// name) finds the password within 10^8 tries: a score below 3 of zxcvbn's 0 to 4.
///
/// Why 3: it is the least that its authors call safe, and the first that refuses a season with a year
/// (`Summer2026!`, 10^7.4) as well as a common password in disguise (`P@ssw0rd1`, 10^4). At our own door, where the
/// wait grows with each failure, 10^8 tries take longer than anybody lives; whoever took the hashes away needs a month
/// of one core for them. 4 would refuse most passwords of two words. Costs about a millisecond, and some ten the first
/// time.
pub fn is_easily_guessed(password: &str, personal: &[&str]) -> bool {
    let beginning: String = password.chars().take(LOOKED_AT).collect();
    let phrases: Vec<String> = personal.iter().flat_map(|phrase| joined(phrase)).collect();
    let words = personal.iter().flat_map(|phrase| words(phrase)).filter(|word| word.chars().count() >= WORD);
    let known: Vec<&str> = phrases.iter().map(String::as_str).chain(words).collect();
    let is_weak = |password: &str| zxcvbn(password, &known).score() < Score::Three;
    // A phrase that the guesser knows adds nothing, however many words it has: the rest must be hard by itself.
    let folded = beginning.to_lowercase();
    let rest = phrases.iter().fold(folded.clone(), |rest, phrase| rest.replace(phrase.as_str(), ""));
    is_weak(&beginning) || (rest != folded && is_weak(&rest))
}

fn words(phrase: &str) -> impl Iterator<Item = &str> {
    phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A phrase in small letters, with its words joined in the usual ways.
fn joined(phrase: &str) -> Vec<String> {
    let words: Vec<String> = words(phrase).map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    JOINTS.iter().map(|joint| words.join(joint)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSONAL: [&str; 2] = ["anna.lund", "Infinity Health"];

    fn guessed(password: &str) -> bool {
        is_easily_guessed(password, &PERSONAL)
    }

    #[test]
    fn common_passwords_and_their_disguises_are_guessed() {
        for common in
            ["Password1!", "P@ssw0rd1", "Summer2026!", "Winter2026!", "Welcome1!", "Qwerty123!", "Abcd1234!"]
        {
            assert!(guessed(common), "{common}");
        }
    }

    #[test]
    fn the_name_of_the_practice_and_the_username_are_guessed_with_digits_behind_them() {
        for personal in [
            "InfinityHealth2026!",
            "Infinity-Health-7",
            "Infinity2026!",
            "infinity Health 1!",
            "Anna.Lund2026!",
            "AnnaLund1!",
        ] {
            assert!(guessed(personal), "{personal}");
        }
        // Who does not know the name needs longer.
        assert!(!is_easily_guessed("Infinity-Health-7", &[]));
    }

    #[test]
    fn a_name_among_other_words_is_no_reason_to_refuse() {
        assert!(!guessed("Infinity Health has 3 wet otters"));
    }

    #[test]
    fn passphrases_and_the_passwords_of_demo_and_tests_are_not_guessed() {
        for good in [
            "Correct-Horse-7",
            "Wrong-Horse-7",
            "Demo-Portal-2026!",
            "Battery-Staple-9",
            "My dog eats 3 Apples",
            "Überraschung!7",
            "kX9!wq#Lm2",
        ] {
            assert!(!guessed(good), "{good}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_long_password_is_looked_at() {
        assert!(guessed(&"Password1!".repeat(20)));
        let hard = "Seven wet otters climb 9 stairs at night";
        assert_eq!(hard.chars().count(), LOOKED_AT);
        assert!(!guessed(&format!("{hard}{}", "a".repeat(160))));
        assert!(guessed(&format!("{}{hard}", "a".repeat(LOOKED_AT))));
    }

    #[test]
    fn an_empty_password_is_guessed() {
        assert!(is_easily_guessed("", &[]) && is_easily_guessed("", &["", " - "]));
    }
}
