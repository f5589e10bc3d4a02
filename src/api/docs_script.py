"""The script of the documentation page: search, links into what is folded, copying.

The page is whole without it. It asks nobody for anything, and builds no markup from text.
"""

SCRIPT = """"use strict";
const one = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const find = one("find");
const operations = all("details.operation");
const links = all("nav a");

function show(element, visible) {
  element.hidden = !visible;
}

// Every word of the question has to be somewhere in what an operation is known by.
function search() {
  const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const operation of operations) {
    const fits = words.every((word) => operation.dataset.words.includes(word));
    show(operation, fits);
    count += fits;
  }
  for (const section of all("section.resource")) {
    show(section, section.querySelector("details.operation:not([hidden])"));
  }
  for (const part of all("section.guide, .guides")) show(part, !words.length);
  for (const link of links) {
    const folded = target(link.hash)?.closest("details.operation");
    if (folded) show(link.parentElement, !folded.hidden);
  }
  for (const group of all("nav .group")) show(group, group.querySelector("li:not([hidden])"));
  show(one("none"), words.length && !count);
  one("found").textContent = words.length ? `${count} of ${operations.length}` : "";
  label();
}

function target(hash) {
  return hash.length > 1 ? one(decodeURIComponent(hash.slice(1))) : null;
}

// Unfolds what the address names, and makes it visible if the search has hidden it.
function follow() {
  const question = location.hash.startsWith("#find=") ? location.hash.slice(6) : null;
  if (question !== null) {
    find.value = decodeURIComponent(question);
    search();
    return;
  }
  const wanted = target(location.hash);
  for (const link of links) {
    if (wanted && link.hash === location.hash) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
  if (!wanted) return;
  if (wanted.closest("[hidden]")) {
    find.value = "";
    search();
  }
  const folded = wanted.closest("details");
  if (folded) folded.open = true;
  (folded ?? wanted).scrollIntoView();
}

function visible() {
  return operations.filter((operation) => !operation.hidden);
}

function label() {
  const button = one("all");
  const closed = visible().some((operation) => !operation.open);
  button.textContent = closed ? "Open all" : "Close all";
  button.dataset.open = closed;
}

function remember() {
  const question = find.value.trim();
  const plain = location.pathname + location.search;
  history.replaceState(null, "", question ? `#find=${encodeURIComponent(question)}` : plain);
}

find.addEventListener("input", () => {
  search();
  remember();
  scrollTo(0, 0);
});
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && visible().length) {
    event.preventDefault(); // else the summary that is focused now takes the key, and folds again
    const [first] = visible();
    first.open = true;
    first.querySelector("summary").focus();
    first.scrollIntoView();
  } else if (event.key === "Escape") {
    find.value = "";
    search();
    remember();
  }
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  find.focus();
  find.select();
});
one("all").addEventListener("click", () => {
  const open = one("all").dataset.open === "true";
  for (const operation of visible()) operation.open = open;
});
for (const operation of operations) operation.addEventListener("toggle", label);
addEventListener("hashchange", follow);
for (const link of all(".menu a")) {
  link.addEventListener("click", () => { link.closest("details").open = false; });
}
for (const block of all("pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  const frame = document.createElement("div");
  frame.className = "copied";
  block.replaceWith(frame);
  frame.append(block, button);
}
show(one("search"), true);
show(one("all"), true);
label();
follow();
"""
