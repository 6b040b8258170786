// Addresses: whatever can be seen has one, old ones still lead there, and what was loaded travels in them.

import assert from "node:assert/strict";
import { gordian } from "./harness.mjs";
import { parts, paste, position, text } from "./core.mjs";

const DUMP = "tests/dumps/longhorn-10791.yaml";

/** The link that the page gives out for what is open. */
async function link(page, settled) {
  const part = parts(page);
  await part("share").click();
  await settled();
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      globalThis.copied = text;
    };
  });
  await part("copy-link").click();
  await page.waitForFunction(() => globalThis.copied !== undefined);
  return page.evaluate(() => globalThis.copied);
}

gordian("a link carries what was loaded, and leads to where it was taken", async ({ page, context, settled, assertAccessible, assertNoRequestAfterLoad }) => {
  const part = parts(page);
  await paste(page, await text(DUMP));
  await settled();
  await part("keep-no").click();
  await page.getByTestId("profile").selectOption("after-3719");
  await settled();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("]");
  await settled();
  const there = await position(page);
  const address = await link(page, settled);
  await assertAccessible("[data-testid=share-dialog]");
  assert.match(await part("link-size").innerText(), /27 objects/);
  assert.ok(address.length < 8000, `${address.length} characters`);
  await assertNoRequestAfterLoad();

  const other = await context.newPage();
  await other.goto(address.replace("#", "?testing#"));
  await other.waitForFunction(() => document.documentElement.dataset.idle === "true");
  assert.deepEqual(await position(other), there);
  assert.match(await other.locator(".files").innerText(), /a link/);
  // What came with an address goes with it: nobody asks to keep it.
  assert.equal(await other.getByTestId("keep-bar").count(), 0);
  await other.reload();
  await other.waitForFunction(() => document.documentElement.dataset.idle === "true");
  assert.deepEqual(await position(other), there);
  await other.close();
});

gordian("what may be secret does not travel", async ({ page, settled }) => {
  const object = (kind, more) => JSON.stringify({ apiVersion: "v1", kind, metadata: { name: "hush", namespace: "a" }, ...more });
  await paste(page, object("Secret", { stringData: { key: "unspoken" } }) + object("Pod", { spec: { containers: [{ name: "c", env: [{ name: "K", value: "unspoken" }] }] } }));
  await settled();
  const address = await link(page, settled);
  const download = page.waitForEvent("download");
  await parts(page)("download").click();
  const saved = await (await download).createReadStream();
  let content = "";
  for await (const chunk of saved) content += chunk;
  assert.ok(content.includes("hush") && !content.includes("unspoken"));
  assert.ok(!address.includes("unspoken"));
});

gordian("what is too long for a link can be saved, and a sentence says so", async ({ page, settled }) => {
  const random = (n) => Array.from({ length: n }, (_, i) => ((i * 2654435761) >>> 0).toString(36) + Math.random().toString(36)).join("");
  const items = Array.from({ length: 900 }, (_, i) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: `p-${i}`, namespace: "a", uid: random(6) } }));
  await paste(page, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await settled();
  const part = parts(page);
  await part("share").click();
  await settled();
  assert.match(await part("link-too-long").innerText(), /a link carries 65536 at most/);
  assert.equal(await part("copy-link").count(), 0);
  assert.ok(await part("download").isVisible());
});

gordian("a damaged link gets one clear sentence, and what was loaded stays", async ({ page, settled }) => {
  const part = parts(page);
  const go = async (hash) => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, hash);
    await settled();
  };
  await go("v2&text=eJwr");
  assert.equal(await part("problem").count(), 1);
  assert.match(await part("problem").innerText(), /did not arrive whole/);
  await part("sample-owner-ring").click();
  await settled();
  const before = await position(page);
  await go("v2&text=%00%FF");
  assert.match(await part("problem").innerText(), /did not arrive whole/);
  assert.deepEqual(await position(page), before);
});

gordian("an address of the first version leads where it led, and back and forward work", { hash: "v1&sample=longhorn-10791&profile=after-3719&step=3&view=all" }, async ({ page, settled }) => {
  const part = parts(page);
  assert.equal((await position(page)).step, 3);
  assert.equal(await part("profile").inputValue(), "after-3719");
  assert.match(page.url(), /#v2&sample=longhorn-10791&profile=after-3719&/);
  const before = page.url();
  await page.keyboard.press("n");
  await settled();
  assert.match(page.url(), /&sel=/);
  await page.goBack();
  await settled();
  assert.equal(page.url(), before);
  await page.goForward();
  await settled();
  assert.match(page.url(), /&sel=/);
});

gordian("what a person did to the run comes back with the address", async ({ page, settled, reload }) => {
  const part = parts(page);
  await part("sample-webhook-gone").click();
  await settled();
  await part("filter").fill("shop");
  await settled();
  await part("object-row").first().click();
  await settled();
  await part("delete-background").click();
  await settled();
  await part("pick").last().click();
  await settled();
  await page.keyboard.press("]");
  await settled();
  const there = await position(page);
  assert.ok(there.step >= 2);
  assert.match(page.url(), /&run=/);
  await reload();
  assert.deepEqual(await position(page), there);
});
