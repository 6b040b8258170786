// The worker: the page stays responsive whatever it does, says what it does, and gets over its loss.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { parts, paste, position } from "./core.mjs";
import { gordian } from "./harness.mjs";
import { large } from "./large.mjs";
import { tasks } from "./tasks.mjs";

const OBJECTS = 50_000;

const folder = await mkdtemp(join(tmpdir(), "gordian-"));
const dump = join(folder, "large.json");
await writeFile(dump, large(OBJECTS));
after(() => rm(folder, { recursive: true }));

/** No task of the page's own thread takes longer, in milliseconds of the processor. */
const LIMIT = 50;

/**
 * Fails where the page's own thread has a longer task while something is done. What else the machine does makes a task longer and never
 * shorter: the best of three counts.
 */
async function assertBrief(page, name, whatIsDone, again = async () => {}) {
  const longest = [];
  while (longest.length < 3 && !(Math.min(...longest) < LIMIT)) {
    if (longest.length > 0) await again();
    longest.push(Math.max(...(await tasks(page, whatIsDone)).own));
  }
  assert.ok(Math.min(...longest) < LIMIT, `${name}: tasks took ${longest} ms`);
}

/** What the page says the worker does, each thing once. */
const watchProgress = (page) =>
  page.evaluate(() => {
    globalThis.said = [];
    new MutationObserver(() => {
      const words = document.querySelector("[data-testid=doing]")?.textContent;
      if (words && globalThis.said.at(-1) !== words) globalThis.said.push(words);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });

gordian(`no task takes long while ${OBJECTS} objects are loaded, and the page says what is done`, async ({ page, settled }) => {
  const part = parts(page);
  const load = async () => {
    await part("file").setInputFiles(dump);
    await part("progress").waitFor();
    assert.equal(await part("cancel").innerText(), "Cancel");
    await settled();
  };
  await watchProgress(page);
  await assertBrief(page, "loading", load, async () => {
    await part("start-over").click();
    await settled();
    await watchProgress(page);
  });
  const said = await page.evaluate(() => globalThis.said);
  for (const words of ["Reading", "Parsing", "Building the graph"]) assert.ok(said.includes(words), `${said}`);
  assert.equal(await part("progress").count(), 0);
  assert.match(await page.locator(".objects-count").innerText(), /50,?000 objects/);
  for (const phase of ["read", "parse", "graph", "diagnose", "layout", "paint"]) {
    const measures = await page.evaluate((name) => performance.getEntriesByName(name, "measure").length, `gordian:${phase}`);
    assert.ok(measures > 0, phase);
  }
});

gordian(`no task takes long while a person looks around in ${OBJECTS} objects`, async ({ page, settled }) => {
  const part = parts(page);
  await part("file").setInputFiles(dump);
  await settled();
  const each = (all) => async () => {
    for (const act of all) {
      await act();
      await settled();
    }
  };
  const press = (key) => () => page.keyboard.press(key);
  const surface = await page.locator("#surface").boundingBox();
  const wheel = (by) => async () => {
    await page.mouse.move(surface.x + surface.width / 2, surface.y + surface.height / 2);
    await page.mouse.wheel(0, by);
  };
  const head = (number) => () => page.locator(".finding-head").nth(number).click();
  await assertBrief(page, "a step on, and back", each([press("]"), press("[")]));
  await assertBrief(page, "another finding", each([head(1), head(0)]));
  await assertBrief(page, "the whole cluster, and back", each([press("a"), press("k")]));
  await each([press("a")])();
  assert.match(await page.locator("#surface").getAttribute("aria-label"), /1\d{4} boxes/);
  await assertBrief(page, "moving over it", each([wheel(40), wheel(-40), wheel(80)]));
  const closer = async () => {
    await page.keyboard.down("Control");
    await wheel(-90)();
    await page.keyboard.up("Control");
  };
  await assertBrief(page, "coming nearer", each(Array.from({ length: 6 }, () => closer)));
  await assertBrief(page, "moving near it", each([wheel(40), wheel(-40), wheel(80)]));
  const row = (number) => () => part("object-row").nth(number).click();
  await assertBrief(page, "selecting", each([row(0), row(1), press("Escape")]));
  await page.locator("#filter").click();
  const type = [..."upstream-01"].map(press);
  await assertBrief(page, "filtering", each([...type, press("Escape")]));
});

gordian("cancelling gives back what was there before", async ({ page, settled, assertNoRequestAfterLoad }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await part("outcome").last().click();
  await settled();
  for (const _ of [1, 2, 3]) await part("step-forward").click();
  await settled();
  const before = await position(page);
  assert.equal(before.step, 3);
  for (const _ of ["with one that stands by", "and with the other"]) {
    await part("file").setInputFiles(dump);
    await part("cancel").click();
    await settled();
    assert.deepEqual(await position(page), before);
    assert.equal(await part("problem").count(), 0);
  }
  await part("step-forward").click();
  await settled();
  assert.equal((await position(page)).step, 4);
  await assertNoRequestAfterLoad();
});

gordian("a worker that breaks down costs one sentence, and nothing that was loaded", async ({ page, settled, reload }) => {
  const part = parts(page);
  // Others stand by: the one that works is the one that is asked.
  await page.addInitScript(() => {
    let count = 0;
    globalThis.Worker = class extends Worker {
      constructor(address, options) {
        count += 1;
        super(address, { ...options, name: `${count}` });
        this.number = `${count}`;
      }
      postMessage(...message) {
        globalThis.asked = this.number;
        super.postMessage(...message);
      }
    };
  });
  await reload();
  await part("sample-owner-ring").click();
  await settled();
  const before = await position(page);
  await page.evaluate(() => (document.documentElement.dataset.idle = "false"));
  const asked = await page.evaluate(() => globalThis.asked);
  const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => globalThis.name)));
  await page.workers()[names.indexOf(asked)].evaluate(() => {
    setTimeout(() => {
      throw new Error("a test's");
    });
  });
  await part("problem").waitFor();
  await settled();
  assert.match(await part("problem").innerText(), /What was there before is back/);
  assert.deepEqual(await position(page), before);
  await part("problem").getByRole("button").click();
  await settled();
  assert.equal(await part("problem").count(), 0);
});

