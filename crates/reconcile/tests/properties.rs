//! What holds in every world: section J of the reference, and what the world and the timeline promise, on thousands of random small
//! worlds with a person's deeds in between. A failure shows the smallest world that still fails, as a fixture (`rules/README.md`).

#[path = "../../../tests/random/mod.rs"]
mod random;
mod script;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gordian_reconcile::{
    Fact, Key, Name, Object, ObjectRef, Request, Response, Step, Timeline, Verb, World, fixture, kinds, scheduler,
    serve,
};
use random::Random;

const FOREGROUND: &str = "foregroundDeletion";
const ORPHAN: &str = "orphan";
const COLLECTOR: &str = "garbage collector";

/// A world as lines, and what is done to it.
#[derive(Clone)]
struct Case {
    whole: bool,
    /// Whether the garbage collector sees each change in a step of its own.
    lags: bool,
    world: Vec<String>,
    deeds: Vec<String>,
}

const DEFINITION: &str = "CustomResourceDefinition.apiextensions.k8s.io/widgets.example.com";
const WEBHOOK: &str = "ValidatingWebhookConfiguration.admissionregistration.k8s.io/w";
const HOLD: &str = "example.com/hold";
const TRACKING: &str = "batch.kubernetes.io/job-tracking";

impl Case {
    fn text(&self) -> String {
        let mut taken = String::new();
        taken += if self.whole { "" } else { "# not taken as whole\n" };
        taken += if self.lags { "# with a collector that lags\n" } else { "" };
        let deeds: Vec<String> = self.deeds.iter().map(|deed| format!("> {deed}")).collect();
        format!("{taken}{}\n---\n{}\n", self.world.join("\n"), deeds.join("\n"))
    }

    fn start(&self) -> Result<World, String> {
        let world = fixture::parse(&self.world.join("\n")).map_err(|(line, what)| format!("line {line}: {what}"))?;
        let world = if self.whole { world.taken_as_whole() } else { world };
        Ok(if self.lags { world.with_lag(true) } else { world })
    }

    fn play(&self) -> Result<Timeline, String> {
        let mut timeline = Timeline::new(self.start()?);
        for deed in &self.deeds {
            script::act(&mut timeline, deed)?;
        }
        Ok(timeline)
    }

    fn random(seed: u64) -> Self {
        let mut random = Random(seed);
        let (whole, lags) = (random.chance(60), random.chance(15));
        let mut world = vec!["listed ConfigMap".to_owned(), "listed Pod".to_owned(), "listed Service".to_owned()];
        for namespace in ["a", "b"] {
            if whole || random.chance(50) {
                let deleting = if random.chance(15) { " deleting" } else { "" };
                let held = if random.chance(8) { ",example.com/hold" } else { "" };
                world.push(format!("Namespace/{namespace}{deleting} fin=kubernetes{held}"));
            }
        }
        world.push(format!("Node/n1 {}", if random.chance(70) { "ready" } else { "" }));
        if random.chance(60) {
            let cluster = if random.chance(10) { " cluster" } else { "" };
            let deleting = " deleting fin=customresourcecleanup.apiextensions.k8s.io";
            let deleting = if random.chance(20) { deleting } else { "" };
            world.push(format!("{DEFINITION} defines=example.com/Widget{cluster}{deleting}"));
        }
        if random.chance(10) {
            world.push("APIService.apiregistration.k8s.io/v1.down.test down".to_owned());
        }
        if random.chance(15) {
            let what = random.one(&["/configmaps", "/pods", "/*", "example.com/widgets"]);
            let operation = random.one(&["UPDATE", "DELETE", "CREATE"]);
            let service = random.one(&["gone", "gone", "there"]);
            world.push("Service/b/there".to_owned());
            world.push(format!("{WEBHOOK} fail={what}:{operation} service=b/{service}"));
        }
        let paths = random.paths();
        for at in 0..paths.len() {
            let line = random.line(&paths, at);
            world.push(line);
        }
        let mut deeds: Vec<String> =
            (0..3 + random.below(8)).map(|_| random.deed(&paths)).chain(["run 100".to_owned()]).collect();
        if random.chance(30) {
            random.breaks(&mut deeds);
        }
        Self { whole, lags, world, deeds }
    }
}

