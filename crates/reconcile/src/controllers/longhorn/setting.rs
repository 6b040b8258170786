//! Longhorn's setting controller, as far as it deletes: `controller/setting_controller.go`.

use super::running_manager;
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, InstanceManager, Kind, Name, Object, Outcome, Process, Propagation,
    Request, Rule, Setting, Wait, World, kinds,
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
        let goal = Fact::LeftState(object.key, Name::new(Setting::NOT_APPLIED));
        match unbusy(world, data_engine) {
            Unbusy::Now => {}
            Unbusy::When(on) if !setting.applied => return Outcome::Wait(Wait { rule: Rule("SET-1'"), goal, on }),
            Unbusy::When(_) | Unbusy::Later => return applied(object, setting, false, Rule("SET-1'")),
        }
        let left = managers(world, data_engine).filter(|(object, _)| !object.deleting_dependents());
        let deletes: Vec<Request> =
            left.map(|(object, _)| Request::delete(object, Some(Propagation::Foreground))).collect();
        match deletes.is_empty() {
            true => applied(object, setting, true, Rule("SET-1")),
            false => write_if_admitted(world, object, Rule("SET-1"), deletes),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::LeftState(key, state) = fact else {
            return None;
        };
        let object = world.find(*key).filter(|_| state.as_str() == Setting::NOT_APPLIED)?;
        let data_engine = data_engine(object.key.name)?;
        let Facet::Setting(setting) = &object.facet else { return None };
        let when = match unbusy(world, data_engine) {
            _ if setting.value.as_str() != "false" => Condition::always(),
            Unbusy::Now => Condition::always(),
            Unbusy::When(gone) => gone,
            Unbusy::Later => return None,
        };
        let evidence = vec![Evidence::new(*key, "status/applied", "false")];
        Some(Provided::new(Rule("SET-1'"), self.process(world, object), when, evidence))
    }
}

/// The instance managers of a data engine.
fn managers<'w>(
    world: &'w World,
    data_engine: &'static str,
) -> impl Iterator<Item = (&'w Object, &'w InstanceManager)> {
    world.of_kind(kinds::longhorn_instance_manager()).filter_map(move |(_, object)| match &object.facet {
        Facet::InstanceManager(manager) if manager.data_engine.as_str() == data_engine => Some((&**object, manager)),
        _ => None,
    })
}

/// When no instance manager of a data engine has an engine in its status any more.
enum Unbusy {
    /// None has one.
    Now,
    /// Those that have one are being deleted, so that nobody takes it off any more: when they are gone.
    When(Condition),
    /// When the engines of a live one are ended.
    Later,
}

/// Any engine counts, whatever its state, and also one of an instance manager that is being deleted.
fn unbusy(world: &World, data_engine: &'static str) -> Unbusy {
    let has_engine = |manager: &InstanceManager| manager.instances.iter().any(|process| process.engine);
    let busy: Vec<&Object> =
        managers(world, data_engine).filter(|(_, it)| has_engine(it)).map(|(object, _)| object).collect();
    match busy.is_empty() {
        true => Unbusy::Now,
        false if busy.iter().all(|object| object.deleting()) => {
            Unbusy::When(Condition::all(busy.into_iter().map(|object| Fact::Gone(object.into()))))
        }
        false => Unbusy::Later,
    }
}

/// The data engine that a setting turns on and off.
pub(super) fn data_engine(setting: Name) -> Option<&'static str> {
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
