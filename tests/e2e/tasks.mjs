// What the page's threads do while something is done to it, in the processor's time: on a machine that others use, the clock measures the
// others.

import assert from "node:assert/strict";

const CATEGORIES = ["disabled-by-default-devtools.timeline", "devtools.timeline", "toplevel", "cc"];

/**
 * Traces the page while `whatIsDone`. Gives the milliseconds of each task of its own thread, of each frame among them, and the sum of
 * those of the other threads that draw: the compositor's and its raster workers, and what puts the picture on the screen.
 */
export async function tasks(page, whatIsDone) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: CATEGORIES });
  await whatIsDone();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const thread = ({ pid, tid }) => `${pid} ${tid}`;
  const names = new Map(traceEvents.filter(({ name }) => name === "thread_name").map((event) => [thread(event), event.args.name]));
  const named = (event, pattern) => pattern.test(names.get(thread(event)) ?? "");
  const time = ({ tdur = 0 }) => tdur / 1000;
  const own = traceEvents.filter((event) => event.name === "RunTask" && named(event, /^CrRendererMain$/));
  assert.ok(own.length > 10, "the tasks were not traced");
  const run = traceEvents.filter(({ name }) => name === "ThreadControllerImpl::RunTask");
  const drawing = run.filter((event) => named(event, /^(Compositor|CompositorTileWorker.*|VizCompositorThread|CrGpuMain)$/));
  const isFrame = ({ name, ph }) => name === "ProxyMain::BeginMainFrame" && ph === "X";
  const frames = traceEvents.filter((event) => isFrame(event) && named(event, /^CrRendererMain$/));
  return { own: own.map(time), frames: frames.map(time), drawing: drawing.map(time).reduce((sum, one) => sum + one, 0) };
}
