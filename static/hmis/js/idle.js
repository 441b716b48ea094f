// The idle time-out: a question before it, and a cover over the page after it.

import { $, $$, body, csrfToken } from "./dom.js";
import { leave } from "./forms.js";

const startIdle = () => {
  const box = $("#idle");
  const { idleTimeout, idleWarning, sessionLeft, sessionUrl, user } = body.dataset;
  if (!box || !sessionUrl) return () => {};
  const root = document.documentElement;
  const warning = Number(idleWarning) * 1000;
  const parts = { warning: $("[data-idle=warning]", box), locked: $("[data-idle=locked]", box) };
  const status = $("[data-idle-status]", box);
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("hmis-session") : null;
  const final = Date.now() + Number(sessionLeft) * 1000;
  let end = Math.min(final, Date.now() + Number(idleTimeout) * 1000);
  let extendedAt = Date.now();
  let isLocked = false;
  let isAsking = false;
  let isFinal = false;
  let isUnderstood = false; // that no use of it prolongs it any more
  let why = "";
  let covered = null;
  let scrolledTo = 0;

  const heard = (answer) => {
    if (String(answer.user) !== user) {
      // Somebody else's screen now: nothing of this page may show again.
      root.classList.add("locked");
      leave();
      $$("form").forEach((form) => form.reset());
      location.reload();
      return false;
    }
    end = Date.now() + answer.seconds_left * 1000;
    $("[data-idle-use]", box).hidden = answer.is_final;
    $("[data-idle-final]", box).hidden = !answer.is_final;
    $("[data-idle-stay]", box).textContent = answer.is_final ? "Go on until then" : "Stay logged in";
    isFinal = answer.is_final;
    return true;
  };
  const ask = async (method) => {
    const response = await fetch(sessionUrl, {
      method,
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      credentials: "same-origin",
      cache: "no-store",
    });
    if (response.status === 401) why = (await response.json().catch(() => ({}))).why ?? why;
    if (response.status === 401 || response.redirected) return null;
    if (!response.ok) throw new Error(`session answered ${response.status}`);
    return response.json();
  };
  const show = (name) => {
    for (const [key, part] of Object.entries(parts)) part.hidden = key !== name;
    box.setAttribute("aria-labelledby", name === "locked" ? "locked-title" : "idle-title");
    box.setAttribute("aria-describedby", name === "locked" ? "locked-text" : "idle-text");
    status.textContent = "";
    if (!box.open) box.showModal();
    $(name === "locked" ? "a" : "[data-idle-stay]", parts[name]).focus();
  };
  // What was on the page is out of the document until the same user is back, with what was typed.
  const cover = () => {
    scrolledTo = scrollY;
    covered = document.createDocumentFragment();
    for (const part of [...body.children]) {
      if (part !== box && part.tagName !== "SCRIPT") covered.append(part);
    }
    if (why) $("[data-idle-why]", box).textContent = why;
  };
  const hide = () => {
    isLocked = false;
    if (covered) {
      body.prepend(covered);
      covered = null;
      const popUp = $("#dialog[open]");
      popUp?.removeAttribute("open");
      popUp?.showModal();
    }
    root.classList.remove("locked");
    if (box.open) box.close();
    if (scrolledTo) scrollTo(0, scrolledTo);
    scrolledTo = 0;
  };
  const lock = () => {
    if (isLocked) return;
    isLocked = true;
    root.classList.add("locked");
    show("locked");
    cover();
  };
  const extend = async () => {
    extendedAt = Date.now();
    try {
      const answer = await ask("POST");
      if (!answer) return lock();
      if (!heard(answer)) return null;
      tabs?.postMessage(answer);
      isUnderstood = answer.is_final;
      hide();
    } catch {
      status.textContent = "There is no connection to the server. Try again.";
    }
    return null;
  };
  const check = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await ask("GET");
      if (!answer || answer.seconds_left <= 0) {
        if (isLocked) status.textContent = "";
        lock();
      } else {
        if (heard(answer) && isLocked) hide();
      }
    } catch {
      if (end <= Date.now()) lock();
      if (isLocked) status.textContent = "There is no connection to the server.";
    } finally {
      isAsking = false;
    }
  };
  const words = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const tick = async () => {
    if (isLocked) return;
    let left = end - Date.now();
    if (left > warning) {
      if (box.open) hide();
      return;
    }
    if (isFinal && isUnderstood && left > 0) return;
    if (!box.open || left <= 0) {
      await check();
      left = end - Date.now();
      if (isLocked || left > warning) return;
      if (left <= 0) return lock();
      show("warning");
    }
    const seconds = Math.max(0, Math.ceil(left / 1000));
    $("[data-idle-countdown]", box).textContent = words(seconds);
    if (seconds === 60 || seconds === 30 || seconds === 10) status.textContent = `${seconds} seconds left.`;
  };

  const active = () => {
    if (isLocked || box.open || Date.now() - extendedAt < 60_000) return;
    extend();
  };
  for (const kind of ["keydown", "pointerdown", "input"]) document.addEventListener(kind, active, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const isUse = !event.detail.elt.matches("[data-autosave]");
    if (isUse && event.detail.successful) end = Math.min(final, Math.max(end, Date.now() + Number(idleTimeout) * 1000 - 60_000));
  });
  tabs?.addEventListener("message", ({ data }) => {
    if (!isLocked && String(data.user) === user) end = Date.now() + data.seconds_left * 1000;
  });
  // A signature is kept in this page alone: it is sent only while somebody is there to take it.
  let isSure = false;
  window.addEventListener("submit", async (event) => {
    const { target, submitter } = event;
    if (isSure || !target.matches("form[data-sign]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const answer = await ask("GET").catch(() => undefined); // then the browser says what is wrong
    if (answer === null) lock();
    if (answer === null || (answer && !heard(answer))) return;
    isSure = true;
    target.requestSubmit(submitter);
    isSure = false;
  }, true);
  // Escape must not uncover the page, nor answer the question.
  box.addEventListener("cancel", (event) => event.preventDefault());
  box.addEventListener("close", () => {
    if (isLocked) box.showModal();
  });
  $("[data-idle-stay]", box).addEventListener("click", extend);
  window.addEventListener("focus", () => isLocked && check());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") check();
  });
  window.addEventListener("pageshow", (event) => event.persisted && check());
  setInterval(tick, 1000);
  return lock;
};
export const lock = startIdle();
