// The pages of an intake: questions that come and go, sums, copies, and saving as one types.
// 1 questions and amounts  2 one button for many answers  3 cards  4 autosave

import { $, $$, element } from "./dom.js";
import { ask } from "./fields.js";
import { contents } from "./forms.js";
import { isSentAgain } from "./requests.js";

const PAUSE = 2500, LONGEST_PAUSE = 30_000;

// 1 --------------------------------------------------------- questions and amounts

// What the server refuses, a negative amount among it, is no part of the total.
const amount = (field) => {
  const typed = field.value.replace(/[$,\s]/g, "");
  return /^\d*\.?\d*$/.test(typed) ? Number.parseFloat(typed) || 0 : 0;
};
const update = (section, form) => {
  ask(section, form, section.dataset.member);
  const total = $("[data-total]", section);
  if (!total) return;
  const fields = $$("[data-amount]", section).filter((field) => !field.closest("fieldset:disabled"));
  total.closest("p").hidden = !fields.length;
  total.textContent = fields.reduce((sum, field) => sum + amount(field), 0).toFixed(2);
};
const startQuestions = (form) => {
  form.addEventListener("input", ({ target }) => {
    const source = target.dataset.amount && document.getElementById(target.dataset.amount);
    if (source && !source.checked && amount(target)) source.checked = true;
  });
  for (const section of $$("[data-member]", form)) {
    update(section, form);
    for (const kind of ["input", "change"]) section.addEventListener(kind, () => update(section, form));
  }
};

// 2 --------------------------------------------------- one button for many answers

const say = (button, text) => {
  const status = $("[role=status]", button.parentElement) ??
    element("span", { className: "muted small", role: "status" });
  button.parentElement.append(status);
  status.textContent = text;
};
const NOT_COLLECTED = "99";
const isOpen = (value) => !value || value === NOT_COLLECTED;
// Says No where nothing is answered; returns whether it did.
const answerNo = (question) => {
  const list = $("select", question);
  const radios = $$("input[type=radio]", question);
  if (!isOpen(list ? list.value : radios.find((one) => one.checked)?.value)) return false;
  const { no } = question.dataset;
  if (list) list.value = no;
  else radios.find((one) => one.value === no).checked = true;
  return true;
};
const answerRest = (form, button) => {
  const own = button.closest("[data-member]");
  const sections = own ? [own] : $$("[data-member]", form);
  const open = sections.flatMap((one) => $$("fieldset[data-no]:not(:disabled)", one)).filter(answerNo);
  for (const section of sections) update(section, form);
  say(button, open.length ? `${open.length} answered No.` : "Nothing was left to answer.");
};
const copyAnswer = (from, to) => {
  if (!from || !to) return;
  if (to instanceof RadioNodeList) for (const one of to) one.checked = one.value === from.value;
  else to.value = from.closest?.("fieldset:disabled") ? "" : from.value;
};
const answerAsHead = (form, button) => {
  const head = button.closest("[data-member]");
  const others = $$("[data-member]", form).filter((one) => one !== head);
  const { elements } = form;
  const isAsked = (one) => elements[`${one.dataset.member}living_situation`];
  for (const section of others.filter(isAsked)) {
    for (const name of button.dataset.same.split(" ")) {
      copyAnswer(elements[head.dataset.member + name], elements[section.dataset.member + name]);
    }
    update(section, form);
  }
  say(button, "Used for the other adults.");
};
const startShortcuts = (form) => {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rest], [data-same]");
    if (!button) return;
    event.preventDefault();
    ("rest" in button.dataset ? answerRest : answerAsHead)(form, button);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
};

// 3 ---------------------------------------------------------------------- cards

const fieldOf = (card, name) => $(`[name$="-${name}"]:not([type=hidden])`, card);
const copy = (from, to) => {
  if (!to || to === from || to.value === from.value) return;
  if (to.options && ![...to.options].some((option) => option.value === from.value)) {
    to.add(new Option(from.selectedOptions[0].label, from.value));
  }
  to.value = from.value;
};
const startCards = (form) => {
  const cards = $$("[data-member-card]", form);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault();
    for (const name of button.dataset.copy.split(" ")) {
      const from = fieldOf(button.closest("[data-member-card]"), name);
      for (const card of cards) copy(from, fieldOf(card, name));
      from.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const card of cards) if ("member" in card.dataset) update(card, form);
    const done = $("[data-copied]", button.parentElement) ??
      element("span", { className: "muted small", role: "status", "data-copied": "" });
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
};

// 4 ------------------------------------------------------------------- autosave

const startAutosave = (form) => {
  let kept = "typed" in form.dataset ? "" : contents(form);
  let sending = kept;
  let timer = 0;
  let wait = PAUSE;
  const say = (text) => {
    const place = $("#autosaved");
    if (place && place.textContent.trim() !== text) place.replaceChildren($("input", place), text);
  };
  // What is sent here may arrive after what Save & Next sent: the server keeps what was sent last.
  const count = () => {
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
  };
  const save = () => {
    if (!form.isConnected) return later(); // the page is covered until its user is back
    if (form.dataset.sent || contents(form) === kept) return;
    sending = contents(form);
    count();
    window.htmx?.trigger("#autosaved", "hmis:pause");
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  for (const kind of ["input", "change"]) form.addEventListener(kind, later);
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      // The browser would leave for a page that says that there is no connection.
      event.preventDefault();
      say("Not saved: no connection. Keep this page open, and press the button again in a moment.");
      return;
    }
    count();
    say("Saving …");
  });
  if (!kept) later();
  // What did not arrive is sent again, by and by, and as soon as there is a connection.
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
    wait = Math.min(wait * 1.5, LONGEST_PAUSE);
  };
  for (const kind of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(kind, ({ detail }) => {
      if (!isSentAgain(detail)) return;
      const why = detail.xhr.status ? "the server has a problem" : "no connection";
      say(`Not saved yet: ${why}. Keep this page open, it is tried again.`);
      again();
    });
  }
  const isStale = () => $("#autosaved")?.dataset.autosave === "stale";
  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    const isLogIn = elt.id === "autosaved" && successful && contents(form) !== kept && !isStale();
    if (isLogIn) again();
  });
  window.addEventListener("online", save);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "autosaved" && event.detail.elt.id !== "autosaved") return;
    if (isStale()) return; // nothing was kept: who leaves is asked
    kept = sending;
    wait = PAUSE;
    if (contents(form) === kept) form.dispatchEvent(new CustomEvent("hmis:saved", { bubbles: true }));
    else later();
  });
};

const form = $("form[data-intake]");
if (form) {
  startQuestions(form);
  startShortcuts(form);
  startCards(form);
  if ($("#autosaved")) startAutosave(form); // not on the page that a draft begins on
}
