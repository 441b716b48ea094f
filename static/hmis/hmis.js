// What the portal does in the browser beyond htmx. Every page works without it.
// 1 requests  2 pop-up  3 menus  4 forms  5 fields  6 idle time-out  7 uploads
(() => {
  "use strict";

  const body = document.body;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(name + "="))?.slice(name.length + 1) ?? "";
  const csrfToken = () => cookie(body.dataset.csrfCookie) || $("input[name=csrfmiddlewaretoken]")?.value || "";
  const remembered = (key, value) => {
    try {
      if (value === undefined) return sessionStorage.getItem(key);
      sessionStorage.setItem(key, value);
    } catch {
      // A browser may refuse storage; the folders then open as the server says.
    }
    return null;
  };

  // 1 ------------------------------------------------------------------- requests

  const say = (text, tone = "error") => {
    const place = $("[data-messages]", $("#dialog[open]") ?? document) ?? $("[data-messages]");
    if (!place) return;
    const notice = document.createElement("div");
    const words = document.createElement("div");
    const close = document.createElement("button");
    notice.className = `notice notice-${tone}`;
    words.textContent = text;
    Object.assign(close, { type: "button", className: "close", textContent: "×" });
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", "Dismiss message");
    notice.append(words, close);
    place.replaceChildren(notice);
  };

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrfToken();
    if (event.detail.parameters.has?.("csrfmiddlewaretoken")) {
      event.detail.parameters.set("csrfmiddlewaretoken", csrfToken());
    }
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target, requestConfig } = event.detail;
    const answeredBy = xhr.responseURL ? new URL(xhr.responseURL) : null;
    const isLogin = answeredBy && body.dataset.loginUrl && answeredBy.pathname === body.dataset.loginUrl;
    const isWholePage = /^\s*<!doctype/i.test(xhr.responseText ?? "");
    if (isLogin) {
      event.detail.shouldSwap = false;
      idle?.lock();
    } else if (target?.id === "dialog" && isWholePage && xhr.status < 400) {
      // A pop-up that ended in a page of its own: go there.
      event.detail.shouldSwap = false;
      requestConfig.verb === "get" || answeredBy.pathname !== location.pathname
        ? location.assign(answeredBy)
        : location.reload();
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) idle?.lock();
    else if (status === 403) say("You may not do that, or this page is too old. Reload it and try again.");
    else if (status === 404) say("That record is not there any more. Reload the page.");
    else if (status === 503 && event.detail.xhr.getResponseHeader("Retry-After")) say(event.detail.xhr.responseText);
    else if (status === 413) say("That is too large to send. Choose a smaller file.");
    else say("That did not work. Nothing was changed. Try again, and tell the help desk if it happens twice.");
  });
  document.addEventListener("htmx:sendError", () => {
    say("There is no connection to the server. What you typed is still here; try again in a moment.");
  });

  // 2 --------------------------------------------------------------------- pop-up

  const dialog = $("#dialog");
  let opener = null;

  const upgradeForms = () => {
    for (const form of $$("form", dialog)) {
      if (form.method !== "post" || form.hasAttribute("hx-post") || "fullPage" in form.dataset) continue;
      form.setAttribute("hx-post", form.getAttribute("action") || dialog.dataset.url);
      form.setAttribute("hx-target", "#dialog");
      if (form.enctype === "multipart/form-data") form.setAttribute("hx-encoding", form.enctype);
    }
    window.htmx?.process(dialog);
  };

  if (dialog) {
    document.addEventListener("htmx:beforeRequest", (event) => {
      const { target, requestConfig } = event.detail;
      if (target !== dialog) return;
      if (!dialog.open) opener = event.detail.elt;
      if (requestConfig.verb === "get") dialog.dataset.url = requestConfig.path;
    });
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target !== dialog) return;
      upgradeForms();
      prepare(dialog);
      const wasOpen = dialog.open;
      if (!wasOpen) dialog.showModal();
      const first = $("[data-error-summary], [aria-invalid=true], [autofocus]", dialog) ??
        $(".dialog-body :is(input:not([type=hidden]), select, textarea, a[href], button)", dialog) ?? $("#dialog-title");
      first?.focus();
      dialog.scrollTop = 0;
    });
    dialog.addEventListener("click", (event) => {
      const isBackdrop = event.target === dialog && !isInside(event, dialog);
      if (isBackdrop || event.target.closest("[data-dialog-close]")) {
        event.preventDefault();
        if (mayClose()) dialog.close();
      }
    });
    // A pop-up whose answer stands on the page under it.
    document.addEventListener("close-dialog", () => {
      dialog.close();
      $("main [autofocus]")?.focus(); // what the answer brought; the button that opened it is gone
    });
    dialog.addEventListener("cancel", (event) => {
      if (event.target === dialog && !mayClose()) event.preventDefault();
    });
    dialog.addEventListener("close", () => {
      // What was done in the pop-up shows on the page under it.
      if ($("[data-fresh]", dialog)) {
        isLeaving = true;
        location.reload();
      }
      dialog.replaceChildren();
      firstInPopUp = null;
      const menu = opener?.closest("details[data-menu]");
      const back = menu ? $("summary", menu) : opener;
      if (back?.isConnected) back.focus();
      opener = null;
    });
  }
  const isInside = (event, box) => {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    return event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  };
  const mayClose = () =>
    !$$("form[data-guard]", dialog).some(isChanged) || window.confirm("Close without saving what you typed?");

  // 3 ---------------------------------------------------------------------- menus

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
      const state = remembered(`folder:${folder.dataset.folder}`);
      if (state && !$("[aria-current]", folder)) folder.open = state === "1";
    }
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "favorites-menu") return;
    openFolders();
    const pinned = event.detail.requestConfig?.elt?.querySelector("button")?.id ?? "";
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
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey && !$("dialog[open]")) {
      const box = $("#global-search");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    }
  });

  // 4 ---------------------------------------------------------------------- forms

  const contents = (form) =>
    JSON.stringify([...new FormData(form)].map(([name, value]) =>
      name === "csrfmiddlewaretoken" ? "" : [name, value instanceof File ? value.name : value]));
  // On a slow line somebody types before this script is there: that is no less typed.
  const isAsServed = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
    if (field.type === "select-one") {
      return field.selectedIndex === Math.max(0, [...field.options].findLastIndex((option) => option.defaultSelected));
    }
    return field.defaultValue === undefined || field.value === field.defaultValue;
  };
  for (const form of document.forms) if (![...form.elements].every(isAsServed)) form.dataset.typed = "";

  const asOpened = new WeakMap();
  let firstInPopUp = null;
  const isChanged = (form) => asOpened.has(form) && asOpened.get(form) !== contents(form);
  let isLeaving = false;

  const release = (form) => {
    delete form.dataset.sent;
    for (const button of $$("[aria-busy]", form)) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const token = csrfToken();
    if (token) for (const input of $$("input[name=csrfmiddlewaretoken]")) input.value = token;
    if (form.method !== "post" || "free" in form.dataset) {
      if ("free" in form.dataset) isLeaving = true;
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    const isHtmx = form.hasAttribute("hx-post");
    if (!isHtmx && "guard" in form.dataset) isLeaving = true;
    // Search or log-out while another form is half typed: the browser asks, and one may stay.
    else if (!isHtmx && $$("form[data-guard]").some(isChanged)) setTimeout(() => release(form), 2000);
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
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form");
    if (form && !event.detail.elt.matches("[data-autosave]")) release(form);
  });
  // What an intake saved while it was typed is not lost by leaving.
  document.addEventListener("hmis:saved", ({ target }) => asOpened.set(target, contents(target)));
  window.addEventListener("pageshow", () => {
    isLeaving = false;
    $$("form[data-sent]").forEach(release);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && $$("form[data-guard]").some(isChanged)) event.preventDefault();
  });

  // 5 --------------------------------------------------------------------- fields

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
  // What records/typed_dates.py reads; what only the server can read stays as it was typed.
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

  // [data-rows]: typing in the last [data-row] adds an empty one below, as does [data-add-row].
  const mostRows = 20;
  const numbered = (text, number) => text.replace(/\d+(?!.*\d)/, number);
  const rowsOf = (rows) => $$("[data-row]", rows);
  const addRow = (rows) => {
    const all = rowsOf(rows);
    const last = all.at(-1);
    if (all.length >= mostRows) return;
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
    if (button) button.hidden = number >= mostRows;
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
  const answers = {
    name: ["first_name", "last_name"],
    ssn: ["ssn"],
    dob: ["dob"],
  };
  const complete = {
    name: ([first, last]) => first && last,
    ssn: ([ssn]) => /^\d{9}$/.test(ssn.replace(/[-\s]/g, "")),
    dob: ([dob]) => /^(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])\/\d{4}$/.test(asDate(dob)),
  };
  const settle = (box) => {
    const kind = box.dataset.quality;
    const { elements } = $("select", box).form;
    const values = answers[kind].map((name) => elements[name].value.trim());
    const isOnFile = "onFile" in box.dataset && !values[0] && !elements.remove_ssn?.checked;
    const isUsual = ["", "1"].includes($("select", box).value) && !$("[aria-invalid]", box);
    box.classList.toggle("settled", Boolean(isUsual && (isOnFile || complete[kind](values))));
  };
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      for (const box of $$("[data-quality]", event.target.form ?? undefined)) settle(box);
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

  // form[data-questions]: a [data-when] fieldset is asked under any of its alternatives.
  const askIn = (form) => {
    for (const question of $$("[data-when]", form)) {
      const isAsked = JSON.parse(question.dataset.when).some((alternative) =>
        Object.entries(alternative).every(([name, codes]) => codes.includes(form.elements[name]?.value ?? "")));
      question.hidden = question.disabled = !isAsked;
    }
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-questions]");
    if (form) askIn(form);
  });

  // [data-choose]: a row of a pop-up sets the field of that id; without the field it is a link.
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose]");
    const field = choice && document.getElementById(choice.dataset.choose);
    if (!field || dialog?.contains(field)) return;
    event.preventDefault();
    const { value, label } = choice.dataset;
    if (field.options && ![...field.options].some((option) => option.value === value)) {
      field.add(new Option(label, value));
    }
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    opener = field;
    dialog.close();
  });

  const offerToShow = (field) => {
    if (field.nextElementSibling?.classList.contains("show-password")) return;
    const button = document.createElement("button");
    const show = (isShown) => {
      field.type = isShown ? "text" : "password";
      button.textContent = isShown ? "Hide password" : "Show password";
    };
    Object.assign(button, { type: "button", className: "show-password" });
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", () => show(field.type === "password"));
    // A browser keeps what was typed into any other field.
    field.form?.addEventListener("submit", () => show(false));
    show(false);
    field.after(button);
  };

  const prepare = (root) => {
    for (const field of $$("[data-date]", root)) {
      field.placeholder ||= "MM/DD/YYYY";
      field.inputMode ||= "numeric";
    }
    for (const field of $$("[data-ssn]", root)) field.inputMode ||= "numeric";
    $$("form[data-questions]", root).forEach(askIn);
    $$("input[type=password]", root).forEach(offerToShow);
    for (const button of $$("[data-add-row]", root)) button.hidden = false;
    for (const box of $$("[data-quality]", root)) settle(box);
    for (const form of $$("form[data-guard]", root)) {
      if (asOpened.has(form)) continue;
      // What came back with an error is not saved either: compare with what was there at first.
      const isRefused = $("[aria-invalid=true]", form) || $("[data-error-summary]", root);
      const inPopUp = dialog?.contains(form);
      const atFirst = isRefused || "typed" in form.dataset ? (inPopUp && firstInPopUp) || "" : contents(form);
      if (inPopUp) firstInPopUp ??= atFirst;
      asOpened.set(form, atFirst);
    }
  };
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

  // 6 --------------------------------------------------------------- idle time-out

  const startIdle = () => {
    const box = $("#idle");
    const { idleTimeout, idleWarning, sessionLeft, sessionUrl, user } = body.dataset;
    if (!box || !sessionUrl) return null;
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
        isLeaving = true;
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
    return { lock };
  };

  // 7 -------------------------------------------------------------------- uploads

  // A file's name as the server would clean it: nothing hidden, not endless.
  const asName = (name) => name.normalize("NFC").replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, "").trim().slice(0, 150);
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
    if (percent >= 100) uploadStatus(form, "Uploaded. The file is being looked at …");
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Redirect")) isLeaving = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const box = $("[data-upload-progress]", event.detail.elt);
    if (box && !event.detail.successful) box.hidden = true;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "main") $("[data-error-summary]")?.focus();
  });

  openFolders();
  prepare(document);
  $(".steps [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (document.activeElement === body) { // and nobody types yet
    const first = $("form[data-focus-first] :is(input:not([type=hidden]), select, textarea)");
    ($("[data-error-summary]") ?? (location.hash ? null : first))?.focus();
  }
  const idle = startIdle();
})();
