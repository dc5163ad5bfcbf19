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

  // A signature that came back with a mistake elsewhere in the form is still there.
  if (drawing.value) {
    const before = new Image();
    before.addEventListener("load", () => pen.drawImage(before, 0, 0, canvas.width, canvas.height));
    before.src = drawing.value;
  }
  let inked = drawing.value !== "";

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
    inked = true;
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
    // A touch without a line is no signature.
    if (inked) drawing.value = canvas.toDataURL("image/png");
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawing.value = "";
    inked = false;
  });
}
