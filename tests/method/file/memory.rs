//! Memory must not grow with the file.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::host::Serve;
use super::world;

/// The most memory, in KiB, that the program had used when it had moved a file of `size` bytes out and in.
fn peak(size: usize) -> u64 {
    let (world, host) = world();
    world.file("a.zip", vec![b'x'; size]);
    host.serve("code", Serve::Zeros(size));
    let script =
        "app.upload_file(\"a.zip\"); app.download_file(\"code\", \"b.zip\"); print(\"done\"); sleep(60)";
    let mut program = world.program();
    let mut child =
        program.command().args(["eval", script]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(line, "done\n");
    assert_eq!(world.folder.path().join("b.zip").metadata().unwrap().len(), size as u64);
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn twenty_megabytes_need_no_more_than_one() {
    let (small, large) = (peak(1 << 20), peak(20 << 20));
    println!("peak: {small} KiB with 1 MB, {large} KiB with 20 MB");
    assert!(large < small + 8 * 1024, "{small} KiB with 1 MB, {large} KiB with 20 MB");
}
