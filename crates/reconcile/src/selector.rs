//! Label selectors.

use crate::Name;

/// A `LabelSelector`: all of its requirements must hold; an empty one selects everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Selector {
    /// `matchLabels` and `matchExpressions`.
    pub requirements: Vec<Requirement>,
}

/// One requirement of a selector.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Requirement {
    /// The label's name.
    pub key: Name,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: Name,
    /// The values that `In` and `NotIn` name.
    pub values: Vec<Name>,
}

impl Selector {
    /// A selector of labels that must have these values.
    pub fn equal(labels: impl IntoIterator<Item = (Name, Name)>) -> Self {
        let operator = Name::new("In");
        let equal = |(key, value)| Requirement { key, operator, values: vec![value] };
        Self { requirements: labels.into_iter().map(equal).collect() }
    }

    /// The labels of which it asks for one value: what is made for it is given these.
    pub(crate) fn labels(&self) -> Vec<(Name, Name)> {
        let label = |requirement: &Requirement| match requirement.values.as_slice() {
            [value] if requirement.operator.as_str() == "In" => Some((requirement.key, *value)),
            _ => None,
        };
        self.requirements.iter().filter_map(label).collect()
    }

    /// Whether it selects an object with these labels (`labels.Requirement.Matches` of apimachinery). An operator that
    /// Kubernetes does not know selects nothing.
    pub fn selects(&self, labels: &[(Name, Name)]) -> bool {
        self.requirements.iter().all(|requirement| {
            let value = labels.iter().find(|(key, _)| *key == requirement.key).map(|&(_, value)| value);
            let listed = value.is_some_and(|value| requirement.values.contains(&value));
            match requirement.operator.as_str() {
                "In" => listed,
                "NotIn" => !listed,
                "Exists" => value.is_some(),
                "DoesNotExist" => value.is_none(),
                _ => false,
            }
        })
    }
}
