// Tells how many words or characters are left, from three quarters of the limit on.
// Nothing is cut off: text over the limit stays and is flagged. The server decides.
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
