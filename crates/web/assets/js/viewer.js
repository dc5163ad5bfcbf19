// Files open in a frame beside the form. Without scripts the frame is always there; with them it appears with the first file and
// says which one it shows. The form that is being filled in stays as it is.
const box = document.querySelector("[data-viewer]");
if (box) {
  const title = box.querySelector("[data-viewer-title]");
  const frame = box.querySelector("iframe");
  box.hidden = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-look]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    for (const other of document.querySelectorAll("a[data-look][aria-current]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    box.hidden = false;
    title.textContent = link.textContent;
    frame.title = link.textContent;
    title.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  });
}
