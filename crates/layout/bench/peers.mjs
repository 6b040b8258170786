// Draws a graph in the page, by us and by each peer. Every peer has the same gaps, and its strongest fair use.
//
// A graph has `nodes` ({ w, h }) and `edges` ([from, to, weight]). A drawing is the centres of the nodes, two numbers each.

const GAPS = { node: 24, rank: 56, component: 48 };
const ASPECT = 1.6;

let ours;
let peers;

/** Loads all that draws, so that no run pays for it. */
export async function load() {
  const [page, dagre, { Graphviz }] = await Promise.all([
    import("/pkg/page.js"),
    import("/node_modules/@dagrejs/dagre/dist/dagre.esm.js"),
    import("/node_modules/@hpcc-js/wasm-graphviz/dist/index.js"),
    new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: "/node_modules/elkjs/lib/elk.bundled.js" });
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    }),
  ]);
  await page.default();
  ours = page;
  peers = { dagre, graphviz: await Graphviz.load(), elk: new globalThis.ELK() };
}

/** What turns a graph into what a peer reads is done here, and is not counted. */
export async function prepare(name, graph) {
  const job = JOBS[name](graph);
  let result;
  return {
    /** Draws, so often; tells how many milliseconds passed. */
    async draw(times) {
      const start = performance.now();
      for (let time = 0; time < times; time += 1) result = await job.run();
      return performance.now() - start;
    },
    read: () => job.read(result),
  };
}

const JOBS = {
  gordian(graph) {
    const sizes = Float32Array.from(graph.nodes.flatMap(({ w, h }) => [w, h]));
    const edges = Uint32Array.from(graph.edges.flat());
    return {
      run() {
        const picture = ours.picture(sizes, edges, GAPS.node, GAPS.rank, GAPS.component);
        const { centres, points, counts } = picture;
        picture.free();
        return { centres, points, counts };
      },
      read: ({ centres }) => Array.from(centres),
    };
  },

  // dagre knows no components: it is called for each, and the drawings are put on shelves.
  dagre({ nodes, edges }) {
    const parts = components(nodes, edges).map((part) => {
      const graph = new peers.dagre.Graph({ multigraph: true });
      graph.setGraph({ nodesep: GAPS.node, ranksep: GAPS.rank });
      graph.setDefaultEdgeLabel(() => ({}));
      for (const node of part.nodes) graph.setNode(String(node), { width: nodes[node].w, height: nodes[node].h });
      for (const [number, [from, to, weight]] of part.edges.entries()) {
        graph.setEdge(String(from), String(to), { weight }, String(number));
      }
      return { ...part, graph };
    });
    return {
      run() {
        for (const part of parts) {
          peers.dagre.layout(part.graph);
          ({ width: part.width, height: part.height } = part.graph.graph());
        }
        shelve(parts);
      },
      read() {
        const at = [];
        for (const part of parts) {
          for (const node of part.nodes) {
            const { x, y } = part.graph.node(String(node));
            [at[2 * node], at[2 * node + 1]] = [part.x + x, part.y + y];
          }
        }
        return at;
      },
    };
  },

  elk({ nodes, edges }) {
    const graph = {
      id: "all",
      layoutOptions: {
        "elk.algorithm": "layered",
        "elk.direction": "DOWN",
        "elk.aspectRatio": String(ASPECT),
        "elk.spacing.nodeNode": String(GAPS.node),
        "elk.spacing.componentComponent": String(GAPS.component),
        "elk.layered.spacing.nodeNodeBetweenLayers": String(GAPS.rank),
      },
      children: nodes.map(({ w, h }, node) => ({ id: String(node), width: w, height: h })),
      edges: edges.map(([from, to, weight], edge) => ({
        id: `e${edge}`,
        sources: [String(from)],
        targets: [String(to)],
        layoutOptions: { "elk.layered.priority.direction": String(weight) },
      })),
    };
    return {
      run: () => peers.elk.layout(graph),
      read: ({ children }) => children.flatMap(({ x, y, width, height }) => [x + width / 2, y + height / 2]),
    };
  },

  // dot measures in inches and has the ordinate grow upwards. It prints five digits, so that in a very wide drawing nodes seem
  // to overlap that do not.
  graphviz({ nodes, edges }) {
    const lines = [
      "digraph {",
      `graph [nodesep=${GAPS.node / 72} ranksep=${GAPS.rank / 72}]`,
      'node [shape=box fixedsize=true label=""]',
      ...nodes.map(({ w, h }, node) => `${node} [width=${w / 72} height=${h / 72}]`),
      ...edges.map(([from, to, weight]) => `${from} -> ${to} [weight=${weight}]`),
      "}",
    ];
    const text = lines.join("\n");
    return {
      run: () => peers.graphviz.dot(text, "plain"),
      read(plain) {
        const at = [];
        for (const line of plain.split("\n")) {
          const [what, node, x, y] = line.split(" ");
          if (what === "node") [at[2 * node], at[2 * node + 1]] = [x * 72, -y * 72];
        }
        return at;
      },
    };
  },
};

/** The weakly connected components, each by its nodes and edges. */
function components(nodes, edges) {
  const parent = nodes.map((_, node) => node);
  const root = (node) => {
    while (parent[node] !== node) node = parent[node] = parent[parent[node]];
    return node;
  };
  for (const [from, to] of edges) parent[root(from)] = root(to);
  const parts = new Map();
  nodes.forEach((_, node) => {
    const part = parts.get(root(node)) ?? { nodes: [], edges: [] };
    part.nodes.push(node);
    parts.set(root(node), part);
  });
  for (const edge of edges) parts.get(root(edge[0])).edges.push(edge);
  return [...parts.values()];
}

/** Puts drawings side by side, the highest first, in lines about as long as the wanted shape asks for. */
function shelve(parts) {
  const area = parts.reduce((sum, { width, height }) => sum + (width + GAPS.component) * (height + GAPS.component), 0);
  const width = Math.max(Math.sqrt(area * ASPECT), ...parts.map((part) => part.width));
  let [x, y, line] = [0, 0, 0];
  for (const part of [...parts].sort((one, other) => other.height - one.height)) {
    if (x > 0 && x + part.width > width) [x, y, line] = [0, y + line + GAPS.component, 0];
    [part.x, part.y] = [x, y];
    x += part.width + GAPS.component;
    line = Math.max(line, part.height);
  }
}
