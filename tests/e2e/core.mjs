// What the tests of the page have in common beside the browser: the dumps, and the command line to compare with.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Where a file of the project stands. */
export const file = (path) => join(ROOT, path);

/** The text of a file of the project. */
export const text = (path) => readFile(file(path), "utf8");

/** What `gordian` answers as JSON; that something is stuck (status 1) is an answer too. */
export async function gordianJson(...call) {
  const built = ["run", "--quiet", "--package", "gordian-cli", "--", ...call, "--format", "json"];
  const run = promisify(execFile)("cargo", built, { cwd: ROOT, maxBuffer: 1 << 28 });
  const { stdout } = await run.catch((problem) => {
    if (problem.code === 1) return problem;
    throw problem;
  });
  return JSON.parse(stdout);
}

/** What stands in a case of the command line (crates/cli/tests/scripts): its files by their names, and the status of its answer. */
export async function scriptCase(path) {
  const sections = (await text(path)).split(/^== /m).slice(1);
  const named = sections.map((section) => {
    const [name] = section.split("\n", 1);
    return [name, section.slice(name.length + 1)];
  });
  const answer = named.find(([name]) => name.startsWith("answer "))[0];
  return { files: Object.fromEntries(named), status: Number(answer.slice("answer ".length)) };
}

/** What `gordian` answers about texts that are no files of the project: `call` is given a function from a name to where its text stands. */
export async function gordianJsonOf(files, call) {
  const folder = await mkdtemp(join(tmpdir(), "gordian-"));
  try {
    await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
    return await gordianJson(...call((name) => join(folder, name)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Pastes a text where the page takes it, as a person does. */
export async function paste(page, content) {
  await page.evaluate((content) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", content);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, content);
}

/** A function that finds parts of the page by their test id. */
export const parts = (page) => (id) => page.getByTestId(id);

/** Where the stepper stands: how many steps were taken, and the fingerprint of the world. */
export async function position(page) {
  const { step, fingerprint } = await page.getByTestId("stepper").evaluate(({ dataset }) => ({ ...dataset }));
  return { step: Number(step), fingerprint };
}
