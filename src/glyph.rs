//! Small pictures as paths: one for each kind that Kubernetes users know, and the signs beside words. All are lines of one
//! weight in a square of 16, so that they stand well beside one another.

use crate::messages::Standing;

/// A finalizer.
pub const LOCK: &str = "M4 7.5h8V13H4zM5.5 7.5V5.5a2.5 2.5 0 0 1 5 0v2";
/// Being deleted, and never gone.
pub const STUCK: &str = "M3 3l10 10M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2z";
/// Being deleted.
pub const DELETING: &str = "M3.5 5h9M6.5 5V3h3v2M5 5l.6 8h4.8L11 5";
/// Not there, or not acting.
pub const GHOST: &str = "M8 2.5v0M11.9 4.1v0M13.5 8v0M11.9 11.9v0M8 13.5v0M4.1 11.9v0M2.5 8v0M4.1 4.1v0";
/// New.
pub const CREATED: &str = "M8 3v10M3 8h10";
/// A person wrote a note about it.
pub const NOTE: &str = "M2.5 3h11v7.5H8L5 13.5v-3H2.5zM5.2 5.7h5.6M5.2 7.9h3.6";
/// As it should be.
pub const DONE: &str = "M3 8.5l3.2 3.2L13 5";
/// Not as it should be.
pub const WARNING: &str = "M8 2.5L14 13H2zM8 6.5v3M8 11v.4";

/// What shows a standing, beside its words; `None` where there is nothing to show.
pub fn of_standing(standing: Standing) -> Option<&'static str> {
    Some(match standing {
        Standing::Present | Standing::Runs | Standing::Answers => return None,
        Standing::Deleting => DELETING,
        Standing::Stuck => STUCK,
        Standing::Gone | Standing::Absent | Standing::Silent | Standing::Stopped => GHOST,
        Standing::Created => CREATED,
        Standing::Schedulable => DONE,
        Standing::Unschedulable | Standing::Unreachable => WARNING,
    })
}

