// Lists: filters that apply when they are changed; on a phone, cards whose details open on a tap.

import { $, $$, body, element, onContent, remembered } from "./dom.js";

// Who goes through a list of choices with the arrow keys has not chosen at the first one.
const PAUSE = 600;
const FOCUSED = "filter-focus";
let timer = 0;
let wasKey = false;

document.addEventListener("keydown", () => { wasKey = true; }, true);
document.addEventListener("pointerdown", () => { wasKey = false; }, true);

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-apply]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    const focused = document.activeElement;
    if (form.contains(focused) && focused.matches("[type=submit]")) return; // it is being pressed
    // Who went on to the next box has not finished; that box, Enter or the button applies both.
    if (form.contains(focused) && focused !== event.target && focused.matches("input:not([type=checkbox], [type=radio])")) return;
    if (form.contains(focused) && focused.id) remembered(FOCUSED, `${location.pathname} ${focused.id}`);
    form.requestSubmit();
  }, wasKey && event.target.matches("select, [type=radio]") ? PAUSE : 0);
});

document.addEventListener("submit", () => clearTimeout(timer));

// The page that comes back is the same one: go on where the filter was changed, if nobody types yet.
const [path, id] = (remembered(FOCUSED) ?? "").split(" ");
if (path) remembered(FOCUSED, "");
if (path === location.pathname && document.activeElement === body && !$("[data-error-summary]")) {
  document.getElementById(id)?.focus({ preventScroll: true });
}

// content.css hides the details of a row's card; see "folded cards" there.
const fold = (row) => {
  const hidden = [...row.cells].filter((cell) => getComputedStyle(cell).display === "none" && cell.textContent.trim());
  if (!hidden.length) return;
  const name = $("th", row)?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const said = element("span", { className: "visually-hidden", textContent: ` about ${name}` });
  const button = element("button", { type: "button", className: "btn btn-quiet btn-sm", "aria-expanded": "false" }, "More", said);
  button.addEventListener("click", () => {
    const isOpen = row.classList.toggle("open");
    button.setAttribute("aria-expanded", String(isOpen));
    button.firstChild.data = isOpen ? "Less" : "More";
  });
  row.append(element("td", { className: "cell-more" }, button));
};
const PHONE = matchMedia("screen and (max-width: 39.99rem)");
const foldAll = (root) => {
  if (!PHONE.matches) return;
  for (const row of $$(".table-cards > tbody > tr:not(:has(> .cell-more))", root)) fold(row);
};
onContent(foldAll);
PHONE.addEventListener("change", () => foldAll(document));
