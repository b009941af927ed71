// The clock of the played world: what time it is there, and moving it on.
import { el, find } from "./dom.js";
import { act, on, store } from "./store.js";
import { formatTime, onLanguage, t } from "./texts.js";

const MOVES = [
  ["clock-hour", "plus_hour", { hours: 1 }],
  ["clock-day", "plus_day", { days: 1 }],
  ["clock-week", "plus_week", { days: 7 }],
  ["clock-morning", "to_morning", { to: "08:00" }],
];
const REFRESH = 10_000;

export function startClock() {
  const toggle = find("clock-toggle");
  toggle.addEventListener("click", () => {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    toggle.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("clock-open", open);
  });
  on("clock", draw);
  on("reset", draw);
  onLanguage(draw);
  setInterval(refresh, REFRESH);
  draw();
}

async function refresh() {
  const answer = await fetch("/control/clock").catch(() => null);
  if (!answer?.ok) return;
  Object.assign(store.clock, await answer.json());
  showTime();
}

function showTime() {
  const options = { month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false };
  const now = formatTime(Date.parse(store.clock.now) / 1000, { ...options, timeZone: store.clock.zone });
  const label = find("clock-now");
  label.textContent = now;
  label.title = store.clock.now;
}

function draw() {
  showTime();
  const buttons = MOVES.map(([test, key, step]) => {
    const move = () => act("/control/clock/move", step);
    return el("button", { type: "button", class: "move", test, disabled: !store.clock.movable, onclick: move }, t(key));
  });
  document.getElementById("clock-moves").replaceChildren(el("span", { class: "move-label" }, t("clock_moves")), ...buttons);
}
