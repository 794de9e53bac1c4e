//! Every method under every fault: the right error with the right `sent`, no write sent twice, the counter right, the session alive.

mod kind;
mod message;
mod proxy;
mod right;
mod targets;
mod trial;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kind::FAULTS;
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
    // What waits longest begins first.
    trials.sort_by_key(|trial| !trial.fault.is_slow());
    trials
}

#[test]
fn every_method_that_sends_is_struck() {
    assert_eq!(missing(&targets()), [""; 0]);
}

#[test]
fn every_method_under_every_fault() {
    let begun = std::time::Instant::now();
    let targets = targets();
    let trials = trials(&targets);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(trial) = trials.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = trial.run(&runtime) {
                        wrong.lock().unwrap().push(format!("{trial}: {problem}"));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    println!(
        "{} cases tried ({} methods, {} faults), {} wrong, {:.1} s",
        trials.len(),
        targets.len(),
        FAULTS.len(),
        wrong.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), trials.len(), wrong.join("\n"));
}

#[test]
fn probe() {
    use dingraia::clock::Clock;
    let t = std::time::Instant::now();
    for _ in 0..20 {
        let _ = dingraia::sandbox::Sandbox::new(&dingraia::sandbox::Seed::Small, Clock::fixed(1, 7)).unwrap();
    }
    println!("sandbox {:?}", t.elapsed() / 20);
    let t = std::time::Instant::now();
    for _ in 0..20 {
        let _ = crate::support::World::new();
    }
    println!("world {:?}", t.elapsed() / 20);
    let t = std::time::Instant::now();
    for _ in 0..20 {
        let mut w = crate::support::World::new();
        w.run("1");
    }
    println!("world+run {:?}", t.elapsed() / 20);
    let t = std::time::Instant::now();
    for _ in 0..20 {
        let mut w = crate::support::World::new();
        w.run("app.get_depts()");
    }
    println!("world+call {:?}", t.elapsed() / 20);
}
