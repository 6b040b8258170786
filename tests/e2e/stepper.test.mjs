// The stepper: lanes and a cursor, playing with stops, and what a step did, as differences and as in an audit log.

import assert from "node:assert/strict";
import { gordian, SIZES } from "./harness.mjs";
import { file, parts, paste, position } from "./core.mjs";

/** The eight steps in which the deadlock comes undone. */
async function undone(page, settled) {
  const part = parts(page);
  await part("sample-longhorn-10791").click();
  await settled();
  await part("profile").selectOption("after-3719");
  await settled();
  return part;
}

/** A script that is played: dozens of steps, and phases. */
async function scripted(page, settled) {
  const part = parts(page);
  await part("sample-three-nodes").click();
  await settled();
  await part("script-play").click();
  await settled();
  return part;
}

/** Where a step stands on the screen. */
async function point(page, step) {
  const strip = await page.getByTestId("strip").boundingBox();
  const steps = Number(await page.getByTestId("stepper").getAttribute("data-steps"));
  return { x: strip.x + 6 + (step / steps) * (Math.floor(strip.width) - 12), y: strip.y + strip.height / 2 };
}

const step = async (page) => (await position(page)).step;

gordian("each actor has a lane, and what is selected is marked in it", async ({ page, settled, screenshot, assertAccessible }) => {
  const part = await undone(page, settled);
  const names = await page.locator(".lanes-names li").allInnerTexts();
  assert.ok(names.length >= 3 && names.some((name) => /garbage collector/.test(name)), `${names}`);
  const shapes = await page.locator(".lanes-ticks .tick").evaluateAll((all) => all.filter((one) => one.getAttribute("d")).map((one) => one.dataset.did));
  for (const did of ["Deleted", "Created", "Modified"]) assert.ok(shapes.includes(did), `${did} in ${shapes}`);
  assert.equal(await part("touched").getAttribute("d"), "");
  await part("step-forward").click();
  await settled();
  await page.locator(".changes .sentence").first().click();
  await settled();
  assert.match(await part("touched").getAttribute("d"), /^M/);
  await assertAccessible();
  await screenshot("lanes");
  const height = async () => (await part("lanes").boundingBox()).height;
  const before = await height();
  await part("lanes-toggle").click();
  await settled();
  assert.ok((await height()) < before, "folded, all lanes are one");
  assert.equal(await page.locator(".lanes-names li").count(), 0);
});

gordian("the cursor is dragged, and a click goes there", async ({ page, settled }) => {
  await undone(page, settled);
  const [three, six, one] = [await point(page, 3), await point(page, 6), await point(page, 1)];
  await page.mouse.click(three.x, three.y);
  await settled();
  assert.equal(await step(page), 3);
  await page.mouse.down();
  await page.mouse.move(six.x, six.y + 30, { steps: 4 });
  await settled();
  assert.equal(await step(page), 6, "while it is dragged");
  await page.mouse.move(one.x, one.y);
  await page.mouse.up();
  await settled();
  assert.equal(await step(page), 1);
  await page.mouse.move(six.x, six.y);
  await settled();
  assert.equal(await step(page), 1, "a pointer that is not held only looks");
});

gordian("a step is told where the pointer is, and where the keyboard is", async ({ page, settled }) => {
  const part = await undone(page, settled);
  const tip = part("tip");
  assert.equal(await tip.isVisible(), false);
  const four = await point(page, 4);
  await page.mouse.move(four.x, four.y);
  await settled();
  const told = await tip.innerText();
  assert.match(told, /^4\b/);
  await page.mouse.click(four.x, four.y);
  await settled();
  const sentence = await part("step-sentence").innerText();
  assert.ok(told.includes(sentence), `${told} has ${sentence}`);
  await page.mouse.move(5, 5);
  await page.keyboard.press("ArrowRight");
  await settled();
  assert.equal(await step(page), 5);
  assert.match(await part("step-jump").getAttribute("aria-valuetext"), /^step 5 of 8: ./);
  assert.match(await tip.innerText(), /^5\b/, "the keyboard was used");
  await part("step-jump").blur();
  await settled();
  assert.equal(await tip.isVisible(), false);
});

gordian("keys go by steps, to the ends, and by stops", async ({ page, settled }) => {
  const part = await scripted(page, settled);
  const steps = Number(await part("stepper").getAttribute("data-steps"));
  await part("step-jump").focus();
  const stops = [];
  for (let last = -1; (await step(page)) > last; ) {
    last = await step(page);
    stops.push(last);
    await page.keyboard.press("PageDown");
    await settled();
  }
  assert.ok(stops.length > 3 && stops.length < steps, `${stops}`);
  assert.equal(stops.at(-1), steps, "the end is a stop");
  await page.keyboard.press("PageUp");
  await settled();
  assert.equal(await step(page), stops.at(-2));
  await page.keyboard.press("Home");
  await settled();
  assert.equal(await step(page), 0);
  await page.keyboard.press(")");
  await settled();
  assert.equal(await step(page), stops[1]);
  await part("stop-after").click();
  await settled();
  assert.equal(await step(page), stops[2]);
  await page.keyboard.press("(");
  await settled();
  assert.equal(await step(page), stops[1]);
});

