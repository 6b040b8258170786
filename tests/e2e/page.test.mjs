// The page as such: it loads everywhere, breaks no rule of its own, and keeps to itself.

import assert from "node:assert/strict";
import { FOLDER, gordian } from "./harness.mjs";

gordian("the page loads and keeps to itself", async ({ page, requests, assertNoRequestAfterLoad, screenshot }) => {
  assert.equal(await page.title(), "Gordian");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await screenshot("page");
  await assertNoRequestAfterLoad();
  const elsewhere = requests.filter(({ url }) => new URL(url).origin !== new URL(page.url()).origin);
  assert.deepEqual(elsewhere, []);
});

gordian("the page works in a folder of a static host", { path: FOLDER }, async ({ page, requests }) => {
  assert.equal(await page.title(), "Gordian");
  assert.deepEqual(
    requests.map(({ url }) => new URL(url).pathname).filter((path) => !path.startsWith(FOLDER)),
    [],
  );
});

gordian("the content security policy is strict, and in force", async ({ page, errors }) => {
  const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', "content");
  const directives = Object.fromEntries(
    policy.split(";").map((directive) => {
      const [name, ...sources] = directive.trim().split(/\s+/);
      return [name, sources.join(" ")];
    }),
  );
  assert.deepEqual(directives, {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "object-src": "'none'",
  });

  // The ways out of the page that a script has, each tried, with the directive that refuses it.
  await page.evaluate(() => {
    globalThis.refused = {};
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, disposition }) => {
      if (disposition !== "enforce") return;
      // Of a frame, the browser tells the origin only.
      const way = URL.canParse(blockedURI) ? new URL(blockedURI).pathname.slice(1) || "frame" : blockedURI;
      globalThis.refused[way] = effectiveDirective;
    });
    const place = (name, properties) => document.body.appendChild(Object.assign(document.createElement(name), properties));
    fetch("https://example.com/fetch").catch(() => {});
    navigator.sendBeacon("https://example.com/beacon");
    new WebSocket("wss://example.com/socket");
    import("https://example.com/import").catch(() => {});
    new Image().src = "https://example.com/image";
    place("iframe", { src: "https://example.com/frame" });
    place("link", { rel: "stylesheet", href: "https://example.com/style" });
    place("script", { textContent: "globalThis.escaped = true" });
    place("form", { action: "https://example.com/form" }).submit();
  });
  const expected = {
    beacon: "connect-src",
    fetch: "connect-src",
    form: "form-action",
    frame: "frame-src",
    image: "img-src",
    import: "script-src-elem",
    inline: "script-src-elem",
    socket: "connect-src",
    style: "style-src-elem",
  };
  await page
    .waitForFunction((count) => Object.keys(globalThis.refused).length >= count, Object.keys(expected).length)
    .catch(() => {}); // What is missing, the comparison says.
  assert.deepEqual(await page.evaluate(() => globalThis.refused), expected);
  assert.equal(await page.evaluate(() => "escaped" in globalThis), false);
  // The browser reports each refusal as an error.
  errors.length = 0;
});
