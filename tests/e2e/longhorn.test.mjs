// From a healthy Longhorn cluster to its deadlock: a script is played, every order of what comes of it is tried, and faults.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { gordian, SIZES } from "./harness.mjs";
import { file, gordianJson, gordianJsonOf, parts, paste, position, scriptCase, text } from "./core.mjs";

const DUMP = "tests/longhorn/three-nodes.yaml";
const SCRIPT = "tests/longhorn/three-nodes.json";
const INCIDENT = "tests/dumps/longhorn-10791.yaml";
const SCRIPTS = "crates/cli/tests/scripts";
const MANAGER = "instance-manager-c1d53cc49a459e581e980b799555e47d";

/** Opens the sample, under a profile of Longhorn where one is given. */
async function open(page, settled, profile) {
  const part = parts(page);
  await part("sample-three-nodes").click();
  await settled();
  if (profile) await part("profile").selectOption(profile);
  await settled();
  return part;
}

const end = (page) => page.getByTestId("end").evaluate(({ dataset }) => dataset.end);

gordian("the sample is healthy, and its script is told in words and played", async ({ page, settled, screenshot, assertAccessible }) => {
  const part = await open(page, settled);
  assert.equal(await part("profile").inputValue(), "before-3719");
  assert.equal(await part("finding").count(), 0);
  assert.match(await part("verdict").innerText(), /Nothing is being deleted here, among \d+ objects: play the script in the stepper/);
  const actions = await part("actions").locator("li").allInnerTexts();
  assert.equal(actions.length, 8);
  assert.match(actions[0], /Cut the node ip-10-0-2-5 off the network/);
  assert.match(actions[1], /Let the time of the node ip-10-0-2-5 run out/);
  assert.match(actions[2], /once the controllers rest: kubectl -n longhorn-system delete replicas/);
  assert.match(actions[4], /Every order is tried/);
  await screenshot("script");
  await assertAccessible();

  await part("script-play").click();
  await settled();
  const simulated = await gordianJson("simulate", DUMP, "--actions", SCRIPT);
  assert.equal(await part("stepper").getAttribute("data-steps"), `${simulated.steps.length}`);
  assert.equal((await position(page)).step, 0);
  await part("step-last").click();
  await settled();
  assert.equal((await position(page)).fingerprint, simulated.fingerprint);
  assert.equal(await end(page), "finished");
  // Played again, it is the same branch.
  await part("script-play").click();
  await settled();
  assert.equal((await position(page)).step, 0);
  assert.equal(await part("branch").count(), 0);
});

