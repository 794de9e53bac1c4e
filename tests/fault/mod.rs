//! Every method under every fault: the right error with the right `sent`, no write sent twice, the counter right, the session alive.

mod kind;
mod message;
mod proxy;
mod right;
mod targets;
mod trial;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use dingraia::clock::Clock;
use kind::{FAULTS, Fault};
use targets::{Target, missing, targets};
use trial::{Place, Trial};

/// How many are under way at once; most of them wait.
const AT_ONCE: usize = 32;

/// Every fault at every request of every way in which a method sends, its token included.
fn trials(targets: &[Target]) -> Vec<Trial<'_>> {
    let mut trials = Vec::new();
    for target in targets {
        let places =
            (0..target.calls.len()).map(Place::Call).chain(target.needs_token().then_some(Place::Token));
        for place in places {
            trials.extend(FAULTS.iter().map(|fault| Trial { target, place, fault: *fault }));
        }
    }
    trials
}

#[test]
fn every_method_that_sends_is_struck() {
    assert_eq!(missing(&targets()), [""; 0]);
}

/// Which of them are tried: all with `DINGRAIA_FAULTS=all`, else each third pair of a method and a fault, at one of its places.
fn chosen(all: Vec<Trial<'_>>) -> Vec<Trial<'_>> {
    let wish = std::env::var("DINGRAIA_FAULTS").unwrap_or_default();
    if wish == "all" {
        return all;
    }
    let seed: u64 = wish.parse().unwrap_or(1);
    let mut pairs: BTreeMap<(&str, Fault), Vec<Trial<'_>>> = BTreeMap::new();
    for trial in all {
        // A card that nobody takes is offered again for half a minute.
        if trial.fault == Fault::Refused && trial.has_frames() {
            continue;
        }
        pairs.entry((trial.target.method.name, trial.fault)).or_default().push(trial);
    }
    let (random, mut bytes) = (Clock::fixed(0, seed), [0; 8]);
    let mut draw = |among: usize| {
        random.random(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % among as u64).unwrap()
    };
    let some = pairs.into_values().filter_map(|mut places| {
        let (taken, place) = (draw(3) == 0, draw(places.len()));
        taken.then(|| places.swap_remove(place))
    });
    some.collect()
}

#[test]
fn every_method_under_every_fault() {
    let begun = std::time::Instant::now();
    let targets = targets();
    let mut trials = chosen(trials(&targets));
    // What waits longest begins first.
    trials.sort_by_key(|trial| !trial.fault.is_slow());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let mut world = None;
                while let Some(trial) = trials.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = trial.run(&runtime, &mut world) {
                        wrong.lock().unwrap().push(format!("{trial}: {problem}"));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    println!(
        "{} cases tried ({} ways to send, {} faults), wrong results: {}, {:.1} s",
        trials.len(),
        targets.len(),
        FAULTS.len(),
        wrong.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), trials.len(), wrong.join("\n"));
}
