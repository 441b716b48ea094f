// Nothing typed into a form is lost before it is saved (docs/adr/0010, docs/adr/0029).
// 1 copies in this browser  2 autosave  3 copies of earlier pages  4 what was left on this page  5 log-out

import { $, $$, body, csrfToken, element, firstField } from "./dom.js";

const { user = "", draftsUrl = "", draftsEvery = "3", timeZone } = body.dataset;
// Notes have a list of drafts of their own; an intake keeps itself.
const noteForm = $("form[data-note]");
const otherForm = $$("main form[data-guard]").find((one) =>
  draftsUrl && one !== noteForm && !("intake" in one.dataset) && one.elements.form_token);
const form = noteForm ?? otherForm;
const askForDraft = (page = location.pathname) =>
  fetch(`${draftsUrl}?${new URLSearchParams({ page })}`, { cache: "no-store" })
    .then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
const left = otherForm && !noteForm ? askForDraft() : null;

// 1 ------------------------------------------------------ copies in this browser

// The keys come with the page and are kept in memory alone. Without the log-in of the user who
// typed it nobody reads what stays in this browser, and after two weeks nobody at all.
const SLOT = "hmis-note-";
const FORGET_AFTER = 14 * 86_400_000;
const holder = $("[data-note-copies]");
const keys = new Map();
const unlock = async (text) => {
  if (!crypto.subtle) return; // not over plain HTTP; the page and the server's draft remain
  for (const pair of text.split(" ").filter(Boolean)) {
    const [week, key] = pair.split(":");
    const raw = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
    keys.set(week, await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
  }
};
const unlocked = (async () => {
  const text = holder?.dataset.noteCopies ?? (await left)?.keys ?? "";
  holder?.removeAttribute("data-note-copies");
  await unlock(text);
})();
const asText = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
};
const asBytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

const storeCopy = async (state) => {
  await unlocked;
  const [week] = keys.keys();
  if (!week) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(state));
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, keys.get(week), plain));
  if (state.typedAt <= acknowledged) return;
  try {
    localStorage.setItem(SLOT + state.token, JSON.stringify({ week, iv: asText(iv), data: asText(data), at: Date.now() }));
  } catch {
    // The browser's storage is full or refused; the page and the server's draft remain.
  }
};
const forgetCopy = (token) => {
  try {
    localStorage.removeItem(SLOT + token);
  } catch {
    // Nothing was stored either.
  }
};
const storedTokens = () => {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(SLOT)).map((name) => name.slice(SLOT.length));
  } catch {
    return [];
  }
};
const readCopy = async (token) => {
  try {
    const copy = JSON.parse(localStorage.getItem(SLOT + token));
    if (Date.now() - copy.at > FORGET_AFTER) return forgetCopy(token);
    if (!keys.has(copy.week)) return null;
    const secret = { name: "AES-GCM", iv: asBytes(copy.iv) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(secret, keys.get(copy.week), asBytes(copy.data))));
  } catch {
    return null; // another user's, or not ours
  }
};

// Returns what the server made of a state: kept, saved, older; throws where it has not got it.
const send = async (state, options = {}) => {
  const sent = new URLSearchParams(state.body);
  sent.set("typed_at", state.typedAt);
  sent.set("user", user);
  const response = await fetch(state.url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "false" },
    body: sent,
    credentials: "same-origin",
    redirect: "error",
    ...options,
  });
  if (response.status === 409) throw new Error("another user");
  if (response.status === 403) throw new Error("logged out");
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return (await response.json()).state;
};

// 2 ------------------------------------------------------------------- autosave

let acknowledged = 0;
let latest = null;
let isLeaving = false;
let current = null;

// Where the state of a form is said: notes have the place, other forms get it above their buttons.
const placeToSay = () => {
  if (!$("[data-note-said]", form)) {
    const said = element("span", { "data-note-said": "" });
    const status = element("span", { className: "visually-hidden", role: "status", "data-note-told": "" });
    const place = element("p", { className: "note-state", "data-note-state": "" }, said, status);
    const buttons = $(".form-actions", form);
    if (buttons) buttons.before(place);
    else form.append(place);
  }
  return [$("[data-note-said]", form), $("[data-note-told]", form)];
};
let keepNow = async () => {};
const within = (seconds, work) =>
  Promise.race([work.catch(() => {}), new Promise((resume) => setTimeout(resume, seconds * 1000))]);

