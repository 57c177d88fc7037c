// The sandbox's clock at the top of the page.

import { ask, byId, tell } from "./dom.js";
import { fromField, showSecond, toField } from "./time.js";

const URL = "/_sandbox/clock";
let ahead = 0; // milliseconds by which the sandbox's clock is ahead of this browser's

async function order(body) {
  const answer = await ask(URL, body);
  if (!answer.now) { tell("時計を合わせられませんでした"); return; }
  take(answer);
}

function take(answer) {
  ahead = new Date(answer.now).getTime() - Date.now();
  const isReal = Math.abs(answer.offset_seconds) < 1;
  const mode = byId("clock-mode");
  mode.textContent = isReal ? "実時刻" : "練習用の時刻";
  mode.classList.toggle("moved", !isReal);
  tick();
}

function tick() {
  byId("clock-now").textContent = showSecond(Date.now() + ahead);
}

/** Start the clock. */
export async function startClock() {
  for (const key of document.querySelectorAll("[data-add]")) key.addEventListener("click", () => order({ add_seconds: Number(key.dataset.add) }));
  for (const key of document.querySelectorAll("[data-to]")) key.addEventListener("click", () => order({ to: key.dataset.to }));
  byId("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("clock-at").value;
    if (text) order({ at: new Date(fromField(text) * 1000).toISOString() });
  });
  const look = async () => { try { take(await ask(URL)); } catch { /* the page says so elsewhere */ } };
  await look();
  byId("clock-at").value = toField(Date.now() + ahead);
  setInterval(tick, 250);
  setInterval(look, 5000);
}
