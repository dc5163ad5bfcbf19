// A second click on the same button does nothing. (The server does not need this: a submission has its own id. It spares
// the person the doubt.) A form that fails in transit can be sent again after a few seconds.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), 8000);
});

// Back from the browser's cache: the form is usable again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}