/** The worker's program, apart from the page's. */
const PROGRAM = "**/gordian-worker-*_bg.wasm";

gordian("what is pasted before the worker's program has come waits for it, and it comes once", async ({ page, settled, reload }) => {
  const part = parts(page);
  let [times, come] = [0, undefined];
  const time = new Promise((resolve) => (come = resolve));
  await page.route(PROGRAM, async (route) => {
    times += 1;
    await time;
    await route.continue();
  });
  const again = reload();
  await part("paste").fill("apiVersion: v1\nkind: Pod\nmetadata:\n  name: early\n");
  assert.equal(await part("progress").count(), 0);
  await part("paste-read").click();
  await part("progress").waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.idle), "false");
  come();
  await again;
  await settled();
  assert.match(await page.locator(".objects-count").innerText(), /1 object/);
  assert.equal(await part("progress").count(), 0);
  assert.equal(times, 1);
});

gordian("a worker's program that does not come is told of in one sentence", async ({ page, settled, reload, errors }) => {
  await page.route(PROGRAM, (route) => route.abort());
  await reload();
  await settled();
  assert.match(await parts(page)("problem").innerText(), /Not all of Gordian arrived/);
  assert.equal(await parts(page)("progress").count(), 0);
  assert.match(errors.splice(0).join(), /ERR_FAILED/);
});

gordian("a browser without workers is told so", async ({ page, settled, reload }) => {
  await page.addInitScript(() => {
    globalThis.Worker = class {
      constructor() {
        throw new Error("there are none");
      }
    };
  });
  await reload();
  await settled();
  assert.match(await parts(page)("problem").innerText(), /cannot start its worker/);
});

gordian("bytes change hands between the page and its worker, and are never copied as texts", async ({ page, settled, reload }) => {
  await page.addInitScript(() => {
    globalThis.posted = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (!this.isHeard) this.addEventListener("message", ({ data }) => data && globalThis.posted.push(data.constructor.name));
      this.isHeard = true;
      postMessage.call(this, message, ...rest);
      for (const one of Array.isArray(message) ? message : [message]) {
        const kept = one instanceof ArrayBuffer && one.byteLength > 0;
        globalThis.posted.push(kept ? "a copied ArrayBuffer" : one.constructor.name);
      }
    };
  });
  await reload();
  await paste(page, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: pasted\n");
  await settled();
  await parts(page)("file").setInputFiles({ name: "a.json", mimeType: "application/json", buffer: Buffer.from('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"chosen"}}') });
  await settled();
  const posted = await page.evaluate(() => [...new Set(globalThis.posted)]);
  assert.deepEqual(posted.sort(), ["ArrayBuffer", "Blob", "File", "Module"]);
  assert.match(await page.locator(".objects-count").innerText(), /2 objects/);
});

gordian("what is done while the worker is busy is done in order", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  // A run without steps has no slider.
  await part("outcome").last().click();
  await settled();
  await page.evaluate(() => {
    const slider = document.querySelector("[data-testid=step-jump]");
    slider.max = 8;
    for (const step of [1, 2, 3, 4, 5]) {
      slider.value = step;
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "]", bubbles: true }));
  });
  await settled();
  assert.equal((await position(page)).step, 6);
});
