// The list of people and their chats, with what came last and what is unread.
import { avatar, el, find, iconButton } from "./dom.js";
import { clockTime } from "./bubble.js";
import { chatsOf, isChannel, messagesOf, nameOf, store } from "./store.js";
import { t } from "./texts.js";

export const nameView = (view) => `${view.person}:${view.chat}`;

const readKey = (view) => `read:${nameView(view)}`;

export function markRead(view) {
  const last = messagesOf(view.chat).at(-1)?.message_id ?? 0;
  localStorage.setItem(readKey(view), String(last));
}

export function unread(view) {
  const messages = messagesOf(view.chat);
  let read = Number(localStorage.getItem(readKey(view)) ?? 0);
  if (read > (messages.at(-1)?.message_id ?? 0)) read = 0;
  return messages.filter((message) => message.message_id > read && message.from !== view.person && !message.service).length;
}

// A row stays the same element while its words change: a row that is pressed when a message comes is still the one that
// is let go, else the click would be lost.
const drawn = new Map();

export function drawList(shell) {
  const rows = [];
  for (const person of store.people.values()) {
    for (const chat of chatsOf(person)) rows.push(row({ person: person.id, chat: chat.id }, person, chat, shell));
  }
  const list = find("people-list");
  const isSame = rows.length === list.children.length && rows.every((each, at) => each === list.children[at]);
  if (!isSame) list.replaceChildren(...rows);
  find("no-people").hidden = rows.length > 0;
}

function row(view, person, chat, shell) {
  const isGroup = chat.type !== "private";
  const name = isGroup ? chat.title : nameOf(person.id);
  const key = nameView(view);
  if (!drawn.has(key)) drawn.set(key, emptyRow(view, shell));
  const { item, open } = drawn.get(key);
  item.className = isGroup ? "group" : "";
  if (shell.isOpen(view)) open.setAttribute("aria-current", "true");
  else open.removeAttribute("aria-current");
  open.replaceChildren(...words(view, person, chat, name));
  item.querySelector(".beside")?.remove();
  if (!shell.isOpen(view)) item.append(besideButton(view, name, shell));
  return item;
}

function emptyRow(view, shell) {
  const data = { view: nameView(view) };
  const open = el("button", { type: "button", class: "row", test: "person", data, onclick: () => shell.open(view) });
  return { item: el("li", { data }, open), open };
}

function besideButton(view, name, shell) {
  const button = iconButton("beside", t("open_beside", { name }), "open-beside", () => shell.openBeside(view));
  button.classList.add("beside");
  return button;
}

function words(view, person, chat, name) {
  const isGroup = chat.type !== "private";
  const last = messagesOf(chat.id).filter((message) => !message.service).at(-1);
  const count = unread(view);
  const where = isChannel(chat.id) ? "in_channel" : "as_person";
  return [
    avatar(name, isGroup ? chat.id : person.id),
    el("span", { class: "row-name" }, name),
    last ? el("time", { class: "row-time" }, clockTime(last.date)) : null,
    el("span", { class: "row-note" }, isGroup ? t(where, { name: nameOf(person.id) }) : person.note),
    el("span", { class: "row-last" }, last ? preview(last) : t("no_messages")),
    count ? el("span", { class: "unread", test: "unread", "aria-label": t("unread", { count }) }, count) : null,
  ].filter(Boolean);
}

function preview(message) {
  const words = message.text || message.file?.file_name || t("file");
  return words.replaceAll("\n", " ").slice(0, 80);
}
