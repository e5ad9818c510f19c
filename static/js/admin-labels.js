// On a phone the lists of the admin are stacked: each cell then shows its column's name.
for (const table of document.querySelectorAll("#result_list, .tabular table, #change-history")) {
  const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    if (row.cells.length !== names.length) continue;
    [...row.cells].forEach((cell, index) => { if (names[index]) cell.dataset.label = names[index]; });
  }
}
