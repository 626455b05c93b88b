// Rating with the keyboard: each change is sent at once; what could not be sent waits on this computer and is sent again.
const form = document.getElementById("rating");
const saved = document.getElementById("saved");
const waiting = `probatum ${form.dataset.held}`; // what this screen has not yet been able to send
const switched = document.getElementById("keys");
let sending = Promise.resolve();
let timer = 0;
let onwards = {}; // where the buttons lead, as the server last said

function held() {
  try { return JSON.parse(localStorage.getItem(waiting) ?? "{}"); } catch { return {}; }
}

function hold(said) {
  if (Object.keys(said).length) localStorage.setItem(waiting, JSON.stringify(said));
  else localStorage.removeItem(waiting);
}

function send(said) {
  hold({ ...held(), ...said });
  saved.textContent = form.dataset.saving;
  sending = sending.then(flush);
  return sending;
}

async function flush() {
  const said = held();
  if (!Object.keys(said).length) return;
  let response;
  try {
    // keepalive: a browser that is closed right after the key still sends it.
    response = await fetch(form.action, { method: "POST", keepalive: true, body: JSON.stringify(said),
      headers: { "Content-Type": "application/json", Accept: "application/json" } });
  } catch {
    saved.textContent = form.dataset.failed;
    clearTimeout(timer);
    timer = setTimeout(() => { sending = sending.then(flush); }, 3000);
    return;
  }
  if (!response.ok) {
    saved.textContent = form.dataset.lost;
    return;
  }
  const now = held();
  hold(Object.fromEntries(Object.entries(now).filter(([name, value]) => said[name] !== value)));
  const told = await response.json();
  document.getElementById("progress").value = told.done;
  const done = document.getElementById("done");
  done.textContent = done.dataset.said.replace("{}", told.done).replace("{}", told.of);
  saved.textContent = form.dataset.saved;
  onwards = told.to;
}

form.addEventListener("change", (event) => {
  if (event.target.id !== "keys" && event.target.name) send({ [event.target.name]: event.target.value });
});
let typing = 0;
form.addEventListener("input", (event) => {
  if (!event.target.matches("textarea")) return;
  hold({ ...held(), [event.target.name]: event.target.value });
  clearTimeout(typing);
  typing = setTimeout(() => send({}), 500);
});
window.addEventListener("pagehide", () => { if (Object.keys(held()).length) flush(); });

// Nobody leaves a screen before it is kept: without a line the page stays, and what was said stays on it.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const way = event.submitter?.value ?? "next";
  clearTimeout(typing);
  await send(Object.fromEntries(new FormData(form)));
  if (!Object.keys(held()).length) location.assign((onwards[way] ?? "/rate") + location.search);
});

const groups = [...form.querySelectorAll("fieldset")];

function inside() {
  return groups.indexOf(document.activeElement?.closest("fieldset"));
}

function focus(place) {
  const group = groups[Math.min(Math.max(place, 0), groups.length - 1)];
  (group.querySelector(":checked") ?? group.querySelector("input")).focus();
}

switched.checked = localStorage.getItem("probatum keys") !== "off";
switched.addEventListener("change", () => localStorage.setItem("probatum keys", switched.checked ? "on" : "off"));

document.addEventListener("keydown", (event) => {
  if (!switched.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("textarea, input:not([type=radio]):not([type=checkbox]), select, summary")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    if (inside() < 0) return; // there the arrows scroll the page
    event.preventDefault();
    return focus(inside() + step);
  }
  const button = document.getElementById({ ArrowRight: "next", ArrowLeft: "back" }[event.key] ?? "");
  if (button) {
    event.preventDefault();
    return button.click();
  }
  const place = inside() >= 0 ? inside() : Math.max(0, groups.findIndex((group) => !group.querySelector(":checked")));
  const choice = [...groups[place].querySelectorAll("input")].find((one) => one.dataset.key === event.key.toLowerCase());
  if (!choice || choice.disabled) return;
  event.preventDefault();
  if (!choice.checked) {
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  }
  focus(groups[place + 1] ? place + 1 : place);
});

// What an earlier visit could not send is shown as it was said, and sent now.
for (const [name, value] of Object.entries(held())) {
  const field = form.elements[name];
  if (field) field.value = value;
}
if (Object.keys(held()).length) send({});
