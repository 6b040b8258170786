// Starts Gordian: in the page the program that shows, and in a worker the program that works.
//
// The address of this file says what they are: `boot.js?js=<file>&wasm=<file>&worker=<name>`, all beside it. A worker is
// `new Worker(<the src of the page's script element>, { type: "module" })`. Trunk's own start would be an inline script,
// which the content security policy forbids.

const here = new URL(import.meta.url);
const parts = here.searchParams;
const beside = (name) => new URL(name, here);
const isPage = globalThis.document !== undefined;

// A program is compiled while it comes; from a host that does not say what it sends, when all of it is here.
const compiled = async (name) => {
  const answer = await fetch(beside(name));
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${answer.statusText}`);
  return answer.headers.get("Content-Type") === "application/wasm"
    ? WebAssembly.compileStreaming(answer)
    : WebAssembly.compile(await answer.arrayBuffer());
};

const show = async () => {
  const [program, module] = await Promise.all([import(beside(parts.get("js"))), compiled(parts.get("wasm"))]);
  // What a person sees first came first. The workers' program comes now, once for all of them: the page finds it at its script.
  const worker = compiled(`${parts.get("worker")}_bg.wasm`);
  worker.catch(() => {});
  document.querySelector("script[src*='boot.js']").worker = worker;
  await program.default({ module_or_path: module });
};

const work = async () => {
  // It listens from its first moment on: what is sent while nobody listens is lost.
  const module = new Promise((heard) => addEventListener("message", ({ data }) => heard(data), { once: true }));
  const program = await import(beside(`${parts.get("worker")}.js`));
  // The page hears of everything that goes wrong here: it is an error of the worker.
  addEventListener("unhandledrejection", ({ reason }) => {
    throw reason;
  });
  // All that has to be fetched is here.
  postMessage(null);
  await program.default({ module_or_path: await module });
};

try {
  await (isPage ? show() : work());
} catch (problem) {
  const place = globalThis.document?.getElementById("app");
  if (place) {
    const sentence = document.createElement("p");
    sentence.setAttribute("role", "alert");
    sentence.textContent =
      typeof WebAssembly === "object"
        ? `Gordian could not start: ${problem}`
        : "Gordian needs WebAssembly, which this browser does not have or has switched off.";
    place.replaceChildren(sentence);
  }
  throw problem;
}
