// Writes a cluster as large as one likes, as `kubectl get -o json` prints it. The same number always gives the same text.

/** How many Deployments stand in a namespace, each with a ConfigMap and a ReplicaSet, and how many Pods that has. */
const DEPLOYMENTS = 25;
const PODS = 6;

const hex = (number, digits) => number.toString(16).padStart(digits, "0");
const WORDS = "listen upstream timeout proxy header cache buffer metrics retries region policy default".split(" ");

/** The text of a list of `count` objects. One namespace is being deleted, and one of its pods does not go. */
export function large(count) {
  const objects = [];
  let uids = 0;
  const add = (apiVersion, kind, namespace, name, { owner, finalizers, deleting = false, ...rest }) => {
    uids += 1;
    const uid = `${hex(uids, 8)}-0000-4000-a000-${hex(uids * 7919, 12)}`;
    const metadata = { name, creationTimestamp: "2026-01-01T00:00:00Z", resourceVersion: `${1000 + uids}`, uid };
    metadata.labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": namespace || "cluster" };
    if (namespace !== "") metadata.namespace = namespace;
    if (finalizers) metadata.finalizers = finalizers;
    if (deleting) Object.assign(metadata, { deletionTimestamp: "2026-02-01T00:00:00Z", deletionGracePeriodSeconds: 30 });
    if (owner) metadata.ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
    if (objects.length < count) objects.push({ apiVersion, kind, metadata, ...rest });
    return { apiVersion, kind, name, uid };
  };
  for (let number = 0; objects.length < count; number += 1) {
    const namespace = `team-${hex(number, 4)}`;
    const deleting = number === 7;
    const phase = deleting ? "Terminating" : "Active";
    add("v1", "Namespace", "", namespace, { deleting, spec: { finalizers: ["kubernetes"] }, status: { phase } });
    for (let app = 0; app < DEPLOYMENTS; app += 1) {
      const name = `${WORDS[app % WORDS.length]}-${hex(app, 2)}`;
      const lines = WORDS.map((word, index) => `${word} = ${WORDS[(index * 5 + app) % WORDS.length]} ${index * app}`);
      add("v1", "ConfigMap", namespace, name, { data: { "app.conf": lines.join("\n") } });
      const selector = { matchLabels: { app: name } };
      const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `example.com/${name}:1.2` }] } };
      const spec = { replicas: PODS, selector, template };
      const status = { replicas: PODS, readyReplicas: PODS };
      const owner = add("apps/v1", "Deployment", namespace, name, { spec, status });
      const set = add("apps/v1", "ReplicaSet", namespace, `${name}-5d8f`, { owner, spec, status });
      for (let pod = 0; pod < PODS; pod += 1) {
        const stuck = deleting && app === 0 && pod === 0;
        add("v1", "Pod", namespace, `${name}-5d8f-${hex(pod, 5)}`, {
          owner: set,
          deleting: stuck,
          finalizers: stuck ? ["example.com/backup"] : undefined,
          spec: { ...template.spec, nodeName: `node-${pod}`, restartPolicy: "Always", terminationGracePeriodSeconds: 30 },
          status: { phase: "Running", podIP: `10.42.${number % 250}.${app * PODS + pod}`, conditions: [{ type: "Ready", status: "True" }] },
        });
      }
    }
  }
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2);
}
