// Forms: sent once, left with unsaved text only after a question; uploads.

import { $, $$, csrfToken, element, onContent } from "./dom.js";
import "./fields.js"; // a question that it hides is no part of what a form holds

const OF_THE_PAGE = ["csrfmiddlewaretoken", "seen", "turn"]; // nobody typed it
// What is in a form, to be compared with what was in it before.
export const contents = (form) =>
  JSON.stringify([...new FormData(form)].filter(([name]) => !OF_THE_PAGE.includes(name))
    .map(([name, value]) => [name, value instanceof File ? value.name : value]));

// On a slow line somebody types before this script is there: that is no less typed.
const isAsServed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
  if (field.type === "select-one") {
    return field.selectedIndex === Math.max(0, [...field.options].findLastIndex((option) => option.defaultSelected));
  }
  return field.defaultValue === undefined || field.value === field.defaultValue;
};
for (const form of document.forms) if (![...form.elements].every(isAsServed)) form.dataset.typed = "";

const dialog = $("#dialog");
const asOpened = new WeakMap();
let firstInPopUp = null;
let isLeaving = false;
const isChanged = (form) => asOpened.has(form) && asOpened.get(form) !== contents(form);
export const isAnyChanged = (root) => $$("form[data-guard]", root).some(isChanged);
// The page goes away: nobody is asked about what was typed.
export const leave = () => {
  isLeaving = true;
};

onContent((root) => {
  for (const form of $$("form[data-guard]", root)) {
    if (asOpened.has(form)) continue;
    // What came back with an error is not saved either: compare with what was there at first.
    const isRefused = $("[aria-invalid=true]", form) || $("[data-error-summary]", root);
    const inPopUp = dialog?.contains(form);
    const atFirst = isRefused || "typed" in form.dataset ? (inPopUp && firstInPopUp) || "" : contents(form);
    if (inPopUp) firstInPopUp ??= atFirst;
    asOpened.set(form, atFirst);
  }
});
dialog?.addEventListener("close", () => {
  firstInPopUp = null;
});
// What an intake saved while it was typed is not lost by leaving.
document.addEventListener("hmis:saved", ({ target }) => asOpened.set(target, contents(target)));
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) leave();
});
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && isAnyChanged()) event.preventDefault();
});

const release = (form) => {
  delete form.dataset.sent;
  for (const button of $$("[aria-busy]", form)) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
};
window.addEventListener("pageshow", () => {
  isLeaving = false;
  $$("form[data-sent]").forEach(release);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form && !event.detail.elt.matches("[data-autosave]")) release(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const token = csrfToken();
  if (token) for (const input of $$("input[name=csrfmiddlewaretoken]")) input.value = token;
  if (form.method !== "post" || "free" in form.dataset) {
    if ("free" in form.dataset) leave();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  const isHtmx = form.hasAttribute("hx-post");
  if (!isHtmx && "guard" in form.dataset) leave();
  // Search or log-out while another form is half typed: the browser asks, and one may stay.
  else if (!isHtmx && isAnyChanged()) setTimeout(() => release(form), 2000);
  // After this turn, so that the pressed button's own name and value are still sent.
  setTimeout(() => {
    if (event.defaultPrevented && !isHtmx) {
      isLeaving = false;
      release(form);
      return;
    }
    const pressed = event.submitter;
    for (const button of $$("button[type=submit], input[type=submit]", form)) {
      button.disabled = true;
      if (button !== pressed) button.setAttribute("aria-busy", "false");
    }
    pressed?.setAttribute("aria-busy", "true");
  });
  // A download answers without leaving the page.
  if ("download" in form.dataset) setTimeout(() => { release(form); isLeaving = false; }, 3000);
}, true);

// Back after Save shows a new form with the old answers in it: saved again, they are a second record.
const isOnce = (form) => form && "guard" in form.dataset && !("intake" in form.dataset) && form.elements.form_token;
document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (isOnce(target) && !defaultPrevented) history.replaceState({ ...history.state, wasSent: true }, "");
});
const sentForm = $$("main form").find(isOnce);
const isReturn = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
if (sentForm && isReturn && history.state?.wasSent && !$("[data-sent-before]", sentForm)) {
  const text = "You have sent this form already. Check whether it was saved before you save it again.";
  sentForm.before(element("p", { className: "notice notice-warning", role: "status", textContent: text, "data-sent-before": "" }));
}

// Uploads: a file's name as the server would clean it: nothing hidden, not endless.
export const asName = (name) => name.normalize("NFC").replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, "").trim().slice(0, 150);
const uploadStatus = (form, text) => {
  const status = $("[data-upload-status]", form);
  if (status) status.textContent = text;
};
const isTooLarge = (field) => [...field.files].some((file) => file.size > Number(field.dataset.maxBytes));

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type !== "file" || !("maxBytes" in field.dataset)) return;
  uploadStatus(field.form, isTooLarge(field) ? field.dataset.tooLarge : "");
  const name = document.getElementById(field.dataset.names);
  const wasDefault = name && (!name.value || name.value === name.dataset.default);
  if (wasDefault && field.files[0]) name.value = name.dataset.default = asName(field.files[0].name);
});
// Before everything else that listens: a file that is too large is not sent at all.
window.addEventListener("submit", (event) => {
  const field = $("input[type=file][data-max-bytes]", event.target);
  if (!field || !isTooLarge(field)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  uploadStatus(event.target, field.dataset.tooLarge);
  field.focus();
}, true);
document.addEventListener("htmx:xhr:progress", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  const box = form && $("[data-upload-progress]", form);
  if (!box || !event.detail.lengthComputable) return;
  const percent = Math.floor((event.detail.loaded / event.detail.total) * 100);
  box.hidden = false;
  $("progress", box).value = percent;
  if (percent >= 100) uploadStatus(form, "Uploaded. Checking the file …");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const box = $("[data-upload-progress]", event.detail.elt);
  if (!box || event.detail.successful) return;
  box.hidden = true;
  uploadStatus(event.detail.elt, "");
});
