// The main job, end to end: the incident that Gordian was born from is pasted, understood, and stepped through.

import assert from "node:assert/strict";
import { gordian } from "./harness.mjs";
import { gordianJson, parts, paste, position, text } from "./core.mjs";

const DUMP = "tests/dumps/longhorn-10791.yaml";
const MANAGER = "instance-manager-c1d53cc49a459e581e980b799555e47d";
const ORPHAN = "orphan-4f0f2294737b1d07ca0cb137f4391195a8e59ea972d0a58f2412cba1abee8406";

/** Takes every step that is enabled, one by one, and gives the fingerprint after each. */
async function stepThrough(page, settled) {
  const fingerprints = [];
  const forward = page.getByTestId("step-forward");
  while (await forward.isEnabled()) {
    await forward.click();
    await settled();
    fingerprints.push((await position(page)).fingerprint);
  }
  return fingerprints;
}

gordian("a pasted dump shows the one deadlock, arrow by arrow", async ({ page, settled, assertNoRequestAfterLoad, screenshot }) => {
  const part = parts(page);
  await paste(page, await text(DUMP));
  await settled();

  const findings = part("finding");
  assert.equal(await findings.count(), 1);
  assert.equal(await findings.first().getAttribute("data-class"), "deadlock");
  assert.match(await part("verdict").innerText(), /2 objects are stuck/);

  const arrows = await part("cycle-arrow").evaluateAll((all) => all.map(({ dataset: { from, to, rule } }) => ({ from, to, rule })));
  const ends = arrows.map(({ from, to }) => `${from} -> ${to}`);
  const passes = (...wanted) => assert.ok(ends.some((end) => wanted.every((part) => end.includes(part))), `${wanted}: ${ends.join("\n")}`);
  passes(MANAGER, "foregroundDeletion", ORPHAN);
  passes(ORPHAN, "longhorn.io", "10.42.4.37");
  passes("10.42.4.37", "Pod", MANAGER);
  passes("Pod", `InstanceManager`, MANAGER);
  // The cycle closes: every end is where another arrow begins.
  for (const { to } of arrows) assert.ok(arrows.some(({ from }) => from === to), `nothing leaves ${to}`);

  const explanation = await part("explanation").innerText();
  for (const said of ["foregroundDeletion", "longhorn.io", "10.42.4.37:8503", "the pod that had this address is gone"]) {
    assert.ok(explanation.includes(said), said);
  }
  assert.deepEqual(await part("blast-item").allInnerTexts(), ["the block disk of ip-10-0-2-5"]);
  assert.ok((await part("remedy").count()) >= 2);

  await screenshot("incident");
  await assertNoRequestAfterLoad();
});

gordian("before #3719 it never finishes, and the page says why", async ({ page, settled }) => {
  const part = parts(page);
  await paste(page, await text(DUMP));
  await settled();
  assert.equal(await part("profile").inputValue(), "before-3719");

  const simulated = await gordianJson("simulate", DUMP);
  assert.equal(simulated.outcome, "stuck");
  assert.deepEqual(await stepThrough(page, settled), simulated.steps.map(({ fingerprint }) => fingerprint));
  assert.equal((await position(page)).fingerprint, simulated.fingerprint);

  assert.match(await part("end").innerText(), /never finishes/);
  const waits = await part("wait").allInnerTexts();
  assert.equal(waits.length, 3);
  for (const who of [/Garbage collector waits/, /Orphan controller on ip-10-0-2-5 dials 10\.42\.4\.37:8503/, /Node controller on ip-10-0-2-5 dials 10\.42\.4\.37:8502/]) {
    assert.ok(waits.some((wait) => who.test(wait)), `${who} in ${waits}`);
  }
});