gordian("playing stops at what matters, and goes on from there", async ({ page, settled }) => {
  const part = await scripted(page, settled);
  const steps = Number(await part("stepper").getAttribute("data-steps"));
  await page.locator("select.speed").selectOption("10");
  const stops = [];
  for (let stop = 0; stop < 3; stop += 1) {
    await part("step-play").click();
    await settled();
    stops.push(await step(page));
    assert.match(await part("step-sentence").innerText(), /^A person /, "what a person does is a stop");
  }
  assert.ok(0 < stops[0] && stops[0] < stops[1] && stops[1] < stops[2] && stops[2] < steps, `${stops}`);
  await part("stops").click();
  assert.equal(await part("stops").getAttribute("aria-pressed"), "false");
  await part("step-jump").fill(`${stops[0]}`);
  await settled();
  await part("step-play").click();
  // It goes by the next stop.
  await page.waitForFunction((after) => Number(document.querySelector(".stepper").dataset.step) > after, stops[1]);
  await part("step-play").click();
  await settled();
});

gordian("the requests read as an audit log, and are copied as one", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, settled }) => {
  const part = await undone(page, settled);
  const verbs = new Set();
  let events = 0;
  while (await part("step-forward").isEnabled()) {
    await part("step-forward").click();
    await settled();
    if ((await part("audit-copy").count()) === 0) continue;
    await part("audit-copy").click();
    await settled();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split("\n");
    const requests = await part("request").allInnerTexts();
    for (const line of lines) {
      const event = JSON.parse(line);
      events += 1;
      verbs.add(event.verb);
      assert.equal(`${event.apiVersion} ${event.kind} ${event.stage}`, "audit.k8s.io/v1 Event ResponseComplete");
      assert.ok(event.requestURI.startsWith("/api") && event.responseStatus.code > 0, line);
      assert.ok(requests.some((request) => request.includes(event.requestURI) && request.includes(event.verb)), line);
      assert.doesNotMatch(line, /Timestamp|auditID|sourceIPs/);
    }
  }
  assert.ok(events >= 4, `${events} events`);
  for (const verb of ["create", "patch", "update"]) assert.ok(verbs.has(verb), `${verb} in ${[...verbs]}`);
});

gordian("what a step changed in an object is a diff", async ({ page, settled }) => {
  const part = await undone(page, settled);
  const seen = [];
  while (await part("step-forward").isEnabled()) {
    await part("step-forward").click();
    await settled();
    seen.push(...(await part("diff").allTextContents()));
  }
  const all = seen.join("\n");
  assert.match(all, /^- {3}- longhorn\.io$/m, "a finalizer that was taken off");
  assert.match(all, /^ {2}status:\n- {3}currentState: stopped\n\+ {3}currentState: running$/m, "where it stands, and both values");
});

gordian("hundreds of steps and many lanes stay small", async ({ page, settled, screenshot }) => {
  const part = parts(page);
  const recorded = "tests/recorded/20e-wide-500-foreground";
  await part("file").setInputFiles([file(`${recorded}/before.json`), file(`${recorded}/actions.json`)]);
  await settled();
  await part("script-play").click();
  await settled();
  const steps = Number(await part("stepper").getAttribute("data-steps"));
  assert.ok(steps > 400, `${steps} steps`);
  assert.ok(Number(await part("lanes").getAttribute("data-columns")) <= steps);
  assert.ok((await page.locator(".lanes *").count()) < 120, "as many elements as for eight steps");
  const middle = await point(page, Math.floor(steps / 2));
  await page.mouse.click(middle.x, middle.y);
  await settled();
  assert.ok(Math.abs((await step(page)) - steps / 2) <= 2);
  await screenshot("lanes-many");
});

gordian("lanes beyond the eighth share one until they are asked for", async ({ page, settled }) => {
  const part = parts(page);
  const pod = (n) => `{apiVersion: v1, kind: Pod, metadata: {name: p${n}, namespace: shop, uid: p${n}, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 30}, spec: {nodeName: n${n}}, status: {phase: Running}}`;
  const node = (n) => `{apiVersion: v1, kind: Node, metadata: {name: n${n}, uid: n${n}}, status: {nodeInfo: {kubeletVersion: v1.33.0}, conditions: [{type: Ready, status: "True"}]}}`;
  const all = Array.from({ length: 12 }, (_, n) => [node(n), pod(n)]).flat();
  await paste(page, `apiVersion: v1\nkind: List\nitems:\n${all.map((one) => `- ${one}`).join("\n")}\n`);
  await settled();
  const names = page.locator(".lanes-names li");
  assert.equal(await names.count(), 8);
  assert.equal(await part("lanes-others").innerText(), "5 others");
  await part("lanes-others").click();
  await settled();
  assert.equal(await names.count(), 13, "twelve, and the way back");
  await part("lanes-fewer").click();
  await settled();
  assert.equal(await names.count(), 8);
});

gordian("on a phone a finger drags the cursor", { size: SIZES.phone, hasTouch: true }, async ({ page, settled, context, assertAccessible }) => {
  const part = await undone(page, settled);
  await part("tab-steps").click();
  await settled();
  const [two, five] = [await point(page, 2), await point(page, 5)];
  const session = await context.newCDPSession(page);
  const touch = (type, at) => session.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [at] : [] });
  await touch("touchStart", two);
  await settled();
  assert.equal(await step(page), 2);
  assert.match(await part("tip").innerText(), /^2\b/);
  await touch("touchMove", { x: (two.x + five.x) / 2, y: two.y });
  await touch("touchMove", five);
  await settled();
  assert.equal(await step(page), 5);
  assert.match(await part("tip").innerText(), /^5\b/);
  await touch("touchEnd");
  await settled();
  assert.equal(await part("tip").isVisible(), false);
  await assertAccessible();
});
