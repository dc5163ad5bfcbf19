// The process editor: the drawing and what is wrong follow each change without the button. The same form, the same answer; without
// scripts the button does it.
const form = document.querySelector("[data-editor-form]");

if (form) {
  let running;
  const look = async () => {
    running?.abort();
    running = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "look");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: running.signal, headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-editor-look]");
      if (fresh) document.querySelector("[data-editor-look]").replaceChildren(...fresh.childNodes);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  form.addEventListener("change", look);
}
