// The drawing: two canvases, and their twin in words.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { gordian, SIZES } from "./harness.mjs";

const parts = (page) => (id) => page.getByTestId(id);

async function incident(page, settled) {
  await parts(page)("sample-longhorn-10791").click();
  await settled();
  return parts(page);
}

/** How often the scene was painted. */
const painted = (page) => page.evaluate(() => performance.getEntriesByName("gordian:paint", "measure").length);

/** The colours of the canvas around a point of the page, as one text. */
const pixels = (page, selector, at) =>
  page.evaluate(
    ([selector, { x, y }]) => {
      const canvas = document.querySelector(selector);
      const box = canvas.getBoundingClientRect();
      const scale = canvas.width / box.width;
      const data = canvas.getContext("2d").getImageData((x - box.x) * scale - 3, (y - box.y) * scale - 3, 6, 6).data;
      return Array.from(data).join(",");
    },
    [selector, at],
  );

/** Clicks into the canvas, where a box is drawn. */
async function clickBox(page, item) {
  const { x, y, width, height } = await item.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

gordian("a click on the canvas selects, and paints only what lies over the scene", async ({ page, settled }) => {
  const part = await incident(page, settled);
  const before = await painted(page);
  assert.ok(before > 0, "the scene was painted");
  const orphan = page.locator('[data-testid^="node-"][aria-label*="Orphan"]').first();
  const corner = await orphan.boundingBox();
  // The ring lies four units of the scene around the box.
  const edge = { x: corner.x + corner.width / 2, y: corner.y - 3 };
  const bare = await pixels(page, ".surface.over", edge);
  await clickBox(page, orphan);
  await settled();
  assert.match(await part("inspector").innerText(), /Orphan/);
  assert.equal(await orphan.getAttribute("aria-selected"), "true");
  assert.notEqual(await pixels(page, ".surface.over", edge), bare, "the ring is drawn");
  assert.equal(await painted(page), before, "the scene was painted anew");
  const surface = await page.locator("#surface").boundingBox();
  await page.mouse.click(surface.x + 6, surface.y + surface.height / 2);
  await settled();
  assert.equal(await orphan.getAttribute("aria-selected"), "false");
  assert.equal(await painted(page), before);
});

gordian("the twin is walked with the keyboard, from box to arrow to box", async ({ page, settled, assertAccessible }) => {
  const part = await incident(page, settled);
  const items = page.locator('[data-testid="twin"] [role="treeitem"][aria-level="1"]');
  const count = await items.count();
  assert.match(await page.locator("#surface").getAttribute("aria-label"), new RegExp(`${count} boxes`));
  const focused = () => page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent);
  await page.locator("#surface").focus();
  await page.keyboard.press("Tab");
  await settled();
  const first = await focused();
  assert.equal(first, await items.first().getAttribute("aria-label"));
  await page.keyboard.press("ArrowDown");
  await settled();
  assert.equal(await focused(), await items.nth(1).getAttribute("aria-label"));
  await page.keyboard.press("Home");
  await settled();
  await page.keyboard.press("ArrowRight");
  await settled();
  const arrow = await focused();
  assert.match(arrow, /waits|owns|blocks|until|gone/i);
  assert.equal(await items.first().getAttribute("aria-expanded"), "true");
  await assertAccessible();
  await page.keyboard.press("Enter");
  await settled();
  const other = await focused();
  assert.notEqual(other, first);
  assert.equal(await page.locator('[data-testid="twin-arrow"]').count(), 0);
  await page.keyboard.press("Enter");
  await settled();
  const selected = page.locator('[data-testid="twin"] [role="treeitem"][aria-selected="true"]');
  assert.equal(await selected.count(), 1);
  assert.equal(await selected.getAttribute("aria-label"), other);
  assert.notEqual(await part("inspector").innerText(), "");
});

