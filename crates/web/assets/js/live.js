// Replaces the parts of a live page when the server sends new ones. Says so for screen readers only where the page asks
// for it with aria-live. Shows when the connection is gone, because old figures must not look new.
const root = document.querySelector("[data-live]");
if (root) {
  const state = document.querySelector("[data-live-state]");
  const say = (word) => {
    if (state) state.textContent = state.dataset[word] ?? "";
  };
  let source;

  const open = () => {
    source = new EventSource(root.dataset.live);
    source.addEventListener("open", () => say("connected"));
    source.addEventListener("error", () => say("disconnected"));
    source.addEventListener("parts", (event) => {
      for (const { id, html } of JSON.parse(event.data)) {
        const element = document.getElementById(id);
        if (!element || element.innerHTML === html) continue;
        element.innerHTML = html;
        element.classList.remove("fresh");
        requestAnimationFrame(() => element.classList.add("fresh"));
      }
    });
  };

  open();
  // A page kept in the background holds no connection.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source.close();
    else if (source.readyState === EventSource.CLOSED) open();
  });
}
