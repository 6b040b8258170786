import { gordian, SIZES } from "/work/hS/tests/e2e/harness.mjs";
import { parts, file } from "/work/hS/tests/e2e/core.mjs";
const out = "/tmp/shots-hS/";
const all = [["desk", "light"], ["phone", "light"], ["desk", "dark"], ["phone", "dark"]];
const only = process.env.ONLY ? process.env.ONLY.split(",") : null;
async function shoot(page, settled, name) {
  for (const [size, scheme] of all) {
    if (only && !only.includes(`${size}-${scheme}`)) continue;
    await page.setViewportSize(SIZES[size]);
    await page.emulateMedia({ colorScheme: scheme });
    await settled();
    if (size === "phone") { await page.getByTestId("tab-steps").click(); await settled(); }
    await page.screenshot({ path: `${out}${name}-${size}-${scheme}.png` });
  }
  await page.setViewportSize(SIZES.desk); await page.emulateMedia({ colorScheme: "light" }); await settled();
}
gordian("knot", async ({ page, settled, errors }) => {
  const part = parts(page);
  await part("sample-longhorn-10791").click(); await settled();
  await part("profile").selectOption("after-3719"); await settled();
  for (let i = 0; i < 3; i++) { await part("step-forward").click(); await settled(); }
  await page.locator(".changes .sentence").first().click(); await settled();
  const b = await part("strip").boundingBox();
  await page.mouse.move(b.x + b.width * 0.63, b.y + 10); await settled();
  await shoot(page, settled, "knot");
});
gordian("script", async ({ page, settled }) => {
  const part = parts(page);
  await part("sample-three-nodes").click(); await settled();
  await part("script-play").click(); await settled();
  for (let i = 0; i < 4; i++) { await part("stop-after").click(); await settled(); }
  await part("step-jump").focus(); await page.keyboard.press("ArrowRight"); await settled();
  await shoot(page, settled, "script");
});
gordian("many", async ({ page, settled }) => {
  const part = parts(page);
  const recorded = "tests/recorded/20e-wide-500-foreground";
  await part("file").setInputFiles([file(`${recorded}/before.json`), file(`${recorded}/actions.json`)]); await settled();
  await part("script-play").click(); await settled();
  const b = await part("strip").boundingBox();
  await page.mouse.click(b.x + b.width * 0.5, b.y + 10); await settled();
  await shoot(page, settled, "many");
});
gordian("help", async ({ page, settled }) => {
  await page.keyboard.press("?"); await settled();
  await page.screenshot({ path: `${out}help.png` });
});
