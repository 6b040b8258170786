// What goes into the page: samples, recordings of a real control plane, and everything that is no dump.

import assert from "node:assert/strict";
import { gordian } from "./harness.mjs";
import { gordianJson, parts, paste, text } from "./core.mjs";

const SAMPLES = {
  "longhorn-10791": "deadlock",
  "absent-controller": "controller-absent",
  "owner-ring": "deadlock",
  "webhook-gone": "webhook-unreachable",
};

for (const [sample, wanted] of Object.entries(SAMPLES)) {
  gordian(`the sample ${sample} is a ${wanted}`, async ({ page, settled, screenshot }) => {
    const part = parts(page);
    await part(`sample-${sample}`).click();
    await settled();
    const classes = await part("finding").evaluateAll((all) => all.map(({ dataset }) => dataset.class));
    assert.deepEqual(classes, [wanted]);
    await screenshot(`sample-${sample}`);
  });
}

const RECORDINGS = [
  "50-composite-stuck-cluster/before.json",
  "50-composite-stuck-cluster/checkpoint-01-stuck.json",
  "17a-longhorn-im-foreground/after.json",
  "07f-self-owner/after.json",
  "20e-wide-500-foreground/checkpoint-01-stuck.json",
  "20e-wide-500-foreground/before.json",
];

for (const recording of RECORDINGS) {
  gordian(`the recording ${recording} is drawn, and diagnosed as on the command line`, async ({ page, settled }) => {
    const part = parts(page);
    const path = `tests/recorded/${recording}`;
    await paste(page, await text(path));
    await settled();
    const checked = await gordianJson("check", path);
    const ids = await part("finding").evaluateAll((all) => all.map(({ dataset }) => dataset.id));
    assert.deepEqual(ids.sort(), checked.findings.map(({ id }) => id).sort());
    assert.ok((await page.locator('[data-testid^="node-"]').count()) > 0, "nothing is drawn");
  });
}

const HALF = '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p",';

/** What is pasted, and what its one sentence must say, with the place where that is known. */
const BAD = {
  nothing: [" \n", /nothing to read/],
  html: ["<!DOCTYPE html>\n<html><body>kind: Pod</body></html>", /line 1, column 1: this is a web page/],
  "half a JSON": [HALF, /line 1, column \d+: the JSON ends before this/],
  "YAML with a tab": ["apiVersion: v1\nkind: Pod\nmetadata:\n\tname: p\n", /line 4, column 1: YAML is indented with spaces/],
  binary: ["PK\u0003\u0004\u0000\u0000\u0000\u0000\u0001\u0002", /no text/],
  prose: ["NAME   READY   STATUS        AGE\nweb-0  1/1     Terminating   3h\n", /no Kubernetes object was found/],
};

for (const [what, [content, wanted]] of Object.entries(BAD)) {
  gordian(`${what} gets one clear sentence, and what was loaded stays`, async ({ page, settled }) => {
    const part = parts(page);
    await part("paste").fill(content);
    await part("paste-read").click();
    await settled();
    assert.equal(await part("problem").count(), 1);
    assert.match(await part("problem").first().innerText(), wanted);
    assert.equal(await part("finding").count(), 0);

    // The same, as a second dump beside a good one.
    await part("sample-owner-ring").click();
    await settled();
    const before = await part("stepper").getAttribute("data-fingerprint");
    await paste(page, content);
    await settled();
    assert.match(await part("problem").last().innerText(), wanted);
    assert.equal(await part("stepper").getAttribute("data-fingerprint"), before);
    assert.equal(await part("finding").count(), 1);
  });
}

gordian("a dump without a terminating object says so, and can be acted upon", async ({ page, settled }) => {
  const part = parts(page);
  await paste(page, await text("tests/recorded/50-composite-stuck-cluster/before.json"));
  await settled();
  assert.match(await part("verdict").innerText(), /Nothing is being deleted here: 36 objects/);
  await part("filter").fill("settings");
  await settled();
  await part("object-row").filter({ hasText: "settings" }).first().click();
  await settled();
  await part("delete-background").click();
  await settled();
  assert.match(await part("step-sentence").innerText(), /A person deletes the ConfigMap settings/);
});

gordian("names from a dump are text and never markup", async ({ page, settled }) => {
  const name = "<img src=x onerror=document.title='broken'>";
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "<b>a</b>", finalizers: ["x/<i>y</i>"], deletionTimestamp: "2026-01-01T00:00:00Z" } };
  await paste(page, JSON.stringify(object));
  await settled();
  await parts(page)("object-row").first().click();
  await settled();
  assert.equal(await page.title(), "Gordian");
  assert.equal(await page.locator("img, b, i").count(), 0);
  assert.ok((await page.getByText(name, { exact: false }).count()) > 0);
});