impl Random {
    /// The keys of a world's objects.
    fn paths(&mut self) -> Vec<String> {
        let path = |random: &mut Self, i: usize| {
            let namespace = if random.chance(80) { "a" } else { "b" };
            match random.below(100) {
                0..40 => format!("ConfigMap/{namespace}/o{i}"),
                40..62 => format!("Pod/{namespace}/o{i}"),
                62..70 => format!("Job.batch/{namespace}/o{i}"),
                70..74 => format!("ReplicationController/{namespace}/o{i}"),
                74..83 => format!("Widget.example.com/{namespace}/o{i}"),
                83..88 => format!("PersistentVolumeClaim/{namespace}/o{i}"),
                88..92 => format!("PersistentVolume/o{i}"),
                92..95 => format!("Secret/{namespace}/o{i}"),
                95..97 => format!("Endpoints/{namespace}/o{i}"),
                _ => format!("Node/o{i}"),
            }
        };
        (0..2 + self.below(7)).map(|i| path(self, i)).collect()
    }

    /// One object, owned by whichever others.
    fn line(&mut self, paths: &[String], at: usize) -> String {
        let path = &paths[at];
        let (pod, claim) = (path.starts_with("Pod/"), path.starts_with("PersistentVolumeClaim/"));
        let (volume, job_pod) = (path.starts_with("PersistentVolume/"), pod && self.chance(25));
        let mut finalizers = Vec::new();
        finalizers.extend(self.chance(20).then_some(HOLD));
        finalizers.extend((job_pod && self.chance(80)).then_some(TRACKING));
        finalizers.extend((claim && self.chance(80)).then_some("kubernetes.io/pvc-protection"));
        finalizers.extend((volume && self.chance(80)).then_some("kubernetes.io/pv-protection"));
        finalizers.extend(self.chance(18).then(|| self.one(&[FOREGROUND, FOREGROUND, ORPHAN])));
        let mut line = path.clone();
        if pod {
            line += self.one(&["", " node=n1 phase=Running", " node=n1 phase=Running", " node=n1 phase=Succeeded"]);
            line += self.one(&["", "", " node=o1"]);
            if let Some(used) = paths.iter().find(|path| path.starts_with("PersistentVolumeClaim/")) {
                line += &format!(" claim={}", used.rsplit('/').next().unwrap_or_default());
            }
        }
        if volume {
            let claim = paths.iter().find(|path| path.starts_with("PersistentVolumeClaim/"));
            line += &claim.map_or(" phase=Available".to_owned(), |claim| format!(" phase=Bound claim={claim}"));
        }
        if path.starts_with("Secret/") && self.chance(50) {
            line += " token=ServiceAccount/a/gone";
        }
        if self.chance(35) {
            let pending = line.contains("phase=Running") && self.chance(60);
            line += if pending {
                " grace=30"
            } else if finalizers.is_empty() {
                ""
            } else {
                " deleting"
            };
        }
        if !finalizers.is_empty() {
            line += &format!(" fin={}", finalizers.join(","));
        }
        for _ in 0..self.below(3) {
            line += &format!(" owner={}", self.owner(paths, path));
        }
        let job = paths.iter().find(|path| path.starts_with("Job."));
        if let (true, Some(job)) = (job_pod, job) {
            line += &format!(" owner={job}!*");
        }
        line
    }

