// Keys, focus and words for the review desk. All of it is also reached without this file.
"use strict";

(() => {
  const desk = document.querySelector(".desk[data-keys]");
  const form = document.getElementById("desk-form");
  if (!desk || !form) return;
  const say = (text, kind, ...more) => {
    const line = document.createElement("p");
    line.className = `desk-message desk-message--${kind}`;
    line.append(text, ...more);
    document.getElementById("desk-status")[kind === "info" ? "append" : "replaceChildren"](line);
  };

  // Cards and focus ---------------------------------------------------------------------------

  const cards = () => [...desk.querySelectorAll("[data-link]")].filter((card) => card.checkVisibility());
  const focused = () => document.activeElement?.closest("[data-link]") ?? null;
  let last = null; // the card that was worked on: its id and its place

  function focus(card) {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = cards();
    const at = all.indexOf(focused());
    if (at >= 0) return focus(all[Math.max(0, Math.min(all.length - 1, at + by))]);
    focus(all.find((card) => card.dataset.kind === "proposed") ?? all[0]);
  }

  // The next card that waits, from the place of the last one on; else the one in its place.
  function goOn() {
    if (!last) return;
    const all = cards();
    const own = all.find((card) => card.id === last.id); // not among the rejected
    if (own && last.stays) return focus(own);
    const from = own ? all.indexOf(own) + 1 : last.at;
    const waits = (card) => card.dataset.kind === "proposed";
    focus(all.slice(from).find(waits) ?? all.slice(0, from).findLast(waits) ?? own ?? all[Math.min(last.at, all.length - 1)]);
  }

  // Keys ---------------------------------------------------------------------------------------

  let busy = 0;
  const waiting = []; // keys that were pressed while an answer was on its way

  const find = (key, within = desk) => within.querySelector(`[data-key="${key}"]:not(:disabled)`);
  const press = (key) => {
    const button = focused() && find(key, focused());
    button ? button.click() : say(focused() ? desk.dataset.nothing : desk.dataset.noCard, "warning");
  };
  const open = (key) => find(key)?.click();
  const unfold = (summary) => (summary?.click(), summary?.focus()); // in sight, wherever she was
  const place = (number) => {
    const button = focused()?.querySelector("[data-place]");
    if (!button) return;
    button.value = button.value.replace(/place=\d+$/, `place=${number}`);
    button.click();
  };
  const note = () => {
    const card = focused();
    if (!card || !find("r", card)) return;
    const field = document.getElementById("desk-note");
    document.getElementById("desk-reason").open = true;
    field.dataset.card = card.id;
    field.placeholder = card.querySelector(".desk-title").textContent.trim();
    field.focus();
  };
  const keys = document.getElementById("desk-keys");
  const commands = {
    j: () => step(1),
    k: () => step(-1),
    R: note,
    "/": () => document.getElementById("desk-q")?.focus(),
    "?": () => unfold(keys.querySelector("summary")),
    m: () => unfold(find("m")),
  };
  for (const key of ["a", "r", "x", "p", "s", "w", "h"]) commands[key] = () => press(key);
  for (const key of ["u", "q"]) commands[key] = () => open(key);
  for (const key of ["A", "d", "n", "N"])
    commands[key] = () => {
      sessionStorage.setItem("related:goes-on", "yes"); // to the next article, with its first card
      open(key);
    };
  for (const key of "123456789") commands[key] = () => place(key);
  if (keys) keys.hidden = false;
  if (sessionStorage.getItem("related:goes-on")) {
    sessionStorage.removeItem("related:goes-on");
    step(1);
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (event.key === "Enter" && field?.id === "desk-note") {
      event.preventDefault(); // the form has no button of its own for Enter
      focus(document.getElementById(field.dataset.card));
      return press("r");
    }
    if (event.key === "Escape" && field && desk.contains(field))
      return focus(field.id === "desk-note" ? document.getElementById(field.dataset.card) : cards()[0]);
    if (event.key === "Enter" && field && field.form === form && field.tagName === "INPUT") {
      event.preventDefault();
      return field.closest(".desk-field")?.querySelector("button")?.click();
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (desk.dataset.keys !== "on" || !commands[event.key]) return;
    event.preventDefault();
    busy ? waiting.push(event.key) : commands[event.key]();
  });

  // One press, one answer ----------------------------------------------------------------------

  const isPress = (event) => event.detail.elt === form;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isPress(event)) return;
    busy += 1;
    const button = event.detail.requestConfig.triggeringEvent?.submitter;
    const card = button?.closest("[data-link]") ?? focused();
    last = card && {
      id: card.id,
      at: Math.max(0, cards().indexOf(card)),
      stays: /^action=(place|up|down|unpin|undo|keep|story)&/.test(button?.value ?? ""),
    };
    if (button?.hasAttribute("data-switch")) desk.dataset.keys = button.value.includes("on=1") ? "on" : "off";
  });
  document.addEventListener("htmx:configRequest", (event) => {
    // After a login in another window the page's own token is stale; the cookie has the new one.
    const name = desk.dataset.csrf;
    const cookie = name && document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
    const { parameters, triggeringEvent } = event.detail;
    const button = triggeringEvent?.submitter; // htmx does not see those outside of the form
    if (button?.name) parameters[button.name] = button.value;
    if (cookie && parameters.csrfmiddlewaretoken)
      parameters.csrfmiddlewaretoken = decodeURIComponent(cookie.slice(name.length + 1));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    if (answer.getResponseHeader("X-Review-Desk") || !desk.contains(event.detail.target)) return;
    event.detail.shouldSwap = false;
    if (answer.status >= 500) return say(desk.dataset.failed, "error");
    const link = document.createElement("a");
    link.href = `${desk.dataset.loginUrl}?next=${encodeURIComponent(location.pathname)}`;
    link.target = "_blank";
    link.textContent = desk.dataset.logIn;
    say(desk.dataset.loggedOut, "error", " ", link);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, () => say(desk.dataset.offline, "error"));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.elt !== form || event.detail.target?.id !== "desk-proposal") return;
    if (event.detail.xhr.status === 200) {
      const field = document.getElementById("desk-note");
      if (field && last) field.value = "";
    }
    // What was added by hand or typed elsewhere keeps the focus where it is.
    if (last && !document.activeElement?.closest("input, textarea, select")) goOn();
    if (document.querySelector("#desk-found [data-link]")) htmx.trigger("#desk-add form", "submit");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isPress(event)) return;
    busy -= 1;
    if (!event.detail.successful) waiting.length = 0;
    // After the swap: htmx has put the answer into the page by then.
    setTimeout(() => {
      while (!busy && waiting.length) commands[waiting.shift()]();
    }, 30);
  });

  // The shared words of the card in focus, in both texts -----------------------------------------

  const escape = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  function pattern(words) {
    const parts = words.flatMap((word) => word.split(/\s+/)).filter(Boolean).map((word) => {
      const isSpaced = !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word);
      const more = Math.max(0, Math.min(3, word.length - 3)); // letters of an ending; "dr" is not "drove"
      return isSpaced ? `(?<![\\p{L}\\p{N}])${escape(word)}[\\p{L}\\p{M}]{0,${more}}(?![\\p{L}\\p{N}])` : escape(word);
    });
    return parts.length ? new RegExp(parts.join("|"), "giu") : null;
  }

  function ranges(element, words) {
    const found = [];
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (words && texts.nextNode())
      for (const hit of texts.currentNode.data.matchAll(words)) {
        const range = new Range();
        range.setStart(texts.currentNode, hit.index);
        range.setEnd(texts.currentNode, hit.index + hit[0].length);
        found.push(range);
      }
    return found;
  }

  let asked;
  document.addEventListener("focusin", (event) => {
    for (const menu of desk.querySelectorAll(".desk-menu[open]")) menu.open = menu.contains(event.target);
    const card = event.target.closest("[data-link]");
    if (!card) return;
    if (window.Highlight) {
      const words = pattern(card.dataset.words.split("|"));
      const texts = [...document.querySelectorAll("#desk-text"), ...card.querySelectorAll(".desk-title, .desk-excerpt")];
      CSS.highlights.set("related-words", new Highlight(...texts.flatMap((text) => ranges(text, words))));
    }
    clearTimeout(asked);
    if (card.dataset.isExplained || !card.dataset.words) return;
    asked = setTimeout(() => {
      card.dataset.isExplained = "yes";
      const address = `${new URL(form.action).pathname}?why=${encodeURIComponent(card.dataset.why)}`;
      htmx.ajax("GET", address, { target: card.querySelector(".desk-why"), swap: "innerHTML" });
    }, 300);
  });

  // The summary: what is typed is kept until it is saved -----------------------------------------

  const text = document.getElementById("summary-text");
  if (!text) return;
  const kept = `related:${location.pathname}`;
  const counter = document.getElementById("summary-count");
  const count = () => {
    counter.textContent = `${text.value.length} / ${text.maxLength} ${counter.dataset.words}`;
  };
  const before = sessionStorage.getItem(kept);
  if (before !== null && before !== text.value) {
    text.value = before;
    say(desk.dataset.restored, "info");
  }
  count();
  text.addEventListener("input", () => {
    count();
    if (text.value === text.defaultValue) sessionStorage.removeItem(kept);
    else sessionStorage.setItem(kept, text.value);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { parameters } = event.detail.requestConfig;
    const isSaved = /^action=(publish_summary|remove_summary|agree)/.test(parameters?.press ?? "");
    if (isPress(event) && isSaved && event.detail.successful) sessionStorage.removeItem(kept);
  });
  const again = document.getElementById("summary-again");
  if (again) {
    again.hidden = false;
    again.addEventListener("click", () => {
      text.value = text.dataset.draft;
      text.dispatchEvent(new Event("input"));
    });
  }
})();
