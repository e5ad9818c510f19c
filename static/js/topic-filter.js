// select[data-topic-filter="label"]: a box above a long list that leaves only what has the typed words.
// The select itself stays, with its groups and its choice; without scripts it is all there is.
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
      !value || value === chosen || sought.every((word) => plain(`${text} ${group}`).includes(word));
    select.replaceChildren(...whole.flatMap((node) => kept(node, "", stays)));
    select.value = chosen;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    select.focus();
  });
}

document.querySelectorAll("select[data-topic-filter]:enabled").forEach(bind);
