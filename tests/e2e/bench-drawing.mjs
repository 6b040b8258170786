// How long the drawing takes. Not a test: `node bench-drawing.mjs [objects...]` prints a table, after a build of the page.
//
// The dumps are made by GENERATOR (a script that takes `--n N --json FILE`), or else by large.mjs, and go through the page as a person's
// would. Times are of the processor, of whole frames of the page's own thread: script, style and layout, and without a GPU, as here, what
// the canvases' raster takes as well. The other threads that draw stand beside it.

import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { large } from "./large.mjs";
import { tasks } from "./tasks.mjs";

const DIST = process.env.GORDIAN_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
const GENERATOR = process.env.GENERATOR;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
const FRAMES = 60;
/** How near one looks, and from which scale on. */
const ZOOMS = [["shapes", 0.07], ["names", 0.25], ["cards", 0.7]];
const sizes = process.argv.slice(2).map(Number);

const server = createServer(async (request, response) => {
  const path = join(DIST, new URL(request.url, "http://x").pathname.replace(/\/$/, "/index.html"));
  if (!(await stat(path).catch(() => undefined))?.isFile()) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
  return createReadStream(path).pipe(response);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

const at = (times, part) => times.toSorted((one, other) => one - other)[Math.floor(times.length * part)] ?? Number.NaN;
const round = (time) => Number(time?.toFixed(1));
const rows = [];
for (const objects of sizes.length > 0 ? sizes : [1_000, 10_000]) {
  const file = join(tmpdir(), `gordian-bench-${objects}.json`);
  if (GENERATOR) execFileSync(process.execPath, [GENERATOR, "--n", String(objects), "--seed", "1", "--indent", "0", "--json", file]);
  else await writeFile(file, large(objects));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  await page.goto(`http://127.0.0.1:${server.address().port}/?testing`);
  const frame = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  const idle = async () => {
    await frame();
    await frame();
    await page.waitForFunction(() => document.documentElement.dataset.idle === "true", undefined, { timeout: 600_000 });
  };
  const script = async () => {
    const times = await page.evaluate(() => performance.getEntriesByName("gordian:paint", "measure").map(({ duration }) => duration));
    await page.evaluate(() => performance.clearMeasures());
    return times;
  };
  await idle();
  await page.getByTestId("file").setInputFiles(file);
  await idle();
  await script();
  const whole = await tasks(page, async () => {
    await page.evaluate(() => document.querySelector('[data-testid="scope-all"]').click());
    await idle();
  });
  const boxes = Number(/\d+/.exec(await page.locator("#surface").getAttribute("aria-label"))?.[0]);
  const add = (seen, { own, frames, drawing }, paints) => {
    // In other frames nothing moved: they are the short ones.
    const moved = frames.toSorted((one, other) => other - one).slice(0, paints.length);
    rows.push({
      objects,
      boxes,
      seen,
      frames: moved.length,
      "p50 ms": round(at(moved, 0.5)),
      "p95 ms": round(at(moved, 0.95)),
      "script p50": round(at(paints, 0.5)),
      "other threads": round(drawing / moved.length),
      "longest task": round(Math.max(...own)),
    });
  };
  const scripts = await script();
  add("first paint", whole, [Math.max(...scripts)]);
  const pan = async (seen) => {
    const moved = await tasks(page, async () => {
      for (let step = 0; step < FRAMES; step += 1) {
        const by = step % 2 === 0 ? 30 : -30;
        await page.mouse.wheel(by, by);
        await frame();
      }
    });
    await idle();
    add(seen, moved, await script());
  };
  const surface = await page.locator("#surface").boundingBox();
  await page.mouse.move(surface.x + surface.width / 2, surface.y + surface.height / 2);
  await pan("whole");
  // Nearer to some box, which stays under the pointer.
  const box = await page.locator(".twin-box").first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const left = [...ZOOMS];
  for (let turn = 0; turn < 120 && left.length > 0; turn += 1) {
    const scale = await page.evaluate(() => new DOMMatrix(getComputedStyle(document.querySelector(".twin")).transform).a);
    if (scale >= left[0][1]) {
      await script();
      await pan(left.shift()[0]);
    } else {
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -40);
      await page.keyboard.up("Control");
      await idle();
    }
  }
  const select = await page.evaluate(async () => {
    const spent = [];
    for (const item of [...document.querySelectorAll(".twin-box")].slice(0, 20)) {
      const { x, y, width, height } = item.getBoundingClientRect();
      const event = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2, pointerId: 1, button: 0 };
      const start = performance.now();
      item.dispatchEvent(new PointerEvent("pointerdown", event));
      item.dispatchEvent(new PointerEvent("pointerup", event));
      spent.push(performance.now() - start);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
    return spent;
  });
  rows.push({ objects, boxes, seen: "selecting", "script p50": round(at(select, 0.5)) });
  await page.close();
}
const columns = ["objects", "boxes", "seen", "frames", "p50 ms", "p95 ms", "script p50", "other threads", "longest task"];
const line = (cells) => `| ${cells.map((cell) => cell ?? "").join(" | ")} |`;
console.log([line(columns), line(columns.map(() => "---")), ...rows.map((row) => line(columns.map((name) => row[name])))].join("\n"));
await browser.close();
server.close();
