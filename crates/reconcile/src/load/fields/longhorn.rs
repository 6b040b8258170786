//! The fields of Longhorn's facets.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Condition, Fields, Nothing, Text, condition, is};
use crate::{Disk, Facet, Instance, InstanceManager, LonghornNode, Name, Orphan, Setting};

pub(super) fn setting(json: &str) -> Option<Facet> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow, default)]
        value: Text<'a>,
    }
    let Fields { value } = serde_json::from_str(json).ok()?;
    Some(Facet::Setting(Setting { value: value.name() }))
}

pub(super) fn node(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    struct Spec<'a> {
        #[serde(borrow, default)]
        disks: Option<BTreeMap<Cow<'a, str>, DiskSpec<'a>>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct DiskSpec<'a> {
        #[serde(borrow)]
        disk_type: Text<'a>,
        #[serde(borrow)]
        path: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        conditions: Option<Vec<Condition<'a>>>,
        #[serde(borrow)]
        disk_status: Option<BTreeMap<Cow<'a, str>, DiskStatus<'a>>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct DiskStatus<'a> {
        #[serde(borrow)]
        conditions: Option<Vec<Condition<'a>>>,
    }
    const TAKEN_OVER: [&str; 3] = ["KubernetesNodeGone", "KubernetesNodeNotReady", "ManagerPodMissing"];
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let ready = condition(&status.conditions, "Ready");
    let reason = ready.and_then(|condition| condition.reason.0.as_deref()).unwrap_or_default();
    let states = status.disk_status.unwrap_or_default();
    let disk = |(name, disk): (&Cow<'_, str>, &DiskSpec<'_>)| {
        let conditions = states.get(name).map(|state| &state.conditions);
        let has = |kind| conditions.is_some_and(|conditions| is(condition(conditions, kind), "True"));
        Disk {
            name: Name::new(name),
            block: disk.disk_type.0.as_deref() == Some("block"),
            path: disk.path.name(),
            ready: has("Ready"),
            schedulable: has("Schedulable"),
        }
    };
    Some(Facet::LonghornNode(LonghornNode {
        unavailable: is(ready, "False") && TAKEN_OVER.contains(&reason),
        disks: spec.disks.unwrap_or_default().iter().map(disk).collect(),
    }))
}

pub(super) fn instance_manager(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        image: Text<'a>,
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow, rename = "type")]
        role: Text<'a>,
        #[serde(borrow)]
        data_engine: Text<'a>,
    }
    type Instances<'a> = Option<BTreeMap<Cow<'a, str>, IgnoredAny>>;
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        current_state: Text<'a>,
        #[serde(borrow)]
        ip: Text<'a>,
        #[serde(borrow)]
        instance_engines: Instances<'a>,
        #[serde(borrow)]
        instance_replicas: Instances<'a>,
        #[serde(borrow)]
        instances: Instances<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let maps = [status.instance_engines, status.instance_replicas, status.instances];
    let mut instances: Vec<Name> = maps.iter().flatten().flat_map(|map| map.keys().map(|key| Name::new(key))).collect();
    instances.sort_unstable();
    Some(Facet::InstanceManager(InstanceManager {
        image: spec.image.name(),
        node: spec.node.name(),
        role: spec.role.name(),
        data_engine: spec.data_engine.name(),
        state: status.current_state.name(),
        ip: status.ip.name(),
        instances,
    }))
}

pub(super) fn orphan(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow)]
        orphan_type: Text<'a>,
        #[serde(borrow)]
        data_engine: Text<'a>,
        #[serde(borrow)]
        parameters: Option<BTreeMap<Cow<'a, str>, Text<'a>>>,
    }
    let Fields { spec, .. }: Fields<Spec<'_>, Nothing> = serde_json::from_str(json).ok()?;
    let parameters = spec.parameters.unwrap_or_default();
    let parameter = |name: &str| parameters.get(name).map(Text::name).unwrap_or_default();
    Some(Facet::Orphan(Orphan {
        node: spec.node.name(),
        orphan_type: spec.orphan_type.name(),
        data_engine: spec.data_engine.name(),
        instance: parameter("InstanceName"),
        instance_manager: parameter("InstanceManager"),
    }))
}

pub(super) fn instance(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
    }
    let Fields { spec, .. }: Fields<Spec<'_>, Nothing> = serde_json::from_str(json).ok()?;
    Some(Facet::Instance(Instance { node: spec.node.name() }))
}
