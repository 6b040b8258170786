// The empty page: samples, the capture commands, and the list of keys.

import assert from "node:assert/strict";
import { gordian, SIZES } from "./harness.mjs";
import { gordianJson, parts } from "./core.mjs";

const NEW = ["api-gone", "definition-first", "load-balancer", "volume-in-use", "volume-attached"];

for (const sample of NEW) {
  gordian(`the sample ${sample} is one click, and diagnosed as on the command line`, async ({ page, settled }) => {
    const part = parts(page);
    await part(`sample-${sample}`).click();
    await settled();
    const checked = await gordianJson("check", `tests/samples/${sample}.yaml`);
    const ids = await part("finding").evaluateAll((all) => all.map(({ dataset }) => dataset.id));
    assert.deepEqual(ids, checked.findings.map(({ id }) => id));
    assert.match(page.url(), new RegExp(`#v2&sample=${sample}`));
  });
}

gordian("the commands know the case, and take only what can be named", async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  const commands = async () => {
    await settled();
    return part("commands").locator("code").allInnerTexts();
  };
  await part("namespace").fill("shop");
  assert.ok((await commands()).some((line) => line.includes(" -n shop ")));
  await part("namespace").fill("$(reboot)");
  assert.ok((await commands()).every((line) => !line.includes("reboot")));
  assert.equal(await part("namespace").getAttribute("aria-invalid"), "true");

  await page.getByRole("radio", { name: "One object" }).check();
  await part("namespace").fill("longhorn-system");
  await part("kind").fill("Orphan");
  await part("name").fill("orphan-4f0f");
  const [first, ...others] = await commands();
  assert.equal(first, "kubectl get Orphan orphan-4f0f -n longhorn-system -o yaml > object.yaml");
  assert.ok(others.length >= 3);
  for (const line of others.filter((line) => line.includes("--namespaced -o name"))) assert.match(line, /-e secrets /);
  assert.equal(await part("commands").locator("li").count(), await part("commands").locator("li p").count());
  await assertAccessible();
});

gordian("every key is listed under ?", async ({ page, settled, assertAccessible }) => {
  await page.keyboard.press("?");
  await settled();
  const dialog = page.getByRole("dialog", { name: "Keyboard" });
  assert.ok(await dialog.isVisible());
  assert.ok((await dialog.locator("kbd").count()) > 15);
  await assertAccessible();
  await page.keyboard.press("Escape");
  await settled();
  assert.equal(await dialog.isVisible(), false);
});

gordian("nothing is wider than a phone", { size: SIZES.phone }, async ({ page, settled }) => {
  await page.getByRole("radio", { name: "One object" }).check();
  await settled();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

gordian("on paper stand the verdict, the findings, the drawing and the steps", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await page.emulateMedia({ media: "print" });
  for (const id of ["verdict", "finding", "stepper"]) assert.ok(await part(id).first().isVisible(), id);
  assert.ok(await page.locator("#surface").isVisible());
  for (const id of ["share", "theme", "filter", "load-more"]) assert.equal(await part(id).isVisible(), false, id);
  const heights = await page.locator("#findings, #steps").evaluateAll((all) =>
    all.map((pane) => pane.scrollHeight - pane.clientHeight),
  );
  assert.deepEqual(heights.filter((hidden) => hidden > 1), [], "a pane is cut off");
});
