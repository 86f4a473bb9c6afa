// Making elements, and saying numbers and times to people.

export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

export const $ = id => document.getElementById(id);

export const count = n => n.toLocaleString("en");

export const some = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

export const units = ru => `${ru.toLocaleString("en", { maximumFractionDigits: 2 })} RU`;

export function size(bytes) {
  const steps = ["bytes", "KB", "MB", "GB"];
  let step = 0;
  for (; bytes >= 1024 && step < steps.length - 1; step++) bytes /= 1024;
  return `${bytes.toLocaleString("en", { maximumFractionDigits: step === 0 ? 0 : 1 })} ${steps[step]}`;
}

export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86400 * 2) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}

export const moment = seconds => new Date(seconds * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");

export function table(caption, heads, rows) {
  return h("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: caption },
    h("table", {}, h("caption", {}, caption),
      h("thead", {}, h("tr", {}, heads.map(head => h("th", { scope: "col", className: head.number ? "number" : "" }, head.text ?? head)))),
      h("tbody", {}, rows)));
}

export const cell = (content, kind) => h("td", { className: kind ?? "" }, content);

// Asks before something is lost; true where the answer is yes.
export function confirmed(title, text, yes) {
  const dialog = $("dialog");
  dialog.setAttribute("aria-labelledby", "dialog-title");
  return new Promise(resolve => {
    const close = answer => { dialog.close(); resolve(answer); };
    dialog.oncancel = () => resolve(false);
    dialog.replaceChildren(h("h2", { id: "dialog-title" }, title), h("p", {}, text),
      h("div", { className: "actions" },
        h("button", { type: "button", className: "danger", onclick: () => close(true) }, yes),
        h("button", { type: "button", autofocus: true, onclick: () => close(false) }, "Cancel")));
    dialog.showModal();
  });
}
