// Draws the same graphs with gordian-layout and its peers in one headless Chromium, and prints the tables of
// docs/performance.md. `cargo xtask bench page` builds what is needed and calls it:
//
//   CHROMIUM=/usr/bin/chromium node run.mjs <folder with page.js and page_bg.wasm>
//
// Times are what all threads of the page's process spent on a processor, so that a busy machine does them no harm; where the
// system does not tell, they are wall-clock times.

import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { measure } from "./measure.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const { chromium } = createRequire(join(HERE, "../../../tests/e2e/"))("playwright-core");
const PKG = process.argv[2];

const NAMES = {
  gordian: "gordian-layout",
  dagre: `dagre ${version("@dagrejs/dagre")}, for each component`,
  elk: `elkjs ${version("elkjs")}, layered`,
  graphviz: `dot of wasm-graphviz ${version("@hpcc-js/wasm-graphviz")}`,
};
const PEERS = Object.keys(NAMES).slice(1);
/** How often everybody draws a graph of this size; what takes a peer minutes is done once. */
const RUNS = { 1000: 9, 10_000: 1 };
/**
 * We draw more often, and each time so often in a row that it takes as long as one drawing of the fastest peer: else calling the page
 * would cost more than the drawing, and the browser would have less time to compile what runs often.
 */
const OUR_RUNS = 9;
const IN_A_ROW = { 1000: 40, 10_000: 10 };
const LARGE = 100_000;

const INTRODUCTION = `The same made-up clusters, drawn by \`crates/layout\` in wasm and by its peers in one page of one Chromium, from memory to
positions and routes. Times are of the processor, over all threads of the page, and medians of warm runs at 1k; what
takes a peer minutes is drawn once. Before the first time everybody is loaded: modules of wasm are instantiated, and scripts
have run. What it includes, for everybody, is what a browser puts off until code is called: compiling each function quickly at
its first call, running what was compiled so, and compiling once more, on other threads, what runs often. Crossings and
lengths are of straight lines from centre to centre, counted by the same function for all. dot prints coordinates of five
digits: in a drawing as wide as its last one that alone makes nodes overlap.`;

// The flags of tests/e2e/harness.mjs: without `--disable-gpu`, a machine that has none emulates one.
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

const folder = mkdtempSync(join(tmpdir(), "gordian-layout-"));
const server = createServer(answer);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS, headless: true });
try {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(0);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(async () => {
    globalThis.peers = await import("/peers.mjs");
    await globalThis.peers.load();
  });
  const clock = await cpu();
  console.log(`## Drawings\n\n${INTRODUCTION}`);
  for (const size of Object.keys(RUNS).map(Number)) await compare(page, clock, size);
  await large(page, clock);
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}

/** All of us at one graph. */
async function compare(page, clock, size) {
  const graph = generate(size);
  await page.evaluate((graph) => {
    globalThis.graph = graph;
  }, graph);
  const found = {};
  for (const name of Object.keys(NAMES)) {
    const times = [];
    const [runs, row] = name === "gordian" ? [OUR_RUNS, IN_A_ROW[size]] : [RUNS[size], 1];
    for (let run = 0; run < runs; run += 1) {
      await page.evaluate(async (name) => {
        globalThis.job = await globalThis.peers.prepare(name, globalThis.graph);
      }, name);
      // The first time, code has still to be compiled.
      const draws = run === 0 ? 1 : row;
      const start = clock?.();
      const wall = await page.evaluate((draws) => globalThis.job.draw(draws), draws);
      times.push((clock ? clock() - start : wall) / draws);
    }
    found[name] = { first: times[0], time: median(times), ...measure(graph, await page.evaluate(() => globalThis.job.read())) };
    console.error(`${size}, ${name}: ${times.map((time) => time.toFixed(1)).join(" ")} ms`);
  }
  const least = (what) => Math.min(...PEERS.map((name) => found[name][what]));
  const ours = found.gordian;
  const times = (found, than) => (found / than).toFixed(found / than < 10 ? 2 : 0);
  console.log(`\n### ${size} nodes, ${graph.edges.length} edges\n`);
  console.log("| | first time | median | times ours | crossings | mean edge | overlaps | width to height |");
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const [name, { first, time, crossings, length, overlaps, aspect }] of Object.entries(found)) {
    const [once, often] = [first, time].map((time) => `${time.toFixed(1)} ms`);
    const cells = [once, often, times(time, ours.time), crossings, length.toFixed(0), overlaps, aspect.toFixed(1)];
    console.log(`| ${NAMES[name]} | ${cells.join(" | ")} |`);
  }
  console.log(
    `\nOurs takes 1/${(least("time") / ours.time).toFixed(0)} of the time of the fastest peer, 1/${(least("first") / ours.first).toFixed(0)} ` +
      `of it the first time; it has ${times(ours.crossings, least("crossings"))} times the crossings of the best peer, and edges ` +
      `${times(ours.length, found.graphviz.length)} times as long as dot's.`,
  );
}

