// The stand-in Slack: people, conversations, messages, the composer.

import { ask, byId, el, showKeyed, tell } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { Form } from "./elements.js";
import { Modal } from "./modal.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { showDay, showHour } from "./time.js";

const POLL_MS = 600;
const PLACES = 8; // as many colours for faces as the style sheet has

function recall(name, otherwise) {
  try { return JSON.parse(localStorage.getItem(`sandbox.${name}`)) ?? otherwise; } catch { return otherwise; }
}

function remember(name, value) {
  try { localStorage.setItem(`sandbox.${name}`, JSON.stringify(value)); } catch { /* private window: forgotten */ }
}

export class Slack {
  constructor(commands) {
    this.commands = commands;
    this.state = null;
    this.userId = recall("user", null);
    this.channelId = recall("channel", null);
    this.seen = recall("seen", {}); // user -> channel -> ts of the last message seen
    this.forms = new Map();
    this.asked = 0;
    this.answered = 0;
    this.names = {
      person: (id) => (id === this.state.bot.id ? this.state.bot.name : this.state.people.find((one) => one.id === id)?.real_name),
      channel: (id) => this.state.channels.find((one) => one.id === id)?.name,
    };
    this.modal = new Modal({ names: this.names, refresh: () => this.refresh() });
    this.composer = byId("composer-text");
    byId("composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.composer.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    });
    this.composer.addEventListener("input", () => this.grow());
    addEventListener("hashchange", () => this.follow());
  }

  async start() {
    const { people } = await ask("/slack/page/people");
    if (!people.length) { tell("まだ誰もいません"); setTimeout(() => this.start(), 1000); return; }
    if (!people.some((one) => one.id === this.userId)) this.userId = people[0].id;
    await this.refresh();
    this.follow();
    this.poll();
  }

  async poll() {
    try {
      await this.refresh();
      byId("alert").classList.remove("lost");
    } catch {
      byId("alert").classList.add("lost");
      tell("練習用サーバーにつながりません。起動し直すと続きから再開します。");
    }
    setTimeout(() => this.poll(), document.hidden ? POLL_MS * 5 : POLL_MS);
  }

  async refresh() {
    const user = this.userId;
    const since = this.state?.me.id === user ? this.state.revision : "";
    const turn = this.asked += 1;
    const answer = await ask(`/slack/page/state?user=${encodeURIComponent(user)}&since=${since}`);
    if (turn < this.answered || answer.is_unchanged || user !== this.userId) return; // overtaken by a later answer
    this.answered = turn;
    if (!answer.ok) throw new Error(answer.error);
    this.state = answer;
    this.draw();
  }

  draw() {
    const { channels } = this.state;
    if (!channels.some((one) => one.id === this.channelId)) this.channelId = channels.find((one) => one.kind === "channel")?.id ?? channels[0].id;
    const channel = channels.find((one) => one.id === this.channelId);
    this.markSeen();
    this.drawSide(channels);
    byId("talk-name").textContent = channel.kind === "im" ? `${this.state.bot.name}（アプリ）` : `# ${channel.name}`;
    byId("talk-topic").textContent = channel.kind === "im" ? `${this.state.me.real_name}さんだけに届くお知らせ` : channel.topic;
    this.composer.placeholder = `${channel.kind === "im" ? this.state.bot.name : `#${channel.name}`} へのメッセージ、または ${this.commands[0]} …`;
    this.drawMessages(channel);
    this.modal.show(this.state.views, this.userId);
  }

  drawSide(channels) {
    showKeyed(byId("people"), this.state.people.map((one) => ({ ...one, isMe: one.id === this.userId })), (one) => one.id, (one) =>
      el("li", {}, el("button", { type: "button", class: "person", "aria-pressed": String(one.isMe), "data-testid": `person-${one.id}`, onclick: () => this.become(one.id) },
        this.face(one), el("span", {}, el("b", {}, one.real_name), el("small", {}, one.title)))));
    const row = (one) => el("li", {}, el("button", {
      type: "button", class: "channel", "aria-current": one.isHere ? "page" : undefined, "data-testid": `channel-${one.id}`, onclick: () => this.go(one.id),
    }, el("span", {}, one.kind === "im" ? `${this.state.bot.name}` : `# ${one.name}`), one.unread ? el("span", { class: "count", "aria-label": `未読 ${one.unread} 件` }, String(one.unread)) : null));
    const rows = channels.map((one) => ({ ...one, isHere: one.id === this.channelId, unread: this.unread(one.id) }));
    showKeyed(byId("channels"), rows.filter((one) => one.kind === "channel"), (one) => one.id, row);
    showKeyed(byId("ims"), rows.filter((one) => one.kind === "im"), (one) => one.id, row);
  }

  drawMessages(channel) {
    const box = byId("messages");
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80 || this.drawn !== `${this.userId}/${channel.id}`;
    const all = this.state.messages[channel.id];
    const firsts = all.filter((one) => !one.thread_ts);
    const items = [];
    let day = "";
    for (const message of firsts) {
      if (showDay(message.at) !== day) items.push({ key: `${this.userId}/${message.ts}/day`, day: day = showDay(message.at) });
      items.push({ key: `${this.userId}/${channel.id}/${message.ts}`, message, replies: all.filter((one) => one.thread_ts === message.ts) });
    }
    if (!items.length) items.push({ key: `${channel.id}/empty`, isEmpty: true });
    showKeyed(box, items, (item) => item.key, (item) => {
      if (item.isEmpty) return el("p", { class: "empty" }, channel.kind === "im" ? "まだお知らせはありません。" : "まだメッセージはありません。下の欄に /sns draft と入力して始めます。");
      return item.message ? this.thread(item) : el("div", { class: "day" }, el("span", {}, item.day));
    });
    if (isAtEnd) box.scrollTop = box.scrollHeight;
    this.drawn = `${this.userId}/${channel.id}`;
  }

  thread({ message, replies }) {
    const node = this.message(message);
    if (replies.length) {
      node.querySelector(".message-main").append(el("div", { class: "replies", role: "group", "aria-label": `スレッド（返信 ${replies.length} 件）`, "data-testid": `thread-${message.ts}` },
        el("p", { class: "replies-count" }, `スレッド・返信 ${replies.length} 件`), replies.map((one) => this.message(one))));
    }
    return node;
  }

  message(message) {
    const form = this.form(message);
    const blocks = message.blocks.length ? renderBlocks(message.blocks, form) : [el("div", { class: "b-text block" }, mrkdwn(message.text, this.names))];
    return el("article", { class: `message${message.is_ephemeral ? " private" : ""}`, "data-testid": `message-${message.ts}`, "data-ts": message.ts, id: `p${message.ts.replace(".", "")}` },
      this.face(message.author),
      el("div", { class: "message-main" },
        message.is_ephemeral ? el("p", { class: "only-you" }, "👁 あなただけに表示") : null,
        el("p", { class: "byline" }, el("b", {}, message.author.name), message.author.is_app ? el("span", { class: "chip" }, "アプリ") : el("small", {}, message.author.title),
          el("time", { datetime: message.at }, showHour(message.at)), message.is_edited ? el("small", {}, "（編集済み）") : null),
        blocks,
        message.files.map((file) => this.file(file)),
        Object.keys(message.reactions).length ? el("p", { class: "reactions" }, Object.entries(message.reactions).map(([name, count]) => el("span", { class: "chip" }, `${plain(`:${name}:`)} ${count}`))) : null,
        el("p", { class: "act-trouble", role: "alert", hidden: true })));
  }

  form(message) {
    const key = `${this.userId}/${message.channel}/${message.ts}`;
    if (!this.forms.has(key)) {
      const userId = this.userId;
      const send = async (blockId, actionId, given) => {
        const answer = await ask("/slack/page/action", {
          user: userId, channel: message.channel, message_ts: message.ts, block_id: blockId, action_id: actionId, ...given, state: form.values,
        });
        const trouble = document.querySelector(`#p${message.ts.replace(".", "")} > .message-main > .act-trouble`);
        if (trouble) {
          trouble.hidden = answer.ok && answer.is_acknowledged;
          trouble.textContent = `⚠ アプリが応答しませんでした（${answer.error}）`;
        }
        await this.refresh();
      };
      const form = new Form({ names: this.names, userId, send });
      this.forms.set(key, form);
    }
    return this.forms.get(key);
  }

  file(file) {
    if (file.mimetype.startsWith("image/")) {
      return el("figure", { class: "b-image" }, el("figcaption", {}, file.name), el("img", { src: file.url, alt: file.alt || file.name }));
    }
    return el("p", {}, el("a", { href: file.url, download: file.name }, `📎 ${file.name}`));
  }

  face(person) {
    const place = [...person.id].reduce((sum, char) => sum + char.charCodeAt(0), 0) % PLACES;
    const name = person.real_name ?? person.name;
    return el("span", { class: `face face-${person.is_app ? "app" : place}`, "aria-hidden": "true" }, person.is_app ? "回" : [...name][0]);
  }

  async send() {
    const text = this.composer.value.trim();
    if (!text) return;
    this.composer.value = "";
    this.grow();
    const isCommand = text.startsWith("/");
    const where = { user: this.userId, channel: this.channelId, text };
    const answer = await ask(isCommand ? "/slack/page/command" : "/slack/page/message", where);
    if (!answer.ok) { tell(`送信できませんでした（${answer.error}）`); this.composer.value = text; }
    await this.refresh();
  }

  grow() {
    this.composer.rows = Math.min(8, this.composer.value.split("\n").length);
    this.composer.classList.toggle("is-command", this.composer.value.startsWith("/"));
  }

  become(userId) {
    this.userId = userId;
    remember("user", userId);
    const isIm = this.state.channels.find((one) => one.id === this.channelId)?.kind === "im";
    if (isIm) this.channelId = `D${userId.slice(1)}`;
    this.refresh();
  }

  go(channelId) {
    this.channelId = channelId;
    remember("channel", channelId);
    this.draw();
    this.composer.focus();
  }

  follow() {
    const [, channelId, anchor] = location.hash.match(/^#\/archives\/([A-Z0-9]+)(?:\/(p\d+))?/) ?? [];
    if (!channelId || !this.state.channels.some((one) => one.id === channelId)) return;
    this.go(channelId);
    const target = anchor && byId(anchor);
    if (target) { target.scrollIntoView({ block: "center" }); target.classList.add("found"); }
    history.replaceState(null, "", location.pathname);
  }

  unread(channelId) {
    const since = this.seen[this.userId]?.[channelId] ?? "";
    const all = this.state.messages[channelId];
    const at = all.findIndex((one) => one.ts === since);
    return all.slice(at + 1).filter((one) => one.author.id !== this.userId).length;
  }

  markSeen() {
    const last = this.state.messages[this.channelId]?.at(-1)?.ts;
    if (!last || document.hidden) return;
    this.seen[this.userId] ??= {};
    if (this.seen[this.userId][this.channelId] !== last) {
      this.seen[this.userId][this.channelId] = last;
      remember("seen", this.seen);
    }
  }
}
