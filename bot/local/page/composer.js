// The foot of a chat: typing, sending files, the commands menu, the reply keyboard.
import { el, icon, iconButton } from "./dom.js";
import { t } from "./texts.js";

export class Composer {
  constructor(acts) {
    this.acts = acts;
    this.commands = [];
    this.chosen = -1;
    this.keyboard = null;
    this.isOpen = true;
    this.build();
  }

  build() {
    this.input = el("textarea", {
      rows: "1",
      test: "composer-input",
      "aria-label": t("write"),
      placeholder: t("write"),
      autocomplete: "off",
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
    });
    this.picker = el("input", { type: "file", hidden: true, test: "file-input", onchange: () => this.picked() });
    this.menuButton = el(
      "button",
      { type: "button", class: "menu-button", test: "commands-button", "aria-expanded": "false", onclick: () => this.toggleMenu() },
      icon("menu"),
      el("span", {}, t("menu")),
    );
    this.toggle = iconButton("keyboard", t("keyboard_hide"), "keyboard-toggle", () => this.toggleKeyboard());
    this.sendButton = iconButton("send", t("send"), "send", () => this.send());
    this.sendButton.classList.add("send");
    this.menu = el("div", { class: "commands", test: "commands-menu", role: "listbox", "aria-label": t("menu"), hidden: true });
    this.keys = el("div", { class: "reply-keyboard", test: "reply-keyboard", role: "group", "aria-label": t("keyboard") });
    const clip = iconButton("clip", t("attach"), "attach", () => this.picker.click());
    this.line = el("div", { class: "composer-line" }, this.menuButton, this.input, this.toggle, clip, this.picker, this.sendButton);
    this.node = el("footer", { class: "composer" }, this.menu, this.line, this.keys);
    this.typed();
    this.setKeyboard(null);
    this.setCommands([]);
  }

  setCommands(commands) {
    this.commands = commands;
    this.menuButton.hidden = commands.length === 0;
    this.showMatches();
  }

  setKeyboard(keyboard) {
    this.keyboard = keyboard;
    this.isOpen = true;
    const rows = keyboard?.keyboard ?? [];
    this.keys.replaceChildren(
      ...rows.map((row) => el("div", { class: "button-row" }, ...row.map((button) => this.key_(button)))),
    );
    this.input.placeholder = keyboard?.input_field_placeholder || t("write");
    this.showKeyboard();
  }

  key_(button) {
    const press = () => {
      this.acts.say(button.text);
      if (this.keyboard?.one_time_keyboard) this.isOpen = false;
      this.showKeyboard();
    };
    return el("button", { type: "button", class: "reply-button", test: "reply-button", onclick: press }, button.text);
  }

  showKeyboard() {
    this.toggle.hidden = !this.keyboard;
    this.keys.hidden = !this.keyboard || !this.isOpen;
    const label = t(this.isOpen ? "keyboard_hide" : "keyboard_show");
    this.toggle.setAttribute("aria-label", label);
    this.toggle.title = label;
    this.toggle.setAttribute("aria-expanded", String(this.isOpen));
  }

  toggleKeyboard() {
    this.isOpen = !this.isOpen;
    this.showKeyboard();
  }

  toggleMenu() {
    if (this.menu.hidden) this.fillMenu(this.commands);
    else this.closeMenu();
    this.input.focus();
  }

  closeMenu() {
    this.menu.hidden = true;
    this.chosen = -1;
    this.menuButton.setAttribute("aria-expanded", "false");
  }

  fillMenu(commands) {
    this.menu.replaceChildren(
      ...commands.map((item) => {
        const props = { type: "button", class: "command", test: "command", role: "option", data: { command: item.command } };
        const pick = () => this.pick(item.command);
        return el("button", { ...props, onclick: pick }, el("strong", {}, `/${item.command}`), el("span", {}, item.description));
      }),
    );
    this.menu.hidden = commands.length === 0;
    this.menuButton.setAttribute("aria-expanded", String(!this.menu.hidden));
    this.choose(this.menu.hidden ? -1 : 0);
  }

  showMatches() {
    const typed = this.input.value;
    if (!/^\/\w*$/.test(typed)) return this.closeMenu();
    return this.fillMenu(this.commands.filter((item) => `/${item.command}`.startsWith(typed.toLowerCase())));
  }

  choose(index) {
    this.chosen = index;
    [...this.menu.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    this.menu.children[index]?.scrollIntoView({ block: "nearest" });
  }

  pick(command) {
    this.closeMenu();
    this.input.value = "";
    this.typed();
    this.acts.say(`/${command}`);
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
    this.sendButton.disabled = this.input.value.trim() === "";
    if (this.menu) this.showMatches();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (!this.menu.hidden && this.menuKey(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  menuKey(event) {
    const count = this.menu.children.length;
    if (event.key === "ArrowDown") this.choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp") this.choose((this.chosen + count - 1) % count);
    else if (event.key === "Escape") this.closeMenu();
    else if ((event.key === "Enter" || event.key === "Tab") && this.chosen >= 0) {
      this.pick(this.menu.children[this.chosen].dataset.command);
    } else return false;
    return true;
  }

  async send() {
    const text = this.input.value;
    if (text.trim() === "") return;
    this.input.value = "";
    this.typed();
    this.input.focus();
    if (!(await this.acts.say(text)) && this.input.value === "") {
      this.input.value = text;
      this.typed();
    }
  }

  async picked() {
    const [file] = this.picker.files;
    this.picker.value = "";
    if (!file) return;
    const caption = this.input.value;
    this.input.value = "";
    this.typed();
    await this.acts.upload(file, caption);
  }
}