    /// A reference from one of the objects: mostly a true one.
    fn owner(&mut self, paths: &[String], from: &str) -> String {
        let block = if self.chance(60) { "!" } else { "" };
        let ghost = "ConfigMap/a/ghost".to_owned();
        let path = paths.get(self.below(paths.len() + 1)).unwrap_or(&ghost);
        let parts: Vec<&str> = path.split('/').collect();
        let (kind, name) = (parts[0], parts[parts.len() - 1]);
        let reference = match self.below(100) {
            0..6 => format!("#{path}:{kind}/another"),
            6..10 => format!("#{path}:Secret/{name}"),
            10..14 => format!("@example.com/v9#{path}:{kind}/{name}"),
            _ if parts.len() == 2 => format!("/{kind}/{name}"),
            _ if from.split('/').nth(1) == Some(parts[1]) && from.split('/').count() == 3 => format!("{kind}/{name}"),
            _ => path.clone(),
        };
        format!("{reference}{block}")
    }

    /// One deed.
    /// A node is lost, and comes back or not; a definition comes.
    fn breaks(&mut self, deeds: &mut Vec<String>) {
        let definition = format!("create {DEFINITION} defines=example.com/Widget");
        let more = ["fault cut n1", "fault time-out Node/n1", "run 5", "mend cut n1", "run 3", &definition];
        let mut at = 0;
        for deed in more.into_iter().take(2 + self.below(5)) {
            at += self.below(deeds.len() - at);
            deeds.insert(at, deed.to_owned());
            at += 1;
        }
    }

    fn deed(&mut self, paths: &[String]) -> String {
        let some = paths[self.below(paths.len())].clone();
        let policy = self.one(&["", " background", " foreground", " foreground", " orphan"]);
        match self.below(100) {
            0..34 => format!("delete {some}{policy}"),
            34..38 => format!("delete {some} grace=0{policy}"),
            38..40 => format!("delete {some} uid=another"),
            40..44 => format!("deletecollection ConfigMap/{}{policy}", self.one(&["a", "b"])),
            44..50 => format!("update {some} fin-={}", self.one(&[HOLD, FOREGROUND, ORPHAN, TRACKING])),
            50..55 => format!("update {some} fin+={}", self.one(&[HOLD, FOREGROUND, "example.com/other"])),
            55..60 => format!("update {some} owner+={}", self.owner(paths, &some)),
            60..63 => format!("update {some} owner-={}", self.owner(paths, &some)),
            63..66 => format!("update {some} block-={}", self.owner(paths, &some)),
            66..71 => format!("create {some} fin={HOLD}"),
            71..74 => format!("create {}", self.line(paths, 0)),
            74..77 => format!("delete Namespace/{}", self.one(&["a", "b"])),
            77..79 => format!("finalize Namespace/{}", self.one(&["a", "b"])),
            79..81 => format!("delete {DEFINITION}{policy}"),
            81..83 => format!("delete {WEBHOOK}"),
            83..85 => "stop kube-controller-manager".to_owned(),
            85..88 => "start kube-controller-manager".to_owned(),
            _ => format!("run {}", 1 + self.below(12)),
        }
    }
}

/// How often each property had something to say: one that never does is no check.
type Said = BTreeMap<&'static str, u64>;

/// What is checked of every request, by who sent it.
struct Sent<'a> {
    before: &'a World,
    after: &'a World,
    request: &'a Request,
    response: Response,
    actor: Option<&'static str>,
}

