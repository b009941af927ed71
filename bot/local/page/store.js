// What the server knows, followed by server-sent events. Every event has a number, so that none is missed.
import { t } from "./texts.js";
import { toast } from "./notice.js";

export const store = {
  run: "",
  seq: 0,
  bot: {},
  clock: {},
  people: new Map(),
  chats: new Map(),
  messages: new Map(),
};

const listeners = new Map();
let stream = null;

export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(listener);
  return () => listeners.get(kind).delete(listener);
}

function tell(kind, chatId, data) {
  for (const listener of listeners.get(kind) ?? []) listener(data, chatId);
}

export async function loadState() {
  const state = await (await fetch("/page/state")).json();
  Object.assign(store, { run: state.run, seq: state.seq, bot: state.bot, clock: state.clock });
  store.people = new Map(state.people.map((person) => [person.id, person]));
  store.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
  store.messages = new Map(state.chats.map((chat) => [chat.id, new Map()]));
  for (const message of state.messages) keep(message);
  follow();
}

function keep(message) {
  if (!store.messages.has(message.chat_id)) store.messages.set(message.chat_id, new Map());
  store.messages.get(message.chat_id).set(message.message_id, message);
}

function follow() {
  stream?.close();
  stream = new EventSource(`/page/events?run=${store.run}&after=${store.seq}`);
  stream.onmessage = (event) => apply(JSON.parse(event.data));
  stream.onopen = () => tell("online", null, true);
  stream.onerror = () => tell("online", null, false);
  stream.addEventListener("reset", async () => {
    stream.close();
    await loadState();
    tell("reset", null, {});
  });
}

const effects = {
  message: (chatId, data) => keep(data),
  edit: (chatId, data) => keep(data),
  delete: (chatId, data) => store.messages.get(chatId)?.delete(data.message_id),
  person: (chatId, data) => store.people.set(data.id, data),
  chat: (chatId, data) => store.chats.set(data.id, data),
  clock: (chatId, data) => Object.assign(store.clock, data),
};

function apply(event) {
  if (event.seq <= store.seq) return;
  store.seq = event.seq;
  if (event.kind === "person" && !store.chats.has(event.data.id)) addPrivateChat(event.data.id);
  effects[event.kind]?.(event.chat_id, event.data);
  tell(event.kind, event.chat_id, event.data);
}

function addPrivateChat(id) {
  store.chats.set(id, { id, type: "private", members: [id], keyboard: null, pinned: [], bot_status: "member" });
  store.messages.set(id, new Map());
}

export async function act(path, body, method = "POST") {
  const isForm = body instanceof FormData;
  const headers = isForm ? {} : { "Content-Type": "application/json" };
  try {
    const answer = await fetch(path, { method, headers, body: isForm ? body : JSON.stringify(body) });
    const result = await answer.json();
    if (answer.ok) return result;
    toast(document.body, t("failed", { reason: result.error }));
  } catch {
    toast(document.body, t("offline"));
  }
  return null;
}

export const chatsOf = (person) =>
  [...store.chats.values()].filter((chat) => chat.members.includes(person.id) && !chat.migrated_to);

export const messagesOf = (chatId) => [...(store.messages.get(chatId)?.values() ?? [])];

export const isChannel = (chatId) => store.chats.get(chatId)?.type === "channel";

export function nameOf(id) {
  const person = id ? store.people.get(id) : store.bot;
  return person ? [person.first_name, person.last_name].filter(Boolean).join(" ") : String(id);
}
