// Runs Gordian in a real Chromium, for the tests in this folder.
//
//   import { gordian } from "./harness.mjs";
//
//   gordian("opens what is pasted", async ({ page, settled }) => {
//     await page.keyboard.press("Control+V");
//     await settled();
//     assert.equal(await page.getByRole("heading").innerText(), "Deadlock");
//   });
//
// - The page under test is `dist/`, as it would be deployed: `cargo xtask test e2e` builds it first. After a build by
//   `trunk build --release`, `node --test page.test.mjs` in this folder runs one file alone.
// - Each test has a page of its own, with storage of its own; the browser is started once for each file.
// - No test sleeps. `?testing` makes the page say when nothing is under way (see `settled`).
// - A test fails on whatever the page writes as an error to the console, throws, or does against its content security
//   policy, in a worker too. A test that provokes one takes it out of `errors`.

import { createReadStream } from "node:fs";
import { access, mkdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { delimiter, extname, join, normalize } from "node:path";
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const DIST = process.env.GORDIAN_DIST ?? join(HERE, "../../dist");
const SHOTS = join(HERE, "shots");

/** A folder deep in the site, where the page must work as well as at the root. */
export const FOLDER = "/some/folder/";

/** The sizes that the page is looked at in: a desk and a phone. */
export const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/**
 * A test on a fresh page, which is loaded and idle when `body` starts.
 *
 * Options, each with its default:
 * - `path` ("/"): what to open; "?testing" is added. `FOLDER` serves the same files.
 * - `hash` (""): the part of the address after "#", without it.
 * - `size` (SIZES.desk), `colorScheme` ("light"), `locale` ("en-US"): of the browser.
 * - anything else that Playwright's `browser.newContext` takes, such as `permissions` or `forcedColors`.
 *
 * `body` is given:
 * - `page`, `context`: Playwright's own.
 * - `settled()`: resolves as soon as the page has dealt with everything that happened to it so far. Call it after each
 *   thing done to the page, before looking at the page.
 * - `errors`: the errors so far, one sentence each.
 * - `requests`: all that was asked of the network, `{ url, afterLoad }`, as the browser and as the server saw it.
 * - `assertNoRequestAfterLoad()`: fails if the page asked the network for anything once it was loaded and idle.
 * - `assertAccessible(...selectors)`: fails on whatever axe finds wrong, in the page or within the selectors.
 * - `screenshot(name)`: writes `shots/<name>-<desk|phone>-<light|dark>.png`, four pictures, for people to look at.
 * - `reload()`: loads the page again, and waits until it is idle. What it requests meanwhile is part of loading.
 */
export function gordian(name, options, body) {
  if (body === undefined) [options, body] = [{}, options];
  test(name, async () => {
    const opened = await open(options);
    try {
      try {
        await body(opened);
        // An error that the last thing done has led to must not come too late to be seen.
        await opened.settled();
      } catch (problem) {
        if (opened.errors.length > 0 && problem instanceof Error) {
          problem.message += `\nThe page reported:\n${opened.errors.join("\n")}`;
        }
        throw problem;
      }
      assert.deepEqual(opened.errors, [], "the page reported errors");
    } finally {
      await opened.context.close();
    }
  });
}

async function open(options) {
  const { path = "/", hash = "", size = SIZES.desk, colorScheme = "light", locale = "en-US", ...rest } = options;
  const { browser, origin, served } = await world();
  const context = await browser.newContext({
    viewport: size,
    colorScheme,
    locale,
    timezoneId: "UTC",
    reducedMotion: "reduce",
    ...rest,
  });
  const page = await context.newPage();

  const errors = [];
  page.on("pageerror", (error) => errors.push(`thrown: ${error.stack ?? error.message}`));
  page.on("crash", () => errors.push("the page crashed"));
  // Of the context and not of the page: so it hears the page's workers as well, and windows that the page opens.
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => {
    if (error.page() !== page) errors.push(`thrown: ${error.error().message}`);
  });

  const requests = [];
  let loaded = false;
  const record = (url) => {
    // These are made in the page and never leave it.
    if (/^(data|blob):/.test(url)) return;
    const known = requests.find((request) => request.url === url && request.afterLoad === loaded);
    if (!known) requests.push({ url, afterLoad: loaded });
  };
  context.on("request", (request) => record(request.url()));
  served.add(record);
  context.on("close", () => served.delete(record));

  const idle = async () => {
    await page.waitForFunction(() => document.documentElement.dataset.idle === "true");
  };
  const settled = async () => {
    // Two frames let the page notice what was just done to it, so that it does not still call itself idle from before.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await idle();
  };
  const load = async (go) => {
    loaded = false;
    await go();
    try {
      await idle();
    } catch (problem) {
      const heard = errors.length > 0 ? ` It reported:\n${errors.join("\n")}` : "";
      throw new Error(`The page never became idle.${heard}`, { cause: problem });
    }
    loaded = true;
  };
  const address = new URL(path, origin);
  address.search += address.search === "" ? "testing" : "&testing";
  address.hash = hash;
  try {
    await load(() => page.goto(address.href));
  } catch (problem) {
    await context.close();
    throw problem;
  }

  return {
    page,
    context,
    errors,
    requests,
    settled,
    reload: () => load(() => page.reload()),
    async assertNoRequestAfterLoad() {
      await settled();
      assert.deepEqual(
        requests.filter((request) => request.afterLoad).map((request) => request.url),
        [],
        "the page spoke to the network after it had loaded",
      );
    },
    async assertAccessible(...selectors) {
      await page.evaluate(await axeSource());
      const violations = await page.evaluate(async (within) => {
        const { violations } = await globalThis.axe.run(within.length > 0 ? { include: within } : document, {
          // Preloading would fetch style sheets, and the page is not to touch the network.
          preload: false,
        });
        return violations.flatMap(({ id, help, nodes }) =>
          nodes.map((node) => `${id}: ${help}: ${node.html} (${node.failureSummary.replaceAll(/\s+/g, " ")})`),
        );
      }, selectors);
      assert.deepEqual(violations, [], "axe found barriers");
    },
    async screenshot(name) {
      await mkdir(SHOTS, { recursive: true });
      for (const [sizeName, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const scheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme: scheme });
          await settled();
          await page.screenshot({ path: join(SHOTS, `${name}-${sizeName}-${scheme}.png`) });
        }
      }
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await settled();
    },
  };
}