gordian("what is seen is saved as SVG and as PNG, and nothing is fetched for it", async ({ page, settled, assertNoRequestAfterLoad }) => {
  const part = await incident(page, settled);
  const save = async (id) => {
    const [download] = await Promise.all([page.waitForEvent("download"), part(id).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const svg = await save("save-svg");
  assert.equal(svg.name, "gordian.svg");
  const [root, texts] = await page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, "image/svg+xml");
    return [read.documentElement.nodeName, Array.from(read.querySelectorAll("text"), (each) => each.textContent)];
  }, svg.bytes.toString("utf8"));
  assert.equal(root, "svg");
  for (const said of ["foregroundDeletion", "InstanceManager", "stuck"]) assert.ok(texts.includes(said), `${said} in ${texts}`);
  const png = await save("save-png");
  assert.equal(png.name, "gordian.png");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  const size = await page.locator("#surface").evaluate(({ width, height }) => [width, height]);
  assert.deepEqual([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)], size);
  await assertNoRequestAfterLoad();
});

gordian("one key brings the whole cluster, another the knot back", async ({ page, settled }) => {
  const part = await incident(page, settled);
  const boxes = () => page.locator('[data-testid="twin"] [role="treeitem"][aria-level="1"]').count();
  const knot = await boxes();
  await page.keyboard.press("a");
  await settled();
  assert.equal(await part("scope-all").getAttribute("aria-pressed"), "true");
  assert.ok((await boxes()) > knot);
  await page.keyboard.press("o");
  await settled();
  assert.equal(await part("scope-nodes").getAttribute("aria-pressed"), "true");
  assert.match(page.url(), /view=nodes/);
  const labels = await page.locator('[data-testid="twin"] [aria-level="1"]').evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  assert.match(labels.find((label) => label.startsWith("Orphan")), /, in Node ip-10-0-2-5$/);
  assert.ok((await boxes()) > knot);
  await page.keyboard.press("k");
  await settled();
  assert.equal(await boxes(), knot);
  // What of the knot has a name is in view.
  const stage = await page.locator("#surface").boundingBox();
  for (const item of await page.locator('[data-testid="twin"] [role="treeitem"][aria-label*="stuck"]').all()) {
    const box = await item.boundingBox();
    assert.ok(box.x >= stage.x && box.x + box.width <= stage.x + stage.width, "across");
    assert.ok(box.y >= stage.y && box.y + box.height <= stage.y + stage.height, "down");
  }
});

/** A cluster with identical siblings. */
function cluster(pods) {
  const meta = (name, more = "") => `  metadata:\n    name: ${name}\n    namespace: shop\n    uid: u-${name}\n${more}`;
  const owner = `    ownerReferences:\n    - {apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: u-web, controller: true}\n`;
  const items = [`- apiVersion: apps/v1\n  kind: ReplicaSet\n${meta("web")}`];
  items.push("- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: other\n    namespace: bank\n    uid: u-other\n");
  for (let n = 0; n < pods; n += 1) items.push(`- apiVersion: v1\n  kind: Pod\n${meta(`web-${n}`, owner)}`);
  return `apiVersion: v1\nkind: List\nitems:\n${items.join("")}`;
}

async function load(page, settled, text) {
  await page.getByTestId("file").setInputFiles({ name: "cluster.yaml", mimeType: "text/yaml", buffer: Buffer.from(text) });
  await settled();
}

gordian("identical siblings are one stack, which opens in place", async ({ page, settled }) => {
  await load(page, settled, cluster(500));
  await page.keyboard.press("a");
  await settled();
  const items = page.locator('[data-testid="twin"] [role="treeitem"][aria-level="1"]');
  const stack = page.locator('[data-testid="twin"] [aria-label*="499 more like it"]');
  assert.equal(await stack.count(), 1);
  const before = await items.count();
  await clickBox(page, stack);
  await settled();
  assert.equal(await page.getByTestId("twin").getAttribute("aria-label").then((label) => /150|502/.test(label)), true);
  assert.ok((await items.count()) > before);
});

