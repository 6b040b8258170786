// Notes on objects and on steps: written, marked, found, listed, copied; kept where a person agreed, and nowhere else before.

import assert from "node:assert/strict";
import { SIZES, gordian } from "./harness.mjs";
import { parts, paste, text } from "./core.mjs";

const DUMP = "tests/dumps/longhorn-10791.yaml";
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

/** Opens the dump under rules by which it comes undone, and selects an object of it. */
async function opened(page, settled) {
  await paste(page, await text(DUMP));
  await settled();
  await parts(page)("profile").selectOption("after-3719");
  await settled();
  await select(page, settled, "orphan");
}

async function select(page, settled, kind) {
  const part = parts(page);
  await part("filter").fill(`kind:${kind}`);
  await settled();
  await part("object-row").first().click();
  await part("filter").fill("");
  await settled();
}

/** Writes a note into a field, which a button opens where there is none yet. */
async function write(page, settled, id, note) {
  const part = parts(page);
  if (await part(`${id}-add`).count()) await part(`${id}-add`).click();
  await settled();
  assert.equal(await page.evaluate(() => document.activeElement?.id), id, "the keyboard is in the field");
  await page.keyboard.type(note);
  await settled();
}

/** All that the page stored, but for the theme. */
const stored = (page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const here = Object.entries(localStorage).filter(([name]) => name !== "gordian-theme");
    return { here: Object.fromEntries(here), session: sessionStorage.length, databases: databases.length, cookies: document.cookie };
  });
const NOTHING = { here: {}, session: 0, databases: 0, cookies: "" };

gordian("a note on an object is written as one types, marked where it stands, found and listed", CLIPBOARD, async ({ page, settled, assertAccessible, screenshot, assertNoRequestAfterLoad }) => {
  const part = parts(page);
  await opened(page, settled);
  await part("keep-no").click();
  assert.equal(await part("notes").count(), 0);
  // With the keyboard alone.
  await page.keyboard.press(";");
  await settled();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "note-object");
  await page.keyboard.type("Ask <b>Ann</b> [1]; her pager is off?\nSince Monday.");
  await settled();
  const note = "Ask <b>Ann</b> [1]; her pager is off?\nSince Monday.";
  assert.equal(await part("note-object").inputValue(), note, "its letters are no keys of the page");
  await assertAccessible("#inspector", "#findings");
  await page.keyboard.press("Escape");
  await settled();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "inspector", "Escape leaves the field");
  assert.match(await part("inspected").innerText(), /orphan-/, "and lets nothing go");

  assert.equal(await part("noted").count(), 1);
  assert.match(await part("noted").innerText(), /Orphan longhorn-system\/orphan-.*\nAsk <b>Ann<\/b>/s);
  assert.equal(await part("noted").locator("b").count(), 0, "it is text");
  assert.equal(await part("row-noted").count(), 1);
  assert.match(await page.getByRole("treeitem", { name: /^orphan-.*, has a note$/ }).innerText(), /orphan-/);
  assert.equal(await part("box-noted").count(), 1);
  const box = page.locator(".twin-box").filter({ has: part("box-noted") });
  assert.match(await box.getAttribute("aria-label"), /^Orphan .*, has a note/);

  await select(page, settled, "instancemanager");
  assert.equal(await part("note-object").count(), 0, "another object has none");
  await part("filter").fill("has:note");
  await settled();
  assert.equal(await part("object-row").count(), 1);
  assert.match(await part("object-row").innerText(), /^orphan-/);
  await part("noted-go").click();
  await settled();
  assert.equal(await part("note-object").inputValue(), note);
  await part("filter").fill("");
  await settled();

  // On a step, too.
  for (let step = 0; step < 2; step += 1) await page.keyboard.press("]");
  await page.locator("#steps").focus();
  for (let step = 0; step < 2; step += 1) await page.keyboard.press("]");
  await settled();
  await write(page, settled, "note-step", "Here it turns.");
  const step = await part("stepper").getAttribute("data-step");
  assert.equal(await part("noted-step").getAttribute("data-step"), step);
  assert.match(await part("step-jump").getAttribute("aria-valuetext"), /\(has a note\)/);
  await assertAccessible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("[");
  await settled();
  assert.equal(await part("note-step").count(), 0, "another step has none");
  assert.match(await part("noted").first().innerText(), new RegExp(`^Step ${step} `), "steps come first");
  await part("noted-go").first().click();
  await settled();
  assert.equal(await part("stepper").getAttribute("data-step"), step);
  assert.equal(await part("note-step").inputValue(), "Here it turns.");

  await screenshot("notes");
  await part("notes-copy").click();
  await settled();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, new RegExp(`^## Notes on pasted text\\n\\n\\*\\*Step ${step}:\\*\\* .*\\n\\nHere it turns\\.\\n\\n\\*\\*Orphan\\*\\* \`longhorn-system/orphan-.*\`\\n\\nAsk <b>Ann</b>`));

  // Emptied it is gone.
  await part("note-object").fill("");
  await settled();
  assert.equal(await part("noted").count(), 1);
  assert.equal(await part("row-noted").count(), 0);
  await page.keyboard.press("Escape");
  await settled();
  assert.ok(await part("note-object-add").isVisible());
  await assertNoRequestAfterLoad();
});

