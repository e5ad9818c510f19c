// [data-copy]: the button copies the text beside it and says so.
document.querySelectorAll("[data-copy-button]").forEach((button) => { button.hidden = false; });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-button]");
  if (!button) return;
  const part = button.closest("[data-copy]");
  const text = part.querySelector("[data-copy-text]");
  try {
    await navigator.clipboard.writeText(text.value ?? text.textContent);
    part.querySelector("[role=status]").textContent = part.dataset.copied;
  } catch {
    getSelection().selectAllChildren(text);
  }
});
