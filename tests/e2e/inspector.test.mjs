// What the inspector tells of an object: the verdict, what holds it, its owners, its conditions, its events, and its text.

import assert from "node:assert/strict";
import { gordian, SIZES } from "./harness.mjs";
import { parts, paste, text } from "./core.mjs";

/** Loads a text, and looks at an object in it by its code in the address: `Kind.group/namespace/name`. */
async function look(page, settled, content, code) {
  await paste(page, content);
  await settled();
  await select(page, settled, code);
}

async function select(page, settled, code) {
  await page.evaluate((code) => (location.hash = `#v1&sel=${encodeURIComponent(code)}`), code);
  await settled();
}

const ORPHAN = /^orphan-4f0f/;

/** A definition of many lines, which nothing keeps. */
function definition(lines) {
  const properties = Array.from({ length: lines }, (_, n) => `              field${n}:\n                type: string`).join("\n");
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
  uid: a-definition
  finalizers:
  - customresourcecleanup.apiextensions.k8s.io
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            properties:
${properties}
`;
}

gordian("one sentence tells what holds the orphan, who would remove it, and what that waits for", async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await page.locator('[data-testid^="node-"][aria-label*="Orphan"]').first().click();
  await settled();
  assert.match(await page.locator(".identity .name").innerText(), ORPHAN);
  const verdict = await part("said").innerText();
  assert.match(verdict, /^Being deleted for \d+ \w+ as of the dump, and stuck: held by longhorn\.io; .*would remove it, and waits for 10\.42\.4\.37:8503\.$/);
  const held = part("held");
  assert.equal(await held.getAttribute("data-runs"), "runs");
  await part("catalogue").locator("summary").click();
  for (const row of ["Protects", "Waits for", "To resolve it", "If it is stripped"]) {
    assert.ok((await part("catalogue").innerText()).includes(row), row);
  }
  await assertAccessible("#inspector");
  // What is waited for is one click away: the address, and it tells why nobody answers.
  assert.match(await part("lead").first().innerText(), /Address\s+10\.42\.4\.37/);
  await held.locator(".sentence").first().click();
  await settled();
  assert.match(await part("said").innerText(), /^Nobody answers at 10\.42\.4\.37:8503/);
  await assertAccessible("#inspector");
  await part("lead").first().click();
  await settled();
  assert.match(await page.locator(".identity .name").innerText(), /^instance-manager-/);
});

gordian("events about an object are told, the newest first, and those about another one are not", async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  await look(page, settled, await text("tests/inspect/claim-with-events.yaml"), "PersistentVolumeClaim/shop/data");
  const events = await part("event").allInnerTexts();
  assert.equal(events.length, 2);
  assert.match(events[0], /VolumeFailedDelete[^]*Warning[^]*× 12[^]*0 s[^]*still attached to node n1[^]*driver\.example\.com/);
  assert.match(events[1], /ProvisioningSucceeded[^]*7 days/);
  const conditions = await part("condition").allInnerTexts();
  assert.match(conditions[0], /FileSystemResizePending[^]*NodeSilent[^]*Unknown[^]*27 min/);
  await assertAccessible("#inspector");
  await select(page, settled, "Pod/shop/db-0");
  assert.match(await part("events").innerText(), /none is about this object/);
});

gordian("that nothing was seen of a controller is seen", async ({ page, settled }) => {
  const part = parts(page);
  const topic = "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata:\n  name: t\n  namespace: shop\n  uid: t-uid\n  deletionTimestamp: '2026-01-01T00:00:00Z'\n  finalizers: [strimzi.io/topic-operator]\n";
  await look(page, settled, topic, "KafkaTopic.kafka.strimzi.io/shop/t");
  const held = part("held").first();
  assert.equal(await held.getAttribute("data-runs"), "not-seen");
  assert.ok((await held.locator(".runs").boundingBox()).width > 20);
});

gordian("a dump without events says how to get them", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, settled }) => {
  const part = parts(page);
  await look(page, settled, await text("tests/inspect/unknown-finalizer.yaml"), "Widget.factory.example.com/shop/w");
  const command = "kubectl get events -n shop --field-selector involvedObject.uid=w-uid -o yaml";
  assert.ok((await part("events").innerText()).includes(command));
  await part("copy-events-command").click();
  await settled();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  const clues = await part("clues").innerText();
  assert.match(clues, /widget-operator wrote it[^]*factory\.example\.com[^]*factory\/widget-webhook/);
});

gordian("each owner says what is wrong with it, by which rule, and leads to the owner", async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  await look(page, settled, await text("tests/inspect/owners.yaml"), "ConfigMap/shop/dependent");
  const owners = await part("owner").allInnerTexts();
  const told = [/well[^]*controller[^]*blocks/, /not there[^]*D4/, /uid does not match[^]*D4/, /another namespace, other[^]*D4/, /uid is that of ConfigMap well/, /not in the dump; it is taken/, /not served in v2[^]*D4/, /owns itself[^]*E4/, /A ring[^]*D6/];
  assert.equal(owners.length, told.length);
  for (const [index, says] of told.entries()) assert.match(owners[index], says);
  await assertAccessible("#inspector");
  await part("owner").first().getByRole("button").click();
  await settled();
  assert.equal(await page.locator(".identity .name").innerText(), "well");
  await part("dependent").first().getByRole("button").click();
  await settled();
  assert.equal(await page.locator(".identity .name").innerText(), "dependent");
});

gordian("the text folds, and what is folded is unfolded by its button in the gutter", async ({ page, settled }) => {
  const part = parts(page);
  await look(page, settled, definition(300), "CustomResourceDefinition.apiextensions.k8s.io//widgets.example.com");
  const region = part("inspector-text");
  const shown = await region.innerText();
  assert.ok(shown.includes("customresourcecleanup") && !shown.includes("field7"), shown);
  const spec = region.getByRole("button", { name: "Unfold: spec:, 612 lines" });
  await spec.focus();
  await page.keyboard.press("Enter");
  await settled();
  assert.ok((await region.innerText()).includes("field7"));
  assert.equal(await region.getByRole("button", { name: "Fold: spec:, 612 lines" }).getAttribute("aria-expanded"), "true");
  await region.getByRole("button", { name: "Fold: spec:, 612 lines" }).click();
  await settled();
  assert.ok(!(await region.innerText()).includes("field7"));
});

gordian("a text of thousands of lines is searched, and only what is in sight is drawn", async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  await look(page, settled, definition(3000), "CustomResourceDefinition.apiextensions.k8s.io//widgets.example.com");
  await part("unfold").click();
  await settled();
  const lines = page.locator(".text .line");
  assert.ok((await lines.count()) <= 200, "a window of the text");
  const search = part("search-text");
  await search.fill("FIELD299");
  await settled();
  assert.equal(await part("hits").innerText(), "11 hits");
  await search.press("Enter");
  await settled();
  assert.equal(await part("hits").innerText(), "1 of 11");
  await page.locator(".hit.current").filter({ hasText: "field299" }).waitFor();
  const line = page.locator(".line.current");
  assert.match(await line.innerText(), /619\s+field299:/);
  assert.ok(await line.evaluate((line) => {
    const { top, bottom } = line.getBoundingClientRect();
    const region = line.parentElement.getBoundingClientRect();
    return region.top <= top && bottom <= region.bottom && 0 <= top && bottom <= innerHeight;
  }), "the hit is in sight");
  await part("hit-previous").click();
  await settled();
  assert.equal(await part("hits").innerText(), "11 of 11");
  await page.locator(".hit.current").waitFor();
  assert.match(await page.locator(".line.current").innerText(), /field2999:/);
  await part("hit-next").click();
  await settled();
  assert.equal(await part("hits").innerText(), "1 of 11");
  await search.fill("no such text");
  await settled();
  assert.equal(await part("hits").innerText(), "no hit");
  assert.equal(await part("hit-next").isDisabled(), true);
  await assertAccessible("#inspector");
});

gordian("a hit inside a fold is unfolded", async ({ page, settled }) => {
  const part = parts(page);
  await look(page, settled, definition(300), "CustomResourceDefinition.apiextensions.k8s.io//widgets.example.com");
  await part("search-text").fill("field42:");
  await part("search-text").press("Enter");
  await settled();
  await page.locator(".hit.current").waitFor();
  assert.match(await page.locator(".line.current").innerText(), /field42:/);
});

gordian("the whole object is copied, whatever is folded", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, settled }) => {
  const part = parts(page);
  const content = definition(300);
  await look(page, settled, content, "CustomResourceDefinition.apiextensions.k8s.io//widgets.example.com");
  await part("copy-text").click();
  await settled();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), content);
});

gordian("evidence leads to its line in the text, unfolded and in sight", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  const evidence = part("evidence").filter({ hasText: "line" }).first();
  const number = (await evidence.innerText()).match(/line (\d+)/)[1];
  await evidence.click();
  await settled();
  await page.waitForFunction((number) => {
    const line = document.getElementById(`line-${number}`);
    if (!line) return false;
    const { top, bottom } = line.getBoundingClientRect();
    return 0 <= top && bottom <= innerHeight;
  }, number);
});

gordian("on a phone the inspector needs no sideways scrolling", { size: SIZES.phone }, async ({ page, settled, assertAccessible }) => {
  await look(page, settled, await text("tests/inspect/owners.yaml"), "ConfigMap/shop/dependent");
  assert.ok(await page.locator("#inspector").evaluate((pane) => pane.scrollWidth <= pane.clientWidth));
  await assertAccessible("#inspector");
});
