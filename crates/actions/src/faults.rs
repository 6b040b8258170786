//! The verbs of a script by which a person breaks something, mends it, or takes a node out of service.

use gordian_reconcile::{Endpoint, Facet, Fault, Key, Kind, Name, Node, Object, Process, Request, World, kinds};

/// What such a verb comes to.
pub(crate) enum Deed {
    /// Things break (`true`) or are mended, all in one step.
    Faults(Vec<(Fault, bool)>),
    /// Requests that a person sends, a step each.
    Requests(Vec<Request>),
}

/// What a verb is about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) kind: Option<&'a str>,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
}

/// What a verb does in a world: `None` for a verb that is none of these, a sentence where it names what is not there.
pub(crate) fn deed(world: &World, verb: &str, subject: Subject<'_>) -> Option<Result<Deed, String>> {
    let Subject { kind, name, .. } = subject;
    let fault = |fault: Result<Fault, String>, broken| fault.map(|fault| Deed::Faults(vec![(fault, broken)]));
    let deed = match (verb, kind) {
        ("KCM-STOP" | "KCM-START", _) => fault(Ok(Fault::Stopped(Process::ControllerManager)), verb == "KCM-STOP"),
        ("CUT" | "MEND", None) => fault(node(world, name).map(Fault::Cut), verb == "CUT"),
        ("BREAK" | "MEND", _) => fault(configuration(world, subject).map(Fault::Broken), verb == "BREAK"),
        ("STOP" | "START", _) => fault(process(world, name).map(Fault::Stopped), verb == "STOP"),
        ("TIME-OUT", _) => fault(timed(world, subject).map(Fault::TimedOut), true),
        ("REFUSE" | "ACCEPT", _) => fault(endpoint(world, name).map(Fault::Refused), verb == "REFUSE"),
        ("MEND-ALL", _) => Ok(Deed::Faults(world.faults().map(|fault| (fault, false)).collect())),
        ("KILL", _) => kill(world, subject),
        ("DRAIN", _) => drain(world, name),
        ("UNCORDON", _) => cordon(world, name, false).map(|request| Deed::Requests(request.into_iter().collect())),
        _ => return None,
    };
    Some(deed.map_err(|wrong| format!("{verb}: {wrong}")))
}

/// A node of the cluster: one that is there, that an object is on, or that is cut off.
fn node(world: &World, name: &str) -> Result<Name, String> {
    let wanted = Name::new(name);
    let nodes = [kinds::node(), kinds::longhorn_node()];
    let on = |object: &Object| {
        (nodes.contains(&object.key.kind) && object.key.name == wanted) || object.facet.node() == Some(wanted)
    };
    let cut = world.faults().any(|fault| fault == Fault::Cut(wanted));
    match cut || world.objects().any(|(_, object)| on(object)) {
        true => Ok(wanted),
        false => Err(format!("there is no node `{name}`")),
    }
}

/// `kube-controller-manager`, `kubelet/NODE` or `longhorn-manager/NODE`.
fn process(world: &World, name: &str) -> Result<Process, String> {
    match name.split_once('/') {
        None if name == "kube-controller-manager" => Ok(Process::ControllerManager),
        Some(("kubelet", on)) => node(world, on).map(Process::Kubelet),
        Some(("longhorn-manager", on)) => node(world, on).map(Process::LonghornManager),
        _ => {
            Err(format!("`{name}` is no process: write kube-controller-manager, kubelet/NODE or longhorn-manager/NODE"))
        }
    }
}

/// The object of a kind that a subject names, if it is one that `fits`.
fn named(world: &World, subject: Subject<'_>, fits: impl Fn(&Object) -> bool) -> Option<Key> {
    let Subject { kind, namespace, name } = subject;
    let meant = |key: &Key| {
        kind.is_none_or(|kind| key.kind.kind.as_str() == kind)
            && key.name.as_str() == name
            && key.namespace.as_str() == namespace
    };
    let found = world.objects().find(|(_, object)| meant(&object.key) && fits(object));
    found.map(|(_, object)| object.key)
}

