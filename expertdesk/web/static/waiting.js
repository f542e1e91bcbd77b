// A page that waits for work in the background: the part with data-waiting is exchanged every second until the work is
// done, then the file named by data-hand-over is fetched. Without this file the page loads itself anew.
const PAUSE = 1000;
const part = () => document.querySelector("[data-waiting]");

function handOver() {
  const file = part()?.dataset.handOver;
  if (file && !handOver.done) {
    handOver.done = true;
    history.replaceState(null, "", location.pathname); // looking again later does not fetch it again
    location.assign(file);
  }
}

async function look() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Part": "1" } });
    if (answer.redirected) return location.assign(answer.url); // signed out
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-waiting]");
      if (fresh) exchange(fresh);
    }
  } catch {
    // the server is away for a moment: look again
  }
  if (part()?.dataset.waiting) setTimeout(look, PAUSE);
  else handOver();
}

// bar and sentence stay the same elements while it runs, so that they are announced as changes; focus is not lost
function exchange(fresh) {
  const old = part();
  const bar = old.querySelector("[role=progressbar]"), newBar = fresh.querySelector("[role=progressbar]");
  const said = old.querySelector("[role=status]"), newSaid = fresh.querySelector("[role=status]");
  if (bar && newBar && fresh.dataset.waiting) {
    bar.setAttribute("aria-valuenow", newBar.getAttribute("aria-valuenow"));
    bar.replaceChildren(...newBar.childNodes);
    // read out every tenth only
    const tenth = (text) => text.replace(/\d+/, (n) => Math.floor(n / 10));
    if (tenth(said.textContent) !== tenth(newSaid.textContent)) said.textContent = newSaid.textContent;
    const head = old.querySelector("h2"), newHead = fresh.querySelector("h2");
    if (head.textContent !== newHead.textContent) head.textContent = newHead.textContent;
  } else {
    const text = newSaid?.textContent ?? "";
    if (newSaid) newSaid.textContent = "";
    old.replaceWith(fresh);
    setTimeout(() => { if (newSaid) newSaid.textContent = text; }, 100);
  }
}

if (part()?.dataset.waiting) setTimeout(look, PAUSE);
else if (part() && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") handOver();