gordian("a note on a step shows at no other step, in no branch", async ({ page, settled }) => {
  const part = parts(page);
  await opened(page, settled);
  await part("step-forward").click();
  await settled();
  await part("step-forward").click();
  await settled();
  await write(page, settled, "note-step", "Only here.");
  await page.keyboard.press("Escape");
  // Of a branch that begins alike it is the same step.
  await part("branch-here").click();
  await settled();
  assert.equal(await part("note-step").inputValue(), "Only here.");
  await part("step-back").click();
  await settled();
  await select(page, settled, "pod");
  await part("delete-background").click();
  await settled();
  assert.equal(await part("stepper").getAttribute("data-step"), "2");
  assert.equal(await part("note-step").count(), 0, "this second step is another");
  assert.equal(await part("noted-step").count(), 0);
  assert.match(await part("noted").innerText(), /^Step 2 of branch \d/);
  await part("noted-go").click();
  await settled();
  assert.equal(await part("note-step").inputValue(), "Only here.");
});

gordian("a note has an end, and what is pasted into it is no dump", async ({ page, settled }) => {
  const part = parts(page);
  await opened(page, settled);
  await part("note-object-add").click();
  await settled();
  await part("note-object").fill("a".repeat(1999));
  await settled();
  assert.equal(await page.locator(".note-field .hint").innerText(), "");
  await page.keyboard.type("bc");
  await settled();
  assert.equal((await part("note-object").inputValue()).length, 2000);
  assert.match(await page.locator(".note-field .hint").innerText(), /2000 characters at most/);
  const taken = await part("note-object").evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "kind: Pod\napiVersion: v1\nmetadata: {name: pasted}");
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    field.dispatchEvent(event);
    return event.defaultPrevented;
  });
  assert.ok(!taken, "the field has it");
  await settled();
  assert.match(await page.locator(".objects-count").innerText(), /^27 /);
});

