// What every module uses: looking things up, what the browser keeps, and what happens to new content.

export const body = document.body;
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const cookie = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(name + "="))?.slice(name.length + 1) ?? "";
export const csrfToken = () => cookie(body.dataset.csrfCookie) || $("input[name=csrfmiddlewaretoken]")?.value || "";

// Of this tab, until it is closed or the user logs out.
export const remembered = (key, value) => {
  try {
    if (value === undefined) return sessionStorage.getItem(key);
    sessionStorage.setItem(key, value);
  } catch {
    // A browser may refuse storage; the page is then as the server says.
  }
  return null;
};

export const element = (tag, properties = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};
export const firstField = (root) => $(":is(input:not([type=hidden]), select, textarea)", root);

// Each module says what it does to a page; the same is done to what htmx brings later.
const preparations = [];
export const prepare = (root) => preparations.forEach((one) => one(root));
export const onContent = (preparation) => {
  preparations.push(preparation);
  preparation(document);
};
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
