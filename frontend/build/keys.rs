//! Which keys of the catalogue a source file uses. The build divides the catalogue by it; tests hold the catalogue to it.

use std::{collections::BTreeSet, fs, io, path::Path};

/// A file of the page's code.
pub struct Source {
    /// Its path from `src`, with `/`.
    pub path: String,
    /// Its code without comments and tests: they are no use of a key.
    pub code: String,
}

/// Every file of code under `src`.
pub fn sources(src: &Path) -> io::Result<Vec<Source>> {
    fn collect(src: &Path, folder: &Path, found: &mut Vec<Source>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                collect(src, &path, found)?;
                continue;
            }
            let name = path.strip_prefix(src).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                let text = fs::read_to_string(&path)?;
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push(Source { path: name, code: lines.collect::<Vec<_>>().join("\n") });
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    collect(src, src, &mut found)?;
    Ok(found)
}

/// The first literal argument of each call of `function`.
pub fn arguments<'a>(code: &'a str, function: &str) -> Vec<&'a str> {
    let call = format!("{function}(");
    let mut found = Vec::new();
    for (at, _) in code.match_indices(&call) {
        let own = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if let Some(literal) = code[at + call.len()..].trim_start().strip_prefix('"').filter(|_| own) {
            found.push(literal.split('"').next().unwrap_or_default());
        }
    }
    found
}

/// The keys that the code names.
pub fn keys(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for function in ["t", "t_with"] {
        used.extend(arguments(code, function).into_iter().map(Into::into));
    }
    for key in arguments(code, "t_count") {
        used.extend([format!("{key}.one"), format!("{key}.other")]);
    }
    used
}

/// The families that the code names: closed lists, whose members' keys begin with the family and a dot.
pub fn families(code: &str) -> BTreeSet<String> {
    let calls = ["t_word", "t_word_opt", "t_word_with"];
    calls.iter().flat_map(|function| arguments(code, function)).map(Into::into).collect()
}
