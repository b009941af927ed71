// One message: its bubble, what is in it, and the inline keyboard under it.
import { el, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { isChannel, nameOf, store } from "./store.js";
import { formatTime, t } from "./texts.js";
import { showPicture } from "./notice.js";

export const clockTime = (seconds) =>
  formatTime(seconds, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: store.clock.zone });

export function bubble(message, view, acts) {
  if (message.service) return serviceLine(message);
  const from = sender(message, view);
  const side = from === "me" ? "out" : "in";
  const content = el("div", { class: "bubble" }, ...parts(message, from, view, acts));
  if (message.protected) protect(content);
  if (message.edit_date) content.classList.add("is-edited");
  const node = el("li", { class: `message ${side}`, test: "message", data: { messageId: message.message_id, from } });
  node.append(content);
  if (message.inline_keyboard.length) node.append(inlineKeyboard(message, acts));
  return node;
}

function sender(message, view) {
  if (message.from_bot) return "bot";
  return message.from === view.person && !isChannel(view.chat) ? "me" : "other";
}

function parts(message, from, view, acts) {
  const isGroup = view.chat !== view.person;
  return [
    isGroup && from !== "me" ? el("strong", { class: "sender" }, speaker(message)) : null,
    message.reply_to ? quote(message) : null,
    message.file ? file(message) : null,
    message.text ? el("div", { class: "text", test: "message-text" }, formatted(message.text, message.entities, acts)) : null,
    meta(message, from),
  ];
}

function speaker(message) {
  return isChannel(message.chat_id) ? store.chats.get(message.chat_id).title : nameOf(message.from);
}

function meta(message, from) {
  const lock = el("span", { class: "lock", test: "lock", role: "img", "aria-label": t("protected"), title: t("protected") });
  lock.append(icon("lock"));
  return el(
    "span",
    { class: "meta" },
    message.protected ? lock : null,
    message.edit_date ? el("span", { test: "message-edited" }, t("edited")) : null,
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clockTime(message.date)),
    from === "me" ? el("span", { class: "ticks", "aria-hidden": "true" }, "✓✓") : null,
  );
}

function quote(message) {
  const replied = store.messages.get(message.chat_id)?.get(message.reply_to);
  if (!replied) return null;
  return el("div", { class: "quote" }, el("strong", {}, nameOf(replied.from)), el("span", {}, replied.text || t("file")));
}

function protect(content) {
  content.classList.add("protected");
  for (const kind of ["copy", "cut", "dragstart", "contextmenu"]) {
    content.addEventListener(kind, (event) => event.preventDefault());
  }
}

function file(message) {
  const address = `/page/files/${message.file.file_id}`;
  return message.file.kind === "photo" ? photo(message, address) : document_(message, address);
}

function photo(message, address) {
  const { width, height } = message.file;
  const picture = el("img", { src: address, alt: message.text || t("picture"), width, height, loading: "lazy" });
  const open = () => showPicture(address, message.protected);
  return el("button", { type: "button", class: "photo", test: "photo", "aria-label": t("picture"), onclick: open }, picture);
}

function document_(message, address) {
  const { file_name: name, file_size: size } = message.file;
  return el(
    "a",
    { class: "document", test: "document", href: address, download: name, "aria-label": t("download", { name }) },
    el("span", { class: "document-icon" }, icon("file")),
    el("span", { class: "document-name" }, name),
    el("span", { class: "document-size" }, sizeWords(size)),
  );
}

function sizeWords(size) {
  if (size < 1024) return `${size} B`;
  return size < 1024 * 1024 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`;
}

function inlineKeyboard(message, acts) {
  const rows = message.inline_keyboard.map((row) =>
    el("div", { class: "button-row" }, ...row.map((button) => inlineButton(message, button, acts))),
  );
  return el("div", { class: "inline-keyboard", test: "inline-keyboard" }, ...rows);
}

function inlineButton(message, button, acts) {
  const label = el("span", { class: "button-label" }, button.text);
  if (button.url) {
    const follow = (event) => acts.follow(button.url) && event.preventDefault();
    const props = { class: "inline-button", test: "inline-button", href: button.url, target: "_blank" };
    return el("a", { ...props, rel: "noopener noreferrer", onclick: follow }, label, icon("link"));
  }
  const waits = acts.waits(message.message_id, button.callback_data);
  const press = () => acts.tap(message.message_id, button.callback_data);
  const props = { type: "button", class: "inline-button", test: "inline-button", onclick: press };
  if (!button.callback_data) props.disabled = true;
  if (waits) Object.assign(props, { "aria-busy": "true" });
  return el("button", { ...props, data: { data: button.callback_data ?? "" } }, label);
}

function serviceLine(message) {
  const [kind] = Object.keys(message.service);
  const words = t(`service_${kind}`, { name: nameOf(message.from) });
  return el("li", { class: "service", test: "service" }, el("span", {}, words));
}
