// One open chat, seen by one person.
import { avatar, el, icon, iconButton } from "./dom.js";
import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { alertBox, toast } from "./notice.js";
import { act, isChannel, messagesOf, nameOf, on, store } from "./store.js";
import { formatTime, t } from "./texts.js";

const TAP_WAIT = 30_000;
const ACTION_SHOWS = 5_000;

export class Column {
  constructor(view, shell) {
    this.view = view;
    this.shell = shell;
    this.waiting = new Map();
    this.nodes = new Map();
    this.composer = new Composer(this);
    this.build();
    this.stops = [
      on("message", (data, chat) => chat === view.chat && this.added(data)),
      on("edit", (data, chat) => chat === view.chat && this.changed(data)),
      on("delete", (data, chat) => chat === view.chat && this.drawAll()),
      on("answer", (data, chat) => chat === view.chat && this.answered(data)),
      on("action", (data, chat) => chat === view.chat && this.showAction(data.action)),
      on("chat", (data) => data.id === view.chat && this.chatChanged()),
      on("person", (data) => data.id === view.person && this.showFoot()),
      on("commands", (data, chat) => (chat === null || chat === view.chat) && this.loadCommands()),
    ];
    this.drawAll();
    this.showKeyboard();
    this.loadCommands();
  }

  get chat() {
    return store.chats.get(this.view.chat);
  }

  get person() {
    return store.people.get(this.view.person);
  }

  close() {
    for (const stop of this.stops) stop();
    this.node.remove();
  }

  build() {
    const isGroup = this.chat.type !== "private";
    const title = isGroup ? this.chat.title : nameOf(0);
    this.status = el("span", { class: "status", test: "chat-status" });
    const back = iconButton("back", t("back"), "back", () => this.shell.back());
    back.classList.add("back");
    this.blockButton = iconButton("block", t("block"), "block", () => this.block());
    const close = iconButton("close", t("close"), "close-chat", () => this.shell.close(this.view));
    close.classList.add("close-column");
    const names = el("div", { class: "names" }, el("h2", { test: "chat-title" }, title), this.status);
    const head = el("header", { class: "chat-head" }, back, avatar(title, this.view.chat), names, this.blockButton, close);
    this.pinned = el("button", { type: "button", class: "pinned", test: "pinned", hidden: true, onclick: () => this.goPinned() });
    this.list = el("ol", { class: "messages", test: "messages", "aria-live": "polite", "aria-label": title });
    this.scroller = el("div", { class: "scroller", tabindex: "0" }, this.list);
    this.scroller.addEventListener("scroll", () => this.scrolled());
    this.downButton = iconButton("down", t("to_latest"), "scroll-down", () => this.toEnd());
    this.downButton.classList.add("down");
    this.downButton.hidden = true;
    this.body = el("div", { class: "chat-body" }, this.scroller, this.downButton);
    this.start = el("button", { type: "button", class: "foot-button", test: "start-button", onclick: () => this.begin() });
    this.start.textContent = t("start");
    this.unblock = el("button", { type: "button", class: "foot-button", test: "unblock-button", onclick: () => this.block(false) });
    this.unblock.textContent = t("unblock");
    const data = { person: this.view.person, chat: this.view.chat };
    const props = { class: "column", test: "chat", data, "aria-label": t("as_person", { name: nameOf(this.view.person) }) };
    this.node = el("section", props, head, this.pinned, this.body, this.composer.node, this.start, this.unblock);
    this.showStatus();
  }

  showStatus(words = "") {
    const where = isChannel(this.view.chat) ? "in_channel" : "as_person";
    this.status.textContent = words || t(where, { name: nameOf(this.view.person) });
    this.status.classList.toggle("acting", words !== "");
  }

  showFoot() {
    const isPrivate = this.chat.type === "private";
    const blocked = isPrivate && this.person.has_blocked;
    const hasWritten = messagesOf(this.view.chat).some((message) => !message.from_bot);
    const isNew = isPrivate && !this.person.is_known && !blocked && !hasWritten;
    this.unblock.hidden = !blocked;
    this.start.hidden = !isNew;
    const onlyReads = isChannel(this.view.chat) && this.chat.members[0] !== this.view.person;
    this.composer.node.hidden = blocked || isNew || onlyReads;
    this.blockButton.hidden = !isPrivate || blocked || isNew;
  }

  drawAll() {
    this.nodes.clear();
    this.list.replaceChildren();
    this.lastDay = "";
    const messages = messagesOf(this.view.chat);
    for (const message of messages) this.append(message);
    if (!messages.length) this.list.append(el("li", { class: "intro", test: "intro" }, t(this.chat.type === "private" ? "intro" : "no_messages")));
    this.showFoot();
    this.showPinned();
    this.toEnd();
    this.shell.read(this.view);
  }

