// The page put together: which chats are open, and for whom.
import { find } from "./dom.js";
import { Column } from "./column.js";
import { startClock } from "./clockbar.js";
import { drawList, markRead, nameView } from "./list.js";
import { loadState, on, store } from "./store.js";
import { applyTexts, loadTexts, onLanguage, switchLanguage } from "./texts.js";

const LIST_WIDTH = 320;
const COLUMN_WIDTH = 360;
const PHONE = matchMedia("(max-width: 759px)");

class Shell {
  constructor() {
    this.columns = [];
    this.startCode = new URLSearchParams(location.search).get("start") ?? "";
  }

  isOpen(view) {
    return this.columns.some((column) => nameView(column.view) === nameView(view));
  }

  room() {
    if (PHONE.matches) return 1;
    return Math.max(1, Math.floor((innerWidth - LIST_WIDTH) / COLUMN_WIDTH));
  }

  open(view) {
    if (!this.isOpen(view)) {
      const last = this.columns.pop();
      last?.close();
      this.add(view);
    }
    document.body.dataset.screen = "chat";
    this.settle(view);
    if (!PHONE.matches) this.focus(view);
  }

  openBeside(view) {
    while (this.columns.length >= this.room()) this.columns.shift().close();
    this.add(view);
    document.body.dataset.screen = "chat";
    this.settle(view);
    this.focus(view);
  }

  add(view) {
    const column = new Column(view, this);
    this.columns.push(column);
    find("columns").append(column.node);
    column.toEnd();
  }

  focus(view) {
    const column = this.columns.find((open) => nameView(open.view) === nameView(view));
    if (column && !column.composer.node.hidden) column.composer.input.focus({ preventScroll: true });
  }

  close(view) {
    const column = this.columns.find((open) => nameView(open.view) === nameView(view));
    this.columns = this.columns.filter((open) => open !== column);
    column?.close();
    if (!this.columns.length) document.body.dataset.screen = "list";
    this.settle(null);
  }

  back() {
    for (const column of this.columns) column.close();
    this.columns = [];
    document.body.dataset.screen = "list";
    this.settle(null);
  }

  settle(view) {
    if (view) markRead(view);
    document.body.classList.toggle("several", this.columns.length > 1);
    const names = this.columns.map((column) => nameView(column.view)).join("|");
    history.replaceState(null, "", names ? `#${names}` : location.pathname + location.search);
    drawList(this);
  }

  read(view) {
    if (!document.hidden) markRead(view);
  }

  takeStartCode() {
    const code = this.startCode;
    this.startCode = "";
    return code;
  }

  redraw() {
    const views = this.columns.map((column) => column.view).filter((view) => store.people.has(view.person) && store.chats.has(view.chat));
    for (const column of this.columns) column.close();
    this.columns = [];
    for (const view of views) this.add(view);
    if (!views.length) document.body.dataset.screen = "list";
    drawList(this);
  }

  openFromAddress() {
    const wanted = location.hash.slice(1).split("|").filter(Boolean);
    const asked = new URLSearchParams(location.search).get("as");
    if (!wanted.length && asked) wanted.push(`${asked}:${asked}`);
    for (const name of wanted.slice(0, this.room())) {
      const [person, chat] = name.split(":").map(Number);
      if (store.people.has(person) && store.chats.has(chat)) this.openBeside({ person, chat });
    }
  }
}

async function main() {
  await loadTexts();
  applyTexts();
  await loadState();
  const shell = new Shell();
  find("language-switch").addEventListener("click", switchLanguage);
  onLanguage(() => shell.redraw());
  on("reset", () => shell.redraw());
  on("online", (isOnline) => (find("offline").hidden = isOnline));
  let planned = false;
  const relist = () => {
    if (planned) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      drawList(shell);
    }, 30);
  };
  for (const kind of ["message", "edit", "delete", "person", "chat"]) on(kind, relist);
  addEventListener("visibilitychange", () => {
    for (const column of shell.columns) shell.read(column.view);
    relist();
  });
  startClock();
  drawList(shell);
  shell.openFromAddress();
  document.body.dataset.ready = "yes";
}

main();
