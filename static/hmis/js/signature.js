// A signature by finger, pen or mouse. It is kept in units of the box, not of the screen: turning or
// resizing the device draws the same strokes again. Without this script, one types the name.

import { $ } from "./dom.js";

const NEAR = 6; // units: nearer points add bytes, and nothing to be seen

const start = (form) => {
  const { width, height, mostStrokes, mostPoints } = Object.fromEntries(
    ["width", "height", "mostStrokes", "mostPoints"].map((name) => [name, Number(form.dataset[name])]),
  );
  const say = form.dataset;
  const field = form.elements.strokes;
  const part = (name) => $(`[data-sign-${name}]`, form);
  const [box, ink, status, typed] = ["box", "ink", "status", "name"].map(part);
  const drawing = $("svg", box);
  const ways = [...part("how").children];
  let strokes = [];
  let isDown = null; // the pointer that draws
  let hasPen = false; // from then on a touch is the hand that holds it

  const pathOf = ([x, y, ...rest]) => {
    if (!rest.length) return `M${x} ${y}h0`;
    let path = `M${x} ${y}`;
    for (let at = 0; at + 3 < rest.length; at += 2) {
      const [left, top, right, below] = rest.slice(at, at + 4);
      path += `Q${left} ${top} ${(left + right) / 2} ${(top + below) / 2}`;
    }
    return `${path}L${rest.at(-2)} ${rest.at(-1)}`;
  };
  const draw = () => ink.setAttribute("d", strokes.map(pathOf).join(""));
  const count = () => strokes.reduce((sum, one) => sum + one.length / 2, 0);
  const isFull = () => strokes.length >= mostStrokes || count() >= mostPoints;
  const told = () => {
    if (isFull()) return say.sayFull;
    if (!strokes.length) return say.sayEmpty;
    return strokes.length === 1 ? say.sayOne : say.saySeveral.replace("{count}", strokes.length);
  };
  const keep = (message = told()) => {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    status.textContent = message;
    draw();
  };

  const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
  const add = ({ clientX, clientY }) => {
    const frame = drawing.getBoundingClientRect();
    const x = within(((clientX - frame.left) / frame.width) * width, width);
    const y = within(((clientY - frame.top) / frame.height) * height, height);
    const stroke = strokes.at(-1);
    const isNew = !stroke.length || Math.hypot(x - stroke.at(-2), y - stroke.at(-1)) >= NEAR;
    if (isNew && count() < mostPoints) stroke.push(x, y);
  };
  const end = (event) => {
    if (event.pointerId !== isDown) return;
    isDown = null;
    keep();
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "pen") hasPen = true;
    const isHand = hasPen && event.pointerType === "touch";
    if (isDown !== null || !event.isPrimary || event.button !== 0 || isHand) return;
    event.preventDefault();
    if (isFull()) {
      status.textContent = say.sayFull;
      return;
    }
    isDown = event.pointerId;
    box.setPointerCapture(isDown);
    strokes.push([]);
    add(event);
    draw();
  });
  box.addEventListener("pointermove", (event) => {
    if (event.pointerId !== isDown) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) add(one);
    draw();
  });
  box.addEventListener("pointerup", end);
  box.addEventListener("pointercancel", end);
  // Older browsers scroll the page under a finger, whatever the style sheet says.
  box.addEventListener("touchstart", (event) => event.cancelable && event.preventDefault(), { passive: false });

  part("undo").addEventListener("click", () => {
    strokes.pop();
    keep();
  });
  part("clear").addEventListener("click", () => {
    strokes = [];
    keep(say.sayCleared);
  });

  // What is not shown is not sent, and is still there for whoever thinks again.
  const choose = (way) => {
    const byHand = way === "hand";
    for (const one of ways) one.setAttribute("aria-pressed", String(one.value === way));
    part("hand").hidden = field.disabled = !byHand;
    typed.hidden = typed.disabled = byHand;
  };
  part("how").addEventListener("click", ({ target }) => {
    const pressed = target.closest("button");
    if (!pressed) return;
    choose(pressed.value);
    const isBlank = !strokes.length && !form.elements.typed_name.value && !form.elements.agrees.checked;
    if (isBlank) form.dispatchEvent(new CustomEvent("hmis:saved", { bubbles: true })); // nothing to lose
    if (pressed.value === "name") form.elements.typed_name.focus();
  });

  const read = () => {
    try {
      strokes = JSON.parse(field.value || "[]");
      draw();
    } catch {
      strokes = [];
      draw();
    }
  };
  part("how").hidden = false;
  choose(form.dataset.how);
  read();
  // Back to a page that the browser has kept: its fields are filled in after this script has run.
  window.addEventListener("pageshow", () => {
    if (isDown !== null) return; // on a slow line somebody draws before the page is complete
    read();
    status.textContent = told();
  });
  $("[data-error-summary]")?.focus();
};

document.querySelectorAll("form[data-sign]").forEach(start);
