// A form that is worked out while it is filled in. The server renders the whole page as always; the parts marked
// data-part are exchanged, what was typed meanwhile and the place of the cursor stay. Without this file the same
// buttons load the page.
//   form[data-live=URL]          a change of any field asks URL
//   button[data-live-button]     asks its own formaction and then moves the focus to what it brought
//   [data-part][id]              exchanged;   [data-live-say] in the answer is read out

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const PAUSE = 350;

for (const form of all("form[data-live]")) new Live(form).listen();

function Live(form) {
  let timer = 0;
  let busy = false;
  let waiting = null;

  this.listen = () => {
    form.addEventListener("change", (event) => {
      const field = event.target;
      if (!field.name || field.closest("[data-quiet]")) return;
      if (field.type === "file" && (!field.files.length || field.classList.contains("is-invalid"))) return;
      clearTimeout(timer);
      timer = setTimeout(() => ask({ url: form.dataset.live, file: field.type === "file" ? field.name : "" }), PAUSE);
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-live-button]");
      if (!button || button.form !== form) return;
      event.preventDefault();
      clearTimeout(timer);
      ask({ url: button.formAction, button, file: "" });
    });
  };

  async function ask(wish) {
    if (busy) { waiting = wish; return; }
    if (wish.button && !wish.button.isConnected) wish.button = twinOf(wish.button);
    busy = true;
    form.setAttribute("aria-busy", "true");
    try {
      const sent = collect(wish);
      const answer = await fetch(wish.url, { method: "POST", body: sent, credentials: "same-origin", headers: { "X-Part": "1" } });
      const kind = answer.headers.get("Content-Type") ?? "";
      // the session ended: the form just sent was kept, signing in brings it back
      if (answer.redirected && answer.url.includes("why=expired")) return location.assign(answer.url);
      // refused for another reason: the next full sending says so and keeps what was typed
      if (!answer.redirected && kind.startsWith("text/html") && (answer.ok || answer.status === 422)) {
        exchange(new DOMParser().parseFromString(await answer.text(), "text/html"), sent, wish);
      } else if (wish.button) {
        send(wish.button);
      }
    } catch {
      if (wish.button) send(wish.button);
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
      const next = waiting;
      waiting = null;
      if (next) ask(next);
    }
  }

  // an answer that came meanwhile may have exchanged the button that was pressed
  function twinOf(button) {
    return form.querySelector(`button[name="${CSS.escape(button.name)}"][value="${CSS.escape(button.value)}"]`);
  }

  // the way without this file
  function send(button) {
    button.removeAttribute("data-live-button");
    form.requestSubmit(button);
  }

  function collect(wish) {
    const data = new FormData(form, wish.button ?? null);
    for (const [name, value] of [...data]) {
      if (value instanceof File && name !== wish.file) data.delete(name);
    }
    return data;
  }

  function exchange(fresh, sent, wish) {
    const focused = document.activeElement;
    const place = focused?.id && form.contains(focused) ? { id: focused.id, start: start(focused), end: end(focused) } : null;
    say(fresh);
    for (const old of all("[data-part][id]")) {
      const part = fresh.getElementById(old.id);
      if (!part) continue;
      keep(old, part, sent, wish);
      old.replaceWith(part);
    }
    if (wish.button) return lead(wish.button);
    if (place && document.activeElement?.id !== place.id) {
      const field = document.getElementById(place.id);
      field?.focus({ preventScroll: true });
      if (field && place.start !== null) field.setSelectionRange(place.start, place.end);
    }
  }

  // what somebody changed while the answer was on its way is newer than the answer
  function keep(old, part, sent, wish) {
    for (const field of all("input[id], select[id], textarea[id]", old)) {
      const twin = part.querySelector(`#${CSS.escape(field.id)}`);
      if (!twin) continue;
      if (field.type === "file") {
        if (field.name !== wish.file) keepFile(field, twin);
      } else if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked !== sent.getAll(field.name).includes(field.value)) twin.checked = field.checked;
      } else if (field.name && field.value !== (sent.get(field.name) ?? "")) {
        twin.value = field.value;
      }
    }
    for (const box of all("details[id]", old)) {
      const twin = part.querySelector(`#${CSS.escape(box.id)}`);
      if (twin && box.open) twin.open = true;
    }
  }

  // a chosen file stays with what was said about it; so does the sentence about a file that was refused
  function keepFile(field, twin) {
    const said = all(`#${CSS.escape(field.id)}-live, #${CSS.escape(field.id)}-error`, field.parentElement).filter((words) => !words.hidden);
    if (!field.files.length && !said.length) return;
    twin.parentElement.querySelector(`#${CSS.escape(field.id)}-error`)?.remove();
    twin.replaceWith(field);
    field.after(...said);
  }

  function say(fresh) {
    const words = fresh.querySelector("[data-live-say]")?.textContent.trim() ?? "";
    const place = document.getElementById("live-said");
    if (place && place.textContent !== words) place.textContent = words;
  }

  function lead(button) {
    const summary = document.querySelector(".ed-errors");
    const target = summary ?? document.getElementById(button.dataset.liveButton) ?? document.getElementById(button.id);
    target?.focus();
  }

  const start = (field) => (field.matches("textarea, input[type=text], input:not([type]), input[type=tel], input[type=search]") ? field.selectionStart : null);
  const end = (field) => (field.matches("textarea, input[type=text], input:not([type]), input[type=tel], input[type=search]") ? field.selectionEnd : null);
}