gordian("every order is tried: the deadlock, how often, and what decides it", async ({ page, settled, screenshot, assertAccessible, assertNoRequestAfterLoad }) => {
  const part = await open(page, settled);
  await part("try-orders").click();
  await settled();
  assert.match(await part("found").innerText(), /Some orders finish, and some do not/);
  const explored = await gordianJson("explore", DUMP, "--actions", SCRIPT);
  const ends = await part("ending").evaluateAll((all) => all.map(({ dataset: { end, share } }) => [end, Number(share)]));
  const wanted = explored.ends.map(({ outcome, share }) => [outcome, share]);
  const rank = ([outcome, share]) => (outcome === "finished" ? 1 : 0) - share / 10;
  assert.deepEqual(ends, wanted.sort((one, other) => rank(one) - rank(other)));
  const stuck = part("ending").first();
  assert.match(await stuck.innerText(), /2 objects stuck, in \d+\.\d % of the runs\. The shortest takes \d+ steps\./);
  const race = await stuck.getByTestId("race").innerText();
  assert.match(race, /Decided by step (\d+): kubelet of ip-10-0-2-5 deletes the pod instance-manager-c1d5[^]*orphan/);
  await assertAccessible();
  await screenshot("orders");

  // It begins where it was decided: what is next loses it, and what would have saved it can be taken.
  await stuck.getByTestId("follow-decided").click();
  await settled();
  assert.equal(await end(page), "stuck");
  const decided = Number(race.match(/Decided by step (\d+)/)[1]);
  assert.equal((await position(page)).step, decided - 1);
  await part("step-forward").click();
  await settled();
  assert.match(await part("step-sentence").innerText(), /kubelet of ip-10-0-2-5 deletes the pod instance-manager-c1d5/);
  assert.equal(await part("finding").count(), 1);

  // From its beginning it is the same run, and the same branch.
  await stuck.getByTestId("follow").click();
  await settled();
  assert.equal((await position(page)).step, 0);
  await part("step-last").click();
  await settled();
  const fingerprints = explored.ends.filter(({ outcome }) => outcome === "stuck").map(({ fingerprint }) => fingerprint);
  assert.ok(fingerprints.includes((await position(page)).fingerprint));
  assert.equal(await part("finding").first().getAttribute("data-class"), "deadlock");
  const arrows = await part("cycle-arrow").evaluateAll((all) => all.map(({ dataset: { from, to } }) => `${from} -> ${to}`));
  assert.ok(arrows.some((arrow) => arrow.includes(MANAGER) && arrow.includes("orphan-")), arrows.join("\n"));
  await screenshot("orders-stuck");
  await assertAccessible();

  // Under other rules nothing of this holds, and every order finishes.
  await part("profile").selectOption("after-3719");
  await settled();
  assert.equal(await part("ending").count(), 0);
  await part("try-orders").click();
  await settled();
  assert.match(await part("found").innerText(), /Every order finishes/);
  const after = await part("ending").evaluateAll((all) => all.map(({ dataset }) => dataset.end));
  assert.deepEqual([...new Set(after)], ["finished"]);
  await assertNoRequestAfterLoad();
});

gordian("a search is stopped, and the page can be used meanwhile", async ({ page, settled }) => {
  const part = await open(page, settled);
  await part("try-orders").click();
  await part("tried").waitFor();
  assert.match(await part("tried").innerText(), /world/);
  await page.keyboard.press("?");
  await page.keyboard.press("Escape");
  await part("try-orders").click();
  await settled();
  assert.match(await part("found").innerText(), /Stopped after \d+ worlds?: of what lies beyond nothing is said/);
  assert.equal(await part("ending").count(), 0);
  // What is searched under other rules is given up.
  await part("try-orders").click();
  await part("profile").selectOption("after-3719");
  await settled();
  assert.equal(await part("found").innerText(), "");
});

gordian("faults are tried: where each strikes, and what it leaves stuck", async ({ page, settled, screenshot, assertAccessible }) => {
  const part = await open(page, settled);
  await part("try-faults").click();
  await settled();
  const injected = await gordianJson("inject", DUMP, "--actions", SCRIPT);
  assert.match(await part("found").innerText(), /ways were found to get stuck for good/);
  const found = await part("injected").allInnerTexts();
  assert.equal(found.length, injected.found.length);
  assert.match(found[0], /stuck for good[^]*a person /);
  await assertAccessible();
  await screenshot("injected");
  await part("follow").first().click();
  await settled();
  assert.equal(await part("stepper").getAttribute("data-steps"), `${injected.found[0].steps.length}`);
  await part("step-last").click();
  await settled();
  assert.equal((await position(page)).fingerprint, injected.found[0].fingerprint);
  assert.equal(await end(page), "stuck");
});