impl Sent<'_> {
    fn target(&self) -> (Option<&Arc<Object>>, Option<&Arc<Object>>) {
        (self.before.find(self.request.target), self.after.find(self.request.target))
    }

    fn check(&self, said: &mut Said) -> Result<(), String> {
        let mut say = |what: &'static str, applies: bool, holds: bool| {
            *said.entry(what).or_default() += u64::from(applies);
            if applies && !holds { Err(what.to_owned()) } else { Ok(()) }
        };
        let (before, after) = self.target();
        let key = self.request.target;
        let changed = differences(self.before, self.after);
        say("a refused request changes nothing", !self.response.is_ok(), changed.is_empty())?;
        say("a request changes what it names only", !changed.is_empty(), changed.iter().all(|other| *other == key))?;
        say("the fingerprint is kept", true, self.after.fingerprint() == self.after.full_fingerprint())?;
        let same = before.zip(after).filter(|(before, after)| before.uid == after.uid);
        let deletes = matches!(self.request.verb, Verb::Delete { .. });
        let policy = match &self.request.verb {
            Verb::Delete { policy, .. } => *policy,
            _ => None,
        };
        if let Some((before, after)) = same {
            say("J4: only a delete sets the mark", !before.deleting() && after.deleting(), deletes)?;
            say("J4: nothing takes the mark off", before.deleting(), after.deleting())?;
            let gained = after.finalizers.iter().any(|finalizer| !before.finalizers.contains(finalizer));
            say("B1: what is being deleted gains no finalizer by an update", before.deleting() && !deletes, !gained)?;
            let sooner = before.deletion.zip(after.deletion).is_none_or(|(a, b)| b.grace_seconds <= a.grace_seconds);
            say("A7: a grace only becomes shorter", before.deletion.is_some(), sooner)?;
        }
        let lost: Vec<Name> = before.map_or_else(Vec::new, |before| {
            let kept = after.filter(|after| after.uid == before.uid).map_or(&[][..], |after| &after.finalizers);
            before.finalizers.iter().copied().filter(|finalizer| !kept.contains(finalizer)).collect()
        });
        let collects = |finalizer: &Name| matches!(finalizer.as_str(), FOREGROUND | ORPHAN);
        let by_collector = self.actor == Some(COLLECTOR);
        let by_others = self.actor.is_some() && !by_collector;
        // A delete without a policy leaves the two finalizers as they are, and gone is what has none.
        let allowed = !by_others || policy.is_some();
        say(
            "J4: the collector, users, and deletes with a policy take its finalizers off",
            lost.iter().any(collects),
            allowed,
        )?;
        say(
            "J4: the collector takes off no other finalizer",
            by_collector && !lost.is_empty(),
            lost.iter().all(collects),
        )?;
        let forced = matches!(self.request.verb, Verb::Delete { grace_seconds: Some(_), .. });
        say("J4: the collector never forces a delete", by_collector && deletes, !forced)?;
        let ends = before.is_some_and(|before| {
            before.deleting() && lost.iter().any(|f| f.as_str() == FOREGROUND) && blocks_none(self.before, before)
        });
        let released = by_collector && !deletes && lost.iter().any(|finalizer| finalizer.as_str() == FOREGROUND);
        say("J2: blocking dependents go before their owner", released && !self.before.lags(), ends)?;
        let left = after.is_some_and(|after| {
            let namespace = after.key.kind == kinds::namespace();
            after.deletion.is_some_and(|deletion| deletion.grace_seconds == 0)
                && after.held_by().is_empty()
                && !namespace
        });
        say(
            "A6, B4: nothing stays that nothing holds",
            !changed.is_empty() && after.is_some_and(|o| o.deleting()),
            !left,
        )?;
        if deletes && by_collector && key.kind != kinds::namespace() && key.kind != kinds::definition() {
            let mut again = self.after.clone();
            let (_, changes) = serve(&mut again, self.request);
            let same = changes.is_empty() && again.fingerprint() == self.after.fingerprint();
            say("J5: the collector's second delete changes nothing", self.response.is_ok(), same)?;
        }
        Ok(())
    }
}

/// Whether no object blocks this one.
fn blocks_none(world: &World, owner: &Object) -> bool {
    !world.objects().any(|(_, object)| object.blocks(owner.uid))
}

/// The keys whose objects differ.
fn differences(one: &World, two: &World) -> BTreeSet<Key> {
    let objects = |world: &World| world.objects().map(|(_, o)| (o.key, Arc::clone(o))).collect::<BTreeMap<_, _>>();
    let (one, two) = (objects(one), objects(two));
    one.keys().chain(two.keys()).copied().filter(|key| one.get(key) != two.get(key)).collect()
}