const startAutosave = () => {
  const [said, told] = placeToSay();
  const every = Number(form.dataset.every ?? draftsEvery) * 1000;
  const url = form.dataset.draftUrl ?? draftsUrl;
  const tokenField = $("input[name=form_token]", form);
  let timer = 0;
  let wait = every;
  let mood = "";

  const contents = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrfmiddlewaretoken" && typeof value === "string") data.append(name, value);
    }
    if (!noteForm) {
      data.set("page", location.pathname);
      data.set("query", location.search);
      data.set("title", document.title.replace(/ · [^·]*$/, ""));
    }
    return data.toString();
  };
  let known = "typed" in form.dataset ? "" : contents();
  const say = (text, kind) => {
    said.textContent = text;
    said.parentElement.dataset.noteState = kind;
    // A screen reader hears of trouble and of its end, not of every few seconds.
    if (kind !== mood && (kind === "trouble" || mood === "trouble")) told.textContent = text;
    mood = kind;
  };
  const time = () => new Date().toLocaleTimeString("en-US", { timeZone, hour: "numeric", minute: "2-digit" });
  const reason = (error) => {
    if (error.message === "another user") return "somebody else is logged in";
    if (error.message === "logged out") return "you were logged out";
    if (error.message === "answered 404") return "the record was deleted, or you lost access to it";
    if (error.message.startsWith("answered")) return "the server has a problem";
    return "no connection";
  };

  const save = async () => {
    clearTimeout(timer);
    timer = 0;
    if (!latest || latest.typedAt <= acknowledged || current || isLeaving) return;
    const state = latest;
    current = new AbortController();
    try {
      await send(state, { signal: current.signal });
      acknowledged = Math.max(acknowledged, state.typedAt);
      wait = every;
      if (latest === state) {
        forgetCopy(state.token);
        say(`Draft kept at ${time()}. It is not saved yet.`, "kept");
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        // A log-in page in place of an answer is a redirect, which fetch reports as any failure.
        say(`Not saved yet: ${navigator.onLine ? await whatIsWrong(error) : "no connection"}. Your text is kept here.`, "trouble");
        wait = Math.min(wait * 1.5, 15_000);
      }
    } finally {
      current = null;
    }
    if (latest.typedAt > acknowledged && !isLeaving) later();
  };
  const whatIsWrong = async (error) => {
    if (error.message !== "Failed to fetch") return reason(error);
    try {
      const answer = await fetch(body.dataset.sessionUrl, { cache: "no-store" });
      return answer.status === 401 || answer.redirected ? "you were logged out" : "no connection";
    } catch {
      return "no connection";
    }
  };
  const later = () => {
    timer ||= setTimeout(save, wait);
  };
  const note = () => {
    const typed = contents();
    if (typed === known) return;
    known = typed;
    const token = tokenField.value;
    latest = { url, body: typed, token, typedAt: Math.max(Date.now(), acknowledged + 1) };
    history.replaceState({ ...history.state, draft: token }, "");
    const copy = storeCopy(latest).finally(() => {
      if (copying === copy) copying = null;
    });
    copying = copy;
    later();
  };
  let copying = null;
  let pause = 0;
  const changed = () => {
    clearTimeout(pause);
    pause = setTimeout(note, Math.min(300, every));
  };
  const now = () => {
    clearTimeout(pause);
    note();
  };
  keepNow = () => {
    now();
    return save();
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // Forward after Back loads this page again, with a new token and what was typed: the draft is the same.
  const goOn = () => {
    const { draft, wasSent } = history.state ?? {};
    if (!draft || wasSent || contents() === known) return;
    tokenField.value = draft;
    $(`[data-draft="${CSS.escape(draft)}"]`)?.remove();
    changed();
  };
  goOn();
  window.addEventListener("pageshow", goOn); // a browser fills in the form when the page is complete
  if (!known) changed();
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => {
    now();
    wait = every;
    save();
  });
  window.addEventListener("pagehide", () => {
    if (isLeaving) return;
    now();
    // The copy in the browser has what is too long for a request that outlives its page.
    if (latest && latest.typedAt > acknowledged && latest.body.length < 60_000) send(latest, { keepalive: true }).catch(() => {});
  });
  // A slow server answers seconds later.
  const saySaving = (button) => {
    button?.setAttribute("aria-busy", "true");
    said.textContent = told.textContent = "Saving …";
  };
  // What was typed last is in the copy before the page goes: the session may have ended.
  window.addEventListener("submit", async (event) => {
    if (event.target !== form) return;
    now();
    saySaving(event.submitter);
    if (!copying) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await within(1, copying);
    await new Promise((resume) => setTimeout(resume)); // a form is not sent while it is being sent
    copying = null;
    form.requestSubmit(event.submitter);
  }, true);
  form.addEventListener("submit", (event) => {
    if (mood === "trouble" || !navigator.onLine) {
      // The browser would leave for a page that says that there is no connection.
      event.preventDefault();
      fetch(body.dataset.sessionUrl, { cache: "no-store" }).then((answer) => {
        if (answer.status === 401 || answer.redirected) throw new Error("logged out");
        mood = "";
        setTimeout(() => form.requestSubmit(event.submitter), 50);
      }).catch((error) => {
        const why = error.message === "logged out" ? "you were logged out" : "no connection";
        say(`Not saved yet: ${why}. Your text is kept here.`, "trouble");
        told.textContent = said.textContent;
        said.scrollIntoView({ block: "center" });
      });
      return;
    }
    isLeaving = true;
    clearTimeout(timer);
    current?.abort();
  });
  window.addEventListener("pageshow", () => {
    if (isLeaving) say("", "");
    isLeaving = false;
  });
};
if (form) startAutosave();

// 3 ------------------------------------------------------- copies of earlier pages

