// Add File: several files at once. One file goes the way of every upload; several stand in a list,
// and each is sent as a form of its own, so that all rules of one upload hold for each.

import { $, $$, csrfToken, element, prepare } from "./dom.js";
import { asName, leave } from "./forms.js";
import { lock } from "./idle.js";

const REFUSED = "refused";
const SENDING = "sending";
const SAVED = "saved";

const asSize = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
// Not every address has `crypto.randomUUID`: it wants TLS.
const newToken = () =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));
// What the page of a form that was not saved says of its file, and whether that can be typed again.
const refusal = (text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  const listed = $$(".error-summary li", page).map((one) => one.textContent.trim().replace(/^Choose File: /, ""));
  return { why: listed.join(" "), isOfFile: Boolean($("#id_file_error", page)) };
};

const start = (form) => {
  const field = $("input[type=file][name=file]", form);
  const zone = $("[data-drop-zone]", form);
  const list = $("[data-upload-list]", form);
  const forAll = $("[data-category-for-all]", list);
  const status = $("[data-several-status]", list);
  const button = $("button[type=submit]", form);
  let rows = [];
  let held = null; // the one file of the form's own field
  let isSending = false;
  let tried = new Set(); // since Save was pressed
  let isDone = false;

  const inState = (state) => rows.filter((row) => row.state === state);
  const say = (row, text, state = "") => {
    row.state = state;
    row.element.dataset.state = state;
    $("[data-row-state]", row.element).textContent = text;
    for (const one of $$("[data-field]", row.element)) one.disabled = Boolean(state);
  };
  const count = () => {
    $("[data-upload-count]", list).textContent = rows.length;
    list.hidden = !rows.length;
    $("[data-one-file]", form).hidden = rows.length > 0;
    if (!isSending) return;
    const left = inState("").filter((one) => !tried.has(one)).length;
    status.textContent = `Uploading ${tried.size} of ${tried.size + left} …`;
  };
  const takeOut = (row) => {
    const next = rows[rows.indexOf(row) + 1] ?? rows.at(-2);
    row.element.remove();
    rows = rows.filter((one) => one !== row);
    count();
    (next ? $("[data-take-out]", next.element) : field).focus();
  };
  const addRow = (file, values = {}) => {
    const holder = document.createElement("ul");
    holder.innerHTML = $("[data-upload-template]", form).innerHTML;
    const line = holder.firstElementChild;
    // The first one takes the form's own token, and with it the draft of the form.
    const token = rows.length ? newToken() : form.elements.form_token.value;
    const row = { file, element: line, token, state: "" };
    for (const one of $$("[data-file-name]", line)) one.textContent = ` ${asName(file.name)}`;
    $("[data-file-size]", line).textContent = asSize(file.size);
    const fields = Object.fromEntries($$("[data-field]", line).map((one) => [one.dataset.field, one]));
    fields.document_name.value = values.document_name || asName(file.name);
    fields.category.value = values.category || forAll.value;
    fields.category.addEventListener("change", () => { row.hasOwnCategory = true; });
    fields.expires_on.value = values.expires_on ?? "";
    row.hasOwnCategory = Boolean(values.category);
    $("[data-take-out]", line).addEventListener("click", () => takeOut(row));
    rows.push(row);
    $("[data-upload-rows]", list).append(line);
    if (file.size > Number(field.dataset.maxBytes)) say(row, field.dataset.tooLarge, REFUSED);
    prepare(line);
  };
  // What is chosen, dropped or taken: one file alone stays in the form's own field.
  const take = (files) => {
    if (!files.length) return;
    if (!rows.length && !held && files.length === 1) {
      const one = new DataTransfer();
      one.items.add(files[0]);
      field.files = one.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    if (!rows.length && held) {
      const names = ["document_name", "category", "expires_on"];
      addRow(held, Object.fromEntries(names.map((name) => [name, form.elements[name].value])));
      for (const name of names) form.elements[name].value = ""; // a draft would offer them again
    }
    field.value = "";
    held = null;
    for (const file of files) addRow(file);
    count();
    if (!isSending) status.textContent = `${rows.length} files chosen. Press Save to send them.`;
  };

  const send = (row, together) =>
    new Promise((done) => {
      const data = new FormData();
      const names = ["organization", "document_name", "category", "expires_on"];
      for (const name of names) {
        data.set(name, $(`[data-field=${name}]`, row.element)?.value ?? form.elements[name].value);
      }
      data.set("form_token", row.token);
      data.set("together", together);
      data.set("file", row.file, row.file.name);
      const request = new XMLHttpRequest();
      const progress = $("[data-row-progress]", row.element);
      progress.hidden = false;
      progress.setAttribute("aria-label", `Uploading ${row.file.name}`);
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        progress.value = Math.floor((loaded / total) * 100);
        if (loaded === total) say(row, "Checking the file …", SENDING);
      });
      request.addEventListener("loadend", () => {
        progress.hidden = true;
        done(request);
      });
      request.open("POST", form.getAttribute("action"));
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.setRequestHeader("HX-Request", "true");
      request.setRequestHeader("HX-Current-URL", location.href);
      say(row, "Uploading …", SENDING);
      request.send(data);
    });

  // Says what became of a row; returns whether the next one may be sent.
  const isAnswered = (row, request) => {
    const to = request.getResponseHeader("HX-Redirect");
    const shown = request.responseURL && new URL(request.responseURL).pathname;
    if (to === form.dataset.several || shown === form.dataset.several) {
      say(row, "Saved", SAVED);
      return true;
    }
    if (request.status === 413) {
      say(row, field.dataset.tooLarge, REFUSED);
      return true;
    }
    if (request.status === 200) {
      const { why, isOfFile } = refusal(request.responseText);
      say(row, why, isOfFile ? REFUSED : "");
      return true;
    }
    if (request.status === 401) lock();
    const why = to ? "You added many files in a short time. "
      : request.status === 401 ? "You were logged out. Log in and press Save again."
      : request.status ? "That did not work, and the file was not saved. Press Save to try again."
      : "There is no connection to the server. Press Save to try again.";
    say(row, why);
    if (to) {
      const link = element("a", { href: to, target: "_blank", rel: "noopener", textContent: "Say why" });
      $("[data-row-state]", row.element).append(link, ", then press Save again.");
    }
    return false;
  };

  const sendAll = async () => {
    isSending = true;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    // What is added or taken out while another one is sent counts too; a refusal is not sent again.
    tried = new Set();
    const next = () => rows.find((row) => !row.state && !tried.has(row));
    for (let row = next(); row; row = next()) {
      tried.add(row);
      count();
      if (!isAnswered(row, await send(row, inState(SAVED).length + 1))) break;
    }
    isSending = false;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    finish();
  };
  const finish = () => {
    const saved = inState(SAVED).length;
    if (saved === rows.length) {
      isDone = true;
      leave();
      location.assign(form.dataset.several);
      return;
    }
    const refused = inState(REFUSED).length;
    status.textContent = `${saved} of ${rows.length} files saved. ` + (refused === rows.length - saved
      ? "Read why the others were refused, and take them out or choose other files."
      : "Press Save to send the others again.");
    $(`[data-upload-rows] > :not([data-state=${SAVED}]) [data-take-out]`, form).focus();
  };

  // Before everything else that listens, as it is no form that is sent.
  window.addEventListener("submit", (event) => {
    if (event.target !== form || !rows.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isSending) return;
    inState("").length ? sendAll() : finish();
  }, true);
  window.addEventListener("beforeunload", (event) => {
    if (!isDone && (isSending || inState("").length)) event.preventDefault();
  });
  field.multiple = true;
  $("[data-drop-tools]", form).hidden = false;
  // Before the listener of forms.js, which names the one file.
  field.addEventListener("change", (event) => {
    if (field.files.length < 2 && !rows.length) {
      [held = null] = field.files;
      return;
    }
    event.stopPropagation();
    const files = [...field.files];
    field.value = "";
    take(files);
  });
  $("[data-capture]", form).addEventListener("change", ({ target }) => {
    take([...target.files]);
    target.value = "";
  });
  forAll.addEventListener("change", () => {
    for (const row of rows) {
      if (!row.hasOwnCategory && !row.state) $("[data-field=category]", row.element).value = forAll.value;
    }
  });
  for (const [kind, isOver] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    zone.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.toggle("is-over", isOver);
      if (kind === "drop") take([...event.dataTransfer.files]);
    });
  }
};

$$("form[data-several]").forEach(start);
