// Uploads with progress. A form marked `data-upload-form` is sent by XMLHttpRequest (the only way to see how much has gone
// out); the answer's page is then opened. Without scripts, or for anything unusual, the form is sent as it always was.
const tooLarge = (field) => {
  const most = Number(field.dataset.most);
  const input = field.querySelector("input[type=file]");
  return most > 0 && [...input.files].some((file) => file.size > most);
};

const say = (field, text, bad) => {
  const state = field.querySelector("[data-upload-state]");
  state.textContent = text;
  state.classList.toggle("bad", bad);
};

for (const field of document.querySelectorAll("[data-upload]")) {
  field.querySelector("input[type=file]").addEventListener("change", () => {
    if (tooLarge(field)) say(field, field.dataset.tooLarge, true);
    else say(field, "", false);
  });
}

for (const form of document.querySelectorAll("form[data-upload-form]")) {
  const fields = [...form.querySelectorAll("[data-upload]")];
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate) return;
    const wrong = fields.find(tooLarge);
    if (wrong) {
      event.preventDefault();
      say(wrong, wrong.dataset.tooLarge, true);
      wrong.querySelector("input[type=file]").focus();
      return;
    }
    const busy = fields.find((field) => field.querySelector("input[type=file]").files.length > 0);
    if (!busy) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    const request = new XMLHttpRequest();
    request.open("POST", event.submitter?.getAttribute("formaction") ?? form.action);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      if (total > 0) say(busy, `${busy.dataset.sending} ${Math.floor((loaded / total) * 100)}%`, false);
    });
    request.addEventListener("load", () => {
      // A redirect was followed already: go where it led (a flash message waits for that request, as this one did not
      // ask for text/html). A page with mistakes is shown as it came.
      if (request.status < 400 && request.responseURL && request.responseURL !== form.action) {
        location.assign(request.responseURL);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      document.documentElement.replaceWith(page.documentElement);
      document.querySelector("[data-error-summary], main")?.focus();
    });
    request.addEventListener("error", () => form.submit());
    request.send(new FormData(form, event.submitter));
  });
}