gordian("several faults in a run are tried, as many as are chosen", async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  const { files } = await scriptCase(`${SCRIPTS}/inject-limit.txt`);
  await paste(page, files["cluster.yaml"]);
  await settled();
  await paste(page, files["script.json"]);
  await settled();
  await part("profile").selectOption("before-3719");
  await settled();
  const tried = (budget) =>
    gordianJsonOf(files, (at) =>
      ["inject", at("cluster.yaml"), "--profile", "longhorn=before-3719", "--actions", at("script.json"), "--budget", `${budget}`],
    );
  const [one, two] = [await tried(1), await tried(2)];
  assert.ok(two.runs > one.runs, "a second fault is tried, too");
  assert.equal(await part("budget").inputValue(), "1");
  await part("budget").focus();
  await page.keyboard.press("ArrowDown");
  await settled();
  assert.equal(await part("budget").inputValue(), "2");
  await part("try-faults").click();
  await settled();
  assert.match(await part("found").innerText(), new RegExp(` ${two.runs} placements of faults were run, and ${two.found.length} ways`));
  assert.equal(await part("injected").count(), two.found.length);
  for (const [index, { placements, stuck, steps, fingerprint }] of two.found.entries()) {
    const found = part("injected").nth(index);
    const faults = `After ${placements.length} fault`;
    assert.ok((await found.innerText()).startsWith(faults), faults);
    await found.getByTestId("follow").click();
    await settled();
    assert.equal(await part("stepper").getAttribute("data-steps"), `${steps.length}`);
    await part("step-last").click();
    await settled();
    assert.equal((await position(page)).fingerprint, fingerprint);
    assert.match(await part("end").innerText(), new RegExp(`${stuck.length} objects? (is|are) still being deleted`));
  }
  assert.equal(await part("budget").inputValue(), "2");
  await assertAccessible();
});

for (const name of (await readdir(file(SCRIPTS))).filter((name) => /^longhorn-.*\.txt$/.test(name))) {
  gordian(`the deadlock of longhorn#10791 after ${name} is as on the command line`, async ({ page, settled }) => {
    const part = parts(page);
    const { files, status } = await scriptCase(`${SCRIPTS}/${name}`);
    const simulated = await gordianJsonOf(files, (at) =>
      ["simulate", INCIDENT, "--profile", "longhorn=before-3719", "--actions", at("script.json")],
    );
    await paste(page, await text(INCIDENT));
    await settled();
    assert.equal(await part("profile").inputValue(), "before-3719");
    await paste(page, files["script.json"]);
    await settled();
    assert.equal(await part("problem").count(), 0);
    await part("script-play").click();
    await settled();
    assert.equal(await part("problem").count(), 0);
    assert.equal(await part("stepper").getAttribute("data-steps"), `${simulated.steps.length}`);
    assert.equal(await end(page), status === 0 ? "finished" : "stuck");
    await part("step-last").click();
    await settled();
    assert.equal((await position(page)).fingerprint, simulated.fingerprint);
    assert.equal(await part("finding").filter({ hasNotText: "holds no more" }).count(), status === 0 ? 0 : 1);
  });
}

gordian("without a script, what is tried begins where the run stands", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();
  await part("step-forward").click();
  await settled();
  await part("try-orders").click();
  await settled();
  assert.match(await part("found").innerText(), /Every order finishes/);
  await part("try-faults").click();
  await settled();
  assert.match(await part("found").innerText(), /placements of faults were run/);
  assert.equal(await part("ending").count(), 0);
  assert.equal(await part("script-play").count(), 0);
});

gordian("a script is pasted beside a dump; what cannot be played is said", async ({ page, settled }) => {
  const part = parts(page);
  await paste(page, await text(DUMP));
  await settled();
  assert.equal(await part("actions").count(), 0);
  await paste(page, await text(SCRIPT));
  await settled();
  assert.equal(await part("actions").locator("li").count(), 8);
  assert.equal(await part("problem").count(), 0);
  await paste(page, '[{"i": 7, "t_ms": 0, "verb": "CUT", "name": "nowhere"}]');
  await settled();
  await part("script-play").click();
  await settled();
  assert.match(await part("problem").innerText(), /The script cannot be played: action 7: CUT: there is no node nowhere/);
});

gordian("on a phone, in the dark", { size: SIZES.phone, colorScheme: "dark" }, async ({ page, settled, screenshot, assertAccessible }) => {
  const part = await open(page, settled);
  await part("tab-steps").click();
  await settled();
  await part("try-faults").click();
  await settled();
  await screenshot("phone-script");
  await assertAccessible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, "nothing is wider than the page");
});
