// A pad to sign on with finger, pen or mouse. Typing the name stays possible: the drawing is an addition to it.
for (const field of document.querySelectorAll("[data-signature]")) {
  const pad = field.querySelector("[data-signature-pad]");
  const canvas = pad.querySelector("canvas");
  const drawing = field.querySelector("[data-signature-drawing]");
  const pen = canvas.getContext("2d");
  let last = null;
  pad.hidden = false;
  pen.lineWidth = 5;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = "#10202a";

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * canvas.width,
      y: ((event.clientY - box.top) / box.height) * canvas.height,
    };
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const point of event.getCoalescedEvents?.() ?? [event]) {
      const next = at(point);
      pen.beginPath();
      pen.moveTo(last.x, last.y);
      pen.lineTo(next.x, next.y);
      pen.stroke();
      last = next;
    }
  });
  const end = () => {
    if (!last) return;
    last = null;
    drawing.value = canvas.toDataURL("image/png");
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawing.value = "";
  });
}
