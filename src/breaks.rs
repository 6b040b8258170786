//! What a person can break here: by what is selected, and in general.

use std::collections::BTreeSet;

use gordian_reconcile::scheduler::{WhyNot, why_not};
use gordian_reconcile::{Endpoint, Facet, Fact, Fault, Key, Object, Process, World, controllers, dialled, waits};
use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::subject::Subject;

/// One thing that a person can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Break {
    /// It stays broken until it is mended.
    Fault(Fault),
    /// A pod's containers are killed, and not started again.
    Kill(Key),
}

/// What can be broken about a subject where the run stands; what is broken already is left out.
pub fn of_subject(document: &Document, subject: Subject) -> Vec<Break> {
    let world = document.world();
    let found = subject.key().and_then(|key| world.find(key));
    let mut breaks: Vec<Break> = match subject {
        Subject::Process(process) => vec![Break::Fault(Fault::Stopped(process))],
        Subject::Address { ip, of } => {
            let addresses =
                dialled(document.world()).into_iter().filter(|endpoint| (endpoint.ip, endpoint.of) == (ip, of));
            addresses.map(|endpoint| Break::Fault(Fault::Refused(endpoint))).collect()
        }
        Subject::Object(_) | Subject::Disk(..) => Vec::new(),
    };
    if let Some(object) = found {
        breaks.extend(of_object(document, object));
        breaks.extend(handlers(world, object).map(|process| Break::Fault(Fault::Stopped(process))));
    }
    whole(world, breaks)
}

/// What can be broken by the kind of an object.
fn of_object(document: &Document, object: &Object) -> Vec<Break> {
    let key = object.key;
    let faults = match &object.facet {
        Facet::Node(_) => vec![Fault::Cut(key.name), Fault::Stopped(Process::Kubelet(key.name)), Fault::TimedOut(key)],
        Facet::LonghornNode(_) => vec![Fault::Stopped(Process::LonghornManager(key.name))],
        Facet::Namespace(_) => vec![Fault::TimedOut(key)],
        Facet::Webhooks(_) | Facet::ApiService(_) => vec![Fault::Broken(key)],
        Facet::Pod(pod) => {
            let addresses = dialled(document.world()).into_iter().filter(|endpoint| endpoint.ip == pod.ip);
            let refused = addresses.map(|endpoint| Break::Fault(Fault::Refused(endpoint)));
            let ended = matches!(pod.phase.as_str(), "Failed" | "Succeeded");
            let kubelet = Break::Fault(Fault::Stopped(Process::Kubelet(pod.node)));
            let kill = (!ended).then_some(Break::Kill(key));
            let kubelet = (!pod.node.is_empty()).then_some(kubelet);
            // How long it tolerates that its node is unreachable.
            let tolerance = (!pod.tolerates && !object.deleting()).then_some(Break::Fault(Fault::TimedOut(key)));
            return kill.into_iter().chain(refused).chain(kubelet).chain(tolerance).collect();
        }
        _ => Vec::new(),
    };
    faults.into_iter().map(Break::Fault).collect()
}

/// What can be broken whatever is selected: whoever acts in this run, or waits in it.
pub fn in_general(document: &Document) -> Vec<Break> {
    let world = document.world();
    let acting = document.steps().iter().filter_map(|step| step.actor);
    let waiting = waits(world).into_iter().map(|(actor, ..)| actor);
    let processes: BTreeSet<Process> = acting.chain(waiting).map(|actor| actor.process).collect();
    let all = [Process::ControllerManager].into_iter().chain(processes);
    whole(world, all.map(|process| Break::Fault(Fault::Stopped(process))).collect())
}

/// The processes that have to do with an object.
fn handlers<'w>(world: &'w World, object: &'w Object) -> impl Iterator<Item = Process> + 'w {
    let all = controllers().iter().enumerate();
    let handles = all.filter(|&(index, _)| why_not(world, index, object) != WhyNot::NotHandled);
    handles.map(|(_, controller)| controller.process(world, object))
}

