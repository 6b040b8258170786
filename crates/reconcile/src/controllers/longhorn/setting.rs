//! Longhorn's setting controller, as far as it deletes: `controller/setting_controller.go`.

use super::running_manager;
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Controller, Facet, Fact, InstanceManager, Kind, Name, Object, Outcome, Process, Propagation, Request, Rule,
    Setting, World, kinds,
};

/// See the module.
pub(crate) struct SettingController;

impl Controller for SettingController {
    fn name(&self) -> &'static str {
        "setting controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_setting())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        data_engine(object.key.name).is_some()
    }

    fn process(&self, world: &World, _: &Object) -> Process {
        running_manager(world, |_| true).unwrap_or(Process::LonghornManager(Name::default()))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let (Facet::Setting(setting), Some(data_engine)) = (&object.facet, data_engine(object.key.name)) else {
            return Outcome::Idle;
        };
        if setting.value.as_str() != "false" {
            return applied(object, setting, true, Rule("SET-2"));
        }
        let managers = || {
            world.of_kind(kinds::longhorn_instance_manager()).filter_map(|(_, object)| match &object.facet {
                Facet::InstanceManager(manager) if manager.data_engine.as_str() == data_engine => {
                    Some((object, manager))
                }
                _ => None,
            })
        };
        // Any entry counts, whatever its state, and also one of an instance manager that is being deleted, which nobody takes
        // off any more.
        let busy = |manager: &InstanceManager| manager.instances.iter().any(|process| process.engine);
        if managers().any(|(_, manager)| busy(manager)) {
            return applied(object, setting, false, Rule("SET-1'"));
        }
        let left = managers().filter(|(object, _)| !object.deleting_dependents());
        let deletes: Vec<Request> =
            left.map(|(object, _)| Request::delete(object, Some(Propagation::Foreground))).collect();
        match deletes.is_empty() {
            true => applied(object, setting, true, Rule("SET-1")),
            false => write_if_admitted(world, object, Rule("SET-1"), deletes),
        }
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

/// The data engine that a setting turns on and off.
fn data_engine(setting: Name) -> Option<&'static str> {
    match setting.as_str() {
        "v1-data-engine" => Some("v1"),
        "v2-data-engine" => Some("v2"),
        _ => None,
    }
}

/// Writes `status.applied`, where it is another.
fn applied(object: &Object, setting: &Setting, applied: bool, rule: Rule) -> Outcome {
    match setting.applied == applied {
        true => Outcome::Idle,
        false => {
            let facet = Facet::Setting(Setting { applied, ..setting.clone() });
            Outcome::Write(rule, vec![Request::write(object, facet)])
        }
    }
}
