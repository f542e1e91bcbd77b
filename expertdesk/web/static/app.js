// Only enhances: every page works without this file. A module, so nothing becomes global.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const KEYS_OFF = "expertdesk-keys-off";
const memory = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* private mode: the choice lasts for this page */ } },
};

// --- the summary of a failed form takes the focus (browsers that ignore autofocus on it) ---
document.querySelector(".ed-errors")?.focus();

// --- a form is sent once; a lost answer frees it again ---
const FREE_AFTER = 20_000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  // a draft opened in a new tab does not use the form up
  if (form.method !== "post" || form.hasAttribute("data-again") || event.submitter?.formTarget === "_blank") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (event.defaultPrevented) return;
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => free(form), FREE_AFTER);
});
function free(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}
addEventListener("pageshow", () => all("form[data-sent]").forEach(free));

// --- files: size and kind are checked before anything travels ---
function fileProblem(input) {
  const accepted = input.accept.split(",").map((part) => part.trim().toLowerCase()).filter(Boolean);
  for (const file of input.files) {
    if (file.size === 0) return input.dataset.empty;
    if (file.size > Number(input.dataset.maxBytes)) return input.dataset.tooLarge;
    if (accepted.length && !accepted.some((end) => file.name.toLowerCase().endsWith(end))) return input.dataset.wrongKind;
  }
  return "";
}
function showFileProblem(input) {
  const id = `${input.id}-live`;
  let place = document.getElementById(id);
  if (!place) {
    place = document.createElement("div");
    place.id = id;
    place.className = "invalid-feedback";
    place.setAttribute("role", "alert");
    input.after(place);
    input.setAttribute("aria-describedby", `${id} ${input.getAttribute("aria-describedby") ?? ""}`.trim());
  }
  // what the server said was about the file before this one
  document.getElementById(`${input.id}-error`)?.remove();
  const problem = fileProblem(input) ?? "";
  place.textContent = problem;
  place.hidden = !problem;
  input.classList.toggle("is-invalid", Boolean(problem));
  if (problem) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  return problem;
}
// on the document, because a form that is worked out live gets new inputs
const FILES = "input[type=file][data-max-bytes]";
document.addEventListener("change", (event) => {
  if (event.target.matches?.(FILES)) showFileProblem(event.target);
}, true);
document.addEventListener("submit", (event) => {
  if (event.submitter?.formNoValidate) return;
  for (const input of all(FILES, event.target)) {
    if (input.files.length && showFileProblem(input)) {
      event.preventDefault();
      input.focus();
      return;
    }
  }
}, true);

// --- passport lines: pasting both presses the button that reads them ---
document.addEventListener("paste", (event) => {
  const area = event.target;
  if (!area.matches?.("textarea[data-read-with]")) return;
  setTimeout(() => {
    const lines = area.value.split(/\s*\n\s*/).filter((line) => line.length >= 40);
    if (lines.length >= 2 || area.value.replace(/\s/g, "").length >= 88) {
      document.getElementById(area.dataset.readWith)?.click();
    }
  });
});

// --- copying a code ---
if (navigator.clipboard) {
  for (const button of all("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy)?.textContent.trim() ?? "";
      const before = button.textContent;
      try { await navigator.clipboard.writeText(text); } catch { return; }
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = before; }, 2000);
    });
  }
}

// --- a reason chosen fills its words in, unless somebody wrote others ---
const reasonTexts = new Map(all("#reason-texts li").map((item) => [item.dataset.code, item.dataset]));
if (reasonTexts.size) {
  const known = new Set([...reasonTexts.values()].flatMap((texts) => [texts.problemZh, texts.problemEn, texts.demandZh, texts.demandEn]));
  const fill = (prefix) => {
    const select = document.querySelector(`select[name="${CSS.escape(`${prefix}reason_code`)}"]`);
    const texts = reasonTexts.get(select?.value);
    for (const [name, text] of [["problem_zh", texts?.problemZh], ["problem_en", texts?.problemEn], ["demand_zh", texts?.demandZh], ["demand_en", texts?.demandEn]]) {
      const area = document.querySelector(`textarea[name="${CSS.escape(prefix + name)}"]`);
      if (area && (!area.value.trim() || known.has(area.value))) area.value = text ?? "";
    }
  };
  for (const select of all("select[name$='-reason_code']")) {
    select.addEventListener("change", () => fill(select.name.slice(0, -"reason_code".length)));
  }
  for (const radio of all("input[type=radio][name$='-check'][value=problem]")) {
    radio.addEventListener("change", () => fill(radio.name.slice(0, -"check".length)));
  }
}

// --- ticking every line of a list ---
for (const link of all("a[data-tick-all]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const boxes = all(`input[type=checkbox][name="${CSS.escape(link.dataset.tickAll)}"]`);
    const tick = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = tick;
  });
}

// --- printing ---
for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// --- the end of the session is said before it comes ---
const warning = document.querySelector("[data-session-warning]");
const WARN_BEFORE = 120;
function watchSession(seconds) {
  setTimeout(() => {
    warning.hidden = false;
    warning.querySelector("[data-stay]").focus();
  }, Math.max(0, seconds - WARN_BEFORE) * 1000);
}
if (warning) {
  const seconds = Number(document.body.dataset.sessionEndsIn);
  if (seconds > 0) watchSession(seconds);
  warning.querySelector("[data-stay]").addEventListener("click", async () => {
    try {
      const answer = await fetch(location.href, { method: "HEAD", credentials: "same-origin" });
      if (answer.ok && !answer.redirected) {
        warning.hidden = true;
        watchSession(seconds);
        return;
      }
    } catch { /* no network: the page below decides */ }
    location.reload();
  });
}

// --- keys of the desk; a switch turns them off ---
const panel = document.querySelector("[data-keys]");
const box = document.getElementById("keys-on");
let keysOn = memory.get(KEYS_OFF) !== "1";
if (panel && box) {
  panel.hidden = false;
  box.checked = keysOn;
  box.addEventListener("change", () => {
    keysOn = box.checked;
    memory.set(KEYS_OFF, keysOn ? "0" : "1");
  });
}
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");
function step(by) {
  const people = all(".ed-list .ed-who");
  if (!people.length) return;
  const here = people.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : people.length - 1) : Math.min(people.length - 1, Math.max(0, here + by));
  people[next].focus();
  people[next].scrollIntoView({ block: "nearest" });
}
document.addEventListener("keydown", (event) => {
  if (!keysOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const actions = {
    "/": () => document.getElementById("q")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    n: () => document.querySelector("[aria-keyshortcuts=n]")?.click(),
  };
  if (actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  }
});
