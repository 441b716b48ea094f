// Attendance: how many are ticked, and all of a page at once. Each box works without this.

import { $, $$ } from "./dom.js";

const form = $("form[data-attendance]");

if (form) {
  const boxes = $$("input[name=enrollments]", form);
  const all = $("[data-tick-all]", form);
  const open = boxes.filter((box) => !("recorded" in box.dataset));
  const say = () => {
    const count = boxes.filter((box) => box.checked).length;
    $("[data-attendance-count]", form).textContent = `${count} of ${boxes.length} ticked`;
    all.lastChild.textContent = open.every((box) => box.checked) ? "Tick none" : "Tick all";
  };
  all.hidden = !open.length;
  all.addEventListener("click", () => {
    const isEvery = open.every((box) => box.checked);
    for (const box of open) box.checked = !isEvery;
    say();
  });
  form.addEventListener("change", say);
  say();
}
