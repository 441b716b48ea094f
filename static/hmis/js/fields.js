// Fields: dates and SSNs as they are typed, rows, data quality, questions that come and go, passwords.

import { $, $$, body, element, onContent } from "./dom.js";

// While a date is typed the strokes come by themselves; not before a year that may follow a month.
const asDateTyped = (text, { date, yearMayFollow = date === "partial" }) => {
  if (yearMayFollow && /^\d{2}\/(19|20)$/.test(text)) return text;
  if (/^(0[1-9]|1[0-2])$|^\d{2}\/(0[1-9]|[12]\d|3[01])$/.test(text)) return `${text}/`;
  if (/^\d[/\-. ]$/.test(text)) return `0${text[0]}/`;
  if (/^\d{2}[/\-. ]{2}$/.test(text)) return `${text.slice(0, 2)}/`;
  if (/^\d{2}\/\d[/\-. ]$/.test(text)) return `${text.slice(0, 3)}0${text[3]}/`;
  if (/^\d{2}\/\d{2}[/\-. ]{2}$/.test(text)) return `${text.slice(0, 5)}/`;
  return text;
};
// Reads what typed_dates.py reads; what only the server can read stays as it was typed.
const asDay = (year, month, day) => {
  const found = new Date(Date.UTC(year, month - 1, day));
  const exists = year >= 1000 && found.getUTCMonth() === month - 1 && found.getUTCDate() === Number(day);
  return exists ? `${month.padStart(2, "0")}/${day.padStart(2, "0")}/${year}` : "";
};
const fourDigits = (year, month, day, ahead) => {
  if (year.length === 4) return year;
  const now = new Date();
  const latest = new Date(now.getFullYear() + Number(ahead), now.getMonth(), now.getDate());
  let full = Math.floor(now.getFullYear() / 100) * 100 + Number(year);
  while (new Date(full, month - 1, day) > latest) full -= 100;
  while (new Date(full + 100, month - 1, day) <= latest) full += 100;
  return String(full);
};
const asDate = (typed, { yearsAhead = 20 } = {}) => {
  const text = typed.trim().replace(/[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AP]M|Z)?$/i, "");
  const yearFirst = text.match(/^(\d{4})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})$/);
  if (yearFirst) return asDay(yearFirst[1], yearFirst[2], yearFirst[3]) || typed;
  if (/^\d{2}\/?\d{6}$/.test(text)) {
    const digits = text.replace("/", "");
    const cut = (...at) => digits.slice(...at);
    return asDay(cut(4), cut(0, 2), cut(2, 4)) || asDay(cut(0, 4), cut(4, 6), cut(6)) || typed;
  }
  const parts = text.match(/^(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})$/);
  if (!parts) return typed;
  const [, month, day, year] = parts;
  return asDay(fourDigits(year, month, day, yearsAhead), month, day) || typed;
};

// Beside a date, but a birthday: Today, and the browser's calendar. Typing goes on as before.
const today = () =>
  new Intl.DateTimeFormat("en-US", {
    timeZone: body.dataset.timeZone || undefined, year: "numeric", month: "2-digit", day: "2-digit",
  }).format(new Date());
const putDate = (field, text) => {
  field.value = text;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  field.focus();
};
const svg = (name) => {
  const drawn = $("svg.icon")?.cloneNode(true);
  const use = drawn && $("use", drawn);
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  drawn?.setAttribute("class", "icon");
  return drawn ?? "";
};
const addCalendar = (field) => {
  const box = field.closest(".date-box");
  if (!box || field.closest(".filter-bar, .filters") || $(".date-tools", box) || field.dataset.yearsAhead === "0") return;
  const own = { type: "button", className: "btn btn-quiet btn-sm" };
  const now = element("button", { ...own, textContent: "Today" });
  const open = element("button", { ...own, title: "Choose a date" }, svg("calendar"),
    element("span", { className: "visually-hidden", textContent: "Choose a date" }));
  const days = element("input", { type: "date", className: "date-days", tabIndex: -1, "aria-hidden": "true" });
  now.addEventListener("click", () => putDate(field, today()));
  open.addEventListener("click", () => {
    const [, month, day, year] = asDate(field.value, field.dataset).match(/^(\d\d)\/(\d\d)\/(\d{4})$/) ?? [];
    days.value = year ? `${year}-${month}-${day}` : "";
    days.showPicker?.();
  });
  days.addEventListener("change", (event) => {
    event.stopPropagation();
    const [year, month, day] = days.value.split("-");
    if (day) putDate(field, `${month}/${day}/${year}`);
  });
  box.append(element("span", { className: "date-tools" }, now, open, days));
};

const asSsn = (text) => {
  const digits = text.replace(/[-\s]/g, "");
  if (!/^\d{5,9}$/.test(digits)) return text;
  return [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)].filter(Boolean).join("-");
};
document.addEventListener("input", (event) => {
  const field = event.target;
  const isTypedAtEnd = event.inputType?.startsWith("insertText") && field.selectionStart === field.value.length;
  if (!isTypedAtEnd) return;
  if ("date" in field.dataset) field.value = asDateTyped(field.value, field.dataset);
  if ("ssn" in field.dataset) field.value = asSsn(field.value);
});
document.addEventListener("change", (event) => {
  const { dataset } = event.target;
  if ("date" in dataset) event.target.value = asDate(event.target.value, dataset);
  if ("ssn" in dataset) event.target.value = asSsn(event.target.value);
});

