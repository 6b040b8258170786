//! The rules, by their stable identifiers: what each mirrors, and where it shows.
//!
//! One table, in the order of the reference: the API server's rules A and B, the garbage collector's C to F, namespaces G,
//! definitions H, other controllers I, then Longhorn's. I11 and what follows it are not in the reference, which was recorded without
//! nodes that are lost: they go on where its I ends. A test holds the table against the code in both directions, and
//! `docs/rules.md` is written from it.

use std::fmt;

use crate::Rule;

/// Where a rule's original stands: in Kubernetes 1.33, or, for a file that begins with `longhorn-manager/`, in longhorn-manager
/// at commit 00886872c.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The file, by its path in the repository.
    pub file: &'static str,
    /// The function in it.
    pub function: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.file, self.function)
    }
}

/// Where a rule shows in Gordian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    /// A step or a wait of a controller names it.
    Fires,
    /// The API server's answers, and what it stores, show it.
    Answers,
    /// It tells how other rules come about, and nothing names it by itself.
    Tells,
    /// It is left out: it speaks of time, or of what is not modelled.
    Left,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which rule.
    pub rule: Rule,
    /// Where it shows.
    pub showing: Showing,
    /// What it mirrors; `None` for a rule that is Gordian's own.
    pub source: Option<Source>,
    /// The recordings of a real control plane that show it, by number, with spaces between.
    pub recordings: &'static str,
}

impl Rule {
    /// The rule's row in the table; `None` for an identifier that is not in it.
    pub fn entry(self) -> Option<&'static Entry> {
        RULES.iter().find(|entry| entry.rule == self)
    }

    /// The file and function that the rule mirrors; `None` when it is Gordian's own.
    pub fn source(self) -> Option<Source> {
        self.entry()?.source
    }
}

const fn at(file: &'static str, function: &'static str) -> Option<Source> {
    Some(Source { file, function })
}

const STORE: &str = "staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go";
const RDEL: &str = "staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go";
const RUPD: &str = "staging/src/k8s.io/apiserver/pkg/registry/rest/update.go";
const OPTIONS: &str = "staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go";
const META: &str = "staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go";
const NSL: &str = "staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go";
const POD: &str = "pkg/registry/core/pod/strategy.go";
const GC: &str = "pkg/controller/garbagecollector/garbagecollector.go";
const GB: &str = "pkg/controller/garbagecollector/graph_builder.go";
const GRAPH: &str = "pkg/controller/garbagecollector/graph.go";
const REFS: &str = "pkg/controller/controller_ref_manager.go";
const NSR: &str = "pkg/registry/core/namespace/storage/storage.go";
const NSC: &str = "pkg/controller/namespace/namespace_controller.go";
const NSD: &str = "pkg/controller/namespace/deletion/namespaced_resources_deleter.go";
const CONDITIONS: &str = "pkg/controller/namespace/deletion/status_condition_utils.go";
const CRDR: &str = "staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go";
const CRDF: &str = "staging/src/k8s.io/apiextensions-apiserver/pkg/controller/finalizer/crd_finalizer.go";
const CRH: &str = "staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go";
const INUSE: &str = "plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go";
const PVCP: &str = "pkg/controller/volume/pvcprotection/pvc_protection_controller.go";
const PVP: &str = "pkg/controller/volume/pvprotection/pv_protection_controller.go";
const JOB: &str = "pkg/controller/job/job_controller.go";
const TOKENS: &str = "pkg/controller/serviceaccount/tokens_controller.go";
const STS: &str = "pkg/controller/statefulset/stateful_pod_control.go";
const ENDPOINTS: &str = "pkg/controller/endpoint/endpoints_controller.go";
const PODGC: &str = "pkg/controller/podgc/gc_controller.go";
const RS: &str = "pkg/controller/replicaset/replica_set.go";
const NLC: &str = "pkg/controller/nodelifecycle/node_lifecycle_controller.go";
const EVICTION: &str = "pkg/controller/tainteviction/taint_eviction.go";
const NODE_STATUS: &str = "pkg/kubelet/kubelet_node_status.go";
const POD_EVICTION: &str = "pkg/registry/core/pod/storage/eviction.go";
const KUBELET: &str = "pkg/kubelet/kubelet.go";
const LHC: &str = "longhorn-manager/controller/controller_manager.go";
const LHST: &str = "longhorn-manager/controller/setting_controller.go";
const LHDS: &str = "longhorn-manager/datastore/longhorn.go";
const LHKN: &str = "longhorn-manager/controller/kubernetes_node_controller.go";
const LHIM: &str = "longhorn-manager/controller/instance_manager_controller.go";
const LHOR: &str = "longhorn-manager/controller/orphan_controller.go";
const LHND: &str = "longhorn-manager/controller/node_controller.go";
const LHIH: &str = "longhorn-manager/controller/instance_handler.go";
const LHEN: &str = "longhorn-manager/controller/engine_controller.go";
const LHRE: &str = "longhorn-manager/controller/replica_controller.go";
const LHVO: &str = "longhorn-manager/controller/volume_controller.go";
const LHSN: &str = "longhorn-manager/controller/snapshot_controller.go";
const LHVA: &str = "longhorn-manager/controller/volume_attachment_controller.go";
const LHSM: &str = "longhorn-manager/controller/share_manager_controller.go";
const LHEI: &str = "longhorn-manager/controller/engine_image_controller.go";
const LHBI: &str = "longhorn-manager/controller/backing_image_controller.go";
const LHBM: &str = "longhorn-manager/controller/backing_image_manager_controller.go";
const LHBD: &str = "longhorn-manager/controller/backing_image_data_source_controller.go";
const LHBK: &str = "longhorn-manager/controller/backup_controller.go";
const LHSB: &str = "longhorn-manager/controller/support_bundle_controller.go";
const LHUN: &str = "longhorn-manager/controller/uninstall_controller.go";
const LHWC: &str = "longhorn-manager/webhook/common/common.go";
const LHWI: &str = "longhorn-manager/webhook/resources/instancemanager/mutator.go";
const LHWN: &str = "longhorn-manager/webhook/resources/node/validator.go";
const LHWS: &str = "longhorn-manager/webhook/resources/setting/validator.go";
const LHWB: &str = "longhorn-manager/webhook/resources/backingimage/validator.go";
const LHDM: &str = "longhorn-manager/controller/monitor/disk_monitor.go";

