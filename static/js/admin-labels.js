// On a phone the lists of the admin are stacked: each cell then shows its column's name.
// In rows of a form that name is also said for the field in the cell.
for (const table of document.querySelectorAll("#result_list, .tabular table, #change-history")) {
  const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    if (row.cells.length !== names.length) continue;
    [...row.cells].forEach((cell, index) => {
      if (!names[index]) return;
      cell.dataset.label = names[index];
      for (const field of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (!field.labels?.length && !field.ariaLabel) field.ariaLabel = names[index];
      }
    });
  }
}

// A day and a time side by side: each is called by the question and by the word before it.
for (const field of document.querySelectorAll(".datetime input")) {
  const whole = field.closest(".form-row")?.querySelector("legend, label")?.textContent ?? "";
  if (!field.labels?.length) field.ariaLabel = `${whole} ${field.previousSibling?.textContent ?? ""}`.replace(/\s+/g, " ").trim();
}
