// An answer that takes its time, as it comes about: what is being done, the sentences that hold, then the page.

// Reads server-sent events from an address and hands each over as (name, data).
async function* events(address, signal) {
  const response = await fetch(address, { headers: { Accept: "text/event-stream" }, signal });
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) throw new Error("no stream");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n");
      const name = lines.find((line) => line.startsWith("event: "))?.slice(7);
      const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
      if (name && data) yield [name, JSON.parse(data)];
    }
  }
}

let present = null;

// Whether the answer at an address is written by a language model, and so may take its time.
export function takesTime(address) {
  const url = new URL(address, location.href);
  const model = url.searchParams.get("model") || (document.getElementById("model") ? "usual" : "none");
  return url.pathname === "/ask" && Boolean(url.searchParams.get("q")) && model !== "none";
}

// Stops a stream that nobody waits for any more.
export function leave() {
  present?.abort();
  present = null;
}

// Shows the answer at an address as it comes about; gives the whole page, or null where another was asked for.
export async function streamed(address, say) {
  leave();
  const mine = present = new AbortController();
  const box = document.getElementById("progress");
  const list = box?.querySelector("ol");
  const add = (text, kind) => {
    const line = document.createElement("li");
    line.className = kind;
    line.textContent = text;
    list?.append(line);
  };
  list?.replaceChildren();
  if (box) box.hidden = false;
  document.querySelector(".start")?.setAttribute("hidden", "");
  document.querySelector(".split")?.setAttribute("hidden", "");
  say(document.getElementById("progress-title")?.textContent ?? "");
  const url = new URL(address, location.href);
  url.pathname = "/ask.events";
  url.hash = "";
  try {
    for await (const [name, said] of events(url.href, mine.signal)) {
      if (name === "step") add(said.said, "step");
      if (name === "sentence") add(`${said.text} ${said.marks.map((mark) => `[${mark}]`).join(" ")}`, "sentence");
      if (name === "page") return said.html;
    }
  } catch (error) {
    if (mine.signal.aborted) return null;
    throw error;
  } finally {
    if (present === mine) present = null;
  }
  throw new Error("the stream broke off");
}
