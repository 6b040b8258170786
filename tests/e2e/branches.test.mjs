// What a person does to a run: breaks and mends, branches, compares; and what the page says of each step.

import assert from "node:assert/strict";
import { gordian, SIZES } from "./harness.mjs";
import { parts, position } from "./core.mjs";

/** Opens a sample, under a profile of Longhorn where one is given. */
async function open(page, settled, sample, profile) {
  const part = parts(page);
  await part(`sample-${sample}`).click();
  await settled();
  if (profile) await part("profile").selectOption(profile);
  await settled();
  return part;
}

/** Takes what the menu «Break something» offers under this name. */
async function breaks(page, settled, name) {
  const part = parts(page);
  await part("break-menu").click();
  await settled();
  await part("break").filter({ hasText: name }).first().click();
  await settled();
}

/** Selects an object in the list, by its kind and the beginning of its name. */
async function select(page, settled, kind, name) {
  await parts(page)("filter").fill(`kind:${kind} ${name}`);
  await settled();
  await page.locator(`[data-testid="object-row"][title^="${name}"]`).first().click();
  await settled();
}

const end = (page) => page.getByTestId("end").evaluate(({ dataset }) => dataset.end);

gordian("what can be done is grouped by who does it, each with its rule", async ({ page, settled }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  assert.ok((await page.locator(".actor .actor-name").count()) >= 1);
  const picks = part("pick");
  for (let index = 0; index < (await picks.count()); index += 1) {
    const rule = picks.nth(index).getByTestId("rule-id");
    assert.match(await rule.getAttribute("title"), /\.go \w/, "the file and the function");
    assert.match(await picks.nth(index).innerText(), /\S+: \S+/, "the object and the reason");
  }
});

gordian("who does not act is listed with the reason, the rule and its source", async ({ page, settled }) => {
  const part = await open(page, settled, "longhorn-10791");
  const waits = part("wait");
  assert.equal(await waits.count(), 3);
  for (const wait of await waits.all()) {
    assert.match(await wait.innerText(), /waits until|begins anew at the next resync/);
    assert.match(await wait.getByTestId("rule-id").getAttribute("title"), /\.go \w/);
  }
  // A step that is ready stays undone while its process is stopped.
  await part("profile").selectOption("after-3719");
  await settled();
  await breaks(page, settled, "Stop longhorn-manager on ip-10-0-2-5");
  const reasons = await waits.allInnerTexts();
  assert.ok(reasons.some((reason) => /longhorn-manager on ip-10-0-2-5 does not run/i.test(reason)), reasons.join("\n"));
});

gordian("the inspector says of every controller why it acts on an object, or does not", async ({ page, settled }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  await select(page, settled, "Orphan", "orphan-4f0f");
  const acts = part("acts");
  const said = await acts.evaluateAll((all) => all.map((one) => [one.dataset.enabled, one.innerText]));
  assert.ok(said.some(([enabled, words]) => enabled === "true" && /Orphan controller on ip-10-0-2-5 can act/.test(words)), `${said}`);
  assert.ok(said.some(([enabled, words]) => enabled === "false" && /nothing to do/.test(words)), `${said}`);
  await breaks(page, settled, "Stop longhorn-manager on ip-10-0-2-5");
  const stopped = await acts.allInnerTexts();
  assert.ok(stopped.some((words) => /would act, but longhorn-manager on ip-10-0-2-5 does not run/.test(words)), `${stopped}`);
  await part("profile").selectOption("before-3719");
  await settled();
  const waiting = await acts.allInnerTexts();
  assert.ok(waiting.some((words) => /no route to host[^]*begins anew at the next resync/.test(words)), `${waiting}`);
});