gordian("nothing is stored before a person agrees; then a reload brings notes back, and to forget forgets them", async ({ page, settled, reload }) => {
  const part = parts(page);
  await opened(page, settled);
  await part("step-forward").click();
  await settled();
  await write(page, settled, "note-step", "The first.");
  await write(page, settled, "note-object", "Ask Ann.");
  assert.deepEqual(await stored(page), NOTHING);

  await part("keep-yes").click();
  await settled();
  const before = await part("notes").innerText();
  await reload();
  assert.equal(await part("notes").innerText(), before);
  assert.equal(await part("note-object").inputValue(), "Ask Ann.");
  assert.equal(await part("note-step").inputValue(), "The first.");
  assert.equal(await part("row-noted").count(), 1);
  assert.equal(await part("box-noted").count(), 1);

  // What is written later is kept as it is written.
  await part("note-object").focus();
  await page.keyboard.press("End");
  await page.keyboard.type(" Or Ben.");
  await settled();
  await reload();
  assert.equal(await part("note-object").inputValue(), "Ask Ann. Or Ben.");

  // Another dump has none, and this one has them again.
  await part("start-over").click();
  await settled();
  await part("sample-owner-ring").click();
  await settled();
  assert.equal(await part("notes").count(), 0);
  assert.equal(await part("row-noted").count(), 0);
  await part("start-over").click();
  await settled();
  await part("kept-open").click();
  await settled();
  assert.equal(await part("noted").count(), 2);

  await part("share").click();
  await settled();
  await part("forget").click();
  await settled();
  assert.deepEqual(await stored(page), NOTHING);
  await reload();
  assert.equal(await part("notes").count(), 0);
  await paste(page, await text(DUMP));
  await settled();
  assert.equal(await part("notes").count(), 0);
});

gordian("a sample is not kept, and notes on it are, where a person wants that", async ({ page, settled, reload }) => {
  const part = parts(page);
  await part("sample-owner-ring").click();
  await settled();
  await part("object-row").first().click();
  await settled();
  await write(page, settled, "note-object", "Who made this?");
  assert.deepEqual(await stored(page), NOTHING);
  await part("keep-yes").click();
  await settled();
  const names = Object.keys((await stored(page)).here).sort();
  assert.match(names.join(), /^gordian-keep,gordian-notes-[0-9a-f]{16}$/);
  await reload();
  assert.equal(await part("note-object").inputValue(), "Who made this?");
  await part("share").click();
  await settled();
  await part("forget").click();
  await settled();
  assert.deepEqual(await stored(page), NOTHING);
});

gordian("notes travel in a link where a person says so, and not by themselves", CLIPBOARD, async ({ page, context, settled, assertAccessible }) => {
  const part = parts(page);
  await opened(page, settled);
  await write(page, settled, "note-object", "Ask Ann.");
  await part("keep-no").click();
  await settled();
  const address = async () => {
    await part("copy-link").click();
    await settled();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.doesNotMatch(await page.evaluate(() => location.hash), /notes=/);
  await part("share").click();
  await settled();
  assert.ok(!(await part("with-notes").isChecked()));
  assert.doesNotMatch(await address(), /notes=/);
  await part("with-notes").check();
  await settled();
  await assertAccessible("[data-testid=share-dialog]");
  const withNotes = await address();
  assert.match(withNotes, /notes=/);

  const other = await context.newPage();
  await other.goto(withNotes.replace("#", "?testing#"));
  await other.waitForFunction(() => document.documentElement.dataset.idle === "true");
  assert.equal(await other.getByTestId("note-object").inputValue(), "Ask Ann.");
  await other.close();
});

gordian("what is written while the page works is there when that is cancelled", async ({ page, settled }) => {
  const part = parts(page);
  await opened(page, settled);
  await write(page, settled, "note-object", "Ask Ann.");
  const many = Array.from({ length: 20000 }, (_, n) => `kind: ConfigMap\napiVersion: v1\nmetadata: {name: c${n}, namespace: d}\n`);
  await paste(page, many.join("---\n"));
  await part("cancel").click();
  await settled();
  assert.equal(await part("note-object").inputValue(), "Ask Ann.");
  assert.equal(await part("noted").count(), 1);
});

gordian("notes are read and written on a phone", { size: SIZES.phone }, async ({ page, settled, assertAccessible }) => {
  const part = parts(page);
  await part("sample-owner-ring").click();
  await settled();
  await part("object-row").first().click();
  await settled();
  await write(page, settled, "note-object", "Ask Ann.");
  const { width } = await part("note-object").boundingBox();
  assert.ok(width > 300 && width <= 390, `${width} px`);
  await assertAccessible("#inspector");
  await part("tab-findings").click();
  await settled();
  assert.ok(await part("noted").isVisible());
  await part("noted-go").click();
  await settled();
});
