// How long the drawing takes. Not a test: `node bench-drawing.mjs [objects...]` prints a table, after a build of the page.
//
// The dumps are made by GENERATOR (a script that takes `--n N --json FILE`), and go through the page as a person's would.
// Times are those of the page's own measure `gordian:paint`: the script of one frame, without what the compositor adds.

import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const DIST = process.env.GORDIAN_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
const GENERATOR = process.env.GENERATOR;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
const sizes = process.argv.slice(2).map(Number);

if (!GENERATOR) throw new Error("GENERATOR names the script that makes dumps.");

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

const median = (times) => times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
const rows = [];
for (const objects of sizes.length > 0 ? sizes : [1_000, 10_000]) {
  const file = join(tmpdir(), `gordian-bench-${objects}.json`);
  execFileSync(process.execPath, [GENERATOR, "--n", String(objects), "--seed", "1", "--indent", "0", "--json", file]);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  await page.goto(`http://127.0.0.1:${server.address().port}/?testing`);
  const idle = async () => {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.waitForFunction(() => document.documentElement.dataset.idle === "true", undefined, { timeout: 300_000 });
  };
  const times = (name) =>
    page.evaluate((name) => performance.getEntriesByName(name, "measure").map(({ duration }) => duration), name);
  const forget = () => page.evaluate(() => performance.clearMeasures());
  await idle();
  await page.getByTestId("file").setInputFiles(file);
  await idle();
  await forget();
  await page.evaluate(() => document.querySelector('[data-testid="scope-all"]').click());
  await idle();
  const [layout, first] = [await times("gordian:layout"), await times("gordian:paint")];
  const pan = async () => {
    await forget();
    for (let step = 0; step < 60; step += 1) {
      const by = step % 2 === 0 ? 30 : -30;
      await page.mouse.wheel(by, by);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
    await idle();
    return median(await times("gordian:paint"));
  };
  await page.mouse.move(900, 300);
  const whole = await pan();
  // Nearer to some box, which stays under the pointer.
  const box = await page.locator(".twin-box").first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const zoomed = {};
  for (let turn = 0; turn < 60; turn += 1) {
    const scale = await page.evaluate(() => new DOMMatrix(getComputedStyle(document.querySelector(".twin")).transform).a);
    for (const [name, from] of [["shapes", 0.07], ["names", 0.25], ["cards", 0.7]]) {
      if (scale >= from && zoomed[name] === undefined) zoomed[name] = await pan();
    }
    if (zoomed.cards !== undefined) break;
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -40);
    await page.keyboard.up("Control");
    await idle();
  }
  await forget();
  const select = await page.evaluate(async () => {
    const items = [...document.querySelectorAll(".twin-box")].slice(0, 20);
    const spent = [];
    for (const item of items) {
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
  const round = (time) => Number(time?.toFixed(2));
  rows.push({
    objects,
    boxes: /\d+/.exec(await page.locator("#surface").getAttribute("aria-label"))?.[0],
    "layout ms": round(layout.at(-1)),
    "first paint ms": round(first[0]),
    "frame, whole": round(whole),
    ...Object.fromEntries(Object.entries(zoomed).map(([name, time]) => [`frame, ${name}`, round(time)])),
    "select ms": round(median(select)),
    "paints while selecting": (await times("gordian:paint")).length,
  });
  await page.close();
}
console.table(rows);
await browser.close();
server.close();