gordian("a controller is stopped and started, and the page says what it forgets", async ({ page, settled }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  await part("break-menu").click();
  await settled();
  assert.match(await page.locator("#break-menu").innerText(), /forgets what its garbage collector believed/);
  await page.keyboard.press("Escape");
  await settled();
  assert.equal(await page.locator("#break-menu").isVisible(), false);
  assert.equal(await part("break-menu").evaluate((button) => button === document.activeElement), true);

  await breaks(page, settled, "Stop kube-controller-manager");
  assert.equal((await position(page)).step, 1);
  assert.match(await part("step-sentence").innerText(), /A person stops kube-controller-manager/);
  assert.equal(await part("rule").innerText(), "D10");
  assert.match(await part("fault").innerText(), /kube-controller-manager is stopped/);
  assert.equal(await end(page), "stuck");
  assert.match(await part("judged").innerText(), /Judged with 1 fault that lasts/);

  await part("mend").click();
  await settled();
  assert.match(await part("step-sentence").innerText(), /A person starts kube-controller-manager/);
  assert.equal(await part("fault").count(), 0);
  assert.equal(await end(page), "finished");
  assert.equal(await part("judged").count(), 0);
});

gordian("liveness is judged after all faults end, in one step", async ({ page, settled, screenshot, assertAccessible }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  await breaks(page, settled, "Stop kube-controller-manager");
  assert.match(await page.locator(".legend").innerText(), /new with this step/);
  await breaks(page, settled, "Stop longhorn-manager on ip-10-0-2-5");
  assert.equal(await part("fault").count(), 2);
  assert.equal(await end(page), "stuck");
  await assertAccessible();
  await screenshot("faults");
  await part("judge").click();
  await settled();
  const said = await part("step-sentence").innerText();
  assert.match(said, /A person starts kube-controller-manager and starts longhorn-manager on ip-10-0-2-5/);
  assert.equal(await part("fault").count(), 0);
  assert.equal(await end(page), "finished");
  // The same from where one stands: one step that mends all.
  await breaks(page, settled, "Stop kube-controller-manager");
  await part("end-faults").click();
  await settled();
  assert.equal(await part("fault").count(), 0);
});

gordian("what is selected can be broken: a node, its kubelet, a pod, an address", async ({ page, settled }) => {
  const part = await open(page, settled, "longhorn-10791");
  const menu = async () => {
    await part("break-menu").click();
    await settled();
    const offered = await part("break").allInnerTexts();
    await page.keyboard.press("Escape");
    await settled();
    return offered.join("\n");
  };
  await select(page, settled, "Node", "ip-10-0-2-7");
  const ofNode = await menu();
  for (const offered of [/Cut the node ip-10-0-2-7 off/, /Stop the kubelet of ip-10-0-2-7/, /Let the time of the node ip-10-0-2-7 run out/]) {
    assert.match(ofNode, offered);
  }
  await breaks(page, settled, "Cut the node ip-10-0-2-7 off");
  assert.match(await part("step-sentence").innerText(), /cuts the node ip-10-0-2-7 off the network/);
  assert.match(await part("inspected").innerText(), /unreachable/);

  await select(page, settled, "Pod", "instance-manager-1750");
  await breaks(page, settled, "Kill the pod instance-manager-1750");
  assert.match(await part("changes").innerText(), /status\.phase[^]*Running[^]*Failed/);

  await page.locator('[data-testid="node-10.42.4.37"]').click();
  await settled();
  await breaks(page, settled, "Refuse connections to 10.42.4.37:8503");
  assert.match(await part("step-sentence").innerText(), /refuses connections to 10\.42\.4\.37:8503/);
  assert.equal(await part("fault").count(), 2);
});

gordian("a webhook is broken and mended, and a namespace's time runs out", async ({ page, settled }) => {
  const part = await open(page, settled, "webhook-gone");
  await select(page, settled, "ValidatingWebhookConfiguration", "policy-guard");
  await breaks(page, settled, "Break the ValidatingWebhookConfiguration policy-guard");
  assert.match(await part("step-sentence").innerText(), /breaks the ValidatingWebhookConfiguration policy-guard/);
  await part("mend").click();
  await settled();
  assert.match(await part("step-sentence").innerText(), /mends the ValidatingWebhookConfiguration policy-guard/);
  await select(page, settled, "Namespace", "policy");
  await breaks(page, settled, "Let the time of the namespace policy run out");
  assert.match(await part("fault").innerText(), /the time of namespace policy ran out/);
});

