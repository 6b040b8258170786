//! The commands that capture what Gordian needs to see.

/// What is stuck, as far as its owner knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// A namespace.
    #[default]
    Namespace,
    /// One object.
    Object,
    /// Something of Longhorn's.
    Longhorn,
    /// It is not known: the whole cluster.
    Cluster,
}

/// Every case, in the order in which they are offered.
pub const CASES: [Case; 4] = [Case::Namespace, Case::Object, Case::Longhorn, Case::Cluster];

/// A part of a command that the person names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// The namespace.
    Namespace,
    /// The kind of the object.
    Kind,
    /// The name of the object.
    Name,
}

/// What a person named, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The namespace.
    pub namespace: String,
    /// The kind of the object.
    pub kind: String,
    /// The name of the object.
    pub name: String,
}

/// What a command gets, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gets {
    /// The object itself.
    Object,
    /// All that is in the namespace.
    InNamespace,
    /// All that is in any namespace.
    InNamespaces,
    /// What stands outside of namespaces, and decides over what is in them.
    Around,
    /// All that is in no namespace.
    ClusterScoped,
    /// The workloads of controllers.
    Workloads,
    /// Longhorn's own objects.
    Longhorn,
    /// The pods of Longhorn.
    Pods,
    /// The nodes.
    Nodes,
    /// Events.
    Events,
}

/// A command, and what it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The line for the shell.
    pub line: String,
    /// What it gets.
    pub gets: Gets,
}

const AROUND: &str = "kubectl get ns,apiservices,crd,validatingwebhookconfigurations,mutatingwebhookconfigurations,services,pv,volumeattachments,nodes -A -o yaml > cluster.yaml";

const CLUSTER_SCOPED: &str = "kubectl api-resources --verbs=list --namespaced=false -o name | paste -sd, - | xargs -I{} kubectl get {} -o yaml --ignore-not-found > cluster.yaml";

/// Secrets are left out on purpose: Gordian has no use for them. Events have a command of their own.
const NAMESPACED: &str = "kubectl api-resources --verbs=list --namespaced -o name | grep -vx -e secrets -e events -e events.events.k8s.io | paste -sd, - | xargs -I{} kubectl get {} ";

const WORKLOADS: &str = "kubectl get deploy,sts,ds,pods -A -o yaml > workloads.yaml";

impl Case {
    /// Its stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Object => "object",
            Self::Longhorn => "longhorn",
            Self::Cluster => "cluster",
        }
    }

    /// What its commands need named.
    pub fn blanks(self) -> &'static [Blank] {
        match self {
            Self::Namespace => &[Blank::Namespace],
            Self::Object => &[Blank::Kind, Blank::Name, Blank::Namespace],
            Self::Longhorn | Self::Cluster => &[],
        }
    }

    /// The commands, in the order in which they are run.
    pub fn commands(self, named: &Named) -> Vec<Command> {
        let command = |gets, line: String| Command { line, gets };
        let [kind, name, namespace] = [Blank::Kind, Blank::Name, Blank::Namespace].map(|blank| blank.filled(named));
        let in_namespace = || {
            command(
                Gets::InNamespace,
                format!("{NAMESPACED}-n {namespace} -o yaml --ignore-not-found > namespace.yaml"),
            )
        };
        let workloads = || command(Gets::Workloads, WORKLOADS.into());
        let events = |of: &str| command(Gets::Events, format!("kubectl get events {of} -o yaml > events.yaml"));
        match self {
            Self::Namespace => vec![
                command(Gets::Around, AROUND.into()),
                in_namespace(),
                workloads(),
                events(&format!("-n {namespace}")),
            ],
            Self::Object => vec![
                command(Gets::Object, format!("kubectl get {kind} {name} -n {namespace} -o yaml > object.yaml")),
                in_namespace(),
                command(Gets::ClusterScoped, CLUSTER_SCOPED.into()),
                workloads(),
                events(&format!("-n {namespace}")),
            ],
            Self::Longhorn => vec![
                command(Gets::Longhorn, "kubectl get lhv,lhe,lhr,lhim,lhva,lho,lhn,lhsnap,settings.longhorn.io -n longhorn-system -o yaml > longhorn.yaml".into()),
                command(Gets::Pods, "kubectl get pods -n longhorn-system -o yaml > pods.yaml".into()),
                command(Gets::Nodes, "kubectl get nodes -o yaml > nodes.yaml".into()),
                events("-n longhorn-system"),
            ],
            Self::Cluster => vec![
                command(Gets::ClusterScoped, CLUSTER_SCOPED.into()),
                command(Gets::InNamespaces, format!("{NAMESPACED}-A -o yaml --ignore-not-found > objects.yaml")),
                events("-A"),
            ],
        }
    }
}

