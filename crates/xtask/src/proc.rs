//! Running other programs, and saying so.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::workspace;

/// Announces a step of a long job, e.g. `==> styles`.
pub fn step(what: &str) {
    println!("==> {what}");
}

/// Tells what a step found or did, indented below it.
pub fn tell(what: &str) {
    println!("    {what}");
}

/// A command that runs in the repository's root.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    command
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    cargo_at(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A given cargo, free of the environment that ours set for this package alone.
pub fn cargo_at(program: impl AsRef<OsStr>) -> Command {
    let mut cargo = command(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        // A changed CARGO_PKG_* or CARGO_MANIFEST_* makes build scripts that watch it run again.
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name.as_ref());
        }
    }
    if workspace::on_ci() {
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

/// How a command looks on a terminal, for messages.
pub fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Runs a command with its output shown.
///
/// # Errors
/// When it can't be started or ends with a failure; the message names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let spelled = spelled(command);
    tell(&format!("$ {spelled}"));
    let begun = Instant::now();
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{spelled}`"))?;
    if !status.success() {
        bail!("`{spelled}` failed ({status})");
    }
    let seconds = begun.elapsed().as_secs();
    if seconds >= 5 {
        tell(&format!("took {seconds} s"));
    }
    Ok(())
}

/// Runs a command and returns what it printed.
///
/// # Errors
/// When it can't be started or fails; the message holds what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let spelled = spelled(command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{spelled}`"))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{spelled}` failed ({}): {}{}", output.status, stdout, said.trim_end());
    }
    Ok(stdout)
}

/// What a command printed and how it ended.
pub struct Heard {
    /// Everything it wrote to standard output and standard error, without colours.
    pub text: String,
    /// Whether it ended with code 0.
    pub success: bool,
}

/// Runs a command with its output shown and kept.
///
/// # Errors
/// When it can't be started.
pub fn hear(command: &mut Command) -> Result<Heard> {
    let spelled = spelled(command);
    tell(&format!("$ {spelled}"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{spelled}`"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (out, err) = std::thread::scope(|scope| {
        let out = scope.spawn(|| stdout.map(|pipe| pass_on(pipe, std::io::stdout())).unwrap_or_default());
        let err = scope.spawn(|| stderr.map(|pipe| pass_on(pipe, std::io::stderr())).unwrap_or_default());
        (out.join().unwrap_or_default(), err.join().unwrap_or_default())
    });
    let status = child.wait()?;
    Ok(Heard { text: without_colours(&(out + &err)), success: status.success() })
}

/// Copies a child's output to ours, line by line, and keeps it.
fn pass_on(pipe: impl std::io::Read, mut to: impl Write) -> String {
    let mut kept = String::new();
    let mut lines = BufReader::new(pipe);
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(n) if n > 0) {
        // A closed terminal must not end the child's run; the text is kept anyway.
        let _ = to.write_all(&line);
        kept.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    kept
}

/// Removes ANSI escape sequences of the form `ESC [ .. letter`.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..at]);
        let sequence = &rest[at + 2..];
        let end = sequence.find(|c: char| c.is_ascii_alphabetic()).map_or(sequence.len(), |end| end + 1);
        rest = &sequence[end..];
    }
    plain.push_str(rest);
    plain
}

/// The first program of that name on PATH that really is there.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| is_program(file))
}

/// Whether a path leads to a file (a link into nothing is none).
pub fn is_program(file: &Path) -> bool {
    file.metadata().is_ok_and(|meta| meta.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_removed_and_nothing_else() {
        assert_eq!(
            without_colours("\u{1b}[32;1m   Summary\u{1b}[0m [1s] 3 passed"),
            "   Summary [1s] 3 passed"
        );
        assert_eq!(without_colours("plain [1m text"), "plain [1m text");
    }
}
