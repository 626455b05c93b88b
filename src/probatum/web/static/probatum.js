// What the pages do more when scripts run; without them every form and link still works.
import { combobox } from "./combobox.js";
import { dropping } from "./dropping.js";
import { leave, streamed, takesTime } from "./streaming.js";

let opener = ""; // the mark from which the open source was reached
const status = document.getElementById("status");

function say(text) {
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = text; });
}

// Puts the page at an address, or the answer to a form, in place of the present one without losing scroll or focus.
async function swap(address, options = {}, keep = true) {
  document.documentElement.classList.add("busy");
  leave();
  let text;
  try {
    if (keep && !options.method && takesTime(address)) {
      document.documentElement.classList.remove("busy");
      text = await streamed(address, say);
      if (text === null) return;
    } else {
      const response = await fetch(address, { headers: { Accept: "text/html" }, ...options });
      text = await response.text();
    }
  } catch {
    location.assign(typeof address === "string" ? address : address.href);
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("main");
  document.documentElement.classList.remove("busy");
  if (!fresh) return;
  const held = document.activeElement?.id;
  document.title = page.title;
  document.getElementById("main").replaceWith(document.adoptNode(fresh));
  for (const part of [".standing", "body > footer"]) { // they name the knowledge release that the page is from
    const other = page.querySelector(part);
    if (other) document.querySelector(part)?.replaceWith(document.adoptNode(other));
  }
  for (const link of document.querySelectorAll("[data-language]")) {
    const other = page.querySelector(`[data-language="${link.dataset.language}"]`);
    if (other) link.href = other.getAttribute("href");
  }
  // The address that a page names is its own without the words of a form: a note never stands in it.
  const shown = new URL(fresh.dataset.address, location.href);
  shown.hash = new URL(address, location.href).hash;
  if (keep && shown.href !== location.href) history.pushState(null, "", shown);
  ready();
  place(held, shown.hash);
}

function place(held, hash) {
  const pane = document.getElementById("pane");
  if (pane && hash === "#pane") {
    pane.focus({ preventScroll: true });
    pane.querySelector("#span")?.scrollIntoView({ block: "nearest" });
    return say(document.getElementById("pane-title").textContent.trim());
  }
  const back = held === "pane" || !held ? opener : held;
  const target = document.querySelector("main [autofocus]") ?? (back ? document.getElementById(back) : null);
  (target ?? document.getElementById("main")).focus({ preventScroll: true });
  say(document.querySelector("main section h2")?.textContent.trim() ?? document.title);
}

function send(form, button) {
  const data = new FormData(form, button ?? undefined);
  if (form.method === "post") return swap(form.action, { method: "POST", body: data });
  const address = new URL(form.action);
  for (const [name, value] of data) if (value) address.searchParams.append(name, value);
  return swap(address.href);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-swap]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    if (link.getAttribute("href").endsWith("#pane")) opener = link.id;
    swap(new URL(link.getAttribute("href"), location.href).href);
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-self]");
  if (form && !event.target.matches("[role=combobox]")) send(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const cited = document.querySelector(".cited:hover, .cited:focus-within");
  if (cited && !cited.classList.contains("quelled")) return cited.classList.add("quelled");
  document.querySelector("[data-close]")?.click();
});

window.addEventListener("popstate", () => swap(location.href, {}, false));

async function copy(button) {
  const text = document.getElementById(button.dataset.copy).value;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.getElementById(button.dataset.copy);
    field.hidden = false;
    field.select();
    document.execCommand("copy");
    field.hidden = true;
  }
  button.textContent = button.dataset.done;
  say(button.dataset.done);
}

// What must be set up again whenever the page has been exchanged.
function ready() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  for (const cited of document.querySelectorAll(".cited")) {
    cited.addEventListener("pointerleave", () => cited.classList.remove("quelled"));
  }
  const field = document.querySelector("[role=combobox]");
  if (field) combobox(field, document.getElementById("offers"), (form) => send(form));
}

dropping((form) => send(form));
ready();
const main = document.getElementById("main");
if (location.pathname + location.search !== main.dataset.address) {
  history.replaceState(null, "", main.dataset.address + location.hash);
}
if (location.hash === "#pane" || location.hash === "#span") document.getElementById("span")?.scrollIntoView({ block: "center" });
