// Starts Gordian, in the page and in a worker alike.
//
// The address of this file says what to start: `boot.js?js=<file>&wasm=<file>`, both beside it. A worker is therefore
// `new Worker(<the src of the page's script element>, { type: "module" })`: it runs the same program, whose `main` asks
// where it is. Trunk's own start would be an inline script, which the content security policy forbids.

const here = new URL(import.meta.url);
const beside = (name) => new URL(here.searchParams.get(name), here);

// A worker is sent the program that the page has compiled. It listens from its first moment on: what is sent while nobody
// listens is lost.
const sent =
  globalThis.document === undefined
    ? new Promise((heard) => addEventListener("message", ({ data }) => heard(data), { once: true }))
    : beside("wasm");

try {
  const program = await import(beside("js"));
  if (globalThis.document === undefined) {
    // The page hears of everything that goes wrong here: it is an error of the worker.
    addEventListener("unhandledrejection", ({ reason }) => {
      throw reason;
    });
    // All that has to be fetched is here.
    postMessage(null);
  }
  await program.default({ module_or_path: await sent });
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
