// The form in place: asks what the product needs, checks while one types, keeps files and secrets.
// Everything works without it; whatever it cannot do it leaves to the browser.
"use strict";
(() => {
  const PAUSE_MS = 500;
  const attic = new Map(); // elements whose content no page gives back: files and secrets, by id
  let waiting = 0;
  let asking = null;
  let files = [];

  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = () => find("form[data-live]");
  const page = (html) => new DOMParser().parseFromString(html, "text/html");

  // ---- Taking a page of the server's in ---------------------------------------------------------

  const CANNOT_BE_GIVEN_BACK = "input[type=file], input[data-secret]";

  function put(selector, from) {
    const [here, there] = [find(selector), find(selector, from)];
    if (!here || !there) return;
    for (const one of all(CANNOT_BE_GIVEN_BACK, here)) attic.set(one.id, one);
    const open = all("details[open]", here).map((one) => one.closest("section").className);
    const [active, at] = [document.activeElement, caret(document.activeElement)];
    here.replaceWith(document.importNode(there, true));
    restore(find(selector), open);
    if (active && active.id && !document.contains(active)) focusOn(active.id, at);
  }

  function restore(root, open) {
    for (const one of all(CANNOT_BE_GIVEN_BACK, root)) {
      const kept = attic.get(one.id);
      if (!kept) continue;
      for (const name of ["aria-describedby", "aria-invalid", "aria-required", "data-remove", "data-too-large", "data-too-many"]) {
        if (one.hasAttribute(name)) kept.setAttribute(name, one.getAttribute(name));
        else kept.removeAttribute(name);
      }
      one.replaceWith(kept);
    }
    for (const one of all("details", root)) if (open.includes(one.closest("section").className)) one.open = true;
    listFiles();
  }

  const caret = (one) => { try { return one && one.selectionStart; } catch { return null; } };

  function focusOn(id, at) {
    const one = document.getElementById(id);
    if (!one) return;
    one.focus({ preventScroll: true });
    try { if (at !== null && at !== undefined) one.setSelectionRange(at, at); } catch { /* not of text */ }
  }

  function takeIn(next, { whole }) {
    for (const selector of ["#suggestions", "#verdict", "#steps", "#carried"]) put(selector, next);
    const [now, then] = [find("#details"), find("#details", next)];
    if (whole || now.dataset.names !== then.dataset.names) put("#details", next);
    put("#actions", next);
    if (whole) { put("#summary", next); find("input[name=key]").value = find("input[name=key]", next).value; }
    for (const field of all("[data-field]", next)) copyError(field, whole);
    const first = find(".first", next);
    if (first) find(".first").value = first.value;
  }

  function copyError(field, whole) {
    const here = find(`[data-field="${field.dataset.field}"]`);
    const [mine, theirs] = [here && find(".error", here), find(".error", field)];
    if (!mine || !theirs || (!whole && theirs.hidden && mine.hidden)) return;
    mine.textContent = theirs.textContent;
    mine.hidden = theirs.hidden;
    here.classList.toggle("bad", !theirs.hidden);
    const control = find("input, textarea, select", here);
    if (theirs.hidden) control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
  }

  function takeWhole(next) {
    document.documentElement.lang = next.documentElement.lang;
    document.title = next.title;
    for (const one of all(CANNOT_BE_GIVEN_BACK)) attic.set(one.id, one);
    find(".top").replaceWith(document.importNode(find(".top", next), true));
    find("main").replaceWith(document.importNode(find("main", next), true));
    restore(document, []);
    find("#retype-note")?.remove();
    find(`.language[aria-current]`)?.focus();
  }

  // ---- Coming back ------------------------------------------------------------------------------

  // The browser keeps this with the page's place in its history: back and reload find the same form
  // under the same key. Files and secrets are not kept.
  function remember() {
    const typed = [...new FormData(form())].filter(([name, value]) => typeof value === "string" && name !== "lang");
    const shown = typed.filter(([name]) => !all(CANNOT_BE_GIVEN_BACK).some((one) => one.name === name));
    history.replaceState({ typed: shown }, "");
  }

  function recall() {
    for (const [name, value] of history.state?.typed || []) {
      const there = all(`[name="${name}"]`).filter((one) => one.form === form());
      if (!there.length) find("#carried").append(hidden(name, value));
      for (const one of there) {
        if (one.type === "radio" || one.type === "checkbox") one.checked = one.value === value;
        else one.value = value;
      }
    }
  }

  function hidden(name, value) {
    const one = document.createElement("input");
    Object.assign(one, { type: "hidden", name, value });
    return one;
  }

  // ---- Asking the server ------------------------------------------------------------------------

  function content(extra, withFiles) {
    const body = new FormData(form());
    if (!withFiles) body.delete("attachments");
    for (const [name, value] of Object.entries(extra)) body.append(name, value);
    return body;
  }

  async function check() {
    clearTimeout(waiting);
    remember();
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch("/form/check", { method: "POST", body: content({}, false), signal: asking.signal });
      if (answer.ok) takeIn(page(await answer.text()), { whole: false });
    } catch { /* the next one will do; sending checks anyway */ }
  }

  function soon(pause = PAUSE_MS) {
    clearTimeout(waiting);
    waiting = setTimeout(check, pause);
  }

  async function send(go) {
    clearTimeout(waiting);
    asking?.abort();
    remember();
    const buttons = all("button").filter((one) => one.form === form());
    const label = find("#send")?.textContent;
    for (const one of buttons) one.disabled = true;
    if (find("#send")) find("#send").textContent = form().dataset.sending;
    let answer = null;
    try {
      answer = await fetch("/form", { method: "POST", body: content({ go }, true) });
      if (answer.redirected) { location.assign(answer.url); return; }
      takeIn(page(await answer.text()), { whole: true });
      find(".retype")?.remove(); // here they are kept
      find("#summary-box")?.focus();
    } catch {
      const net = find("#net");
      net.textContent = form().dataset.net;
      net.hidden = false;
    } finally {
      for (const one of all("button")) one.disabled = false;
      if (find("#send") && !(answer && answer.redirected)) find("#send").textContent = label || find("#send").textContent;
    }
  }

  async function speak(to) {
    const answer = await fetch("/form/check", { method: "POST", body: content({ to }, false) });
    if (answer.ok) takeWhole(page(await answer.text()));
  }

  // ---- Files ------------------------------------------------------------------------------------

  const input = () => find("#f-attachments");
  const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

  function addFiles(more) {
    files = [...files, ...more.filter((one) => !files.some((other) => same(one, other)))];
    setFiles();
  }

  function setFiles() {
    const bag = new DataTransfer();
    for (const one of files) bag.items.add(one);
    input().files = bag.files;
    listFiles();
  }

  function listFiles() {
    const list = find("#files");
    if (!list || !input()) return;
    list.replaceChildren(...files.map((file, at) => {
      const [line, button] = [document.createElement("li"), document.createElement("button")];
      button.type = "button";
      button.textContent = input().dataset.remove;
      button.setAttribute("aria-label", `${input().dataset.remove}: ${file.name}`);
      button.addEventListener("click", () => { files.splice(at, 1); setFiles(); input().focus(); });
      line.append(`${file.name} (${(file.size / 1e6).toFixed(file.size < 1e5 ? 3 : 1)} MB)`, button);
      return line;
    }));
    const size = files.reduce((sum, one) => sum + one.size, 0);
    const { most, files: count, tooLarge, tooMany } = input().dataset;
    const words = size > Number(most) ? tooLarge : files.length > Number(count) ? tooMany : "";
    const error = find("#f-attachments-error");
    error.textContent = words;
    error.hidden = !words;
    error.closest(".field").classList.toggle("bad", Boolean(words));
  }

  // ---- What people do ---------------------------------------------------------------------------

  function listen() {
    document.addEventListener("input", (event) => {
      if (event.target.form === form() && !event.target.matches(CANNOT_BE_GIVEN_BACK)) soon();
    });
    document.addEventListener("change", (event) => {
      if (event.target.form !== form()) return;
      if (event.target.id === "f-attachments") addFiles([...event.target.files]);
      else soon(50);
    });
    document.addEventListener("submit", (event) => {
      if (event.target !== form()) return;
      const { name, value } = event.submitter || {};
      if (name === "go" && (value === "send" || value === "anyway")) { event.preventDefault(); send(value); }
      else if (name === "to") { event.preventDefault(); speak(value).catch(() => form().submit()); }
      else if (name === "pick") { event.preventDefault(); find("#f-product").value = value; find("#f-product").focus(); check(); }
      else if (find("#details").dataset.names) { event.preventDefault(); check(); }
    });
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      document.addEventListener(kind, (event) => {
        const zone = event.target.closest?.(".drop");
        if (kind === "dragover" || kind === "drop") event.preventDefault(); // never leave the page for a file
        for (const one of all(".drop")) one.classList.toggle("over", one === zone && kind !== "drop" && kind !== "dragleave");
        if (kind === "drop" && zone && event.dataTransfer.files.length) addFiles([...event.dataTransfer.files]);
      });
    }
    window.addEventListener("pageshow", (event) => {
      for (const one of all("button")) one.disabled = false;
      if (!event.persisted) recall();
      if (find("#f-partner").value || find("#f-product").value) check();
    });
  }

  // ---- A request's page -------------------------------------------------------------------------

  function follow(round = 0) {
    const again = find("#standing")?.dataset.again;
    if (!again) return;
    const pause = Math.min(Number(again) * 1000 * 1.3 ** round, 60_000) / (round === 0 ? 4 : 1);
    setTimeout(async () => {
      try {
        const answer = await fetch(location.href);
        const next = answer.ok && find("#standing", page(await answer.text()));
        if (next && next.innerHTML !== find("#standing").innerHTML) {
          const changed = next.dataset.state !== find("#standing").dataset.state;
          find("#standing").replaceWith(document.importNode(next, true));
          if (changed) round = 0;
        }
      } catch { /* looked at again later */ }
      follow(round + 1);
    }, pause);
  }

  document.documentElement.classList.add("js");
  if (form()) listen();
  follow();
})();