fn configuration(world: &World, subject: Subject<'_>) -> Result<Key, String> {
    let fits = |object: &Object| matches!(object.facet, Facet::Webhooks(_) | Facet::ApiService(_));
    let Subject { kind, name, .. } = subject;
    let broken = world.faults().find_map(|fault| match fault {
        Fault::Broken(key) => (kind == Some(key.kind.kind.as_str()) && key.name.as_str() == name).then_some(key),
        _ => None,
    });
    let kind = kind.unwrap_or("object");
    broken
        .or_else(|| named(world, subject, fits))
        .ok_or_else(|| format!("there is no {kind} `{name}` among the webhook configurations and APIServices"))
}

fn timed(world: &World, subject: Subject<'_>) -> Result<Key, String> {
    let fits = |object: &Object| matches!(object.facet, Facet::Node(_) | Facet::Namespace(_) | Facet::Pod(_));
    let Subject { kind, name, .. } = subject;
    let kind = kind.unwrap_or("object");
    named(world, subject, fits)
        .ok_or_else(|| format!("there is no {kind} `{name}` among the nodes, namespaces and pods"))
}

/// `IP:PORT`, where connections are refused already, or the address stands in the status of an object, whose process is meant.
fn endpoint(world: &World, name: &str) -> Result<Endpoint, String> {
    let parts = name.rsplit_once(':').and_then(|(ip, port)| Some((ip, port.parse().ok()?)));
    let (ip, port) = parts.ok_or_else(|| format!("`{name}` is no address: write IP:PORT"))?;
    let refused = world.faults().find_map(|fault| match fault {
        Fault::Refused(endpoint) => (endpoint.ip.as_str() == ip && endpoint.port == port).then_some(endpoint),
        _ => None,
    });
    if let Some(refused) = refused {
        return Ok(refused);
    }
    let has = |object: &Object| {
        object.facet.longhorn_fields().iter().any(|(path, value)| path == "status/ip" && value.as_str() == ip)
    };
    let found = world.objects().find(|(_, object)| has(object));
    let (_, of) = found.ok_or_else(|| format!("no object has `{ip}` in its status"))?;
    Ok(Endpoint { ip: Name::new(ip), port, of: of.key })
}

fn kill(world: &World, subject: Subject<'_>) -> Result<Deed, String> {
    let Subject { namespace, name, .. } = subject;
    let key = Key::new(kinds::pod(), Name::new(namespace), Name::new(name));
    let request = world.find(key).and_then(|pod| Request::kill(pod));
    let request = request.ok_or_else(|| format!("there is no pod `{name}` in the namespace `{namespace}`"))?;
    Ok(Deed::Requests(vec![request]))
}

/// The write of `spec.unschedulable`; `None` where it is so already.
fn cordon(world: &World, name: &str, cordoned: bool) -> Result<Option<Request>, String> {
    let key = Key::new(kinds::node(), Name::default(), Name::new(name));
    let found = world.find(key).ok_or_else(|| format!("there is no node `{name}`"))?;
    let Facet::Node(node) = &found.facet else { return Ok(None) };
    let facet = Facet::Node(Node { cordoned, ..node.clone() });
    Ok((node.cordoned != cordoned).then(|| Request::change(found, facet)))
}

/// What `kubectl drain --force --ignore-daemonsets --delete-emptydir-data` does: it cordons the node, and evicts its pods but those of
/// a DaemonSet and those that the kubelet mirrors, which a Node owns. kubectl tries what a PodDisruptionBudget refuses again until it gives
/// up; here each pod is asked for once.
fn drain(world: &World, name: &str) -> Result<Deed, String> {
    let stays = |pod: &Object| {
        let of = |kind: Kind| pod.owners.iter().any(|owner| owner.controller && owner.kind == kind.kind);
        pod.deleting() || of(kinds::daemon_set()) || of(kinds::node())
    };
    let cordon = cordon(world, name, true)?;
    let pods = world.on_node(kinds::pod(), Name::new(name)).filter(|(_, pod)| !stays(pod));
    let mut evicted: Vec<Key> = pods.map(|(_, pod)| pod.key).collect();
    evicted.sort_unstable();
    Ok(Deed::Requests(cordon.into_iter().chain(evicted.into_iter().map(Request::evict)).collect()))
}
