//! Random small worlds as text, of every kind that some controller looks after.

#[path = "../../../../tests/random/mod.rs"]
pub(crate) mod random;

use random::Random;

/// A world of one or two namespaces with up to seven objects, some of them many times alike, and what may stand in their way.
pub(crate) fn world(seed: u64) -> String {
    let mut random = Random(seed);
    let mut text = String::from("listed ConfigMap\nlisted Pod\nlisted Service\nlisted Job.batch\nlisted Widget.test\n");
    text += ["", "listed Node\n", "Node/n1\n", "Node/n1 ready\n", "Node/n1 ready\n"][random.below(5)];
    for namespace in ["na", "nb"] {
        text += &match random.below(20) {
            // The other one is gone, then: writes in it are refused for ever.
            0 => "listed Namespace\n".to_owned(),
            1..4 => {
                format!("Namespace/na fin=kubernetes\nNamespace/nb\nNamespace/{namespace} fin=kubernetes deleting\n")
            }
            _ => String::new(),
        };
    }
    if random.chance(10) {
        text += "APIService.apiregistration.k8s.io/v1.down.test down\n";
    }
    if random.chance(15) {
        let (operation, service) = (random.one(&["UPDATE", "DELETE"]), random.one(&["gone", "there"]));
        let rest = format!("fail=/configmaps:{operation} service=nb/{service}");
        text += &format!("ValidatingWebhookConfiguration.admissionregistration.k8s.io/w {rest}\n");
        if random.chance(70) {
            text += [
                "Service/nb/there\n",
                "Service/nb/there deleting fin=example.com/absent\n",
                "Service/nb/there deleting\n",
            ][random.below(3)];
        }
    }
    if random.chance(10) {
        let fin = "fin=customresourcecleanup.apiextensions.k8s.io deleting";
        text += &format!("CustomResourceDefinition.apiextensions.k8s.io/widgets defines=test/Widget {fin}\n");
    }
    let kinds = 1 + random.below(5);
    for i in 0..kinds {
        let object = object(&mut random, i, kinds);
        // Twins, and one that is nearly one.
        let times = if random.chance(35) { 2 + random.below(2) } else { 1 };
        for twin in 0..times {
            text += &object.replace("NAME", &format!("o{i}{}", ["", "x", "y"][twin]));
            text += if twin == 2 && random.chance(30) { " label=other:one\n" } else { "\n" };
        }
    }
    text
}

fn object(random: &mut Random, i: usize, kinds: usize) -> String {
    let namespace = if random.chance(75) { "na" } else { "nb" };
    let kind =
        random.one(&["ConfigMap", "ConfigMap", "ConfigMap", "Pod", "Pod", "PersistentVolumeClaim", "Widget.test"]);
    let mut text = format!("{kind}/{namespace}/NAME");
    let mut finalizers = Vec::new();
    let deleting = random.chance(50);
    if deleting && random.chance(70) {
        finalizers.push(random.one(&["foregroundDeletion", "foregroundDeletion", "foregroundDeletion", "orphan"]));
    }
    if random.chance(15) {
        finalizers.push("example.com/absent");
    }
    if kind == "PersistentVolumeClaim" && random.chance(80) {
        finalizers.push("kubernetes.io/pvc-protection");
    }
    if kind == "Pod" && random.chance(20) {
        finalizers.push("batch.kubernetes.io/job-tracking");
    }
    if !finalizers.is_empty() {
        text += &format!(" fin={}", finalizers.join(","));
    }
    let on_node = kind == "Pod" && random.chance(60);
    if on_node {
        text += random.one(&[" node=n1 phase=Running", " node=n1 phase=Running", " node=n1 phase=Pending", " node=n2"]);
        if random.chance(40) {
            text += &format!(" claim=o{}", random.below(kinds));
        }
    }
    if deleting {
        text += if on_node && random.chance(70) { " grace=30" } else { " deleting" };
    }
    for _ in 0..random.below(4) {
        let owner = random.below(kinds + 1);
        let of = random.one(&["ConfigMap", "ConfigMap", "ConfigMap", "Pod", "Job.batch"]);
        let block = random.one(&["!", "!", ""]);
        if owner != i || random.chance(10) {
            text += &format!(" owner={of}/o{owner}{block}");
        }
    }
    text
}
