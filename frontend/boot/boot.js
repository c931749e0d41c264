// Starts the app. A classic script in the head, so that the chosen theme stands before the first paint; the content
// security policy allows no inline script. The build hands over the hashed names as data attributes.

const { app, wasm, wasmIntegrity } = document.currentScript.dataset;

// The reader's choice of theme; without one the system's preference rules (see styles/_tokens.scss).
// Storage throws where the browser blocks it.
const stored = (storage, key) => {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
};
const theme = stored(() => localStorage, "portal-theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

const byId = (id) => document.getElementById(id);

// A dead page must say so: everything goes, a plain note with a link stays.
const failed = () => {
  const note = byId("boot-failed");
  // A second failure finds the note in place.
  if (note) document.body.replaceChildren(note.content);
};

// After a deployment an old page asks for files that are gone: fetch the new page, once.
const reloadOnce = () => {
  const key = "portal-reloaded";
  if (stored(() => sessionStorage, key)) return false;
  try {
    sessionStorage.setItem(key, "1");
  } catch {
    return false;
  }
  location.reload();
  return true;
};

// A panic in the app ends its WebAssembly instance; nothing on the page would answer any more.
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) failed();
});

const start = async () => {
  const response = fetch(wasm, { integrity: wasmIntegrity, credentials: "same-origin" });
  // The import may fail first; then nobody else would hear of the fetch's own failure.
  response.catch(() => {});
  const { default: init } = await import(app);
  await init({ module_or_path: await response });
  byId("boot").remove();
  try {
    sessionStorage.removeItem("portal-reloaded");
  } catch {
    // Nothing was stored then.
  }
};

const run = () => start().catch((error) => {
  console.error(error);
  if (!reloadOnce()) failed();
});
if (document.readyState === "loading") addEventListener("DOMContentLoaded", run);
else run();
