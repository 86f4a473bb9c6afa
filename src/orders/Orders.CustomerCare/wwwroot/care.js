// The pages are made on the server and work without this script. With it they stay up to date: the server says that something has
// changed, the page is fetched again, and only what differs is touched, so that focus, open details and what is being typed stay.

const main = document.getElementById("main");
const connection = document.getElementById("connection");
let fetching = false;
let again = false;

const typesText = element => element.matches("input:not([type=range]), textarea, select");

function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || from.id !== to.id) {
    from.replaceWith(document.importNode(to, true));
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && !(name === "open" && from.nodeName === "DETAILS")) from.removeAttribute(name);
  for (const { name, value } of to.attributes)
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  if (from === document.activeElement && typesText(from)) return;
  const children = [...to.childNodes];
  while (from.childNodes.length > children.length) from.lastChild.remove();
  children.forEach((child, i) => {
    if (i < from.childNodes.length) morph(from.childNodes[i], child);
    else from.append(document.importNode(child, true));
  });
}

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.redirected) return location.reload(); // signed out meanwhile
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    morph(main, page.getElementById("main"));
  } catch {
    connection.textContent = "Not up to date: customer care does not answer. Trying again.";
  } finally {
    fetching = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function listen() {
  const topic = main.querySelector("[data-live]")?.dataset.live;
  if (!topic || main.hasAttribute("data-answer")) return; // what was answered to a form would be gone
  const source = new EventSource(topic);
  source.onopen = () => { connection.textContent = "Up to date."; };
  source.onerror = () => { connection.textContent = "Not up to date: the connection is lost. Trying again."; };
  source.onmessage = () => { if (!document.hidden) refresh(); };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}

// Forms that only look at something, such as the slider of a timeline, show it at once.
document.addEventListener("input", event => {
  const form = event.target.form;
  if (!form?.hasAttribute("data-at-once")) return;
  history.replaceState(null, "", `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`);
  refresh();
});

// A button that is pressed twice asks twice.
document.addEventListener("submit", event => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "true";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(form => delete form.dataset.sent));

document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  connection.textContent = "Copied.";
});

listen();
