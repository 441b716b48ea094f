// Keys of one character: "/" searches, "?" opens the help. Whoever speaks to the computer turns them off (WCAG 2.1.4).

import { $, $$, onContent } from "./dom.js";

const isSecure = location.protocol === "https:";
const NAME = `${isSecure ? "__Host-" : ""}hmis_shortcuts`; // a cookie: what is stored goes at the log-out
const areOff = () => document.cookie.split("; ").includes(`${NAME}=off`);

export const onKey = (key, act) => document.addEventListener("keydown", (event) => {
  if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || areOff()) return;
  if (event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") || $("dialog[open]")) return;
  event.preventDefault();
  act();
});

const show = () => {
  for (const shown of $$("[aria-keyshortcuts]")) shown.classList.toggle("no-shortcut", areOff());
};

onContent((root) => {
  show();
  for (const choice of $$("[data-shortcuts]", root)) {
    choice.hidden = false;
    $("input", choice).checked = !areOff();
  }
});
document.addEventListener("change", ({ target }) => {
  if (!target.closest("[data-shortcuts]")) return;
  const age = target.checked ? 0 : 365 * 24 * 60 * 60;
  document.cookie = `${NAME}=off; path=/; max-age=${age}; samesite=lax${isSecure ? "; secure" : ""}`;
  show();
});
