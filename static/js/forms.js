// Everything that makes forms kinder, in one file: a page with a form asks for it once.
// Without scripts every form works; each block below stands for itself.

// Forms with data-autosave="address" keep each answer as it is given. The words come from the
// status line ([data-saved-line]); without scripts the form is sent whole, as ever.
// What cannot be sent stays in the page and is tried again. Where a person has said that the
// device is theirs alone ([data-own-device]) it also stays on the device, until it is saved.
// It is kept for the one who wrote it (data-writer): another person who signs in here clears it.
{
  const PAUSE = 1500;
  const AGAIN = 15_000;
  const OWN = "loci-own-device:";
  const UNSENT = "loci-unsent:";

  const device = {
    names: () => { try { return Object.keys(localStorage); } catch { return []; } },
    get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* full or closed: the page keeps it */ } },
    drop: (name) => { try { localStorage.removeItem(name); } catch { /* nothing was there */ } },
  };

  function fill(form, name, values) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
      field.closest("details")?.setAttribute("open", "");
    }
  }

  function bind(form) {
    const line = form.querySelector("[data-saved-line]");
    const box = form.querySelector("[data-own-device] input");
    const writer = `${form.dataset.writer}:`;
    const own = OWN + writer;
    const key = UNSENT + writer + location.pathname;
    const unsent = new Map(); // field -> its newest values and the version they started from
    let timer;
    let busy = false;

    function say(state, words) {
      line.dataset.state = state;
      line.textContent = words;
    }

    function keep() {
      const entries = [...unsent].map(([field, { values, version }]) => [field, { values, version: version ?? versionOf(field)?.value }]);
      if (unsent.size && device.get(own)) device.set(key, JSON.stringify(entries));
      else device.drop(key);
    }

    const versionOf = (field) => form.querySelector(`[name="${CSS.escape(field.replace(/-\d+-\w+$/, ""))}-version"]`);

    async function send(field, { values, version }) {
      const body = new FormData();
      const token = form.elements.csrfmiddlewaretoken.value;
      const known = versionOf(field); // of the whole answer
      const from = version ?? known?.value ?? "";
      for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, field, version: from })) body.append(name, value);
      for (const value of values.length ? values : [""]) body.append("value", value);
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers, keepalive: true });
      if (answer.redirected || answer.status >= 500) throw new Error(answer.status);
      const told = await answer.json();
      if (answer.ok && known) known.value = told.version;
      if (answer.ok) say("saved", line.dataset.saved.replace("%s", told.saved_at));
      else say("waiting", told.message); // somebody else saved, or closed: the text stays in the page
    }

    async function flush() {
      if (busy || !unsent.size) return;
      busy = true;
      say("saving", line.dataset.saving);
      try {
        while (unsent.size) {
          const [field, entry] = unsent.entries().next().value;
          await send(field, entry);
          if (unsent.get(field) === entry) unsent.delete(field); // else it changed meanwhile
          keep();
        }
      } catch {
        say("waiting", line.dataset.waiting);
        keep();
      }
      busy = false;
    }

    function note({ target, type }) {
      if (target === box || !/-\d+-\w+$/.test(target.name)) return; // not a field of an answer
      unsent.set(target.name, { values: new FormData(form).getAll(target.name) });
      clearTimeout(timer);
      timer = setTimeout(flush, type === "change" ? 0 : PAUSE);
      keep();
    }

    for (const name of device.names()) {
      const isOurs = name.startsWith(OWN) || name.startsWith(UNSENT);
      if (isOurs && !name.startsWith(own) && !name.startsWith(UNSENT + writer)) device.drop(name);
    }
    for (const [field, entry] of JSON.parse(device.get(key) ?? "[]")) {
      fill(form, field, entry.values);
      unsent.set(field, entry);
    }
    for (const type of ["input", "change"]) form.addEventListener(type, note);
    for (const type of ["online", "pagehide"]) addEventListener(type, flush);
    form.addEventListener("submit", () => navigator.onLine && device.drop(key)); // it goes whole
    setInterval(flush, AGAIN);
    flush();

    if (!box) return;
    box.closest("[data-own-device]").hidden = false;
    box.checked = Boolean(device.get(own));
    box.addEventListener("change", () => {
      if (box.checked) device.set(own, "1");
      else device.drop(own);
      keep();
    });
  }

  document.querySelectorAll("form[data-autosave]").forEach(bind);
}