/** What all tests of a file share: the browser, and the server with the functions that hear of each request. */
let shared;

function world() {
  shared ??= start();
  return shared;
}

async function start() {
  try {
    await access(join(DIST, "index.html"));
  } catch {
    throw new Error(`There is no page in ${DIST}: \`cargo xtask test e2e\` builds it.`);
  }
  const served = new Set();
  const server = await serve(served);
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ARGUMENTS, headless: true });
  return { browser, server, origin, served };
}

after(async () => {
  const { browser, server } = (await shared?.catch(() => undefined)) ?? {};
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** A static host as plain as they come: files, their types, and 404. */
async function serve(served) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`);
    for (const record of served) record(url.href);
    let path = decodeURIComponent(url.pathname);
    if (path.startsWith(FOLDER)) path = path.slice(FOLDER.length - 1);
    if (path.endsWith("/")) path += "index.html";
    const file = join(DIST, normalize(path));
    const type = TYPES[extname(file)];
    const found = type !== undefined && (await stat(file).catch(() => undefined))?.isFile();
    if (!found) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

/** The Chromium that xtask found, or else one in PATH, or else Playwright's own. */
async function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
      const path = join(folder, name);
      if (await access(path).then(() => true, () => false)) return path;
    }
  }
  return chromium.executablePath();
}

let axe;

function axeSource() {
  axe ??= readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  return axe;
}
