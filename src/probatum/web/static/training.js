// The curve of a training that runs, drawn again as it grows; nothing else on the page moves.
const EVERY = 2000; // milliseconds
const status = document.getElementById("status");

async function look() {
  const present = document.getElementById("live");
  if (present?.dataset.state !== "running") return;
  try {
    if (!document.hidden) {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("live");
      // Who moves within the curves by keyboard is not thrown out of them.
      if (fresh && !present.contains(document.activeElement)) {
        present.replaceWith(document.adoptNode(fresh));
        if (fresh.dataset.state !== "running") return location.reload();
        if (status) status.dataset.looked = String(Date.now());
      }
    }
  } catch {
    // The server may be away for a moment; the next look tells.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
