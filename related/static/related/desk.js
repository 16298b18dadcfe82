// Keys for the review desk. Everything here is also reached with Tab and Enter, without this file.
"use strict";

(() => {
  const links = () =>
    [...document.querySelectorAll("[data-link]")].filter((link) => link.checkVisibility());
  const focused = () => document.activeElement?.closest("[data-link]") ?? null;

  const keys = document.getElementById("desk-keys");
  if (keys) keys.hidden = false;

  // The slot that the page came back to, so that j goes on from there.
  const start = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;

  function step(by) {
    const all = links();
    if (!all.length) return;
    const at = all.indexOf(focused());
    let next = at + by;
    if (at < 0) {
      const isOpen = (link) => !link.classList.contains("desk-link--approved");
      next = all.findIndex((link) => isOpen(link) && (!start || start.contains(link)));
      if (next < 0) next = 0;
    }
    const link = all[Math.max(0, Math.min(all.length - 1, next))];
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    const link = focused();
    const target = link?.querySelector(`[data-key="${key}"]:not(:disabled)`);
    target?.click();
  }

  const commands = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press("a"),
    r: () => press("r"),
    p: () => press("p"),
    x: () => press("x"),
    u: () => document.querySelector('[data-key="u"]')?.click(),
    n: () => document.querySelector('[data-key="n"]')?.click(),
    "?": () => {
      if (!keys) return;
      keys.open = !keys.open;
      keys.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest(
      "input:not([type=checkbox]), textarea, select, [contenteditable]",
    );
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const command = commands[event.key];
    if (!command) return;
    event.preventDefault();
    command();
  });

  // One click, one decision: a second press of the same form is not sent.
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
  });
})();
