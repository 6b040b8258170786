// What was loaded comes back after a reload where the person wants that, and is stored nowhere where not.

import assert from "node:assert/strict";
import { gordian } from "./harness.mjs";
import { parts, paste, position, text } from "./core.mjs";

const DUMP = "tests/dumps/longhorn-10791.yaml";

const stored = (page) => page.evaluate(() => Object.keys(localStorage).filter((name) => name !== "gordian-theme"));

gordian("nothing is kept unless a person agrees, who is asked once", async ({ page, settled, reload, assertAccessible }) => {
  const part = parts(page);
  await part("sample-owner-ring").click();
  await settled();
  assert.equal(await part("keep-bar").count(), 0, "a sample's address brings it back");
  await part("start-over").click();
  await paste(page, await text(DUMP));
  await settled();
  assert.ok(await part("keep-bar").isVisible());
  assert.deepEqual(await stored(page), []);
  await assertAccessible("[data-testid=keep-bar]");
  await part("keep-no").click();
  await settled();
  assert.equal(await part("keep-bar").count(), 0);
  assert.deepEqual(await stored(page), ["gordian-keep"]);
  await reload();
  assert.equal(await part("finding").count(), 0);
  await paste(page, await text(DUMP));
  await settled();
  assert.equal(await part("keep-bar").count(), 0, "it was asked already");
});

gordian("what is kept comes back where one stood, and is forgotten at once", async ({ page, settled, reload, screenshot }) => {
  const part = parts(page);
  await paste(page, await text(DUMP));
  await settled();
  await screenshot("keep");
  await part("keep-yes").click();
  await part("profile").selectOption("after-3719");
  await settled();
  for (let step = 0; step < 2; step += 1) await page.keyboard.press("]");
  await settled();
  const there = await position(page);
  await reload();
  assert.deepEqual(await position(page), there);
  assert.match(await page.locator(".files").innerText(), /pasted text/);

  // What is loaded on top is kept as well.
  const kept = () => page.evaluate(() => localStorage.getItem("gordian-kept"));
  const before = await kept();
  await paste(page, "apiVersion: v1\nkind: Node\nmetadata: {name: later, uid: later}\n");
  await settled();
  await page.waitForFunction((before) => localStorage.getItem("gordian-kept") !== before, before);
  await reload();
  assert.match(await page.locator(".objects-count").innerText(), /28 objects/);

  await part("start-over").click();
  await settled();
  assert.match(await part("kept").innerText(), /pasted text/);
  await part("kept-open").click();
  await settled();
  assert.equal(await part("finding").count(), 1);
  await part("share").click();
  await settled();
  await part("forget").click();
  await settled();
  assert.deepEqual(await stored(page), []);
  await reload();
  assert.equal(await part("finding").count(), 0);
  assert.equal(await part("kept").count(), 0);
});

gordian("what there is no room for is not kept, and a sentence says so", async ({ page, settled }) => {
  const part = parts(page);
  await page.evaluate(() => {
    const set = Storage.prototype.setItem;
    Storage.prototype.setItem = function (name, value) {
      if (value.length > 1000) throw new DOMException("full", "QuotaExceededError");
      set.call(this, name, value);
    };
  });
  await paste(page, await text(DUMP));
  await settled();
  await part("keep-yes").click();
  await settled();
  assert.match(await part("keep-bar").innerText(), /too large/);
  assert.ok(!(await stored(page)).includes("gordian-kept"));
});