/// What is whole, each once. The API server stays: without it nothing happens at all.
fn whole(world: &World, breaks: Vec<Break>) -> Vec<Break> {
    let broken: BTreeSet<Fault> = world.faults().collect();
    let is_whole = |one: &Break| match one {
        Break::Fault(Fault::Stopped(Process::ApiServer)) => false,
        Break::Fault(Fault::Stopped(process)) => world.holds(&Fact::Runs(*process)),
        Break::Fault(fault) => !broken.contains(fault),
        Break::Kill(_) => true,
    };
    let mut known = BTreeSet::new();
    breaks.into_iter().filter(is_whole).filter(|one| known.insert(*one)).collect()
}

/// The subject that a fault is about, to mark it in the drawing.
pub fn subject_of(fault: Fault) -> Subject {
    match fault {
        Fault::Stopped(process) => Subject::Process(process),
        Fault::Cut(node) => Subject::Object(Key::new(gordian_reconcile::kinds::node(), "".into(), node)),
        Fault::Broken(key) | Fault::TimedOut(key) => Subject::Object(key),
        Fault::Refused(Endpoint { ip, of, .. }) => Subject::Address { ip, of },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Unmeasured;
    use crate::engine::tests::sample;
    use crate::messages::Language;

    /// What can be broken about the object of this kind whose name begins so.
    fn offered(document: &Document, kind: &str, name: &str) -> Vec<String> {
        let found = document
            .world()
            .objects()
            .find(|(_, object)| object.key.kind.kind.as_str() == kind && object.key.name.as_str().starts_with(name));
        let key = found.expect(kind).1.key;
        said(of_subject(document, Subject::Object(key)))
    }

    fn said(breaks: Vec<Break>) -> Vec<String> {
        breaks.into_iter().map(|one| Language::default().of_runs().breaks(one)).collect()
    }

    #[test]
    fn what_can_be_broken_is_offered_by_kind() {
        let longhorn = sample("longhorn-10791");
        assert_eq!(
            offered(&longhorn, "Node", "ip-10-0-2-7"),
            [
                "Cut the node ip-10-0-2-7 off the network",
                "Stop the kubelet of ip-10-0-2-7",
                "Let the time of the node ip-10-0-2-7 run out",
            ]
        );
        let pod = offered(&longhorn, "Pod", "instance-manager-175089");
        assert_eq!(pod[0], "Kill the pod instance-manager-175089c0…d4f7");
        assert!(pod.contains(&"Stop the kubelet of ip-10-0-2-7".to_owned()), "{pod:?}");
        let webhooks = offered(&sample("webhook-gone"), "ValidatingWebhookConfiguration", "policy-guard");
        assert_eq!(webhooks[0], "Break the ValidatingWebhookConfiguration policy-guard");
        let namespace = offered(&sample("webhook-gone"), "Namespace", "web");
        assert_eq!(namespace[0], "Let the time of the namespace web run out");
    }

    #[test]
    fn what_is_broken_is_offered_no_more() {
        let before = sample("longhorn-10791");
        let first = in_general(&before);
        assert!(first.contains(&Break::Fault(Fault::Stopped(Process::ControllerManager))));
        assert!(said(first.clone()).contains(&"Stop longhorn-manager on ip-10-0-2-5".to_owned()));
        for one in first {
            let after = before.break_it(one, &Unmeasured);
            assert!(!in_general(&after).contains(&one), "{one:?}");
        }
        let orphan = before.now().arrows.iter().find_map(|arrow| match arrow.to {
            Fact::Answers(endpoint) => Some(endpoint),
            _ => None,
        });
        let endpoint = orphan.expect("an address is dialled");
        let address = Subject::Address { ip: endpoint.ip, of: endpoint.of };
        let refuse = Break::Fault(Fault::Refused(endpoint));
        assert!(of_subject(&before, address).contains(&refuse));
        assert!(!of_subject(&before.break_it(refuse, &Unmeasured), address).contains(&refuse));
    }
}
