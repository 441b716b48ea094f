// Around the page: menus, folders, the search shortcut, messages, and where one begins to type.

import { $, $$, body, firstField, remembered } from "./dom.js";
import { onKey } from "./shortcuts.js";

const closeMenus = (except) => {
  for (const menu of $$("details[data-menu][open]")) if (menu !== except) menu.open = false;
};

document.addEventListener("click", (event) => {
  const menu = event.target.closest("details[data-menu]");
  closeMenus(menu);
  if (menu && event.target.closest(".menu a")) menu.open = false;
  if (event.target.closest("[data-dismiss]")) event.target.closest(".notice").remove();
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (details.dataset?.folder) remembered(`folder:${details.dataset.folder}`, details.open ? "1" : "0");
  if (details.matches?.(".row-actions") && details.open) {
    details.classList.remove("up");
    const room = window.innerHeight - $(".menu", details).getBoundingClientRect().bottom;
    details.classList.toggle("up", room < 8 && details.getBoundingClientRect().top > window.innerHeight / 2);
  }
}, true);

const openFolders = () => {
  for (const folder of $$("details[data-folder]")) {
    const key = `folder:${folder.dataset.folder}`;
    const state = remembered(key);
    if ($("[aria-current]", folder)) remembered(key, "1");
    else if (state) folder.open = state === "1";
  }
};
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "favorites-menu") return;
  openFolders();
  const pinned = event.detail.requestConfig?.triggeringEvent?.submitter?.id ?? "";
  if (document.activeElement === body) {
    (document.getElementById(pinned) ?? document.getElementById(pinned.replace("pin-top-", "pin-in-")))?.focus();
  }
});

const menuButton = $("[data-menu-button]");
const side = $("#menu");
if (menuButton && side) {
  menuButton.setAttribute("role", "button");
  menuButton.setAttribute("aria-controls", "menu");
  menuButton.setAttribute("aria-expanded", "false");
  const toggle = (open) => {
    side.classList.toggle("open", open);
    menuButton.setAttribute("aria-expanded", String(open));
    if (open) $("a, summary", side)?.focus();
  };
  menuButton.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(!side.classList.contains("open"));
  });
  menuButton.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    menuButton.click();
  });
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !side.classList.contains("open")) return;
    toggle(false);
    menuButton.focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = $("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      $("summary", menu).focus();
    }
  }
});
onKey("/", () => {
  const box = $("#global-search");
  box?.focus();
  box?.select();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "main") $("[data-error-summary]")?.focus();
});

openFolders();
$(".steps [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
if (document.activeElement === body) { // and nobody types yet
  const form = $("form[data-focus-first]");
  ($("[data-error-summary]") ?? (location.hash || !form ? null : firstField(form)))?.focus();
}