// A page that is being left may be followed by one that was rendered before what this page sends:
// what it sent stays here for that one.
let isGone = false;
window.addEventListener("beforeunload", () => { isGone = true; });
window.addEventListener("pageshow", () => { isGone = false; });

// What a lost connection or a dead server left in this browser goes to the server's drafts; what
// is newer than the draft that this page goes on with goes into its form, too.
const recover = async () => {
  await unlocked;
  const own = form ? $("input[name=form_token]", form).value : "";
  let found = false;
  for (const token of storedTokens()) {
    const state = token !== own && (await readCopy(token));
    if (!state || !(state.url === draftsUrl || /^\/clients\/\d+\/case-notes\/(\d+\/)?draft\/$/.test(state.url))) continue;
    try {
      const outcome = await send(state);
      const isNewer = outcome !== "saved" && state.typedAt > Number(form?.dataset.draftAge);
      if (token !== form?.dataset.draftToken) found ||= outcome === "kept";
      else if (isNewer && !latest) restore(new URLSearchParams(state.body));
      if (!isGone) forgetCopy(token);
    } catch {
      // It stays, for the next page.
    }
  }
  if (found) document.dispatchEvent(new CustomEvent("hmis:recovered"));
  return found;
};

// 4 -------------------------------------------------- what was left on this page

const named = (name) => [...form.elements].filter((field) => field.name === name && field.type !== "file");
const fill = (field, value) => {
  if (field.options && ![...field.options].some((option) => option.value === value)) {
    field.add(new Option("The one chosen before", value));
  }
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true })); // a row of names adds the next one
};
const restore = (fields) => {
  const values = new Map();
  for (const field of form.elements) {
    if (field.name && !["hidden", "file"].includes(field.type)) values.set(field.name, []);
  }
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const [name, wanted] of values) {
    if (["csrfmiddlewaretoken", "form_token", "continued"].includes(name)) continue;
    if (named(name).every((field) => field.type === "checkbox" || field.type === "radio")) {
      for (const field of named(name)) field.checked = wanted.includes(field.value);
    } else {
      wanted.forEach((value, at) => named(name)[at] && fill(named(name)[at], value));
    }
  }
  for (const field of form.elements) field.dispatchEvent(new Event("change", { bubbles: true }));
};
const offer = (draft) => {
  const day = new Date(draft.typed_at).toLocaleString("en-US", {
    timeZone, month: "2-digit", day: "2-digit", year: "numeric", hour: "numeric", minute: "2-digit",
  });
  const words = element("div", { textContent: `You filled this in on ${day} and did not save it.` });
  const buttons = element("div", { className: "form-buttons" });
  const properties = { className: "notice notice-warning draft-offer", "aria-label": "Draft", "data-draft": draft.token };
  const card = element("section", properties, words, buttons);
  const button = (label, kind, act) => {
    const one = element("button", { type: "button", className: `btn btn-sm ${kind}`, textContent: label });
    one.addEventListener("click", act);
    buttons.append(one);
  };
  button("Continue", "btn-primary", () => {
    form.append(element("input", { type: "hidden", name: "continued", value: draft.id }));
    restore(draft.fields);
    card.remove();
    firstField(form)?.focus();
    keepNow();
  });
  button("Discard", "btn-danger-quiet", async () => {
    const response = await fetch(`${draftsUrl}${draft.id}/discard/`, {
      method: "POST", headers: { "X-CSRFToken": csrfToken() }, credentials: "same-origin",
    });
    if (response.ok || response.status === 404) card.remove();
    firstField(form)?.focus();
  });
  // What was sent and is a draft still was refused: it is not to be looked for.
  if (draft.token === history.state?.draft) $("main [data-sent-before]")?.remove();
  form.before(card);
};
const start = async () => {
  const found = await recover();
  if (!left || $("[data-error-summary]")) return;
  const answer = await (found ? askForDraft() : left);
  if (answer?.draft && answer.draft.token !== form.elements.form_token.value) offer(answer.draft);
};
if (holder || left) start();

// 5 ---------------------------------------------------------------------- log-out

// Whoever logs out leaves nothing here: what the server has not got yet goes to its drafts first,
// and its answer clears the browser. Only what it cannot take stays, encrypted, such as another
// user's text, for that user's next log-in (docs/security/browser-storage.md).
const handIn = async () => {
  await keepNow();
  if (!storedTokens().length) return;
  await unlocked;
  if (!keys.size) {
    await unlock((await askForDraft("/"))?.keys ?? "");
  }
  await recover();
};
let isHandedIn = false;
window.addEventListener("submit", async (event) => {
  const logOut = event.target;
  if (isHandedIn || !draftsUrl || !logOut.matches("form[action$='/accounts/logout/']")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await within(4, handIn());
  await new Promise((resume) => setTimeout(resume)); // a form is not sent while it is being sent
  if (storedTokens().length) {
    logOut.append(element("input", { type: "hidden", name: "keep_storage", value: "1" }));
    sessionStorage.clear();
  }
  isHandedIn = true;
  logOut.requestSubmit(event.submitter);
  isHandedIn = false;
}, true);