gordian("the canvas is as sharp as the screen", { deviceScaleFactor: 2 }, async ({ page, settled }) => {
  await incident(page, settled);
  for (const canvas of await page.locator("canvas.surface").all()) {
    const [points, width] = await canvas.evaluate((canvas) => [canvas.width, canvas.getBoundingClientRect().width]);
    assert.equal(points, Math.round(width * 2));
  }
});

gordian("another theme is painted at once", async ({ page, settled }) => {
  await incident(page, settled);
  const { x, y } = await page.locator("#surface").boundingBox();
  const ground = () => pixels(page, "#surface", { x: x + 8, y: y + 200 });
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  await settled();
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
  await settled();
  assert.equal(await ground(), light);
});

gordian("between steps things glide, unless a person wants no motion", { reducedMotion: "no-preference" }, async ({ page, settled }) => {
  const part = await incident(page, settled);
  await part("profile").selectOption("after-3719");
  await settled();
  const frames = async () => {
    const before = await painted(page);
    await part("step-forward").click();
    await settled();
    return (await painted(page)) - before;
  };
  let most = 0;
  for (let step = 0; step < 4; step += 1) most = Math.max(most, await frames());
  assert.ok(most >= 3, `painted ${most} times in a step`);
  await page.emulateMedia({ reducedMotion: "reduce" });
  assert.ok((await frames()) <= 2, "nothing glides");
});

gordian("the drawing is moved and enlarged by mouse, wheel and keys", async ({ page, settled }) => {
  await incident(page, settled);
  const item = page.locator('[data-testid="twin"] [role="treeitem"][aria-label*="Orphan"]').first();
  const at = () => item.boundingBox();
  const surface = await page.locator("#surface").boundingBox();
  const start = await at();
  const hand = { x: surface.x + 12, y: surface.y + 150 };
  await page.mouse.move(hand.x, hand.y);
  await page.mouse.down();
  await page.mouse.move(hand.x + 40, hand.y - 30, { steps: 3 });
  await page.mouse.up();
  await settled();
  const dragged = await at();
  assert.deepEqual([dragged.x - start.x, dragged.y - start.y].map(Math.round), [40, -30]);
  await page.mouse.wheel(0, 50);
  await settled();
  assert.equal(Math.round((await at()).y - dragged.y), -50);
  await page.locator("#surface").focus();
  await page.keyboard.press("+");
  await settled();
  assert.ok(Math.abs((await at()).width / start.width - 1.25) < 0.02);
  await page.keyboard.press("0");
  await settled();
  const fitted = await at();
  assert.ok(Math.abs(fitted.x - start.x) < 1 && Math.abs(fitted.width - start.width) < 1);
});

gordian("the knot is readable on a phone", { size: SIZES.phone }, async ({ page, settled }) => {
  await incident(page, settled);
  const item = page.locator('[data-testid="twin"] [role="treeitem"][aria-label*="stuck"]').first();
  const { width } = await item.boundingBox();
  assert.ok(width / 252 >= 0.6, `a box of ${width} pixels`);
});

gordian("the address knows where the camera was moved, and goes back there", async ({ page, settled }) => {
  await incident(page, settled);
  const item = page.locator('[data-testid="twin"] [role="treeitem"][aria-label*="Orphan"]').first();
  assert.doesNotMatch(page.url(), /[&]at=/, "a drawing that is fitted needs no camera");
  await page.locator("#surface").focus();
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/[&]at=-?\d+,-?\d+,\d+/);
  const there = await item.boundingBox();
  await page.reload();
  await settled();
  const again = await item.boundingBox();
  for (const side of ["x", "y", "width", "height"]) assert.ok(Math.abs(again[side] - there[side]) <= 2, `${side}: ${again[side]}, not ${there[side]}`);
  await page.keyboard.press("0");
  await page.waitForURL((url) => !url.hash.includes("&at="));
});