/** A graph that no peer can draw in sensible time, off the main thread. */
async function large(page, clock) {
  const graph = generate(LARGE);
  const sizes = graph.nodes.flatMap(({ w, h }) => [w, h]);
  await page.evaluate(
    ({ sizes, edges }) => {
      globalThis.graph = { sizes: Float32Array.from(sizes), edges: Uint32Array.from(edges) };
    },
    { sizes, edges: graph.edges.flat() },
  );
  const runs = [];
  for (let run = 0; run < 5; run += 1) {
    await page.evaluate(() => {
      // The last one stays: the clock must not lose what a thread has spent.
      globalThis.workers = [...(globalThis.workers ?? []), new Worker("/worker.mjs", { type: "module" })];
    });
    const start = clock?.();
    const told = await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const worker = globalThis.workers.at(-1);
          worker.onerror = reject;
          worker.onmessage = ({ data }) => resolve({ ...data, centres: undefined });
          worker.postMessage(globalThis.graph);
        }),
    );
    runs.push({ ...told, spent: clock ? clock() - start : told.wall });
  }
  const at = await page.evaluate(async () => {
    const { sizes, edges } = globalThis.graph;
    return Array.from((await import("/pkg/page.js")).picture(sizes, edges, 24, 56, 48).centres);
  });
  const { overlaps, aspect, length } = measure(graph, at);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  const rows = [
    ["time, with the start of the module", `${median(runs.map((run) => run.spent)).toFixed(0)} ms`],
    ["wall-clock time", `${median(runs.map((run) => run.wall)).toFixed(0)} ms`],
    ["memory that wasm grows by", megabytes(runs[0].grown)],
    ["the drawing, as arrays", megabytes(runs[0].taken)],
    ["mean edge", length.toFixed(0)],
    ["overlaps", overlaps],
    ["width to height", aspect.toFixed(1)],
  ];
  console.log(`\n### ${LARGE} nodes, ${graph.edges.length} edges, in a worker\n\n| | |\n| --- | --- |`);
  rows.forEach((row) => console.log(`| ${row.join(" | ")} |`));
}

/** A cluster as `gen.mjs` makes it; owner references weigh more than all else. */
function generate(size) {
  const file = join(folder, `${size}.json`);
  execFileSync(process.execPath, [join(HERE, "gen.mjs"), "--n", String(size), "--seed", "1", "--graph", file]);
  const { nodes, edges } = JSON.parse(readFileSync(file, "utf8"));
  return { nodes: nodes.map(({ w, h }) => ({ w, h })), edges: edges.map(([from, to, kind]) => [from, to, kind === 0 ? 2 : 1]) };
}

/** A clock of the processor time, in milliseconds, of all renderers of the browser; none where there is no /proc. */
async function cpu() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const tasks = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => `/proc/${id}/task`);
  if (tasks.length === 0 || !tasks.every((folder) => existsSync(folder))) return undefined;
  return () => {
    let nanoseconds = 0;
    for (const folder of tasks) {
      for (const task of readdirSync(folder)) {
        try {
          nanoseconds += Number(readFileSync(`${folder}/${task}/schedstat`, "utf8").split(" ")[0]);
        } catch {
          // A thread that has ended meanwhile takes its time with it.
        }
      }
    }
    return nanoseconds / 1e6;
  };
}

function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function version(name) {
  return JSON.parse(readFileSync(join(HERE, "node_modules", name, "package.json"), "utf8")).version;
}

function answer(request, response) {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  if (path === "/") {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Benchmark</title>");
    return;
  }
  const file = path.startsWith("/pkg/") ? join(PKG, path.slice(5)) : join(HERE, path);
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}
