// A form with data-once is sent once: a second press within ten seconds does nothing.
// The button stays as it is; coming back to the page opens the form again.
const sent = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (performance.now() - (sent.get(form) ?? -Infinity) < 10_000) event.preventDefault();
  else sent.set(form, performance.now());
});

addEventListener("pageshow", () => sent.clear());
