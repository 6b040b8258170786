// The list of objects: what filters it, the way from match to match, and the keyboard in it.

import assert from "node:assert/strict";
import { gordian, SIZES } from "./harness.mjs";
import { parts, paste, text } from "./core.mjs";

const LONGHORN = { hash: "v1&sample=longhorn-10791" };

/** The names of the rows that are shown. */
const rows = (page) => parts(page)("object-row").evaluateAll((all) => all.map(({ title }) => title));

/** The parts of rows and heads that are marked. */
const marks = (page) => page.locator(".tree mark").allInnerTexts();

const selected = (page) => page.locator('.tree [aria-selected="true"][data-testid="object-row"]').getAttribute("title");

gordian("what is typed filters the list, is counted, marked, and kept in the address", LONGHORN, async ({ page, settled, assertAccessible, screenshot, reload }) => {
  const part = parts(page);
  await page.keyboard.press("/");
  await page.keyboard.type("lhim");
  await settled();
  const found = await rows(page);
  assert.ok(found.length > 0 && found.every((name) => name.startsWith("instance-manager-")), found.join());
  assert.match(await part("matches").innerText(), new RegExp(`^${found.length} of \\d+ objects match`));
  assert.match(new URL(page.url()).hash, /&q=lhim$/);

  await part("filter").fill("orph ns:longhorn-system");
  await settled();
  assert.equal(await page.locator(".app").evaluate((app) => app.scrollTop), 0, "the page itself stays where it is");
  assert.ok((await marks(page)).includes("orph"));
  assert.ok((await rows(page)).every((name) => name.includes("orph")));
  await assertAccessible();
  await screenshot("find");
  const before = await rows(page);
  await reload();
  assert.equal(await part("filter").inputValue(), "orph ns:longhorn-system");
  assert.deepEqual(await rows(page), before);

  await part("filter").press("Escape");
  await settled();
  assert.equal(await part("filter").inputValue(), "");
  assert.doesNotMatch(page.url(), /q=/);
});

gordian("what is stuck and what is terminating is found by these words", LONGHORN, async ({ page, settled }) => {
  const part = parts(page);
  for (const query of ["stuck", "is:stuck", "terminating", "finalizer:foreground or:", "is:stuck -orphan"]) {
    await part("filter").fill(query);
    await settled();
    const found = await rows(page);
    if (query.endsWith("or:")) {
      assert.match(await part("matches").innerText(), /There is no key or:/);
    } else if (query.endsWith("-orphan")) {
      assert.ok(found.length === 1 && found[0].startsWith("instance-manager-"), found.join());
    } else {
      assert.equal(found.length, 2, query);
    }
  }
  await part("filter").fill("knd:po");
  await settled();
  assert.equal(await part("matches").innerText(), "There is no key knd:; the nearest is kind:.");
  assert.deepEqual(await rows(page), []);
});

gordian("one goes from match to match, and the list and the way follow", LONGHORN, async ({ page, settled }) => {
  const part = parts(page);
  await part("filter").fill("is:stuck");
  await settled();
  const found = await rows(page);
  await part("filter").press("Enter");
  await settled();
  assert.equal(await selected(page), found[0]);
  assert.equal(await part("matches").innerText(), "Match 1 of 2.");
  assert.ok((await part("crumbs").innerText()).includes(found[0]));
  assert.ok((await part("inspector").innerText()).includes(found[0]));
  await page.keyboard.press("F3");
  await settled();
  assert.equal(await selected(page), found[1]);
  await page.keyboard.press("Control+G");
  await settled();
  assert.equal(await selected(page), found[0], "after the last comes the first");
  await part("filter").press("Shift+Enter");
  await settled();
  assert.equal(await selected(page), found[1]);
  await part("previous-match").click();
  await settled();
  assert.equal(await selected(page), found[0]);
  await part("next-match").click();
  await settled();
  assert.equal(await part("matches").innerText(), "Match 2 of 2.");

  // The way leads to what stands around it.
  await part("crumbs").getByRole("button", { name: "longhorn-system" }).click();
  await settled();
  assert.equal(await part("filter").inputValue(), "ns:longhorn-system");
  await part("crumbs").getByRole("button", { name: "Cluster" }).click();
  await settled();
  assert.equal(await part("filter").inputValue(), "");
  assert.equal(await page.locator('.tree [aria-selected="true"]').count(), 0);
});

gordian("the list is a tree for the keyboard, and in step with what is selected", LONGHORN, async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  const at = () => page.evaluate(() => document.activeElement.querySelector(".tree-name, .object-name").textContent);
  await part("filter").press("ArrowDown");
  const first = await at();
  await page.keyboard.press("End");
  const last = await at();
  assert.notEqual(last, first);
  await page.keyboard.press("Home");
  assert.equal(await at(), first);
  const system = page.getByRole("treeitem", { name: /^longhorn-system/ });
  await system.focus();
  await page.keyboard.press("ArrowLeft");
  await settled();
  assert.equal(await system.getAttribute("aria-expanded"), "false");
  await page.keyboard.press("ArrowRight");
  await settled();
  assert.equal(await system.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("orphan");
  assert.match(await at(), /^Orphan/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await settled();
  assert.match(await selected(page), /^orphan-/);
  await page.keyboard.press("ArrowLeft");
  assert.match(await at(), /^Orphan/, "to what it is in");
  assert.equal(await page.locator('.tree [tabindex="0"]').count(), 1);
  await assertAccessible(".objects", ".crumbs");

  // Closed, it is opened again by what is selected elsewhere.
  await page.keyboard.press("ArrowLeft");
  await settled();
  await page.locator('[data-testid^="node-"][aria-label*="InstanceManager"]').first().click();
  await settled();
  assert.match(await selected(page), /^instance-manager-/);
});

gordian("of many rows some are shown, and more when they are asked for", async ({ page, settled }) => {
  const part = parts(page);
  await paste(page, await text("tests/recorded/20e-wide-500-foreground/before.json"));
  await settled();
  await part("filter").fill("kind:cm");
  await settled();
  assert.equal((await rows(page)).length, 100);
  await part("more-rows").first().click();
  await settled();
  assert.equal((await rows(page)).length, 200);
  await part("previous-match").click();
  await settled();
  assert.equal((await rows(page)).length, 201, "what is selected is shown, though it comes later");
});

gordian("on a phone one goes from match to match without leaving the list", { ...LONGHORN, size: SIZES.phone }, async ({ page, settled }) => {
  const part = parts(page);
  await part("filter").fill("stuck");
  await part("filter").press("Enter");
  await settled();
  assert.ok(await part("matches").isVisible());
  assert.equal(await part("matches").innerText(), "Match 1 of 2.");
  await part("object-row").last().click();
  await settled();
  assert.ok(await part("inspected").isVisible(), "what is chosen in the list is looked at");
});