// A form with data-once is sent once: a second press within ten seconds does nothing.
// The button stays as it is; coming back to the page opens the form again.
{
  const sent = new Map();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (performance.now() - (sent.get(form) ?? -Infinity) < 10_000) event.preventDefault();
    else sent.set(form, performance.now());
  });

  addEventListener("pageshow", () => sent.clear());
}

// The summary of errors takes the focus when the page opens; its links focus the field.
{
  const box = document.querySelector("[data-focus-errors]");
  box?.focus();

  box?.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const whole = field.closest("fieldset") ?? field.closest(".field") ?? field;
    whole.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}

// Tells how many words or characters are left, from three quarters of the limit on.
// Nothing is cut off: text over the limit stays and is flagged. The server decides.
{
  const locale = document.documentElement.lang;

  function counted(text) {
    if (!("maxWords" in text.dataset)) return text.value.length;
    return text.value.trim().split(/\s+/u).filter(Boolean).length;
  }

  function show(text) {
    const line = document.getElementById(text.dataset.wordsLeft);
    const limit = Number(text.dataset.maxWords ?? text.dataset.maxCharacters);
    const left = limit - counted(text);
    const words = left < 0 ? line.dataset.over : line.dataset.left;
    const said = left > limit / 4 ? "" : words.replace("%s", Math.abs(left).toLocaleString(locale));
    if (line.textContent !== said) line.textContent = said;
    line.classList.toggle("over", left < 0);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-words-left]")) show(event.target);
  });
  document.querySelectorAll("[data-words-left]").forEach((text) => {
    if (text.value) show(text);
  });
}

// [data-who-sees]: the line "Seen by: …" under the words follows the choice made below it.
{
  document.addEventListener("change", ({ target }) => {
    const line = target.dataset.seenBy && target.closest("[data-who-sees]")?.querySelector(".seen-by span");
    if (line) line.textContent = target.dataset.seenBy;
  });
}

// select[data-topic-filter="label"]: a box above a long list that leaves only what has the typed words.
// The select itself stays, with its groups and its choice; without scripts it is all there is.
// Where the page lists its #topics, what a topic covers is searched too, and the line
// [data-related-to] offers the related ones of the one that is chosen.
{
  const list = document.getElementById("topics");
  const facts = new Map([...(list?.children ?? [])].map(({ dataset, textContent }) =>
    [dataset.topic, { scope: textContent, related: dataset.related.split(" ").filter(Boolean) }]));

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function kept(node, group, stays) {
    if (node.tagName !== "OPTGROUP") return stays(node, group) ? [node.cloneNode(true)] : [];
    const options = [...node.children].flatMap((option) => kept(option, node.label, stays));
    const copy = node.cloneNode(false);
    copy.append(...options);
    return options.length ? [copy] : [];
  }

  function bind(select) {
    const whole = [...select.children].map((node) => node.cloneNode(true));
    const box = Object.assign(document.createElement("input"), { type: "search", id: `${select.id}_filter`, autocomplete: "off" });
    const label = Object.assign(document.createElement("label"), { htmlFor: box.id, className: "hint", textContent: select.dataset.topicFilter });
    select.before(label, box);

    box.addEventListener("input", (event) => {
      event.stopPropagation(); // the box is no answer: nothing to save
      const chosen = select.value;
      const sought = plain(box.value).split(/\s+/).filter(Boolean);
      const stays = ({ value, text }, group) =>
        !value || value === chosen || sought.every((word) => plain(`${text} ${group} ${facts.get(value)?.scope ?? ""}`).includes(word));
      select.replaceChildren(...whole.flatMap((node) => kept(node, "", stays)));
      select.value = chosen;
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      select.focus();
    });
    const line = list && document.querySelector(`[data-related-to="${CSS.escape(select.id)}"]`);
    if (!line) return;

    const names = new Map([...select.options].map(({ value, text }) => [value, text]));

    function choose(code) {
      box.value = "";
      select.replaceChildren(...whole.map((node) => node.cloneNode(true)));
      select.value = code;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      select.focus();
    }

    function relate() {
      const related = facts.get(select.value)?.related ?? [];
      line.hidden = !related.length;
      line.replaceChildren(list.dataset.title, ...related.flatMap((code) => {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-link", textContent: names.get(code) });
        button.addEventListener("click", () => choose(code));
        return [" ", button];
      }));
    }

    select.addEventListener("change", relate);
    relate();
  }

  document.querySelectorAll("select[data-topic-filter]:enabled").forEach(bind);
}
