// Forms with data-autosave="address" keep each answer as it is given. The words come from the
// status line ([data-saved-line]); without scripts the form is sent whole, as ever.
const PAUSE = 1500;
const AGAIN = 15_000;

function bind(form) {
  const line = form.querySelector("[data-saved-line]");
  const unsent = new Map(); // field -> its newest values, kept in this page
  let timer;
  let busy = false;

  function say(state, words) {
    line.dataset.state = state;
    line.textContent = words;
  }

  async function send(field, values) {
    const body = new FormData();
    const token = form.elements.csrfmiddlewaretoken.value;
    const version = form.elements[`${field.split("-")[0]}-version`]; // of the whole answer
    for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, field, version: version?.value ?? "" })) body.append(name, value);
    for (const value of values.length ? values : [""]) body.append("value", value);
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers, keepalive: true });
    if (answer.redirected || answer.status >= 500) throw new Error(answer.status);
    const told = await answer.json();
    if (answer.ok && version) version.value = told.version;
    if (answer.ok) say("saved", line.dataset.saved.replace("%s", told.saved_at));
    else say("waiting", told.message); // somebody else saved, or closed: the text stays in the page
  }

  async function flush() {
    if (busy || !unsent.size) return;
    busy = true;
    say("saving", line.dataset.saving);
    try {
      while (unsent.size) {
        const [field, values] = unsent.entries().next().value;
        await send(field, values);
        if (unsent.get(field) === values) unsent.delete(field); // else it changed meanwhile
      }
    } catch {
      say("waiting", line.dataset.waiting);
    }
    busy = false;
  }

  function note({ target, type }) {
    if (!target.name || target.type === "file" || target.type === "hidden") return;
    unsent.set(target.name, new FormData(form).getAll(target.name));
    clearTimeout(timer);
    timer = setTimeout(flush, type === "change" ? 0 : PAUSE);
  }

  for (const type of ["input", "change"]) form.addEventListener(type, note);
  for (const type of ["online", "pagehide"]) addEventListener(type, flush);
  setInterval(flush, AGAIN);
}

document.querySelectorAll("form[data-autosave]").forEach(bind);