  append(message) {
    const day = formatTime(message.date, { month: "long", day: "numeric", weekday: "short", timeZone: store.clock.zone });
    if (day !== this.lastDay) this.list.append(el("li", { class: "service day" }, el("span", {}, day)));
    this.lastDay = day;
    const node = bubble(message, this.view, this);
    this.nodes.set(message.message_id, node);
    this.list.append(node);
    for (const picture of node.querySelectorAll("img")) picture.addEventListener("load", () => this.stick && this.toEnd());
  }

  added(message) {
    const stay = !this.stick && message.from !== this.view.person;
    for (const intro of this.list.querySelectorAll(".intro")) intro.remove();
    this.append(message);
    this.showFoot();
    if (message.from_bot) this.showStatus();
    if (!stay) this.toEnd();
    else this.downButton.hidden = false;
    this.shell.read(this.view);
  }

  changed(message) {
    const old = this.nodes.get(message.message_id);
    if (!old) return;
    const node = bubble(message, this.view, this);
    const focused = old.contains(document.activeElement);
    this.nodes.set(message.message_id, node);
    old.replaceWith(node);
    if (focused) this.scroller.focus({ preventScroll: true });
    if (this.stick) this.toEnd();
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.stick = scrollHeight - scrollTop - clientHeight < 60;
    this.downButton.hidden = this.stick;
  }

  toEnd() {
    this.stick = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.downButton.hidden = true;
    requestAnimationFrame(() => {
      if (this.stick) this.scroller.scrollTop = this.scroller.scrollHeight;
    });
  }

  chatChanged() {
    this.showKeyboard();
    this.showPinned();
  }

  showKeyboard() {
    const keyboard = this.chat.keyboard;
    if (JSON.stringify(keyboard) !== this.keyboardShown) this.composer.setKeyboard(keyboard);
    this.keyboardShown = JSON.stringify(keyboard);
    if (this.stick) this.toEnd();
  }

  showPinned() {
    const message = store.messages.get(this.view.chat)?.get(this.chat.pinned.at(-1));
    this.pinned.hidden = !message;
    if (message) this.pinned.replaceChildren(icon("pin"), el("strong", {}, t("pinned")), el("span", {}, message.text));
  }

  goPinned() {
    this.nodes.get(this.chat.pinned.at(-1))?.scrollIntoView({ block: "center" });
  }

  async loadCommands() {
    const answer = await fetch(`/control/chats/${this.view.chat}/commands?person=${this.view.person}`);
    if (answer.ok) this.composer.setCommands((await answer.json()).commands);
  }

  showAction(action) {
    clearTimeout(this.actionTimer);
    if (action === "cancel") return this.showStatus();
    this.showStatus(t(action.startsWith("upload") ? "sends_file" : "typing"));
    this.actionTimer = setTimeout(() => this.showStatus(), ACTION_SHOWS);
    return undefined;
  }

  say(text) {
    return act(`/control/chats/${this.view.chat}/text`, { from: this.view.person, text });
  }

  begin() {
    const code = this.shell.takeStartCode();
    return this.say(code ? `/start ${code}` : "/start");
  }

  upload(file, caption) {
    const form = new FormData();
    form.append("from", this.view.person);
    form.append("kind", /^image\/(png|jpeg|webp)$/.test(file.type) ? "photo" : "document");
    form.append("caption", caption);
    form.append("file", file);
    return act(`/control/chats/${this.view.chat}/file`, form);
  }

  block(blocked = true) {
    return act(`/control/people/${this.view.person}/${blocked ? "block" : "unblock"}`, {});
  }

  follow(address) {
    const deep = new RegExp(`^(?:https?://)?t\\.me/${store.bot.username}(?:\\?start=([\\w-]+))?$`).exec(address);
    if (!deep) return false;
    this.say(deep[1] ? `/start ${deep[1]}` : "/start");
    return true;
  }

  waits(messageId, data) {
    return this.waiting.has(`${messageId} ${data}`);
  }

  async tap(messageId, data) {
    const key = `${messageId} ${data}`;
    if (this.waiting.has(key)) return;
    this.waiting.set(key, setTimeout(() => this.settled(key, messageId), TAP_WAIT));
    this.redraw(messageId);
    const body = { from: this.view.person, message_id: messageId, data };
    if (!(await act(`/control/chats/${this.view.chat}/tap`, body))) this.settled(key, messageId);
  }

  answered(tap) {
    if (tap.person_id !== this.view.person) return;
    this.settled(`${tap.message_id} ${tap.data}`, tap.message_id);
    const { text, show_alert: isAlert } = tap.answer;
    if (text && isAlert) alertBox(text);
    else if (text) toast(this.body, text);
  }

  settled(key, messageId) {
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    this.redraw(messageId);
  }

  redraw(messageId) {
    const node = this.nodes.get(messageId);
    for (const button of node?.querySelectorAll("button.inline-button") ?? []) {
      button.toggleAttribute("data-waits", this.waits(messageId, button.dataset.data));
      if (this.waits(messageId, button.dataset.data)) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }
}
