"use strict";

const everySecond = 1000;
const mostShown = 200;
// What Telegram's formatting can be; anything else is shown as text.
const richTags = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "DEL", "CODE", "PRE", "A", "BLOCKQUOTE", "BR", "SPAN", "TG-SPOILER"]);

let last = 0;
const counts = { push: 0, telegram: 0, email: 0 };

function fill(kind, item) {
  const root = document.getElementById(`${kind}-item`).content.cloneNode(true).firstElementChild;
  for (const slot of root.querySelectorAll("[data-slot]")) slot.textContent = item[slot.dataset.slot] ?? "";
  for (const time of root.querySelectorAll("time")) {
    time.dateTime = item.at;
    time.textContent = new Date(item.at).toLocaleTimeString();
  }
  for (const list of root.querySelectorAll("dl")) {
    for (const [name, value] of item.headers) {
      list.append(text("dt", name), text("dd", value));
    }
  }
  return root;
}

function text(tag, content) {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
}

// Copies allowed markup into the page, element by element; a parsed document runs nothing.
function copyRich(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      to.append(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE && richTags.has(node.tagName)) {
      const spoiler = node.tagName === "TG-SPOILER" || node.className === "tg-spoiler";
      const copy = document.createElement(spoiler ? "span" : node.tagName);
      if (spoiler) copy.className = "spoiler";
      if (node.tagName === "A" && /^(https?|tg):/i.test(node.getAttribute("href") ?? "")) {
        copy.href = node.getAttribute("href");
        copy.target = "_blank";
        copy.rel = "noopener noreferrer";
      }
      copyRich(node, copy);
      to.append(copy);
    } else {
      to.append(node.textContent);
    }
  }
}

function telegram(item) {
  const root = fill("telegram", item);
  copyRich(new DOMParser().parseFromString(item.html, "text/html").body, root.querySelector(".rich"));
  return root;
}

function email(item) {
  const root = fill("email", item);
  const frame = root.querySelector("iframe");
  const choose = part => {
    for (const tab of root.querySelectorAll("button[data-part]")) tab.setAttribute("aria-selected", tab.dataset.part === part);
    for (const each of root.querySelectorAll(".part")) each.hidden = each.dataset.part !== part;
    root.querySelector(".widths").hidden = part !== "html";
  };
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${Math.max(160, page.scrollHeight)}px`;
  };
  for (const tab of root.querySelectorAll("button[data-part]")) tab.addEventListener("click", () => choose(tab.dataset.part));
  for (const button of root.querySelectorAll("button[data-width]")) {
    button.addEventListener("click", () => {
      for (const each of root.querySelectorAll("button[data-width]")) each.setAttribute("aria-pressed", each === button);
      frame.style.width = button.dataset.width ? `${button.dataset.width}px` : "100%";
      frame.style.height = "0";
      fit();
    });
  }
  frame.addEventListener("load", fit);
  root.addEventListener("toggle", () => {
    if (root.open && item.hasHtml && !frame.src) frame.src = `/inbox/mails/${item.number}`;
  });
  root.querySelector('button[data-part="html"]').hidden = !item.hasHtml;
  choose(item.hasHtml ? "html" : item.text ? "text" : "source");
  return root;
}

function push(item) {
  const root = fill("push", item);
  if (item.opens) root.querySelector(".link a").href = item.opens;
  return root;
}

const makers = { push, telegram, email };

function show(item, isNew) {
  const column = document.getElementById(item.kind).querySelector(".items");
  const element = makers[item.kind](item);
  if (isNew) element.classList.add("new");
  element.dataset.number = item.number;
  column.prepend(element);
  while (column.childElementCount > mostShown) column.lastElementChild.remove();
  counts[item.kind]++;
  for (const count of document.querySelectorAll(`[data-count="${item.kind}"]`)) count.textContent = counts[item.kind];
}

// A host that was away may have begun anew, and its numbers with it.
function forget() {
  last = 0;
  for (const kind of Object.keys(counts)) {
    counts[kind] = 0;
    document.getElementById(kind).querySelector(".items").replaceChildren();
  }
}

let wasAway = false;

async function look() {
  const state = document.getElementById("state");
  try {
    const answer = await fetch(`/inbox/items?after=${last}`, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status === 401 ? "Signed out: sign in again" : `The host answers ${answer.status}`);
    if (wasAway) {
      wasAway = false;
      forget();
      return look();
    }
    const first = last === 0;
    for (const item of await answer.json()) {
      show(item, !first);
      last = item.number;
    }
    if (first) document.querySelector("#email .mail")?.setAttribute("open", "");
    state.textContent = "Live";
  } catch (fault) {
    wasAway = true;
    state.textContent = fault instanceof TypeError ? "The host does not answer" : fault.message;
  }
  setTimeout(look, everySecond);
}

function choose(channel) {
  document.body.dataset.shown = channel;
  for (const tab of document.querySelectorAll(".tabs button")) tab.setAttribute("aria-selected", tab.dataset.channel === channel);
}

for (const tab of document.querySelectorAll(".tabs button")) tab.addEventListener("click", () => choose(tab.dataset.channel));
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.style.colorScheme ? root.style.colorScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.style.colorScheme = isDark ? "light" : "dark";
});
choose("push");
look();
