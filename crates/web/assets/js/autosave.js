// Keeps long forms: sends the same form to `data-autosave` a few seconds after the last change, never while a request is
// under way. The server answers 204 when saved. Texts come from the page: data-saving, data-saved, data-save-failed.
const PAUSE = 4000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const note = form.querySelector("[data-autosave-note]");
  let timer = 0;
  let running = false;
  let again = false;

  const say = (text) => {
    if (note) note.textContent = text ?? "";
  };

  const save = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    say(form.dataset.saving);
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "error", headers: { accept: "application/json" } });
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      say(answer.ok ? `${form.dataset.saved} ${time}` : form.dataset.saveFailed);
    } catch {
      say(form.dataset.saveFailed);
    }
    running = false;
    if (again) later();
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => clearTimeout(timer));
}
