// Keyboard shortcuts of the desk: j/k move in the list, Enter opens, / searches, ? shows the keys, Esc leaves a field.
// Everything they do can be done without them.
const rows = [...document.querySelectorAll("table[data-keys] tbody tr")];
const links = rows.map((row) => row.querySelector("a[href]"));
const search = document.querySelector("[data-key-search]");
const help = document.querySelector("[data-key-help]");

const writing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const move = (step) => {
  if (links.length === 0) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = Math.min(Math.max(now + step, 0), links.length - 1);
  links[next]?.focus();
  rows[next].scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (help?.open) help.open = false;
    else if (writing(event.target)) event.target.blur();
    return;
  }
  if (writing(event.target)) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/" && search) search.focus();
  else if (event.key === "?" && help) help.open = !help.open;
  else return;
  event.preventDefault();
});
