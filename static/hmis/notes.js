// Case notes: rows of services, and nothing typed is ever lost (docs/adr/0010).
// 1 rows of services  2 copies in this browser  3 autosave  4 copies of earlier pages
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(name + "="))?.slice(name.length + 1) ?? "";
  const user = document.body.dataset.user ?? "";
  const form = $("form[data-note]");

  // 1 ------------------------------------------------------------ rows of services

  const startServices = (section) => {
    const rows = $("[data-service-rows]", section);
    const add = $("[data-add-service]", section);
    const total = $("input[name=services-TOTAL_FORMS]", section);
    const usual = $("select[name=enrollment]", section);
    const day = $("input[name=date]", form);
    const field = (row, name) => $(`[name$="-${name}"]`, row);
    const isEmpty = (row) => ["service_type", "units", "date", "enrollment"].every((name) => !field(row, name)?.value);

    // The spare lines are for pages without script.
    for (const row of $$("[data-spare]", rows)) if (isEmpty(row)) row.remove();
    add.hidden = false;
    add.addEventListener("click", () => {
      const number = Number(total.value);
      const holder = document.createElement("div");
      holder.innerHTML = $("[data-service-template]", section).innerHTML
        .replaceAll("__prefix__", number).replaceAll("__number__", rows.childElementCount + 1);
      const row = holder.firstElementChild;
      total.value = number + 1;
      rows.append(row);
      field(row, "enrollment").value = usual?.value ?? "";
      field(row, "date").value = day?.value ?? "";
      field(row, "service_type").focus();
    });
  };
  const services = $("[data-services]");
  if (form && services) startServices(services);

  // 2 ------------------------------------------------------ copies in this browser

  // The keys come with the page and are kept in memory alone. Without the log-in of the user who
  // typed it nobody reads what stays in this browser, and after two weeks nobody at all.
  const SLOT = "hmis-note-";
  const FORGET_AFTER = 14 * 86_400_000;
  const holder = $("[data-note-copies]");
  const keys = new Map();
  const unlocked = (async () => {
    const text = holder?.dataset.noteCopies ?? "";
    holder?.removeAttribute("data-note-copies");
    if (!crypto.subtle) return; // not over plain HTTP; the page and the server's draft remain
    for (const pair of text.split(" ").filter(Boolean)) {
      const [week, key] = pair.split(":");
      const raw = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
      keys.set(week, await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
    }
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
    if (state.typedAt < acknowledged) return;
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
    const body = new URLSearchParams(state.body);
    body.set("typed_at", state.typedAt);
    body.set("user", user);
    const response = await fetch(state.url, {
      method: "POST",
      headers: { "X-CSRFToken": cookie("csrftoken"), "HX-Request": "false" },
      body,
      credentials: "same-origin",
      redirect: "error",
      ...options,
    });
    if (response.status === 409) throw new Error("another user");
    if (response.status === 403) throw new Error("logged out");
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return (await response.json()).state;
  };

  // 3 ------------------------------------------------------------------- autosave

  let acknowledged = 0;
  let latest = null;
  let isLeaving = false;
  let current = null;

  const startAutosave = () => {
    const said = $("[data-note-said]", form);
    const told = $("[data-note-told]", form);
    const every = Number(form.dataset.every) * 1000;
    const token = $("input[name=form_token]", form).value;
    let timer = 0;
    let wait = every;
    let mood = "";

    const contents = () => {
      const data = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (name !== "csrfmiddlewaretoken") data.append(name, value);
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
    const time = () => new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    const reason = (error) => {
      if (error.message === "another user") return "somebody else is logged in";
      if (error.message === "logged out") return "you were logged out";
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
          forgetCopy(token);
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
        const answer = await fetch(document.body.dataset.sessionUrl, { cache: "no-store" });
        return answer.status === 401 || answer.redirected ? "you were logged out" : "no connection";
      } catch {
        return "no connection";
      }
    };
    const later = () => {
      timer ||= setTimeout(save, wait);
    };
    const note = () => {
      const body = contents();
      if (body === known) return;
      known = body;
      latest = { url: form.dataset.draftUrl, body, token, typedAt: Math.max(Date.now(), acknowledged + 1) };
      storeCopy(latest);
      later();
    };
    let pause = 0;
    const changed = () => {
      clearTimeout(pause);
      pause = setTimeout(note, Math.min(300, every));
    };
    const now = () => {
      clearTimeout(pause);
      note();
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
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
    form.addEventListener("submit", (event) => {
      now();
      if (mood === "trouble" || !navigator.onLine) {
        // The browser would leave for a page that says that there is no connection.
        event.preventDefault();
        fetch(document.body.dataset.sessionUrl, { cache: "no-store" }).then((answer) => {
          if (answer.status === 401 || answer.redirected) throw new Error("logged out");
          mood = "";
          setTimeout(() => form.requestSubmit(), 50);
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
      isLeaving = false;
    });
  };
  if (form) startAutosave();

  // 4 ------------------------------------------------------- copies of earlier pages

  // What a lost connection or a dead server left in this browser goes to the server's drafts.
  const recover = async () => {
    await unlocked;
    const own = form ? $("input[name=form_token]", form).value : "";
    let found = false;
    for (const token of storedTokens()) {
      const state = token !== own && (await readCopy(token));
      if (!state || !/^\/clients\/\d+\/case-notes\/(\d+\/)?draft\/$/.test(state.url)) continue;
      try {
        found = (await send(state)) === "kept" || found;
        forgetCopy(token);
      } catch {
        // It stays, for the next page.
      }
    }
    if (found) await refresh();
  };
  // What is pressed and taken away before it is let go would not be clicked.
  const letGo = async () => {
    while ($("[data-drafts]:active")) await new Promise((resume) => setTimeout(resume, 50));
  };
  const refresh = async () => {
    const response = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    await letGo();
    const fresh = $("[data-drafts]", page);
    const place = $("[data-drafts]");
    if (!fresh || place?.textContent === fresh.textContent) return;
    if (place) place.replaceWith(document.adoptNode(fresh));
    else form?.before(document.adoptNode(fresh));
  };
  if (holder) recover();
})();
