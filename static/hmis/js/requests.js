// htmx's requests: the token, the answers that are no fragment, and what is said when one fails.

import { $, body, csrfToken, element } from "./dom.js";
import { lock } from "./idle.js";

const say = (text) => {
  const place = $("[data-messages]", $("#dialog[open]") ?? document) ?? $("[data-messages]");
  if (!place) return;
  const close = element("button", {
    type: "button", className: "close", textContent: "×", "data-dismiss": "", "aria-label": "Dismiss message",
  });
  place.replaceChildren(
    element("div", { className: "notice notice-error" }, element("div", { textContent: text }), close),
  );
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
    lock();
  } else if (target?.id === "dialog" && isWholePage && xhr.status < 400) {
    // A pop-up that ended in a page of its own: go there.
    event.detail.shouldSwap = false;
    requestConfig.verb === "get" || answeredBy.pathname !== location.pathname
      ? location.assign(answeredBy)
      : location.reload();
  }
});
// An autosave says beside its buttons that it did not arrive, and is sent again.
export const isSentAgain = ({ elt, xhr }) => elt.matches("[data-autosave]") && (!xhr.status || xhr.status >= 500);
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { xhr } = detail;
  if (isSentAgain(detail)) return;
  if (xhr.status === 401) lock();
  else if (xhr.status === 403) say("You do not have permission to do that, or this page is out of date. Reload it and try again.");
  else if (xhr.status === 404) say("That record no longer exists. Reload the page.");
  else if (xhr.status === 503 && xhr.getResponseHeader("Retry-After")) say(xhr.responseText);
  else if (xhr.status === 413) say("That file is too large to send. Choose a smaller file.");
  else say("That did not work. Nothing was changed. Try again, and tell the help desk if it happens twice.");
});
document.addEventListener("htmx:sendError", ({ detail }) => {
  if (isSentAgain(detail)) return;
  say("There is no connection to the server. What you typed is still here; try again in a moment.");
});
