//! What every namespace gets: the ServiceAccount `default` and the ConfigMap `kube-root-ca.crt`.
//!
//! Rule I6 of the reference, which mirrors `pkg/controller/serviceaccount/serviceaccounts_controller.go` (`syncNamespace`) and
//! `pkg/controller/certificates/rootcacertpublisher/publisher.go` (`syncNamespace`) of Kubernetes 1.33.

use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{Controller, Facet, Fact, Key, Kind, Name, Object, Outcome, Request, Rule, World, kinds};

/// Keeps one object in every namespace that is not being deleted.
pub(crate) struct NamespaceDefault {
    name: &'static str,
    kind: fn() -> Kind,
    kept: &'static str,
}

/// The service account controller.
pub(crate) const SERVICE_ACCOUNT: NamespaceDefault =
    NamespaceDefault { name: "service account controller", kind: kinds::service_account, kept: "default" };

/// The root CA publisher.
pub(crate) const ROOT_CA: NamespaceDefault =
    NamespaceDefault { name: "root CA publisher", kind: kinds::config_map, kept: "kube-root-ca.crt" };

impl NamespaceDefault {
    fn key(&self, namespace: Name) -> Key {
        Key::new((self.kind)(), namespace, Name::new(self.kept))
    }
}

impl Controller for NamespaceDefault {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::namespace())
    }

    /// Only what goes in the run is made again: what a dump does not show of this was left out of it.
    fn handles(&self, world: &World, namespace: &Object) -> bool {
        let key = self.key(namespace.key.name);
        !namespace.deleting() && world.place(key).is_some() && world.find(key).is_none()
    }

    fn reconcile(&self, world: &World, namespace: &Object) -> Outcome {
        let key = self.key(namespace.key.name);
        let object = Object {
            key,
            api_version: "v1".into(),
            uid: Name::default(),
            labels: Vec::new(),
            owners: Vec::new(),
            finalizers: Vec::new(),
            deletion: None,
            facet: Facet::None,
        };
        write_if_admitted(world, namespace, Rule("I6"), vec![Request::create(object)])
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

/// I6: whether an object that the dump does not show is one that every namespace has. It is there all the same, and when it is
/// deleted it is made again at once.
pub(crate) fn implied(world: &World, key: Key) -> bool {
    let namespace = Key::new(kinds::namespace(), Name::default(), key.namespace);
    let kept = [&SERVICE_ACCOUNT, &ROOT_CA].iter().any(|kept| kept.key(key.namespace) == key);
    kept && world.place(key).is_none() && world.find(namespace).is_some_and(|namespace| !namespace.deleting())
}
