// Draws off the main thread, and tells how much memory that took.
import init, { picture } from "/pkg/page.js";

addEventListener("message", async ({ data: { sizes, edges } }) => {
  const { memory } = await init();
  const before = memory.buffer.byteLength;
  const start = performance.now();
  const drawn = picture(sizes, edges, 24, 56, 48);
  const { centres, points, counts } = drawn;
  drawn.free();
  const wall = performance.now() - start;
  const grown = memory.buffer.byteLength - before;
  const taken = centres.byteLength + points.byteLength + counts.byteLength;
  postMessage({ wall, grown, taken, centres }, [centres.buffer]);
});