gordian("what was stepped through is kept: doing something else there begins a branch", async ({ page, settled }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  const first = await position(page);
  // At the front nothing is lost: the run goes on as one.
  await part("pick").first().click();
  await settled();
  assert.equal(await part("branch").count(), 0);
  await part("step-last").click();
  await settled();
  const last = await position(page);
  await part("step-first").click();
  await settled();
  await breaks(page, settled, "Stop kube-controller-manager");
  const chosen = () => part("branch").evaluate((select) => select.selectedOptions[0].textContent);
  assert.match(await chosen(), /branch 2: kube-controller-manager is stopped/);
  assert.equal(await end(page), "stuck");

  await part("branch").selectOption("1");
  await settled();
  assert.deepEqual(await position(page), first);
  assert.equal(await end(page), "finished");
  await part("step-last").click();
  await settled();
  assert.deepEqual(await position(page), last);

  await part("branch").selectOption("2");
  await settled();
  await part("branch-forget").click();
  await settled();
  assert.equal(await part("branch").count(), 0);
  assert.deepEqual(await position(page), last);
});

gordian("two branches are compared side by side", async ({ page, settled, screenshot, assertAccessible }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  await part("step-forward").click();
  await settled();
  await part("branch-here").click();
  await settled();
  await breaks(page, settled, "Stop kube-controller-manager");
  await part("branch").selectOption("1");
  await settled();
  await part("step-last").click();
  await settled();
  await part("compare").click();
  await settled();

  assert.equal(await part("compare-a-end").getAttribute("data-end"), "finished");
  assert.equal(await part("compare-b-end").getAttribute("data-end"), "stuck");
  const rows = await part("compare-row").allInnerTexts();
  const manager = rows.find((row) => row.includes("instance-manager-c1d5"));
  assert.match(manager, /not being deleted[^]*being deleted/);
  assert.match(manager, /foregroundDeletion/);
  assert.match(await part("alike").innerText(), /The first step is the same in both/);
  assert.match(await part("step-B").first().innerText(), /A person stops kube-controller-manager/);
  assert.equal(await part("stands-A").count(), 1);
  assert.equal(await part("stands-B").count(), 1);
  await assertAccessible();
  await screenshot("compare");

  // What is compared can be chosen, and the same branch twice differs in nothing.
  await part("compare-b").selectOption("1");
  await settled();
  assert.equal(await part("compare-same").count(), 1);
  await page.keyboard.press("Escape");
  await settled();
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

gordian("two profiles are compared as two branches", { colorScheme: "dark" }, async ({ page, settled, assertAccessible }) => {
  const part = await open(page, settled, "longhorn-10791");
  await part("branch-here").click();
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();
  assert.match(await part("branch").evaluate((select) => select.selectedOptions[0].textContent), /branch 2: Longhorn after #3719/);
  await part("step-last").click();
  await settled();
  await part("compare").click();
  await settled();
  const ends = await Promise.all(["a", "b"].map((side) => part(`compare-${side}-end`).getAttribute("data-end")));
  assert.deepEqual(ends, ["stuck", "finished"]);
  await assertAccessible();
  await part("compare-close").click();
  await settled();
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

gordian("what a step changed is marked in the drawing, and told field by field", async ({ page, settled, screenshot, assertAccessible }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  assert.equal(await part("box-changed").count(), 0);
  const forward = part("step-forward");
  let [came, over] = [0, 0];
  const fields = new Set();
  while (await forward.isEnabled()) {
    await forward.click();
    await settled();
    assert.ok((await part("box-changed").count()) > 0, `a box at step ${(await position(page)).step}`);
    [came, over] = [came + (await part("arrow-came").count()), over + (await part("arrow-over").count())];
    const changed = page.locator(".changes .sentence");
    if ((await changed.count()) > 0) {
      await changed.first().click();
      await settled();
      for (const field of await part("field-changed").allInnerTexts()) fields.add(field.split("\n")[0]);
      if ((await position(page)).step === 2) {
        await assertAccessible();
        await screenshot("marks");
      }
    }
  }
  assert.ok(came > 0 && over > 0, `arrows that came: ${came}, that are over: ${over}`);
  for (const field of ["Presence", "status.currentState"]) assert.ok(fields.has(field), `${field} in ${[...fields]}`);
  await part("step-first").click();
  await settled();
  await forward.click();
  await settled();
  assert.match(await page.locator(".legend").innerText(), /changed by this step[^]*over with this step/);
});

gordian("a person's delete is marked as what it is: the mark, and the finalizer", async ({ page, settled }) => {
  const part = await open(page, settled, "webhook-gone");
  await select(page, settled, "ReplicaSet", "shop-66b9c7d58f");
  await part("delete-foreground").click();
  await settled();
  const said = await part("field-changed").allInnerTexts();
  assert.match(said.find((field) => field.startsWith("Deletion")), /not being deleted[^]*being deleted/);
  assert.match(said.find((field) => field.startsWith("Finalizers")), /none[^]*foregroundDeletion/);
});

gordian("a garbage collector that lags sees each change in a step of its own", async ({ page, settled, reload }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  const steps = async () => Number(await part("stepper").getAttribute("data-steps"));
  const before = await steps();
  await part("lag").check();
  await settled();
  assert.ok((await steps()) > before);
  const after = await steps();
  await reload();
  assert.equal(await steps(), after, "the address keeps it");
  await part("lag").uncheck();
  await settled();
  assert.equal(await steps(), before);
});

gordian("a remedy that is tried belongs to its branch", async ({ page, settled }) => {
  const part = await open(page, settled, "longhorn-10791");
  await part("branch-here").click();
  await settled();
  await part("remedy-apply").first().click();
  await settled();
  assert.equal(await part("trial").count(), 1);
  await part("branch").selectOption("1");
  await settled();
  assert.equal(await part("trial").count(), 0);
  assert.equal(await end(page), "stuck");
  await part("branch").selectOption("2");
  await settled();
  assert.equal(await part("trial").count(), 1);
  await part("remedy-undo").first().click();
  await settled();
  assert.equal(await end(page), "stuck");
});

gordian("the browser's way back leads from one branch to the other", async ({ page, settled }) => {
  const part = await open(page, settled, "owner-ring");
  await part("branch-here").click();
  await settled();
  assert.match(page.url(), /branch=2/);
  await page.goBack();
  await settled();
  assert.equal(await part("branch").inputValue(), "1");
});

gordian("on a phone it is broken, branched and compared as well", { size: SIZES.phone }, async ({ page, settled, assertAccessible, screenshot }) => {
  const part = await open(page, settled, "longhorn-10791", "after-3719");
  await part("tab-steps").click();
  await settled();
  await part("branch-here").click();
  await settled();
  await part("break-menu").click();
  await settled();
  await screenshot("phone-menu");
  await assertAccessible();
  await part("break").filter({ hasText: "Stop kube-controller-manager" }).click();
  await settled();
  await screenshot("phone-faults");
  await part("tab-drawing").click();
  await settled();
  await screenshot("phone-drawing");
  await part("tab-steps").click();
  await settled();
  await part("compare").click();
  await settled();
  await screenshot("phone-compare");
  const wide = await page.evaluate(() => document.querySelector("dialog[open]").scrollWidth > document.querySelector("dialog[open]").clientWidth);
  assert.equal(wide, false, "nothing is wider than the dialog");
  await assertAccessible();
});
