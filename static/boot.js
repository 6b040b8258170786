// Starts Gordian, in the page and in a worker alike.
//
// The address of this file says what to start: `boot.js?js=<file>&wasm=<file>`, both beside it. A worker is therefore
// `new Worker(<the src of the page's script element>, { type: "module" })`: it runs the same program, whose `main` asks
// where it is. Trunk's own start would be an inline script, which the content security policy forbids.

const here = new URL(import.meta.url);
const beside = (name) => new URL(here.searchParams.get(name), here);

try {
  const program = await import(beside("js"));
  await program.default({ module_or_path: beside("wasm") });
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
