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

/// What stands for a namespace that was not named yet.
const PLACEHOLDER: &str = "NAMESPACE";

const CLUSTER: &str = "kubectl get ns,apiservices,crd,validatingwebhookconfigurations,mutatingwebhookconfigurations,services,pv,volumeattachments,nodes -A -o yaml > cluster.yaml";

/// Secrets are left out on purpose: Gordian has no use for them.
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

    /// Whether its commands name a namespace.
    pub fn names_namespace(self) -> bool {
        matches!(self, Self::Namespace | Self::Object)
    }

    /// The commands, one a line.
    pub fn commands(self, namespace: &str) -> Vec<String> {
        let namespace = if is_namespace(namespace) { namespace } else { PLACEHOLDER };
        let of_namespace = format!("{NAMESPACED}-n {namespace} -o yaml --ignore-not-found > namespace.yaml");
        match self {
            Self::Namespace => vec![CLUSTER.into(), of_namespace, WORKLOADS.into()],
            Self::Object => vec![
                format!("kubectl -n {namespace} get KIND NAME -o yaml > object.yaml"),
                of_namespace,
                WORKLOADS.into(),
            ],
            Self::Longhorn => vec![
                "kubectl get lhv,lhe,lhr,lhim,lhva,lho,lhn,lhsnap,settings.longhorn.io -n longhorn-system -o yaml > longhorn.yaml".into(),
                "kubectl get pods -n longhorn-system -o yaml > pods.yaml".into(),
                "kubectl get nodes -o yaml > nodes.yaml".into(),
            ],
            Self::Cluster => vec![
                CLUSTER.into(),
                format!("{NAMESPACED}-A -o yaml --ignore-not-found > objects.yaml"),
            ],
        }
    }
}

/// Whether a text can be a namespace's name. Only such a text becomes part of a command.
pub fn is_namespace(text: &str) -> bool {
    let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 63 && text.chars().all(label) && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_namespace_becomes_part_of_a_command() {
        for (text, expected) in [
            ("shop", "-n shop "),
            ("", "-n NAMESPACE "),
            ("a; rm -rf /", "-n NAMESPACE "),
            ("$(reboot)", "-n NAMESPACE "),
            ("-A", "-n NAMESPACE "),
        ] {
            let commands = Case::Namespace.commands(text);
            assert!(commands.iter().any(|line| line.contains(expected)), "{text}");
            assert!(text.len() < 3 || text == "shop" || !commands.concat().contains(text));
        }
    }

    #[test]
    fn secrets_are_left_out_wherever_all_kinds_are_read() {
        for command in CASES.iter().flat_map(|case| case.commands("shop")) {
            assert!(!command.contains("api-resources") || command.contains("-e secrets"));
        }
    }
}
