// The pages of an intake: questions that come and go, sums, copies, and saving as one types.
// 1 questions  2 amounts  3 cards  4 autosave
(() => {
  "use strict";

  const form = document.querySelector("form[data-intake]");
  if (!form) return;
  const $$ = (selector, root = form) => [...root.querySelectorAll(selector)];
  const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

  // 1 ------------------------------------------------------------------ questions

  // The server derives data-when from HUD's rules: any of the alternatives, all of its fields.
  const valueOf = (name) => {
    const field = form.elements[name];
    if (!field) return "";
    const first = field instanceof RadioNodeList ? field[0] : field;
    if (first.closest("fieldset:disabled")) return "";
    return first.type === "checkbox" ? (first.checked ? first.value : "") : field.value;
  };
  const applies = (question, prefix) =>
    JSON.parse(question.dataset.when).some((alternative) =>
      Object.entries(alternative).every(([name, codes]) => codes.includes(valueOf(prefix + name))));
  const ask = (section) => {
    for (const question of $$("[data-when]", section)) {
      const isAsked = applies(question, section.dataset.member);
      question.hidden = !isAsked;
      question.disabled = !isAsked;
    }
    add(section);
  };

  // 2 -------------------------------------------------------------------- amounts

  // What the server refuses, a negative amount among it, is no part of the total.
  const amount = (field) => {
    const typed = field.value.replace(/[$,\s]/g, "");
    return /^\d*\.?\d*$/.test(typed) ? Number.parseFloat(typed) || 0 : 0;
  };
  const add = (section) => {
    const total = section.querySelector("[data-total]");
    if (!total) return;
    const fields = $$("[data-amount]", section).filter((field) => !field.closest("fieldset:disabled"));
    total.closest("p").hidden = !fields.length;
    total.textContent = fields.reduce((sum, field) => sum + amount(field), 0).toFixed(2);
  };
  form.addEventListener("input", (event) => {
    const source = event.target.dataset.amount && document.getElementById(event.target.dataset.amount);
    if (source && !source.checked && amount(event.target)) source.checked = true;
  });

  for (const section of $$("[data-member]")) {
    ask(section);
    for (const kind of ["input", "change"]) section.addEventListener(kind, () => ask(section));
  }

  // 3 ---------------------------------------------------------------------- cards

  const cards = $$("[data-member-card]");
  const fieldOf = (card, name) => card.querySelector(`[name$="-${name}"]:not([type=hidden])`);
  const copy = (from, to) => {
    if (!to || to === from || to.value === from.value) return;
    if (to.options && ![...to.options].some((option) => option.value === from.value)) {
      to.add(new Option(from.selectedOptions[0].label, from.value));
    }
    to.value = from.value;
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault();
    for (const name of button.dataset.copy.split(" ")) {
      const from = fieldOf(button.closest("[data-member-card]"), name);
      for (const card of cards) copy(from, fieldOf(card, name));
      changed(from);
    }
    for (const card of cards) if ("member" in card.dataset) ask(card);
    const done = button.parentElement.querySelector("[data-copied]") ?? document.createElement("span");
    done.dataset.copied = "";
    done.className = "muted small";
    done.setAttribute("role", "status");
    done.textContent = "Used for all.";
    button.after(done);
  });
  // The first member's start is everybody's, until another one is typed.
  const firstDate = cards.length > 1 ? fieldOf(cards[0], "entry_date") : null;
  let before = firstDate?.value;
  firstDate?.addEventListener("change", () => {
    for (const card of cards.slice(1)) {
      const date = fieldOf(card, "entry_date");
      if (date.value === before) date.value = firstDate.value;
    }
    before = firstDate.value;
  });

  // 4 ------------------------------------------------------------------- autosave

  if (!document.getElementById("autosaved")) return; // the page that a draft begins on
  const PAUSE = 2500;
  const contents = () =>
    JSON.stringify([...new FormData(form)].filter(([name]) => name !== "seen" && name !== "csrfmiddlewaretoken"));
  let kept = "typed" in form.dataset ? "" : contents();
  let sending = kept;
  let timer = 0;
  const save = () => {
    if (form.dataset.sent || contents() === kept) return;
    sending = contents();
    window.htmx?.trigger("#autosaved", "hmis:pause");
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  for (const kind of ["input", "change"]) form.addEventListener(kind, later);
  if (!kept) later();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "autosaved" && event.detail.elt.id !== "autosaved") return;
    kept = sending;
    if (contents() === kept) form.dispatchEvent(new CustomEvent("hmis:saved", { bubbles: true }));
    else later();
  });
})();
