// Moves the focus to the list of mistakes when a form comes back, and from an entry to its field with the question in view.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    const question = control.closest(".field") ?? control;
    question.scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });
}
