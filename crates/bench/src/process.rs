//! What the kernel knows of a process: its processor time and its memory.

use anyhow::{Context, Result};
use std::{fs, time::Duration};

/// A tick of `/proc/*/stat`. Linux shows these times in hundredths of a second on every machine we build for.
const TICK: Duration = Duration::from_millis(10);

/// The fields of `/proc/PID/stat` that are used here (proc_pid_stat(5)).
struct Stat {
    parent: u32,
    own: u64,
    ended_children: u64,
}

fn stat(pid: u32) -> Result<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold spaces; the fields behind it are numbers. The state is the first of them.
    let (_, rest) = text.rsplit_once(')').context("an unknown form of /proc/*/stat")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |at: usize| -> Result<u64> { Ok(fields.get(at).context("a short /proc/*/stat")?.parse()?) };
    Ok(Stat {
        parent: number(1)? as u32,
        own: number(11)? + number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}

/// Processes whose time is counted together.
#[derive(Clone, Debug)]
pub struct Group {
    /// A process with all its threads.
    pub alone: u32,
    /// A process with its children, those alive and those that ended.
    pub family: Option<u32>,
}

impl Group {
    /// User and system time used so far.
    pub fn cpu(&self) -> Result<Duration> {
        let mut ticks = stat(self.alone)?.own;
        if let Some(head) = self.family {
            let of_head = stat(head)?;
            ticks += of_head.own + of_head.ended_children;
            for entry in fs::read_dir("/proc")?.flatten() {
                let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                    continue;
                };
                // A process that ends in this moment counts in its parent's next account.
                if let Ok(one) = stat(pid)
                    && one.parent == head
                {
                    ticks += one.own;
                }
            }
        }
        Ok(TICK * u32::try_from(ticks)?)
    }
}

/// Resident memory, in MiB, now.
pub fn resident_mib(pid: u32) -> Result<f64> {
    memory_mib(pid, "VmRSS:")
}

/// The most resident memory that a process ever had, in MiB.
pub fn most_resident_mib(pid: u32) -> Result<f64> {
    memory_mib(pid, "VmHWM:")
}

fn memory_mib(pid: u32, name: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}

/// The processor time of the calling thread, to the nanosecond.
pub fn thread_cpu() -> Result<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(Duration::from_nanos(text.split_whitespace().next().context("no schedstat")?.parse()?))
}
