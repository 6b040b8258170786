//! The kinds that rules name, interned once: controllers ask for them in every round.

use std::sync::LazyLock;

use crate::Kind;

macro_rules! kinds {
    ($($name:ident = $group:literal, $kind:literal;)*) => {$(
        #[doc = concat!("`", $kind, "`, of the group `", $group, "`.")]
        pub fn $name() -> Kind {
            static KIND: LazyLock<Kind> = LazyLock::new(|| Kind::new($group, $kind));
            *KIND
        }
    )*};
}

kinds! {
    api_service = "apiregistration.k8s.io", "APIService";
    claim = "", "PersistentVolumeClaim";
    config_map = "", "ConfigMap";
    controller_revision = "apps", "ControllerRevision";
    daemon_set = "apps", "DaemonSet";
    definition = "apiextensions.k8s.io", "CustomResourceDefinition";
    deployment = "apps", "Deployment";
    disruption_budget = "policy", "PodDisruptionBudget";
    endpoints = "", "Endpoints";
    job = "batch", "Job";
    lease = "coordination.k8s.io", "Lease";
    longhorn_backing_image = "longhorn.io", "BackingImage";
    longhorn_backing_image_data_source = "longhorn.io", "BackingImageDataSource";
    longhorn_backing_image_manager = "longhorn.io", "BackingImageManager";
    longhorn_backup = "longhorn.io", "Backup";
    longhorn_backup_target = "longhorn.io", "BackupTarget";
    longhorn_backup_volume = "longhorn.io", "BackupVolume";
    longhorn_engine = "longhorn.io", "Engine";
    longhorn_engine_image = "longhorn.io", "EngineImage";
    longhorn_instance_manager = "longhorn.io", "InstanceManager";
    longhorn_node = "longhorn.io", "Node";
    longhorn_orphan = "longhorn.io", "Orphan";
    longhorn_replica = "longhorn.io", "Replica";
    longhorn_setting = "longhorn.io", "Setting";
    longhorn_share_manager = "longhorn.io", "ShareManager";
    longhorn_snapshot = "longhorn.io", "Snapshot";
    longhorn_volume = "longhorn.io", "Volume";
    longhorn_support_bundle = "longhorn.io", "SupportBundle";
    longhorn_volume_attachment = "longhorn.io", "VolumeAttachment";
    mutating_webhooks = "admissionregistration.k8s.io", "MutatingWebhookConfiguration";
    namespace = "", "Namespace";
    node = "", "Node";
    pod = "", "Pod";
    replica_set = "apps", "ReplicaSet";
    replication_controller = "", "ReplicationController";
    secret = "", "Secret";
    service = "", "Service";
    service_account = "", "ServiceAccount";
    stateful_set = "apps", "StatefulSet";
    validating_webhooks = "admissionregistration.k8s.io", "ValidatingWebhookConfiguration";
    volume = "", "PersistentVolume";
}