/// Makes a constant of [`Rule`] and a row of [`RULES`] of each line: name, identifier, where it shows, what it mirrors, recordings.
macro_rules! rules {
    ($($(#[$says:meta])* $name:ident = $id:literal, $showing:ident, $source:expr, $recordings:literal;)*) => {
        impl Rule {
            $($(#[$says])* pub const $name: Self = Self($id);)*
        }

        /// Every rule, in the order of the reference.
        pub const RULES: &[Entry] = &[
            $(Entry { rule: Rule::$name, showing: Showing::$showing, source: $source, recordings: $recordings },)*
        ];
    };
}

rules! {
    // A. The API server: a delete.
    /// A delete of what is not there is answered with 404.
    A1 = "A1", Answers, at(STORE, "Delete"), "15";
    /// A precondition that the stored object does not meet refuses the delete with 409, whether the object is being
    /// deleted or not.
    A2 = "A2", Answers, at(RDEL, "BeforeDelete"), "15";
    /// A policy that does not exist, or one beside `orphanDependents`, refuses the delete with 422.
    A3 = "A3", Answers, at(OPTIONS, "ValidateDeleteOptions"), "15";
    /// Admission webhooks are asked before anything is stored, and one that must answer and cannot be reached refuses
    /// the delete with 500.
    A4 = "A4", Answers, at(RDEL, "AdmissionToValidateObjectDeleteFunc"), "13a 13b 15";
    /// A delete with a policy puts `orphan` or `foregroundDeletion` at the end of the finalizers, in the place of
    /// either that was there; without a policy what is there stays, and the kind's default counts.
    A5 = "A5", Answers, at(STORE, "deletionFinalizersForGarbageCollection"), "15 18e 25 28 29 37";
    /// An object without finalizers goes at once; one with finalizers is marked, once, and stays.
    A6 = "A6", Answers, at(STORE, "markAsDeleting"), "01 04 15 17a 25 28 29";
    /// A pod on a node stays for its grace period or until its kubelet deletes it with grace 0; a grace only ever
    /// becomes shorter.
    A7 = "A7", Fires, at(POD, "CheckGracefulDelete"), "01 02b 09b 26";
    /// A delete of a collection is one delete for each object that is listed, with the same options.
    A8 = "A8", Answers, at(STORE, "DeleteCollection"), "31";

    // B. The API server: updates and creates around deletion.
    /// An object that is being deleted gets no finalizer that it does not have: 422.
    B1 = "B1", Answers, at(META, "ValidateNoNewFinalizers"), "15";
    /// An update neither sets nor unsets the deletion timestamp, and a create does not bring one, nor a uid.
    B2 = "B2", Answers, at(RUPD, "BeforeUpdate"), "15 15b";
    /// Labels, owner references and data may change while an object is being deleted.
    B3 = "B3", Answers, at(META, "ValidateObjectMetaAccessorUpdate"), "14a 14b 15 23";
    /// The update that takes the last finalizer off a marked object removes it, unless a pod's grace is pending; a
    /// namespace's `spec.finalizers` count too.
    B4 = "B4", Fires, at(STORE, "ShouldDeleteDuringUpdate"), "04b 07f 09c 14a 14b 17a 26b";
    /// Admission webhooks for updates see the removal of a finalizer; the status subresource is matched by itself.
    B5 = "B5", Answers, at(RUPD, "AdmissionToValidateObjectUpdateFunc"), "13a";
    /// The name of an object that is being deleted is taken: 409.
    B6 = "B6", Answers, at(STORE, "Create"), "09d 15 16a";
    /// An owner reference needs its four parts, names no Event, and only one of them is the controller's; whether the
    /// owner exists is not looked at.
    B7 = "B7", Answers, at(META, "ValidateOwnerReferences"), "07f 08a 15b";
    /// A finalizer's name is qualified, or, for kinds that Kubernetes serves itself, one of its own; `orphan` and
    /// `foregroundDeletion` exclude each other.
    B8 = "B8", Answers, at(META, "ValidateFinalizers"), "15b 29";
    /// Nothing is created in a namespace that is being deleted (403); in one that is not there nothing is created or
    /// updated (404), and deletes work.
    B9 = "B9", Answers, at(NSL, "Admit"), "09d 09e";

    // C. The garbage collector's graph.
    /// The graph has one node for each uid; who depends on it is known by uid only.
    C1 = "C1", Fires, at(GB, "processGraphChanges"), "";
    /// An owner that the graph does not have gets a virtual node, which is looked up before anything else is
    /// concluded.
    C2 = "C2", Tells, at(GB, "addDependentToOwners"), "22a 36";
    /// A reference whose version, kind, name or namespace is not the observed owner's sends its object to be
    /// verified.
    C3 = "C3", Tells, at(GB, "addDependentToOwners"), "08a 08b 08c";
    /// That an object is being deleted, and that it waits for its dependents, is never forgotten while its node
    /// lives.
    C4 = "C4", Tells, at(GRAPH, "markDeletingDependents"), "";
    /// A mark that appears together with `orphan` starts the orphaning, and wins over foreground deletion.
    C5 = "C5", Tells, at(GB, "processTransitions"), "03 25";
    /// A mark and `foregroundDeletion`, seen together for the first time, send all dependents and then the object
    /// itself to be handled.
    C6 = "C6", Tells, at(GB, "processTransitions"), "02 04";
    /// An update that takes a blocking reference off, or makes it not block, sends that owner to be handled; one that
    /// adds a reference sends nobody.
    C7 = "C7", Tells, at(GB, "addUnblockedOwnersToDeleteQueue"), "19b 23 24";
    /// When an object is gone, its dependents are handled, and every owner that waits for it.
    C8 = "C8", Tells, at(GB, "processGraphChanges"), "01 04b 25";
    /// When a virtual owner is found absent, its dependents are handled; if others know it by other coordinates,
    /// these are tried next.
    C9 = "C9", Tells, at(GB, "getAlternateOwnerIdentity"), "36";
    /// What the collector watches, and what owners it can look up, follows discovery every 30 s.
    C10 = "C10", Fires, at(GC, "Sync"), "10 34";

    // D. The garbage collector: what becomes of an item (`attemptToDeleteItem`).
    /// An object whose deletion is under way is not deleted again, and its dependents stay until it is gone.
    D0 = "D0", Fires, at(GC, "attemptToDeleteItem"), "17b 25";
    /// An object that is not there any more under its uid is taken for deleted.
    D1 = "D1", Fires, at(GC, "attemptToDeleteItem"), "16a 22a";
    /// An object that waits for its dependents is only asked whether they are gone.
    D2 = "D2", Tells, at(GC, "attemptToDeleteItem"), "04";
    /// An object without owner references is nobody's dependent.
    D3 = "D3", Tells, at(GC, "attemptToDeleteItem"), "";
    /// Each owner is looked up in the object's own namespace: it is absent, waits for its dependents, or is solid;
    /// one whose kind cannot be looked up leaves the whole object alone.
    D4 = "D4", Tells, at(GC, "classifyReferences"), "08a 08b 08c 36";
    /// While an owner is solid the object stays, and only the references to absent and waiting owners are taken off.
    D5 = "D5", Fires, at(GC, "attemptToDeleteItem"), "06a 06b 06g 08a 08b";
    /// An object with dependents of its own whose owner waits for it is deleted in the foreground; where a ring
    /// shows, its references are made not to block first.
    D6 = "D6", Fires, at(GC, "attemptToDeleteItem"), "05b 07b 20b 24 25";
    /// An object with no solid owner is deleted, by the policy that its own finalizers tell, else in the background.
    D7 = "D7", Fires, at(GC, "attemptToDeleteItem"), "01 02 29";
    /// A write that is refused is tried again, after ever longer pauses.
    D8 = "D8", Tells, at(GC, "attemptToDeleteWorker"), "13a";
    /// How many requests a second the collector may send.
    D9 = "D9", Left, at(GC, "Run"), "20d 20e 20f";
    /// A collector that starts knows nothing from before, and derives everything from what it lists.
    D10 = "D10", Left, at(GC, "Run"), "16a 22a";

    // E. The garbage collector: the end of a foreground deletion.
    /// Whoever has a reference with the owner's uid and `blockOwnerDeletion` blocks it, whatever else the reference
    /// says.
    E1 = "E1", Tells, at(GRAPH, "blockingDependents"), "05 05b 08a";
    /// With no blocking dependent left `foregroundDeletion` is taken off; dependents that do not block may outlive
    /// the owner.
    E2 = "E2", Fires, at(GC, "processDeletingDependentsItem"), "02 05 05b 17c 23 24";
    /// While dependents block, they are sent to be deleted, and the owner waits.
    E3 = "E3", Fires, at(GC, "processDeletingDependentsItem"), "04 04b 17a 25";
    /// A dependent that is never deleted, because its owner cannot be looked up or is itself, blocks for ever.
    E4 = "E4", Tells, at(GRAPH, "blockingDependents"), "07f 08a 08c";
    /// Only `foregroundDeletion` is taken off; the owner's other finalizers are not waited for, nor touched.
    E5 = "E5", Tells, at(GC, "processDeletingDependentsItem"), "14a 17a";
    /// An owner that loses `foregroundDeletion` by another hand goes at once, and its dependents are then deleted as
    /// those of any absent owner.
    E6 = "E6", Tells, at(GB, "processGraphChanges"), "14b 25";

    // F. The garbage collector: orphaning.
    /// Every dependent loses its reference to the owner, also one that is being deleted; when all have, `orphan` is
    /// taken off the owner.
    F1 = "F1", Fires, at(GC, "attemptToOrphanWorker"), "03 07c 18d 20f 25";
    /// A dependent that the graph has not seen yet is missed, and collected later.
    F2 = "F2", Left, at(GC, "attemptToOrphanWorker"), "";
    /// An orphaned ReplicaSet or pod is adopted by a new controller whose selector matches.
    F3 = "F3", Fires, at(REFS, "ClaimObject"), "03";

    // G. Namespaces.
    /// The first delete marks a namespace, and it stays while `spec.finalizers` hold it; further deletes change
    /// nothing until these are empty.
    G1 = "G1", Answers, at(NSR, "Delete"), "09a 09c";
    /// When the namespace controller looks again.
    G2 = "G2", Left, at(NSC, "syncNamespaceFromKey"), "09a 09h 10 13b";
    /// A namespace that is not being deleted, or that `spec.finalizers` do not hold, is none of the namespace
    /// controller's business.
    G3 = "G3", Tells, at(NSD, "Delete"), "09e";
    /// Pods are deleted first, and while one is left nothing else in the namespace is.
    G4 = "G4", Fires, at(NSD, "deleteAllContent"), "09b 09h 39";
    /// Then every other kind is deleted in the background, which takes `orphan` and `foregroundDeletion` off.
    G5 = "G5", Fires, at(NSD, "deleteAllContentForGroupVersionResource"), "09a 09d";
    /// What the namespace's conditions say of all this.
    G6 = "G6", Fires, at(CONDITIONS, "Update"), "09a 09b 10 13b";
    /// When nothing is left, and every group could be discovered, `kubernetes` is taken off `spec.finalizers`.
    G7 = "G7", Fires, at(NSD, "finalizeNamespace"), "09c 10";
    /// A namespace that is finalized by force leaves its content in storage.
    G8 = "G8", Answers, at(NSR, "Update"), "09e";
    /// A namespace may own objects, and waits for them as any owner.
    G9 = "G9", Tells, at(GRAPH, "blockingDependents"), "";

    // H. CustomResourceDefinitions.
    /// The first delete of a definition puts its clean-up finalizer on.
    H1 = "H1", Answers, at(CRDR, "Delete"), "11a";
    /// The instances are deleted in storage, past all webhooks; when none is left, the definition is let go.
    H2 = "H2", Fires, at(CRDF, "sync"), "11a 11d";
    /// While its definition is being deleted, no instance is created: 405.
    H3 = "H3", Answers, at(CRH, "serveResource"), "11a";
    /// Instances are no dependents of their definition: they go under every policy.
    H4 = "H4", Answers, at(CRDR, "Delete"), "11d";
    /// A definition whose finalizer is taken off by hand goes, and its instances are out of reach, but still stored.
    H5 = "H5", Answers, at(CRDF, "sync"), "11b";
    /// Dependents of instances are collected as those of any owner.
    H6 = "H6", Tells, at(GC, "Sync"), "11a";
    /// Instances that cannot be converted cannot be listed, and so not be deleted.
    H7 = "H7", Fires, at(CRDF, "deleteInstances"), "34";

    // I. Protection, and other controllers.
    /// Claims and volumes get their protection finalizers when they are created.
    I1 = "I1", Left, at(INUSE, "Admit"), "12a 12b";
    /// A claim stays while a pod that was put on a node uses it, in whatever phase.
    I2 = "I2", Fires, at(PVCP, "podUsesPVC"), "12a 19b";
    /// A volume stays while it is bound; it is released when its claim is gone.
    I3 = "I3", Fires, at(PVP, "isBeingUsed"), "12b 27 41";
    /// Finalizers of attachers, provisioners and load balancers are taken off by processes outside kube-controller-
    /// manager.
    I4 = "I4", Tells, None, "27 32";
    /// A pod whose Job is gone, is being deleted or does not control it any more is no longer tracked.
    I5 = "I5", Fires, at(JOB, "syncOrphanPod"), "18b 18d 18e";
    /// The token Secrets of a ServiceAccount that is gone are deleted.
    I6 = "I6", Fires, at(TOKENS, "syncServiceAccount"), "18a";
    /// A StatefulSet's retention policy makes it, or its pods, the owner of its claims.
    I7 = "I7", Fires, at(STS, "UpdatePodClaimForRetentionPolicy"), "19a 19b";
    /// The Endpoints of a Service that is gone are deleted; EndpointSlices are collected.
    I8 = "I8", Fires, at(ENDPOINTS, "syncService"), "32";
    /// A pod that has no kubelet to end it any more is deleted with grace 0; its finalizers stay.
    I9 = "I9", Fires, at(PODGC, "gc"), "09b 26c";
    /// Workload controllers make nothing new for an owner that is being deleted.
    I10 = "I10", Fires, at(RS, "manageReplicas"), "19b 39";
    /// A node whose kubelet has posted nothing for too long is no longer ready, and neither are its pods.
    I11 = "I11", Fires, at(NLC, "monitorNodeHealth"), "";
    /// A node that is not heard of is tainted as unreachable; when it is ready again, the taint goes.
    I12 = "I12", Fires, at(NLC, "processTaintBaseEviction"), "";
    /// The pods of an unreachable node are deleted when the time for which they tolerate that is over.
    I13 = "I13", Fires, at(EVICTION, "processPodOnNode"), "";
    /// A kubelet that can be heard of again posts that its node, and its pods, are ready.
    I14 = "I14", Fires, at(NODE_STATUS, "updateNodeStatus"), "";

    // What the catalogue and a kubelet do.
    /// A finalizer that only the catalogue knows is taken off when its controller runs and is taken to be done.
    CAT = "CAT", Fires, None, "";
    /// A pod is evicted when the one PodDisruptionBudget that selects it can spare it.
    EVICT = "EVICT", Answers, at(POD_EVICTION, "EvictionREST.Create"), "";
    /// The kubelet starts a pod that was put on its node.
    POD_RUN = "POD-RUN", Fires, at(KUBELET, "SyncPod"), "";

    // Longhorn.
    /// A longhorn-manager handles the objects of its own node, and those of nodes that are unavailable.
    RESP = "RESP", Tells, at(LHC, "isControllerResponsibleFor"), "";
    /// When a data engine is turned off and no engine of it is left, its instance managers are deleted in the foreground, those
    /// that are being deleted already, too.
    SET_1 = "SET-1", Fires, at(LHST, "updateDataEngine"), "";
    /// Any engine in the status of an instance manager keeps a data engine from being turned off, whatever its state.
    SET_1_REFUSED = "SET-1'", Fires, at(LHDS, "AreAllEngineInstancesStopped"), "";
    /// A data engine that is turned on gets its instance managers from the node controller.
    SET_2 = "SET-2", Fires, at(LHST, "updateDataEngine"), "";
    /// The pod of an instance manager that is not found is deleted.
    IM_0 = "IM-0", Fires, at(LHIM, "syncInstanceManager"), "";
    /// For an instance manager that is being deleted only the pod is deleted: no status is written, and no pod is
    /// started.
    IM_1 = "IM-1", Fires, at(LHIM, "syncInstanceManager"), "";
    /// State and address of an instance manager are those of its pod.
    IM_2 = "IM-2", Fires, at(LHIM, "syncStatusWithPod"), "";
    /// A v2 instance manager that is stopped waits while another one of its node is not.
    IM_3 = "IM-3", Tells, at(LHIM, "canProceedWithInstanceManagerSync"), "";
    /// Of an instance manager on a node that is down, the state is unknown.
    IM_4 = "IM-4", Fires, at(LHIM, "syncStatusWithNode"), "";
    /// An instance manager that does not run has no instances.
    IM_5 = "IM-5", Tells, at(LHIM, "syncInstanceStatus"), "";
    /// An instance manager that stopped or failed gets a new pod, unless its node is cordoned.
    IM_6 = "IM-6", Fires, at(LHIM, "handlePod"), "";
    /// While an instance manager runs, a PodDisruptionBudget of its name protects its pod; on a cordoned node it goes when no volume is
    /// attached there and each replica has a healthy one that is protected elsewhere.
    IM_7 = "IM-7", Fires, at(LHIM, "syncInstanceManagerPDB"), "";
    /// Orphans of the node are deleted when the instance manager does not run, or has their instance no longer.
    IM_8 = "IM-8", Fires, at(LHIM, "syncOrphans"), "";
    /// What the process of a running instance manager runs is written into its status.
    IM_M = "IM-M", Fires, at(LHIM, "InstanceManagerMonitor.pollAndUpdateInstanceMap"), "";
    /// An instance of which the Engine or Replica is gone, or is certain to be elsewhere, becomes an orphan.
    IM_M1 = "IM-M1", Fires, at(LHIM, "InstanceManagerMonitor.createOrphanForInstances"), "";
    /// An orphan's condition says whether its instance exists.
    ORP_S = "ORP-S", Fires, at(LHOR, "updateInstanceStateCondition"), "";
    /// In longhorn-manager#3746 an orphan whose instance manager is being deleted is finalized at once.
    ORP_A4 = "ORP-A4'", Fires, at(LHOR, "getRunningInstanceManagerClientForOrphan"), "";
    /// Since longhorn-manager#3719 an orphan's instance is deleted, and the orphan finalized whether that worked or not.
    ORP_A6 = "ORP-A6", Fires, at(LHOR, "cleanupOrphanedInstance"), "";
    /// Since longhorn-manager#3719 an orphan is finalized even if its instance manager cannot be dialled.
    ORP_A5 = "ORP-A5", Fires, at(LHOR, "cleanupOrphanedInstance"), "";
    /// Whoever took an orphan over from an unavailable node finalizes it and touches nothing.
    ORP_B1 = "ORP-B1", Fires, at(LHOR, "cleanupOrphanedResource"), "";
    /// An orphan whose instance was scheduled back to its node is finalized.
    ORP_B2 = "ORP-B2", Fires, at(LHOR, "cleanupOrphanedInstance"), "";
    /// Without a running instance manager on the node nothing can be cleaned up, and the orphan is finalized.
    ORP_B3 = "ORP-B3", Fires, at(LHOR, "getRunningInstanceManagerClientForOrphan"), "";
    /// If the running instance manager is another one than the orphan names, the orphan is finalized.
    ORP_B4 = "ORP-B4", Fires, at(LHOR, "getRunningInstanceManagerClientForOrphan"), "";
    /// Before #3719 the instance manager had to be dialled first, and an orphan stayed as long as nobody answered.
    ORP_B5 = "ORP-B5", Fires, at(LHOR, "getRunningInstanceManagerClientForOrphan"), "";
    /// An orphan's instance is deleted in the process of its instance manager.
    ORP_B6 = "ORP-B6", Fires, at(LHOR, "cleanupOrphanedInstance"), "";
    /// When the instance manager has the instance no longer, the orphan is finalized.
    ORP_B7 = "ORP-B7", Fires, at(LHOR, "confirmOrphanInstanceCleanup"), "";
    /// An orphan whose parameters are incomplete fails for ever.
    ORP_B8 = "ORP-B8", Fires, at(LHOR, "extractOrphanedInstanceInfo"), "";
    /// An orphan of data is finalized when the data is deleted, or cannot be.
    ORP_D = "ORP-D", Fires, at(LHOR, "deleteOrphanedReplicaDataStore"), "";
    /// Since v1.11.1 an orphan's instance manager is looked up by the name that the orphan records.
    ORP_L = "ORP-L", Tells, at(LHOR, "getRunningInstanceManagerClientForOrphan"), "";
    /// A Longhorn node that is being deleted is finalized at once.
    NODE_1 = "NODE-1", Fires, at(LHND, "syncNode"), "";
    /// A Longhorn node whose Kubernetes node is gone is deleted.
    NODE_1B = "NODE-1b", Fires, at(LHKN, "syncKubernetesNode"), "";
    /// A node is ready when Kubernetes' node is, and its longhorn-manager runs.
    NODE_2 = "NODE-2", Fires, at(LHND, "setReadyAndSchedulableConditions"), "";
    /// Every data engine that is on gets an instance manager; one that is being deleted counts as there.
    NODE_3 = "NODE-3", Fires, at(LHND, "syncInstanceManagers"), "";
    /// A block disk is looked at through the instance manager that says it runs.
    NODE_4 = "NODE-4", Fires, at(LHDM, "collectDiskData"), "";
    /// A disk's conditions are what the disk monitor saw.
    NODE_5 = "NODE-5", Fires, at(LHND, "updateDiskStatusSchedulableCondition"), "";
    /// The instance orphans of a node that is evicted are deleted.
    NODE_6 = "NODE-6", Fires, at(LHND, "deleteOrphansForEngineAndReplicaInstances"), "";
    /// Since v1.9.2 instance orphans are deleted whose instance manager is gone, or is being deleted.
    NODE_O = "NODE-O", Fires, at(LHND, "deleteOrphansForEngineAndReplicaInstances"), "";
    /// The process of an engine or replica that is wanted is started in the instance manager of its node.
    INST_C = "INST-C", Fires, at(LHIH, "InstanceHandler.createInstance"), "";
    /// The process of an engine or replica that is not wanted any more is ended.
    INST_D = "INST-D", Fires, at(LHIH, "InstanceHandler.deleteInstance"), "";
    /// The state of an engine or replica is what its instance manager's status has of it.
    INST_S = "INST-S", Fires, at(LHIH, "InstanceHandler.syncStatusWithInstanceManager"), "";
    /// Before an engine goes, its process is ended by its instance manager, which is dialled.
    ENG_1 = "ENG-1", Fires, at(LHEN, "EngineController.DeleteInstance"), "";
    /// An engine goes without its process being ended where its instance manager is gone or does not run, or where a failure counts
    /// for nothing: the process, if it still runs, outlives it.
    ENG_1_SKIPPED = "ENG-1'", Fires, at(LHEN, "EngineController.DeleteInstance"), "";
    /// Before a replica goes, its process is ended by its instance manager, which is dialled.
    REP_1 = "REP-1", Fires, at(LHRE, "ReplicaController.DeleteInstance"), "";
    /// A replica goes without its process being ended where its instance manager is gone or does not run, or where a failure counts
    /// for nothing: the process, if it still runs, outlives it.
    REP_1_SKIPPED = "REP-1'", Fires, at(LHRE, "ReplicaController.DeleteInstance"), "";
    /// A volume that is being deleted deletes its snapshots, engines, replicas, claim, volume and attachment, and goes when its engines
    /// and replicas have gone. Replicas of the v2 data engine are deleted after the engines. Until v1.3.0 it waited for snapshots, too.
    VOL_1 = "VOL-1", Fires, at(LHVO, "syncVolume"), "";
    /// A snapshot goes at once when its volume is gone or, but for v1.3.0, is being deleted.
    SNAP_V = "SNAP-V", Fires, at(LHSN, "isVolumeDeletedOrBeingDeleted"), "";
    /// A snapshot right below the volume's head cannot be purged, and gives its attachment ticket back.
    SNAP_H = "SNAP-H", Fires, at(LHSN, "reconcile"), "";
    /// While the setting `disable-snapshot-purge` is on, no snapshot is purged, and attachment tickets are given back.
    SNAP_P = "SNAP-P", Fires, at(LHSN, "reconcile"), "";
    /// For the purge the volume is attached by a ticket of the snapshot's own; while the engine does not run it fails each time.
    SNAP_T = "SNAP-T", Fires, at(LHSN, "handleAttachmentTicketCreation"), "";
    /// A snapshot is purged by its engine, and goes when the engine's status does not have it.
    SNAP_1 = "SNAP-1", Fires, at(LHSN, "handleSnapshotDeletion"), "";
    /// Longhorn's own VolumeAttachment goes when its volume is gone.
    VA_1 = "VA-1", Fires, at(LHVA, "reconcile"), "";
    /// A share manager deletes its pod and its ConfigMap, and goes.
    SM_1 = "SM-1", Fires, at(LHSM, "syncShareManager"), "";
    /// An engine image is let go at once; deleted in the foreground, it waits for its DaemonSet.
    EI_1 = "EI-1", Fires, at(LHEI, "syncEngineImage"), "";
    /// A backing image that is being deleted waits for replicas that use it, for a data source that has not handed its file over,
    /// and for the instance managers that have a v2 copy.
    BI_1 = "BI-1", Fires, at(LHBI, "syncBackingImage"), "";
    /// Only a backing image that is not being deleted gets a place among a backing image manager's files.
    BI_2 = "BI-2", Fires, at(LHBI, "handleBackingImageManagers"), "";
    /// A data source that is being deleted before its file was handed over fails, and waits until the file is deleted.
    BIDS_1 = "BIDS-1", Fires, at(LHBD, "syncBackingImageDataSource"), "";
    /// A backing image manager that is being deleted is finalized as soon as its pod is deleted.
    BIM_1 = "BIM-1", Fires, at(LHBM, "syncBackingImageManager"), "";
    /// A backing image manager that runs deletes the file of a data source that failed.
    BIM_2 = "BIM-2", Fires, at(LHBM, "prepareBackingImageFiles"), "";
    /// A backup that is being deleted is deleted at its target first; one that cannot tell its target fails for ever.
    BKP_1 = "BKP-1", Fires, at(LHBK, "reconcile"), "";
    /// A support bundle that is being deleted says so, loses its manager, and is finalized.
    SB_1 = "SB-1", Fires, at(LHSB, "reconcile"), "";
    /// The uninstaller begins when the setting `deleting-confirmation-flag` is true, and, without `--force`, when longhorn-manager is
    /// ready and no volume is in use.
    UN_0 = "UN-0", Fires, at(LHUN, "checkPreconditions"), "";
    /// While longhorn-manager is ready, the uninstaller deletes kind after kind, each when nothing of the one before is left.
    UN_1 = "UN-1", Fires, at(LHUN, "deleteCRs"), "";
    /// Then it deletes support bundles.
    UN_2 = "UN-2", Fires, at(LHUN, "deleteManagerDependentResources"), "";
    /// Then longhorn-manager.
    UN_3 = "UN-3", Fires, at(LHUN, "deleteManager"), "";
    /// Then what longhorn-manager made again meanwhile: backup targets.
    UN_4 = "UN-4", Fires, at(LHUN, "deleteRecreatedCRs"), "";
    /// Then the CSI driver.
    UN_5 = "UN-5", Fires, at(LHUN, "deleteDriver"), "";
    /// Then, without longhorn-manager, whatever is still left, and takes Longhorn's finalizer off most of it.
    UN_6 = "UN-6", Fires, at(LHUN, "uninstall"), "";
    /// The webhook configurations come last.
    UN_7 = "UN-7", Fires, at(LHUN, "deleteWebhookConfiguration"), "";
    /// The mutating webhook puts Longhorn's finalizer on what is not being deleted, at each write.
    ADM_1 = "ADM-1", Tells, at(LHWC, "GetLonghornFinalizerPatchOpIfNeeded"), "";
    /// The mutating webhook makes a new instance manager its node's, and a new snapshot or attachment its volume's.
    ADM_2 = "ADM-2", Fires, at(LHWI, "Create"), "";
    /// A Longhorn node is not updated while spec and status do not name the same disks; since v1.6.0 its finalizer may be taken off.
    ADM_3 = "ADM-3", Fires, at(LHWN, "Update"), "";
    /// Since v1.10.0 a Longhorn node is not deleted while it may be scheduled to, or something may be on it.
    ADM_4 = "ADM-4", Fires, at(LHWN, "Delete"), "";
    /// A disk is not taken away while it may be scheduled to, or something lies on it.
    ADM_5 = "ADM-5", Fires, at(LHWN, "Update"), "";
    /// A data engine is not turned off while an instance manager's status has one of its engines.
    ADM_6 = "ADM-6", Fires, at(LHWS, "validateSetting"), "";
    /// A setting is not deleted.
    ADM_7 = "ADM-7", Fires, at(LHWS, "Delete"), "";
    /// A backing image is not deleted while a replica uses it.
    ADM_8 = "ADM-8", Fires, at(LHWB, "Delete"), "";
}
