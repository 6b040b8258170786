// The ways in and around: files, drops, the keyboard, the address, and what a profiler sees.

import assert from "node:assert/strict";
import { gordian, SIZES } from "./harness.mjs";
import { file, parts, position, text } from "./core.mjs";

const DUMP = "tests/dumps/longhorn-10791.yaml";

gordian("a file that is chosen is read", async ({ page, settled }) => {
  const part = parts(page);
  await part("file").setInputFiles(file(DUMP));
  await settled();
  assert.equal(await part("finding").count(), 1);
  assert.match(await page.locator("body").innerText(), /longhorn-10791\.yaml/);
});

gordian("files that are dropped are read together, wherever they fall", async ({ page, settled }) => {
  const part = parts(page);
  const contents = [await text(DUMP), await text("tests/samples/owner-ring.yaml")];
  const held = await page.evaluateHandle((contents) => {
    const transfer = new DataTransfer();
    contents.forEach((content, index) => transfer.items.add(new File([content], `dump-${index}.yaml`)));
    return transfer;
  }, contents);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: held });
  await settled();
  assert.equal(await part("drop").isVisible(), true);
  await page.dispatchEvent("body", "drop", { dataTransfer: held });
  await settled();
  const classes = await part("finding").evaluateAll((all) => all.map(({ dataset }) => dataset.class));
  assert.deepEqual(classes, ["deadlock", "deadlock"]);
});

gordian("the keyboard alone steps, forth and back, and opens its list", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").press("Enter");
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();
  await page.locator("body").focus();
  for (const [key, step] of [["]", 1], ["]", 2], ["[", 1], ["}", 8], ["{", 0]]) {
    await page.keyboard.press(key);
    await settled();
    assert.equal((await position(page)).step, step, `after ${key}`);
  }
  await page.keyboard.press("?");
  await settled();
  assert.equal(await page.locator("dialog[open]").count(), 1);
  await page.keyboard.press("Escape");
  await settled();
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

gordian("the scrubber jumps", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();
  await part("step-jump").fill("5");
  await settled();
  assert.equal((await position(page)).step, 5);
});

gordian("the address brings a reader back to the step", async ({ page, settled, reload }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();
  await page.locator("body").focus();
  await page.keyboard.press("]");
  await settled();
  const before = await position(page);
  await reload();
  assert.deepEqual(await position(page), before);
});

gordian("every part of the work is measured", async ({ page, settled }) => {
  const part = parts(page);
  await part("file").setInputFiles(file(DUMP));
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();
  await part("step-forward").click();
  await settled();
  const names = await page.evaluate(() => performance.getEntriesByType("measure").map(({ name }) => name));
  for (const name of ["read", "parse", "graph", "diagnose", "layout", "paint", "step"]) {
    assert.ok(names.includes(`gordian:${name}`), name);
  }
});

gordian("the lines that matter are marked in the object's own text", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await page.locator('[data-testid^="node-"][aria-label*="Orphan"]').first().click();
  await settled();
  const shown = await part("inspector").innerText();
  for (const said of ["longhorn.io", "deletionTimestamp", "blockOwnerDeletion: true", "610"]) assert.ok(shown.includes(said), said);
});

gordian("on a phone every pane can be reached", { size: SIZES.phone }, async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  for (const [pane, id] of [["findings", "finding"], ["drawing", "drawing"], ["inspector", "inspector"], ["steps", "stepper"]]) {
    await part(`tab-${pane}`).click();
    await settled();
    assert.equal(await part(id).first().isVisible(), true, pane);
  }
});