/// What the agenda keeps from step to step is what asking every controller about every object finds.
fn check_agenda(case: &Case, said: &mut Said) -> Result<(), String> {
    const STEPS: usize = 200;
    let mut timeline = Timeline::new(case.start()?);
    for deed in case.deeds.iter().map(String::as_str).chain(["run"]) {
        if deed != "run" {
            script::act(&mut timeline, deed)?;
        }
        loop {
            let kept = timeline.enabled();
            *said.entry("the agenda").or_default() += u64::from(!kept.is_empty());
            if kept != scheduler::enabled(timeline.world()) {
                return Err(format!("after {deed} and {} steps the agenda is another", timeline.position()));
            }
            if deed != "run" || timeline.position() > STEPS || !timeline.step() {
                break;
            }
        }
    }
    Ok(())
}

/// All that is checked of one case.
fn check(case: &Case, said: &mut Said) -> Result<(), String> {
    let mut timeline = case.play()?;
    timeline.jump(0);
    let mut worlds = vec![timeline.world().clone()];
    while timeline.position() < timeline.steps().len() {
        timeline.step();
        worlds.push(timeline.world().clone());
    }
    let fingerprints: Vec<u64> = worlds.iter().map(World::fingerprint).collect();
    let mut uids: BTreeSet<Name> = worlds[0].objects().map(|(_, object)| object.uid).collect();
    for (at, step) in timeline.steps().iter().enumerate() {
        let (world, place) = (&worlds[at + 1], format!("step {}", at + 1));
        let end = check_step(&worlds[at], step, &mut uids, said).map_err(|what| format!("{place}: {what}"))?;
        if step.fingerprint != world.fingerprint() || world.fingerprint() != world.full_fingerprint() {
            return Err(format!("{place}: the fingerprint is not that of the world"));
        }
        if !differences(&end, world).is_empty() {
            return Err(format!("{place}: the same requests give other objects"));
        }
    }
    *said.entry("steps").or_default() += timeline.steps().len() as u64;
    let again = case.play()?;
    if again.steps() != timeline.steps() || again.world().fingerprint() != fingerprints[fingerprints.len() - 1] {
        return Err("the same deeds give another run".to_owned());
    }
    // Back and forth: every world is where it was.
    let mut random = Random(fingerprints[0]);
    for _ in 0..6 {
        let at = random.below(fingerprints.len());
        timeline.jump(at);
        let moved = if random.chance(50) { timeline.back() } else { at < fingerprints.len() - 1 && timeline.step() };
        let position = timeline.position();
        let stands = timeline.world().fingerprint() == fingerprints[position] && (!moved || position.abs_diff(at) == 1);
        if !stands || timeline.steps().len() + 1 != fingerprints.len() {
            return Err(format!("from {at} to {position}: another world"));
        }
    }
    for (_, object) in worlds[0].objects() {
        let line = fixture::line(object);
        if fixture::object(&line).as_ref() != Ok(&**object) {
            return Err(format!("`{line}` is read as another object"));
        }
    }
    Ok(())
}

/// Sends a step's requests again, and checks each. Gives the world after them.
fn check_step(before: &World, step: &Step, uids: &mut BTreeSet<Name>, said: &mut Said) -> Result<World, String> {
    if let Some(actor) = step.actor
        && !before.holds(&Fact::Runs(actor.process))
    {
        return Err(format!("{} acts and does not run", actor.controller));
    }
    let mut world = before.clone();
    for (request, response) in &step.requests {
        let mut after = world.clone();
        let (answer, _) = serve(&mut after, request);
        let actor = step.actor.map(|actor| actor.controller);
        let sent = Sent { before: &world, after: &after, request, response: answer, actor };
        sent.check(said)
            .map_err(|what| format!("{what}: {}, {}", actor.unwrap_or("a person"), script::text(request.target)))?;
        if answer != *response {
            return Err(format!("{} is answered otherwise the second time", script::text(request.target)));
        }
        if let Some(created) =
            after.find(request.target).filter(|created| world.resolve(ObjectRef::from(&***created)).is_none())
        {
            *said.entry("a uid does not come back").or_default() += 1;
            if !uids.insert(created.uid) {
                return Err(format!("a uid comes back: {}", created.uid));
            }
        }
        world = after;
    }
    Ok(world)
}

