// Pop-ups: pages that htmx brings into one <dialog>.

import { $, $$, prepare } from "./dom.js";
import { isAnyChanged, leave } from "./forms.js";

const dialog = $("#dialog");
let opener = null;
let asked = null; // the request of the pop-up that was asked for last
let isAskedWithin = false; // the pop-up that is open

const isInside = (event, box) => {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
};
const mayClose = () => !isAnyChanged(dialog) || window.confirm("Close without saving what you typed?");
const upgradeForms = () => {
  for (const form of $$("form", dialog)) {
    if (form.method !== "post" || form.hasAttribute("hx-post") || "fullPage" in form.dataset) continue;
    form.setAttribute("hx-post", form.getAttribute("action") || dialog.dataset.url);
    form.setAttribute("hx-target", "#dialog");
    if (form.enctype === "multipart/form-data") form.setAttribute("hx-encoding", form.enctype);
  }
  window.htmx?.process(dialog);
};

if (dialog) {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, elt, xhr, requestConfig } = event.detail;
    if (target !== dialog) return;
    // The second half of a double click has waited; its answer would replace what was typed since.
    if (dialog.open && !dialog.contains(elt)) {
      event.preventDefault();
      return;
    }
    if (!dialog.open) opener = elt;
    if (requestConfig.verb !== "get") return;
    dialog.dataset.url = requestConfig.path;
    asked = xhr;
    isAskedWithin = dialog.open;
  });
  // One that was asked for before, and comes late, would stand there with another record; and one
  // that was asked for in a pop-up would open that again after it was closed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, xhr } = event.detail;
    const isWanted = xhr === asked && (dialog.open || !isAskedWithin);
    if (target !== dialog || requestConfig.verb !== "get" || isWanted) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog) return;
    upgradeForms();
    prepare(dialog);
    if (!dialog.open) dialog.showModal();
    const first = $("[data-error-summary], [aria-invalid=true], [autofocus]", dialog) ??
      $(".dialog-body :is(input:not([type=hidden]), select, textarea, a[href], button)", dialog) ?? $("#dialog-title");
    first?.focus();
    dialog.scrollTop = 0;
  });
  dialog.addEventListener("click", (event) => {
    const isSecondHalf = event.detail > 1; // of the double click that opened it
    const isBackdrop = event.target === dialog && !isSecondHalf && !isInside(event, dialog);
    if (isBackdrop || event.target.closest("[data-dialog-close]")) {
      event.preventDefault();
      if (mayClose()) dialog.close();
    }
  });
  // A pop-up whose answer stands on the page under it.
  document.addEventListener("close-dialog", () => {
    dialog.close();
    $("main [autofocus]")?.focus(); // what the answer brought; the button that opened it is gone
  });
  dialog.addEventListener("cancel", (event) => {
    if (event.target === dialog && !mayClose()) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    // What was done in the pop-up shows on the page under it.
    if ($("[data-fresh]", dialog)) {
      leave();
      location.reload();
    }
    dialog.replaceChildren();
    const menu = opener?.closest("details[data-menu]");
    const back = menu ? $("summary", menu) : opener;
    if (back?.isConnected) back.focus();
    opener = null;
  });
}

// [data-choose]: a row of a pop-up sets the field of that id; without the field it is a link.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-choose]");
  const field = choice && document.getElementById(choice.dataset.choose);
  if (!field || dialog?.contains(field)) return;
  event.preventDefault();
  const { value, label } = choice.dataset;
  if (field.options && ![...field.options].some((option) => option.value === value)) {
    field.add(new Option(label, value));
  }
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  opener = field;
  dialog.close();
});
