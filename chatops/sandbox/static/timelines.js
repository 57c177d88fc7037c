// What citizens see: the four stand-in platforms, side by side.

import { ask, byId, el, showKeyed } from "./dom.js";
import { showMoment } from "./time.js";

const VENDORS = [["x", "X"], ["line", "LINE"], ["facebook", "Facebook"], ["youtube", "YouTube"]];
const POLL_MS = 1000;
const isLink = (url) => /^https?:/.test(url ?? "");

function media(item) {
  return item.media.map((one) => el("figure", { class: "media" },
    one.kind === "video" ? el("video", { src: one.url, controls: true, preload: "metadata", "aria-label": one.alt || "動画" })
      : el("img", { src: one.url, alt: one.alt || "", loading: "lazy" }),
    el("figcaption", {}, one.alt ? `ALT ${one.alt}` : one.kind === "video" ? "動画" : "代替テキストなし")));
}

function post(item) {
  const repost = item.is_repost_of ? el("p", { class: "repost" }, `↻ ${item.account.name}さんがリポスト`) : null;
  const handle = item.author_handle || item.account.handle;
  const name = item.author_name || (handle === item.account.handle ? item.account.name : "");
  return el("article", { class: "post", "data-testid": `post-${item.vendor}-${item.external_id}`, "data-handle": item.account.handle }, repost,
    el("p", { class: "byline" }, name ? el("b", {}, name) : null, el("small", {}, item.vendor === "x" ? `@${handle}` : handle === name ? "" : handle),
      el("time", { datetime: item.at }, showMoment(item.at))),
    item.title ? el("h4", {}, item.title) : null,
    item.text ? el("p", { class: "post-text" }, item.text) : null,
    media(item),
    isLink(item.url) ? el("a", { class: "post-link", href: item.url, target: "_blank", rel: "noopener noreferrer" }, "投稿を開く") : null);
}

function column([vendor, title], lines) {
  const accounts = lines.map((line) => line.account);
  const names = Object.fromEntries(accounts.map((one) => [one.handle, one.name]));
  const items = lines.flatMap((line) => line.items.map((item) => ({
    ...item, vendor, account: line.account, author_name: names[item.author_handle] ?? "",
  })));
  items.sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : other.is_repost_of ? 1 : -1));
  const body = byId(`line-${vendor}`);
  byId(`line-${vendor}-count`).textContent = `${items.length} 件`;
  byId(`line-${vendor}-who`).textContent = accounts.map((one) => one.name).join("・");
  const shown = items.length ? items : [{ isEmpty: true }];
  showKeyed(body, shown, (item) => (item.isEmpty ? `${title}/empty` : `${item.account.handle}/${item.external_id}`),
    (item) => (item.isEmpty ? el("p", { class: "empty" }, "まだ何も出ていません") : post(item)));
}

/** Start the timelines and the panel of faults. */
export function startTimelines(url) {
  byId("timelines").append(...VENDORS.map(([vendor, title]) => el("section", { class: `line line-${vendor}`, "aria-label": `${title}（練習用）`, "data-testid": `timeline-${vendor}` },
    el("header", {}, el("h3", {}, title), el("small", { id: `line-${vendor}-who`, class: "who" }), el("small", { id: `line-${vendor}-count` })),
    el("div", { class: "posts", id: `line-${vendor}`, tabindex: "0", role: "feed", "aria-label": `${title}の投稿` }))));
  let last = "";
  const look = async () => {
    try {
      const lines = await ask(url);
      const print = JSON.stringify(lines);
      if (Array.isArray(lines) && print !== last) {
        last = print;
        for (const vendor of VENDORS) column(vendor, lines.filter((line) => line.vendor === vendor[0]));
      }
    } catch { /* the page says so elsewhere */ }
    setTimeout(look, document.hidden ? POLL_MS * 5 : POLL_MS);
  };
  look();
  byId("fault-clear").addEventListener("click", async () => {
    const answer = await fetch("/_sandbox/faults", { method: "DELETE" }).catch(() => ({ ok: false }));
    byId("fault-said").textContent = answer.ok ? "不具合の予約を取り消しました" : "できませんでした";
  });
  byId("fault-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = {
      vendor: byId("fault-vendor").value, verb: "publish", fault: byId("fault-kind").value, times: Number(byId("fault-times").value),
    };
    const answer = await ask("/_sandbox/faults", body).catch(() => ({ error: "つながりません" }));
    byId("fault-said").textContent = answer.error ? `できませんでした（${answer.error}）` : `次の発信から ${body.times} 回、起こします`;
  });
}