/// J3: with each object's references in the other order, the same becomes of every object.
fn check_order(case: &Case, said: &mut Said) -> Result<(), String> {
    let turned = |line: &String| {
        let (owners, rest): (Vec<&str>, Vec<&str>) = line.split(' ').partition(|word| word.starts_with("owner="));
        rest.into_iter().chain(owners.into_iter().rev()).collect::<Vec<_>>().join(" ")
    };
    let other = Case { world: case.world.iter().map(turned).collect(), ..case.clone() };
    let applies = case.world.iter().any(|line| line.matches(" owner=").count() > 1);
    *said.entry("J3: the order of references decides nothing").or_default() += u64::from(applies);
    let outcome = |case: &Case| {
        let timeline = case.play()?;
        let sorted = |object: &Object| {
            let mut object = object.clone();
            object.owners.sort_by_key(|o| (o.uid, o.api_version, o.kind, o.name, o.block, o.controller));
            fixture::line(&object)
        };
        let mut objects: Vec<String> = timeline.world().objects().map(|(_, object)| sorted(object)).collect();
        objects.sort();
        Ok::<_, String>(objects)
    };
    if outcome(case)? == outcome(&other)? { Ok(()) } else { Err("J3: the order of references decides".to_owned()) }
}

/// The same failure in the smallest case that still has it: lines are left out one by one.
fn smallest(mut case: Case, check: &dyn Fn(&Case) -> Result<(), String>) -> (Case, String) {
    loop {
        let worlds = (0..case.world.len()).map(|at| {
            let mut less = case.clone();
            less.world.remove(at);
            less
        });
        let deeds = (0..case.deeds.len()).map(|at| {
            let mut less = case.clone();
            less.deeds.remove(at);
            less
        });
        match worlds.chain(deeds).find(|less| check(less).is_err()) {
            Some(less) => case = less,
            None => {
                let what = check(&case).err().unwrap_or_default();
                return (case, what);
            }
        }
    }
}

fn on_random_worlds(worlds: u64, check: fn(&Case, &mut Said) -> Result<(), String>, least: &[(&str, u64)]) {
    let mut said = Said::new();
    for seed in 0..worlds {
        let case = Case::random(seed);
        if check(&case, &mut said).is_err() {
            let (case, what) = smallest(case, &|case| check(case, &mut Said::new()));
            panic!("seed {seed}: {what}\n{}", case.text());
        }
    }
    println!("{worlds} worlds: {said:?}");
    for (what, least) in least {
        let times = said.get(what).copied().unwrap_or_default();
        assert!(times >= *least, "`{what}` had something to say {times} times only: the worlds are too tame");
    }
}

#[test]
fn every_step_keeps_the_laws() {
    let least = [
        ("a refused request changes nothing", 1_000),
        ("a request changes what it names only", 10_000),
        ("a uid does not come back", 100),
        ("J2: blocking dependents go before their owner", 500),
        ("J4: only a delete sets the mark", 2_000),
        ("J4: nothing takes the mark off", 2_000),
        ("J4: the collector, users, and deletes with a policy take its finalizers off", 500),
        ("J4: the collector takes off no other finalizer", 500),
        ("J4: the collector never forces a delete", 1_000),
        ("J5: the collector's second delete changes nothing", 500),
        ("A6, B4: nothing stays that nothing holds", 1_000),
        ("A7: a grace only becomes shorter", 1_000),
        ("B1: what is being deleted gains no finalizer by an update", 500),
    ];
    on_random_worlds(5_000, check, &least);
}

#[test]
fn the_agenda_forgets_nothing() {
    on_random_worlds(5_000, check_agenda, &[("the agenda", 20_000)]);
}

#[test]
fn the_order_of_references_decides_nothing() {
    on_random_worlds(5_000, check_order, &[("J3: the order of references decides nothing", 2_000)]);
}