// [data-rows]: typing in the last [data-row] adds an empty one below, as does [data-add-row]; its
// value is how many there may be.
const mostOf = (rows) => Number(rows.dataset.rows) || 20;
const numbered = (text, number) => text.replace(/\d+(?!.*\d)/, number);
const rowsOf = (rows) => $$("[data-row]", rows);
const addRow = (rows) => {
  const all = rowsOf(rows);
  const last = all.at(-1);
  if (all.length >= mostOf(rows)) return;
  const row = last.cloneNode(true);
  const number = all.length + 1;
  for (const part of $$("[id], [for]", row)) {
    if (part.id) part.id = numbered(part.id, number);
    if (part.htmlFor) {
      part.htmlFor = numbered(part.htmlFor, number);
      part.textContent = numbered(part.textContent, number);
    }
    if ("value" in part) part.value = "";
  }
  last.after(row);
  const button = $("[data-add-row]", rows);
  if (button) button.hidden = number >= mostOf(rows);
};
document.addEventListener("input", (event) => {
  const rows = event.target.closest("[data-rows]");
  if (rows && event.target.value && rowsOf(rows).at(-1).contains(event.target)) addRow(rows);
});
document.addEventListener("click", (event) => {
  const rows = event.target.closest("[data-add-row]")?.closest("[data-rows]");
  if (!rows) return;
  const isEmpty = (row) => $$("input", row).every((input) => !input.value);
  if (!isEmpty(rowsOf(rows).at(-1))) addRow(rows);
  $("input", rowsOf(rows).find(isEmpty) ?? rowsOf(rows).at(-1)).focus();
});

// [data-quality]: a complete answer needs no data quality; its select steps back (3.4).
const answers = { name: ["first_name", "last_name"], ssn: ["ssn"], dob: ["dob"] };
const complete = {
  name: ([first, last]) => first && last,
  ssn: ([ssn]) => /^\d{9}$/.test(ssn.replace(/[-\s]/g, "")),
  dob: ([dob]) => /^(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])\/\d{4}$/.test(asDate(dob)),
};
const showQuality = (box) => {
  const kind = box.dataset.quality;
  const { elements } = $("select", box).form;
  const values = answers[kind].map((name) => elements[name].value.trim());
  const isOnFile = "onFile" in box.dataset && !values[0] && !elements.remove_ssn?.checked;
  const isUsual = ["", "1"].includes($("select", box).value) && !$("[aria-invalid]", box);
  box.classList.toggle("complete", Boolean(isUsual && (isOnFile || complete[kind](values))));
};
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    $$("[data-quality]", event.target.form ?? undefined).forEach(showQuality);
  });
}

// HUD 3.04: races and ethnicities, or one reason that there is none.
document.addEventListener("change", ({ target }) => {
  if (target.name !== "race_ethnicity" || !target.checked) return;
  const isReason = (box) => box.value.startsWith("none_");
  for (const box of target.form.elements.race_ethnicity) {
    if (box !== target && (isReason(box) || isReason(target))) box.checked = false;
  }
});

// A [data-when] fieldset is asked under any of its alternatives; the server derives them from HUD's rules.
const valueOf = (form, name) => {
  const field = form.elements[name];
  const first = field instanceof RadioNodeList ? field[0] : field;
  if (!first || first.closest("fieldset:disabled")) return "";
  if (first.type === "checkbox") return first.checked ? first.value : "";
  return field.value;
};
export const ask = (section, form = section, prefix = "") => {
  for (const question of $$("[data-when]", section)) {
    const isAsked = JSON.parse(question.dataset.when).some((alternative) =>
      Object.entries(alternative).every(([name, codes]) => codes.includes(valueOf(form, prefix + name))));
    question.hidden = question.disabled = !isAsked;
  }
};
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-questions]");
  if (form) ask(form);
});

const offerToShow = (field) => {
  if (field.nextElementSibling?.classList.contains("show-password")) return;
  const button = element("button", { type: "button", className: "show-password" });
  const word = /passphrase/i.test(field.labels[0]?.textContent) ? "passphrase" : "password";
  const show = (isShown) => {
    field.type = isShown ? "text" : "password";
    button.textContent = `${isShown ? "Hide" : "Show"} ${word}`;
  };
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => show(field.type === "password"));
  // A browser keeps what was typed into any other field.
  field.form?.addEventListener("submit", () => show(false));
  show(false);
  field.after(button);
};

onContent((root) => {
  for (const field of $$("[data-date]", root)) {
    field.placeholder ||= "MM/DD/YYYY";
    field.inputMode ||= "numeric";
    addCalendar(field);
  }
  for (const field of $$("[data-ssn]", root)) field.inputMode ||= "numeric";
  for (const form of $$("form[data-questions]", root)) ask(form);
  $$("input[type=password]", root).forEach(offerToShow);
  $$("[data-quality]", root).forEach(showQuality);
});