gordian("profiles that agree are told in one line, and the one that is followed is said", async ({ page, settled }) => {
  const part = parts(page);
  await paste(page, await text(DUMP));
  await settled();
  const told = async () => {
    const lines = await part("outcome").allInnerTexts();
    const pressed = await part("outcome").evaluateAll((all) => all.map((one) => one.ariaPressed));
    return lines.map((line, index) => [...line.split("\n"), pressed[index]]);
  };
  const before = ["v1.1.0 to before #3719", "never finishes, 2 stuck"];
  const after = ["after #3719 to v1.12.1", "finishes after 8 steps"];
  assert.deepEqual(await told(), [[...before, "The run follows before #3719.", "true"], [...after, "false"]]);
  await part("outcome").last().click();
  await settled();
  assert.equal(await part("profile").inputValue(), "after-3719");
  await part("profile").selectOption("v1.9.2");
  await settled();
  assert.deepEqual(await told(), [[...before, "false"], [...after, "The run follows v1.9.2.", "true"]]);
  await part("outcome").first().click();
  await settled();
  assert.equal(await part("profile").inputValue(), "before-3719");
});

gordian("after #3719 it finishes, step by step as on the command line", async ({ page, settled, screenshot }) => {
  const part = parts(page);
  await paste(page, await text(DUMP));
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();

  const simulated = await gordianJson("simulate", DUMP, "--profile", "longhorn=after-3719");
  assert.equal(simulated.outcome, "finished");
  const said = [];
  const forward = part("step-forward");
  for (const step of simulated.steps) {
    await forward.click();
    await settled();
    const here = await position(page);
    assert.deepEqual(here, { step: step.n, fingerprint: step.fingerprint });
    said.push(await part("step-sentence").innerText());
    if (step.n === 3) await screenshot("incident-step-3");
  }
  assert.ok(await forward.isDisabled());
  assert.match(await part("end").innerText(), /Nothing that was being deleted is left/);

  // The orphan and the instance manager go; a new instance manager and its pod come; the disk turns schedulable.
  const story = [/takes longhorn\.io off the orphan/, /takes foregroundDeletion off the instance manager/, /creates the instance manager/, /creates the pod/, /updates the Longhorn node/];
  story.reduce((from, what) => {
    const at = said.findIndex((sentence, index) => index >= from && what.test(sentence));
    assert.notEqual(at, -1, `${what} after step ${from} in\n${said.join("\n")}`);
    return at + 1;
  }, 0);
  const end = simulated.objects;
  assert.ok(!end.some(({ name }) => name === ORPHAN));
  assert.ok(end.some(({ kind, name, deleting }) => kind === "InstanceManager" && name === MANAGER && !deleting));
  assert.ok(end.some(({ kind, name }) => kind === "Pod" && name === MANAGER));
  assert.notEqual(await page.getByTestId("twin").locator('[aria-label*=", schedulable"]').count(), 0);
  await screenshot("incident-end");

  // Back and forth are the same worlds.
  await part("step-first").click();
  await settled();
  assert.equal((await position(page)).step, 0);
  await part("step-last").click();
  await settled();
  assert.equal((await position(page)).fingerprint, simulated.fingerprint);
});

gordian("a remedy is tried as a person's step, and can be taken back", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  const before = await position(page);
  await part("remedy-apply").first().click();
  await settled();
  assert.match(await part("trial").innerText(), /longhorn\.io/);
  const isCut = await part("remedy").evaluateAll((all) => all.some((one) => one.scrollWidth > one.clientWidth));
  assert.ok(!isCut, "all that is said of a remedy is seen while it is tried");
  await stepThrough(page, settled);
  assert.match(await part("end").innerText(), /Nothing that was being deleted is left/);
  await part("remedy-undo").first().click();
  await settled();
  assert.equal((await position(page)).fingerprint, before.fingerprint);
});

gordian("the page has no barrier that axe knows of", async ({ page, settled, assertAccessible }) => {
  await assertAccessible();
  await parts(page)("sample-longhorn-10791").click();
  await settled();
  await assertAccessible();
});

gordian("in the dark it has none either", { colorScheme: "dark" }, async ({ page, settled, assertAccessible }) => {
  await assertAccessible();
  await parts(page)("sample-longhorn-10791").click();
  await settled();
  await assertAccessible();
});
