// Auto-complete of phenotypes, after the ARIA pattern of an editable combobox with a list.
const PAUSE = 60; // milliseconds without a key before asking

export function combobox(field, list, choose) {
  let waiting = 0, asked = null, active = -1, composing = false;

  function close() {
    list.hidden = true;
    list.replaceChildren();
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(at) {
    active = at;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    const item = list.children[at];
    if (!item) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  function take(item) {
    field.value = item.dataset.id;
    close();
    choose(field.form);
  }

  function show(found) {
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = `offer-${index}`;
      item.role = "option";
      item.dataset.id = one.id;
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = one.name;
      if (one.matched !== one.name) {
        const other = document.createElement("small");
        other.textContent = one.matched;
        name.append(other);
      }
      const id = document.createElement("span");
      id.className = "id";
      id.textContent = one.id;
      item.append(name, id);
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(item); });
      return item;
    }));
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    document.getElementById("status").textContent = `${found.length} ${field.dataset.found}`;
    mark(-1);
  }

  async function ask() {
    asked?.abort();
    const typed = field.value.trim();
    if (!typed) return close();
    asked = new AbortController();
    const query = new URLSearchParams({ q: typed, language: field.dataset.language });
    try {
      const response = await fetch(`/api/suggest?${query}`, { signal: asked.signal });
      if (response.ok && document.activeElement === field) show((await response.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  }

  field.addEventListener("compositionstart", () => { composing = true; });
  field.addEventListener("compositionend", () => { composing = false; soon(); });
  field.addEventListener("input", () => { if (!composing) soon(); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" && last >= 0) mark(active < last ? active + 1 : 0);
    else if (event.key === "ArrowUp" && last >= 0) mark(active > 0 ? active - 1 : last);
    else if (event.key === "Enter" && active >= 0) take(list.children[active]);
    else if (event.key === "Escape" && !list.hidden) { close(); event.stopPropagation(); }
    else return;
    event.preventDefault();
  });
}
