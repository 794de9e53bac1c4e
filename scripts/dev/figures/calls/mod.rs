//! How many calls a second a script makes, beside bare reqwest on the same runtime and server.

#![allow(clippy::disallowed_methods, reason = "bare reqwest blocks on its own futures")]

mod bench;
mod server;

use self::bench::Bench;
use self::server::{Server, Who};
use crate::Result;
use dingraia::cache::Cache;
use dingraia::clock::Clock;

pub(super) fn main(args: &[String]) -> Result<()> {
    if let [serve, who] = args
        && serve.as_str() == "--serve"
    {
        return server::serve(who);
    }
    let (rounds, calls) = if args.iter().any(|arg| arg == "--quick") { (5, 2_000) } else { (11, 4_000) };
    let word = args.iter().find(|arg| !arg.starts_with("--")).map_or("", String::as_str);
    let chosen: Vec<usize> = (0..WAYS.len()).filter(|way| WAYS[*way].is_chosen(word)).collect();
    let folder = tempfile::tempdir()?;
    let mut sites = Vec::new();
    for who in Who::ALL {
        let server = Server::start(who)?;
        let cache = Cache::open(folder.path().join(format!("{}.db", who.name())), Clock::system());
        let bench = Bench::new(&server.place, cache, calls)?;
        // Every request is written down, as it is in the program.
        bench.session.client.journal.keep_in(folder.path().join("state/journal.jsonl"), "bench");
        sites.push((server, bench));
    }
    let mut time = |way: &Way| sites[way.who as usize].1.time(way.run);
    // Connections, token, code and clock speed are there before anything is measured.
    for way in &chosen {
        time(&WAYS[*way])?;
    }
    let mut took: [Vec<f64>; WAYS.len()] = Default::default();
    let mut spent: [Vec<f64>; WAYS.len()] = Default::default();
    // One after the other in each round: what disturbs the machine disturbs all of them.
    for _ in 0..rounds {
        for way in &chosen {
            let (wall, own) = time(&WAYS[*way])?;
            took[*way].push(wall);
            spent[*way].push(own);
        }
    }
    for way in chosen {
        report(&WAYS[way], &took[way], &took[WAYS[way].beside], &spent[way]);
    }
    own_work("own work of a method, a call", "15 us", &took[1], &took[0]);
    own_work("own work of a script around it, a call", "", &took[2], &took[1]);
    Ok(())
}

/// How much longer a call takes than without what is `own`, round by round.
fn own_work(name: &str, target: &str, with: &[f64], without: &[f64]) {
    let mut micros: Vec<f64> = with.iter().zip(without).map(|(with, without)| with - without).collect();
    micros.sort_by(f64::total_cmp);
    if let (Some(least), Some(most)) = (micros.first().copied(), micros.last().copied()) {
        println!("{name}\t{target}\t{:.1} us\t{least:.1}\t{most:.1}\t", median(micros));
    }
}

/// A way of making calls.
struct Way {
    name: &'static str,
    target: &'static str,
    /// The way that it is compared with.
    beside: usize,
    /// Whom it calls.
    who: Who,
    run: fn(&mut Bench) -> Result<usize>,
}

impl Way {
    /// Whether its name, or that of a way which is compared with it, holds `word`; with `=word`, whether its name is that.
    fn is_chosen(&self, word: &str) -> bool {
        if let Some(name) = word.strip_prefix('=') {
            return self.name == name;
        }
        let compares = |way: &Self| way.name.contains(word) && self.name == WAYS[way.beside].name;
        self.name.contains(word) || WAYS.iter().any(compares)
    }
}

static WAYS: [Way; 15] = [
    way("bare reqwest, one after the other", "", 0, Who::Canned, Bench::bare),
    way("send_message without Rhai", "", 0, Who::Canned, Bench::pipeline),
    way("send_message in a script loop", "ratio 0.85", 0, Who::Canned, Bench::script),
    way("bare reqwest, 64 tasks at once", "", 3, Who::Canned, Bench::bare_tasks),
    way("send_message without Rhai, 64 tasks at once", "ratio 0.95", 3, Who::Canned, Bench::pipeline_tasks),
    way("bare reqwest, 64 threads at once", "", 3, Who::Canned, Bench::bare_threads),
    way("parallel, limit 64", "ratio 0.85", 3, Who::Canned, Bench::parallel),
    way("bare reqwest, 64 tasks, a call each", "", 7, Who::Canned, Bench::bare_burst),
    way("parallel over 64 items, limit 64", "ratio 0.85", 7, Who::Canned, Bench::parallel_burst),
    way("bare reqwest, 64 tasks, answers in 20 ms", "", 9, Who::Far, Bench::bare_tasks),
    way("parallel, limit 64, answers in 20 ms", "", 9, Who::Far, Bench::parallel),
    way("bare reqwest to the sandbox, one after the other", "", 11, Who::Sandbox, Bench::bare),
    way("send_message to the sandbox in a script loop", "ratio 0.85", 11, Who::Sandbox, Bench::script),
    way("bare reqwest to the sandbox, 64 tasks at once", "", 13, Who::Sandbox, Bench::bare_tasks),
    way("parallel to the sandbox, limit 64", "ratio 0.85", 13, Who::Sandbox, Bench::parallel),
];

const fn way(
    name: &'static str,
    target: &'static str,
    beside: usize,
    who: Who,
    run: fn(&mut Bench) -> Result<usize>,
) -> Way {
    Way { name, target, beside, who, run }
}

fn report(way: &Way, own: &[f64], beside: &[f64], spent: &[f64]) {
    let mut rates: Vec<f64> = own.iter().map(|micros| 1e3 / micros).collect();
    rates.sort_by(f64::total_cmp);
    let processor = format!("{:.0} us of processor a call", median(spent.to_vec()));
    let remark = if std::ptr::eq(own, beside) || beside.is_empty() {
        processor
    } else {
        let ratio = median(own.iter().zip(beside).map(|(own, beside)| beside / own).collect());
        let (own, beside) = (smallest(own), smallest(beside));
        format!(
            "{ratio:.2}, of the best runs {:.2}; {:+.1} us a call; {processor}",
            beside / own,
            own - beside
        )
    };
    let (slowest, fastest) = (rates[0], rates[rates.len() - 1]);
    println!("{}\t{}\t{:.1} k/s\t{slowest:.1}\t{fastest:.1}\t{remark}", way.name, way.target, median(rates));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn smallest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}
