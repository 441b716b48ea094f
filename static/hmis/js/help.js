// The help beside a page: opened and closed by the question mark of the top bar. Without script it is a page.

import { $ } from "./dom.js";
import { onKey } from "./shortcuts.js";

const panel = $("#help-panel");
const button = $("[data-help]");

const show = (open) => {
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  if (!open) panel.replaceChildren();
};
const close = () => {
  show(false);
  button.focus();
};

if (panel && button) {
  button.setAttribute("role", "button");
  button.setAttribute("aria-controls", panel.id);
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    button.click();
  });
  onKey("?", () => button.click());
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== button || panel.hidden) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel) return;
    show(true);
    panel.scrollTop = 0;
    $("#help-title", panel)?.focus();
  });
  panel.addEventListener("click", (event) => {
    if (event.target.closest("[data-help-close]")) close();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}