impl Blank {
    /// What was named, where it can be such a thing; else what stands for it.
    fn filled(self, named: &Named) -> &str {
        let (text, placeholder) = match self {
            Self::Namespace => (&named.namespace, "NAMESPACE"),
            Self::Kind => (&named.kind, "KIND"),
            Self::Name => (&named.name, "NAME"),
        };
        if self.takes(text) { text } else { placeholder }
    }

    /// Whether a text can be such a thing. Only such a text becomes part of a command.
    pub fn takes(self, text: &str) -> bool {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let (longest, may_have): (usize, &dyn Fn(char) -> bool) = match self {
            Self::Namespace => (63, &plain),
            // With its group: `orphans.longhorn.io`, or as the object has it: `Orphan`.
            Self::Kind => (253, &|c| plain(c) || c.is_ascii_uppercase() || c == '.'),
            // Some names of cluster-scoped kinds have colons and capitals.
            Self::Name => (253, &|c| plain(c) || c.is_ascii_uppercase() || matches!(c, '.' | ':' | '_')),
        };
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        text.len() <= longest && text.chars().all(may_have) && ends(text.chars().next()) && ends(text.chars().last())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(case: Case, named: &Named) -> String {
        case.commands(named).into_iter().map(|command| command.line + "\n").collect()
    }

    fn named(text: &str) -> Named {
        Named { namespace: text.into(), kind: text.into(), name: text.into() }
    }

    #[test]
    fn only_what_can_be_named_becomes_part_of_a_command() {
        let object = Named { namespace: "shop".into(), kind: "Orphan.longhorn.io".into(), name: "system:a_1".into() };
        assert!(lines(Case::Object, &object).contains("kubectl get Orphan.longhorn.io system:a_1 -n shop -o yaml"));
        assert!(lines(Case::Namespace, &object).contains(" -n shop "));
        for text in ["", "a; rm -rf /", "$(reboot)", "-A", "a b", "a\nb", "`id`", "a|b", "a>b", "a-", "{}", "é"] {
            for case in CASES {
                let lines = lines(case, &named(text));
                assert_eq!(lines, self::lines(case, &Named::default()), "{text}");
            }
        }
        assert!(lines(Case::Object, &Named::default()).contains("kubectl get KIND NAME -n NAMESPACE "));
    }

    #[test]
    fn secrets_are_left_out_wherever_all_kinds_are_read() {
        for command in CASES.iter().flat_map(|case| case.commands(&named("shop"))) {
            let all = command.line.contains("api-resources --verbs=list --namespaced -o");
            assert!(!all || command.line.contains("grep -vx -e secrets "), "{}", command.line);
            assert!(!command.line.contains("secret") || all, "{}", command.line);
        }
    }

    #[test]
    fn a_shell_reads_every_command() {
        for line in CASES.map(|case| lines(case, &named("shop"))) {
            let read = std::process::Command::new("sh").args(["-n", "-c", &line]).status();
            assert!(read.is_ok_and(|status| status.success()), "{line}");
        }
    }

    #[test]
    fn each_file_is_written_once() {
        for case in CASES {
            let commands = case.commands(&named("shop"));
            let mut files: Vec<&str> = commands.iter().filter_map(|command| command.line.split(" > ").nth(1)).collect();
            assert_eq!(files.len(), commands.len());
            files.sort_unstable();
            files.dedup();
            assert_eq!(files.len(), commands.len());
        }
    }
}
