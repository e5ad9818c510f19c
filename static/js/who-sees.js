// [data-who-sees]: the line "Seen by: …" under the words follows the choice made below it.
document.addEventListener("change", ({ target }) => {
  const line = target.dataset.seenBy && target.closest("[data-who-sees]")?.querySelector(".seen-by span");
  if (line) line.textContent = target.dataset.seenBy;
});
