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

export function drawList(shell) {
  const rows = [];
  for (const person of store.people.values()) {
    for (const chat of chatsOf(person)) rows.push(row({ person: person.id, chat: chat.id }, person, chat, shell));
  }
  find("people-list").replaceChildren(...rows);
  find("no-people").hidden = rows.length > 0;
}

function row(view, person, chat, shell) {
  const isGroup = chat.type !== "private";
  const last = messagesOf(chat.id).filter((message) => !message.service).at(-1);
  const count = unread(view);
  const isOpen = shell.isOpen(view);
  const name = isGroup ? chat.title : nameOf(person.id);
  const where = isChannel(chat.id) ? "in_channel" : "as_person";
  const note = isGroup ? t(where, { name: nameOf(person.id) }) : person.note;
  const open = el(
    "button",
    { type: "button", class: "row", test: "person", data: { view: nameView(view) }, "aria-current": isOpen ? "true" : null, onclick: () => shell.open(view) },
    avatar(name, isGroup ? chat.id : person.id),
    el("span", { class: "row-name" }, name),
    last ? el("time", { class: "row-time" }, clockTime(last.date)) : null,
    el("span", { class: "row-note" }, note),
    el("span", { class: "row-last" }, last ? preview(last) : t("no_messages")),
    count ? el("span", { class: "unread", test: "unread", "aria-label": t("unread", { count }) }, count) : null,
  );
  const beside = iconButton("beside", t("open_beside", { name }), "open-beside", () => shell.openBeside(view));
  beside.classList.add("beside");
  return el("li", { class: isGroup ? "group" : "", data: { view: nameView(view) } }, open, isOpen ? null : beside);
}

function preview(message) {
  const words = message.text || message.file?.file_name || t("file");
  return words.replaceAll("\n", " ").slice(0, 80);
}
