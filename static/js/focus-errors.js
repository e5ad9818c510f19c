// The summary of errors takes the focus when the page opens; its links focus the field.
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
