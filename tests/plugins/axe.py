"""What axe goes through in the stories, and what it has gone through already."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2; axe leaves it out by itself
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},  # no rule of these tags reads style sheets
}
# What depends on the room that a page has, and not on its elements and colors alone.
LAYOUT = {
    **WCAG,
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
}
# The top bar and the menu, the same on most pages, and the bar of a client.
SHELL = [".top-bar", ".side", ".client-bar"]
# The elements of the shell's parts and of the rest: what they are called and refer to,
# whether they are visible and scroll, and their colors; without words and numbers. Of neighbors
# that are the same, such as rows of a list, the first stands for all; the others are kept for AXE.
STRUCTURE = r"""(shell) => {
  const REFERENCES = "id for form list headers aria-labelledby aria-describedby aria-controls "
    + "aria-owns aria-errormessage aria-activedescendant";
  const KEPT = "role type class style lang scope tabindex autocomplete";
  const WORDS = "aria-label aria-description aria-valuetext aria-placeholder";
  const has = (names, name) => names.split(" ").includes(name);
  const ids = new Map();
  const number = (id) => {
    if (!ids.has(id)) ids.set(id, String(ids.size).padStart(4, "0"));
    return document.getElementById(id) ? `#${ids.get(id)}` : "#none";
  };
  // Each neighbor has IDs of its own: the first one that it names is its first one.
  const numbered = (text) => {
    const own = new Map();
    return text.replace(/#\d{4}/g, (id) => {
      if (!own.has(id)) own.set(id, `#${own.size}`);
      return own.get(id);
    });
  };
  const same = (one, other) =>
    one.length === other?.length && numbered(one) === numbered(other);
  const attribute = ({name, value}) => {
    if (has(REFERENCES, name)) return `${name}=${value.trim().split(/\s+/).map(number)}`;
    if (name === "href" && /^#./.test(value)) return `href=${number(value.slice(1))}`;
    if (name === "tabindex") return `${name}=${value}`;
    if (has(KEPT, name) || (name.startsWith("aria-") && !has(WORDS, name)))
      return `${name}=${value.replace(/[0-9]+/g, "0")}`;
    return `${name}=${value.trim() ? "x" : ""}`;
  };
  const describe = (el, without) => {
    const style = getComputedStyle(el);
    const facts = [...el.attributes].map(attribute).sort();
    facts.push(...["checked", "disabled", "indeterminate"].filter((state) => el[state]));
    facts.push(el.checkVisibility({opacityProperty: true, visibilityProperty: true}));
    facts.push(style.color, style.backgroundColor, style.opacity);
    if (/auto|scroll/.test(style.overflow))
      facts.push(el.scrollWidth > el.clientWidth, el.scrollHeight > el.clientHeight);
    const inside = [];
    for (const node of el.childNodes) {
      let one = "";
      if (node.nodeType === Node.TEXT_NODE) one = node.data.trim() ? "x" : "";
      if (node.nodeType === Node.ELEMENT_NODE && !without.includes(node))
        one = describe(node, without);
      if (one && !same(one, inside.at(-1))) inside.push(one);
      else if (one.startsWith("<")) window.sameAsBefore.push(node);
    }
    return `<${el.localName} ${facts.join(" ")}>${inside.join("")}</>`;
  };
  const whole = (el, without) => numbered(describe(el, without));
  window.sameAsBefore = [];
  const parts = shell.map((name) => [name, document.querySelector(name)]).filter(([, el]) => el);
  const found = {html: whole(document.documentElement, parts.map(([, el]) => el))};
  for (const [name, el] of parts) found[name] = whole(el, []);
  return found;
}"""
# A bar that sticks to an edge of the window covers a part of some field at every scroll.
AXE = """async ({options, without}) => {
  const bars = document.querySelectorAll(".top-bar, .client-bar, .form-actions-sticky");
  for (const bar of bars) bar.style.position = "static";
  const exclude = [...without, ...(window.sameAsBefore ?? [])];
  const found = await axe.run({include: ["html"], exclude}, options);
  for (const bar of bars) bar.style.position = "";
  return found;
}"""


def violations(page: Page, without: list[str], options: dict[str, Any]) -> AxeResults:
    """Run axe, whose half a megabyte of script is given to each page once.

    Args:
        without: selectors of parts that are left out.
        options: the rules, as axe takes them.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return AxeResults(page.evaluate(AXE, {"options": options, "without": without}))


class Analyzed:
    """The structures that axe has gone through without a complaint, each with its width.

    Each is an empty file in a folder of the run, for the stories of all its workers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def __contains__(self, structure: str) -> bool:
        return self._file(structure).exists()

    def add(self, structure: str) -> None:
        self._file(structure).touch()

    def _file(self, structure: str) -> Path:
        return self.folder / hashlib.sha256(structure.encode()).hexdigest()


@pytest.fixture(scope="session")
def analyzed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Analyzed:
    own = tmp_path_factory.getbasetemp()
    return Analyzed((own if worker_id == "master" else own.parent) / "analyzed")
