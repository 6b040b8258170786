//! Whether a pod may be evicted: `EvictionREST.Create` in `pkg/registry/core/pod/storage/eviction.go`, and the count that it goes by,
//! `getExpectedPodCount` in `pkg/controller/disruption/disruption.go` of Kubernetes 1.33.
//!
//! The pods that a budget expects are taken to be those that it selects: the scale of their owners, which counts where a budget speaks of
//! per cent or of `maxUnavailable`, is not looked up.

use crate::{Amount, DisruptionBudget, Facet, Object, Response, World, kinds};

impl World {
    /// The refusal of an eviction, if it is refused. A pod that has ended, has not begun or is being deleted is evicted whatever the
    /// budgets say.
    pub(crate) fn refuses_eviction(&self, pod: &Object) -> Option<Response> {
        let Facet::Pod(facet) = &pod.facet else { return None };
        if pod.deleting() || matches!(facet.phase.as_str(), "Succeeded" | "Failed" | "Pending") {
            return None;
        }
        let budgets = self.of_kind(kinds::disruption_budget()).filter_map(|(_, object)| match &object.facet {
            Facet::DisruptionBudget(budget) if object.key.namespace == pod.key.namespace && budget.selects(pod) => {
                Some((object.key, budget))
            }
            _ => None,
        });
        match budgets.collect::<Vec<_>>().as_slice() {
            [] => None,
            [(key, budget)] => self.exhausted(pod, budget).then_some(Response::Disruption(*key)),
            _ => Some(Response::SeveralBudgets),
        }
    }

    /// Whether one pod less would be too few. One that is not ready is no loss while the others are enough (`IfHealthyBudget`).
    fn exhausted(&self, pod: &Object, budget: &DisruptionBudget) -> bool {
        let selected = || {
            let here = self.in_namespace(pod.key.namespace).map(|(_, object)| object);
            here.filter(|object| matches!(object.facet, Facet::Pod(_)) && budget.selects(object))
        };
        let count = |fits: &dyn Fn(&Object) -> bool| selected().filter(|object| fits(object)).count();
        let expected = count(&|_| true);
        let healthy = count(&Object::runs);
        let desired = match (budget.min_available, budget.max_unavailable) {
            (Some(least), _) => least.of(expected),
            (None, Some(most)) => expected.saturating_sub(most.of(expected)),
            (None, None) => return false,
        };
        let spared = if pod.runs() { healthy > desired } else { healthy >= desired && desired > 0 };
        !spared
    }
}

impl DisruptionBudget {
    /// Whether it is about a pod. One without a selector is about none.
    fn selects(&self, pod: &Object) -> bool {
        self.selector.as_ref().is_some_and(|selector| selector.selects(&pod.labels))
    }
}

impl Amount {
    /// How many of so many pods these are: of per cent the next whole pod (`GetScaledValueFromIntOrPercent`, rounded up).
    fn of(self, pods: usize) -> usize {
        match self {
            Self::Count(count) => count as usize,
            Self::Percent(percent) => (pods * percent as usize).div_ceil(100),
        }
    }
}