/// What shows a kind, by its name. Kinds that are alike share a picture, and a kind that is nobody's has one as well.
pub fn of_kind(kind: &str) -> &'static str {
    match kind {
        "Pod" | "PodTemplate" => "M8 2l5.2 3v6L8 14l-5.2-3V5zM8 8l5.2-3M8 8L2.8 5M8 8v6",
        "Deployment" => "M12.9 6.5A5.2 5.2 0 1 0 13.2 8.6M13.3 3v3.6H9.7M6.3 6.3h3.4v3.4H6.3z",
        "ReplicaSet" | "ReplicationController" | "Replica" => "M2.5 5.5h8v8h-8zM5.5 5.5v-3h8v8h-3",
        "StatefulSet" | "ControllerRevision" => "M3 2.5h10v3H3zM3 6.5h10v3H3zM3 10.5h10v3H3z",
        "DaemonSet" => "M2 4.5h3v3H2zM6.5 4.5h3v3h-3zM11 4.5h3v3h-3zM2 11.5h12",
        "Job" => "M3 3h10v10H3zM5.5 8l2 2 3.2-4",
        "CronJob" => "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 5v3l2.2 1.6",
        "Service" => {
            "M6.5 2.5h3v2.5h-3zM8 5v3M8 8l-4.5 3M8 8l4.5 3M8 8v3M2.5 11h2v2.5h-2zM7 11h2v2.5H7zM11.5 11h2v2.5h-2z"
        }
        "Endpoints" | "EndpointSlice" => {
            "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 6.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4"
        }
        "Ingress" | "IngressClass" | "Gateway" | "HTTPRoute" => "M9 2.5h4.5v11H9M2.5 8h7M7 5.5L9.5 8 7 10.5",
        "ConfigMap" => "M4 2.5h5.5l3 3v8H4zM9.5 2.5v3h3M6 8.5h4.5M6 11h4.5",
        "Secret" => "M5.5 7.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4M7.4 8.3L13 2.7M10.3 5.4l2.2 2.2",
        "ServiceAccount" | "User" => {
            "M8 2.5a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2M3 13.5c.4-2.9 2.2-4 5-4s4.6 1.1 5 4"
        }
        "Role" | "ClusterRole" => "M8 2.3l5 1.9v3.6c0 3-2 4.9-5 6-3-1.1-5-3-5-6V4.2z",
        "RoleBinding" | "ClusterRoleBinding" => {
            "M8 2.3l5 1.9v3.6c0 3-2 4.9-5 6-3-1.1-5-3-5-6V4.2zM5.8 8l1.6 1.6 2.8-3.2"
        }
        "Namespace" => "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M6.5 6.5h3v3h-3z",
        "Node" => "M2.5 3h11v4.3h-11zM2.5 8.7h11V13h-11zM5 5.1v.1M5 10.8v.1",
        "PersistentVolume" | "Volume" => {
            "M3 4.5c0-1.2 2.2-2 5-2s5 .8 5 2-2.2 2-5 2-5-.8-5-2M3 4.5v7c0 1.2 2.2 2 5 2s5-.8 5-2v-7"
        }
        "PersistentVolumeClaim" => {
            "M3 9c0-1 2.2-1.7 5-1.7s5 .7 5 1.7-2.2 1.7-5 1.7S3 10 3 9M3 9v2.8c0 1 2.2 1.7 5 1.7s5-.7 5-1.7V9M8 1.5v3.7M6.3 3.6L8 5.3l1.7-1.7"
        }
        "StorageClass" | "CSIDriver" | "CSINode" | "BackingImage" | "EngineImage" => {
            "M8 2.3l6 3-6 3-6-3zM2 8.1l6 3 6-3M2 10.8l6 3 6-3"
        }
        "VolumeAttachment" => "M6.5 9.5l3-3M5 8L3.5 9.5a2.1 2.1 0 0 0 3 3L8 11M8 5l1.5-1.5a2.1 2.1 0 0 1 3 3L11 8",
        "CustomResourceDefinition" => {
            "M6 2.5c-1.8 0-2 .8-2 2v1.8c0 1-.5 1.7-1.5 1.7 1 0 1.5.7 1.5 1.7v1.8c0 1.2.2 2 2 2M10 2.5c1.8 0 2 .8 2 2v1.8c0 1 .5 1.7 1.5 1.7-1 0-1.5.7-1.5 1.7v1.8c0 1.2-.2 2-2 2"
        }
        "APIService" => "M5.2 4.7L2 8l3.2 3.3M10.8 4.7L14 8l-3.2 3.3M9.2 3L6.8 13",
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            "M2.8 9.5a3 3 0 1 0 5.7 1.3V5.2a2.3 2.3 0 1 1 2.8 2.2M11 9.5v3.5M9.3 11.2h3.4"
        }
        "Lease" => "M4 2.5h8M4 13.5h8M5 2.5c0 3 3 3.5 3 5.5s-3 2.5-3 5.5M11 2.5c0 3-3 3.5-3 5.5s3 2.5 3 5.5",
        "HorizontalPodAutoscaler" => "M2 8h12M4.5 5.5L2 8l2.5 2.5M11.5 5.5L14 8l-2.5 2.5",
        "NetworkPolicy" | "PodDisruptionBudget" => {
            "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.7h11M8 3v3.3M5.5 6.3v3.4M10.5 6.3v3.4M8 9.7V13"
        }
        "ResourceQuota" | "LimitRange" => "M3 12.5a6.2 6.2 0 1 1 10 0M8 9.5l2.8-3.2",
        "Event" => "M3.5 11.5h9l-1-1.6V7a3.5 3.5 0 0 0-7 0v2.9zM6.8 13.5h2.4",
        "InstanceManager" | "ShareManager" | "BackingImageManager" => "M2.5 3h11v10h-11zM5 6l2 2-2 2M8.5 10.3H11",
        "Engine" => "M2.5 6.5h2L6 4.5h4l1.5 2h2v5h-2l-1 1.5h-5l-1-1.5h-2z",
        "Orphan" => "M5 8L3.5 9.5a2.1 2.1 0 0 0 3 3L8 11M8 5l1.5-1.5a2.1 2.1 0 0 1 3 3L11 8M3.2 3.2l2 2M10.8 10.8l2 2",
        "Setting" => "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3",
        "Snapshot" | "VolumeSnapshot" | "VolumeSnapshotContent" => {
            "M2.5 5h3l1-1.5h3l1 1.5h3v8h-11zM8 6.8a2.1 2.1 0 1 1 0 4.2 2.1 2.1 0 0 1 0-4.2"
        }
        "Backup" | "BackupVolume" | "BackupTarget" | "SystemBackup" => "M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 9h3",
        "Address" => "M8 14s4.5-4.3 4.5-7.7a4.5 4.5 0 0 0-9 0C3.5 9.7 8 14 8 14zM8 6.2v.1",
        "Process" | "Controller" => {
            "M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M8 1.8v1.9M8 12.3v1.9M1.8 8h1.9M12.3 8h1.9M3.6 3.6l1.4 1.4M11 11l1.4 1.4M3.6 12.4L5 11M11 5l1.4-1.4"
        }
        "Disk" => "M2.5 9h11v4h-11zM2.5 9l2-6h7l2 6M11 11v.1",
        _ => "M8 2.5L13.5 8 8 13.5 2.5 8z",
    }
}
