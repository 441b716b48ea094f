// Case notes: rows of services, and the list of half-written notes; drafts.js keeps what is typed.

import { $, $$ } from "./dom.js";
import { ask } from "./fields.js";

const form = $("form[data-note]");

const startServices = (section) => {
  const rows = $("[data-service-rows]", section);
  const add = $("[data-add-service]", section);
  const total = $("input[name=services-TOTAL_FORMS]", section);
  const usual = $("select[name=enrollment]", section);
  const day = $("input[name=date]", form);
  const field = (row, name) => $(`[name$="-${name}"]`, row);
  const isEmpty = (row, ...names) => {
    const all = names.length ? names.map((name) => field(row, name))
      : $$("input:not([type=hidden], [type=checkbox]), select", row);
    return all.every((one) => !one.value);
  };
  // Each row asks what its service needs.
  const askRow = (row) => ask(row, form, field(row, "service_type").name.replace(/service_type$/, ""));

  // A row is taken out with its button, and comes back with another one; Save does the rest. What is
  // new is not sent, what is stored is sent as deleted.
  const setOut = (row, isOut) => {
    const type = field(row, "service_type");
    const box = field(row, "DELETE");
    if (box) box.checked = isOut;
    else for (const one of $$("input, select", $("[data-service-fields]", row))) one.disabled = isOut;
    $("[data-service-fields]", row).hidden = isOut;
    $("[data-taken-out]", row).hidden = !isOut;
    $("[data-taken-out-name]", row).textContent = type.selectedOptions[0]?.text || "Service";
  };
  const takeOut = (row) => {
    if (!field(row, "DELETE") && isEmpty(row, "service_type", "units")) {
      row.remove();
      add.focus();
    } else {
      setOut(row, true);
      $("[data-put-back]", row).focus();
    }
  };
  const offerTakeOut = (row) => {
    const box = field(row, "DELETE");
    if (box) box.closest(".field").hidden = true;
    $("[data-take-out]", row).hidden = false;
    if (box?.checked) setOut(row, true);
  };
  rows.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-service-row]");
    if (target.closest("[data-take-out]")) takeOut(row);
    else if (target.closest("[data-put-back]")) {
      setOut(row, false);
      field(row, "service_type").focus();
    } else return;
    form.dispatchEvent(new Event("input", { bubbles: true })); // drafts.js keeps it
  });

  // The spare lines are for pages without script.
  for (const row of $$("[data-spare]", rows)) if (isEmpty(row)) row.remove();
  const numbers = $$("[name$=-service_type]", rows).map((one) => Number(one.name.split("-")[1]));
  total.value = Math.max(-1, ...numbers) + 1;
  for (const row of $$("[data-service-row]", rows)) {
    askRow(row);
    offerTakeOut(row);
  }
  rows.addEventListener("change", (event) => askRow(event.target.closest("[data-service-row]")));
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
    askRow(row);
    offerTakeOut(row);
    field(row, "service_type").focus();
  });
};
const services = $("[data-services]");
if (form && services) startServices(services);

// What is pressed and taken away before it is let go would not be clicked.
const letGo = async () => {
  while ($("[data-drafts]:active")) await new Promise((resume) => setTimeout(resume, 50));
};
const refresh = async () => {
  const response = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  await letGo();
  const fresh = $("[data-drafts]", page);
  if (fresh && form) $(`[data-draft="${CSS.escape(form.elements.form_token.value)}"]`, fresh)?.remove();
  const place = $("[data-drafts]");
  if (!fresh || place?.textContent === fresh.textContent) return;
  if (place) place.replaceWith(document.adoptNode(fresh));
  else form?.before(document.adoptNode(fresh));
};
document.addEventListener("hmis:recovered", refresh);
