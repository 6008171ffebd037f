// Made from core/web/ by `npm run pages`; change it there.
export const script = String.raw`"use strict";
(() => {
  function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    if (properties.class !== void 0) made.className = properties.class;
    if (properties.text !== void 0) made.textContent = properties.text;
    for (const [name, value] of Object.entries(properties.attributes ?? {})) {
      made.setAttribute(name, value);
    }
    for (const [name, listener] of Object.entries(properties.on ?? {})) {
      made.addEventListener(name, listener);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }
  function byId(id, kind) {
    const found2 = document.getElementById(id);
    if (!(found2 instanceof kind)) throw new Error(${'`'}the page has no ${'${'}kind.name} #${'${'}id}${'`'});
    return found2;
  }
  var noFilter = { text: "", action: null, kind: null, cause: null, status: null };
  var ChangeIndex = class {
    #changes;
    /** What a text is looked for in; made when first needed. */
    #texts = null;
    constructor({ changes }) {
      this.#changes = changes;
    }
    get size() {
      return this.#changes.length;
    }
    matching(filter) {
      const { text } = filter;
      const texts = text === "" ? [] : this.#texts ??= this.#changes.map(textOf);
      return this.#changes.filter(
        ([, action, kind, cause, status], index2) => (filter.action === null || filter.action === action) && (filter.kind === null || filter.kind === kind) && (filter.cause === null || filter.cause === cause) && (filter.status === null || filter.status === status) && (text === "" || texts[index2]?.includes(text))
      );
    }
  };
  function textOf([, , , , , address, name, identifier, scimId, error, fields]) {
    const values = fields.flatMap(([, before, after]) => [before, after]).flat();
    return [
      address,
      name,
      identifier,
      scimId,
      error,
      ...values.filter((value) => typeof value === "string")
    ].join("\n").toLowerCase();
  }
  function groupsOf(changes) {
    const groups = [];
    for (const [, action, kind, cause] of changes) {
      const last = groups.at(-1);
      const isSame = last?.action === action && last.kind === kind && last.cause === cause;
      if (last !== void 0 && isSame) groups[groups.length - 1] = { ...last, count: last.count + 1 };
      else groups.push({ action, kind, cause, count: 1 });
    }
    return groups;
  }
  var itemsShown = 100;
  function differenceTable(fields, words2) {
    const head = [words2.field, words2.before, words2.after].map(
      (text) => element("th", { text, attributes: { scope: "col" } })
    );
    const rows = fields.map(
      ({ name, before, after }) => element(
        "tr",
        {},
        element("th", { text: name, attributes: { scope: "row" } }),
        valueCell(before, after, "gone", words2.before, words2),
        valueCell(after, before, "new", words2.after, words2)
      )
    );
    return element(
      "table",
      { class: "difference" },
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...rows)
    );
  }
  function valueCell(value, other, mark, label, words2) {
    return element(
      "td",
      { attributes: { "data-label": label } },
      ...isList(value) ? listItems(value, other, mark, words2) : [scalar(value, mark, words2)]
    );
  }
  function isList(value) {
    return Array.isArray(value);
  }
  function scalar(value, mark, words2) {
    if (value === null || value === "") return element("span", { class: "none", text: words2.none });
    const text = typeof value === "boolean" ? value ? words2.yes : words2.no : value;
    return element("bdi", { class: mark, text });
  }
  function listItems(value, other, mark, words2) {
    if (value.length === 0) return [element("span", { class: "none", text: words2.none })];
    const same = new Set(isList(other) ? other : []);
    const sorted = [...value].sort((left2, right) => Number(same.has(left2)) - Number(same.has(right)));
    const items = sorted.slice(0, itemsShown).map((text) => element("div", {}, element("bdi", { class: same.has(text) ? "" : mark, text })));
    const left = value.length - items.length;
    const more = words2.more.replace("{count}", String(left));
    return left === 0 ? items : [...items, element("div", { class: "none", text: more })];
  }
  function changeRows(changes, data2) {
    let group = "";
    return changes.flatMap((change) => {
      const [, action, kind, cause] = change;
      const own = ${'`'}${'${'}action} ${'${'}kind} ${'${'}cause}${'`'};
      const isNew = own !== group;
      group = own;
      return isNew ? [groupHeading(change, data2), changeRow(change, data2)] : [changeRow(change, data2)];
    });
  }
  function groupHeading([, action, kind, cause], data2) {
    const texts = [data2.actions[action]?.[0], data2.kinds[kind], data2.causes[cause]];
    return element("h3", { text: texts.join(" · ") });
  }
  function changeRow(change, data2) {
    const [, action, , , status, address, name, , , error] = change;
    const [actionName = "", actionWord = ""] = data2.actions[action] ?? [];
    const [statusName = "", statusWord = ""] = data2.statuses[status] ?? [];
    const summary = element(
      "summary",
      {},
      element("span", { class: ${'`'}action ${'${'}actionWord}${'`'}, text: actionName }),
      element("bdi", { class: "address", text: address }),
      name === "" ? null : element("bdi", { class: "name", text: name }),
      element("span", { class: ${'`'}status ${'${'}statusWord}${'`'}, text: statusName }),
      error === "" ? null : element("span", { class: "error", text: error, attributes: { lang: "en" } })
    );
    const row = element("details", { class: "change" }, summary);
    row.addEventListener("toggle", () => row.append(changeBody(change, data2)), { once: true });
    return row;
  }
  function changeBody(change, data2) {
    const [, , , , , , , identifier, scimId, , fields] = change;
    const facts = [
      [data2.words.identifier, identifier],
      [data2.words.scimId, scimId]
    ].filter(([, text]) => text !== "");
    const rows = fields.map(([name, before, after]) => ({
      name: data2.fields[name] ?? "",
      before,
      after
    }));
    return element(
      "div",
      { class: "body" },
      element(
        "p",
        { class: "ids" },
        ...facts.map(
          ([label = "", text = ""]) => element("span", {}, ${'`'}${'${'}label}: ${'`'}, element("code", { text }))
        )
      ),
      rows.length === 0 ? null : differenceTable(rows, data2.words)
    );
  }
  var pageSize = 100;
  var data = JSON.parse(byId("data", HTMLScriptElement).textContent);
  var { words } = data;
  var numbers = new Intl.NumberFormat(data.locale);
  var index = new ChangeIndex(data);
  var find = byId("find", HTMLInputElement);
  var selects = {
    action: byId("action", HTMLSelectElement),
    kind: byId("kind", HTMLSelectElement),
    cause: byId("cause", HTMLSelectElement),
    status: byId("status", HTMLSelectElement)
  };
  var found = [];
  var first = 0;
  function fill(select, names) {
    select.append(
      element("option", { text: words.all, attributes: { value: "" } }),
      ...names.map(
        (text, position) => element("option", { text, attributes: { value: String(position) } })
      )
    );
  }
  function readFilter() {
    const chosen = (select) => select.value === "" ? null : Number(select.value);
    return {
      text: find.value.trim().toLowerCase(),
      action: chosen(selects.action),
      kind: chosen(selects.kind),
      cause: chosen(selects.cause),
      status: chosen(selects.status)
    };
  }
  function showFilter(filter) {
    find.value = filter.text;
    selects.action.value = filter.action === null ? "" : String(filter.action);
    selects.kind.value = filter.kind === null ? "" : String(filter.kind);
    selects.cause.value = filter.cause === null ? "" : String(filter.cause);
    selects.status.value = filter.status === null ? "" : String(filter.status);
  }
  function search() {
    found = index.matching(readFilter());
    first = 0;
    showPage();
  }
  function showPage() {
    const page = found.slice(first, first + pageSize);
    const empty = index.size === 0 ? words.noChanges : words.noMatch;
    const rows = page.length === 0 ? [element("p", { text: empty })] : changeRows(page, data);
    byId("list", HTMLElement).replaceChildren(...rows);
    byId("matches", HTMLElement).textContent = words.matches.replace("{count}", numbers.format(found.length)).replace("{total}", numbers.format(index.size));
    byId("range", HTMLElement).textContent = words.range.replace("{from}", numbers.format(Math.min(first + 1, found.length))).replace("{to}", numbers.format(first + page.length));
    byId("pages", HTMLElement).hidden = found.length <= pageSize;
    byId("previous", HTMLButtonElement).disabled = first === 0;
    byId("next", HTMLButtonElement).disabled = first + pageSize >= found.length;
  }
  function turn(by) {
    first += by;
    showPage();
    byId("changes", HTMLElement).scrollIntoView();
  }
  function groupRow(group) {
    const names = [data.kinds[group.kind], data.causes[group.cause]];
    const [action = "", word = ""] = data.actions[group.action] ?? [];
    const label = [action, ...names].join(", ");
    const button = element("button", {
      text: numbers.format(group.count),
      attributes: { type: "button", "aria-label": ${'`'}${'${'}words.group}: ${'${'}label} (${'${'}group.count})${'`'} },
      on: {
        click: () => {
          showFilter({ ...noFilter, action: group.action, kind: group.kind, cause: group.cause });
          search();
          byId("changes", HTMLElement).scrollIntoView();
        }
      }
    });
    return element(
      "tr",
      {},
      element("td", {}, element("span", { class: ${'`'}action ${'${'}word}${'`'}, text: action })),
      ...names.map((text = "") => element("td", { text })),
      element("td", {}, button)
    );
  }
  fill(
    selects.action,
    data.actions.map(([name]) => name)
  );
  fill(selects.kind, data.kinds);
  fill(selects.cause, data.causes);
  fill(
    selects.status,
    data.statuses.map(([name]) => name)
  );
  for (const control of [find, ...Object.values(selects)]) control.addEventListener("input", search);
  byId("tools", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
  byId("reset", HTMLButtonElement).addEventListener("click", () => {
    showFilter(noFilter);
    search();
    find.focus();
  });
  byId("previous", HTMLButtonElement).addEventListener("click", () => turn(-pageSize));
  byId("next", HTMLButtonElement).addEventListener("click", () => turn(pageSize));
  found = index.matching(noFilter);
  byId("group-rows", HTMLElement).replaceChildren(...groupsOf(found).map(groupRow));
  byId("explorer", HTMLElement).hidden = false;
  showPage();
})();
`
export const style = String.raw`:root {
  color-scheme: light dark;
  --page: #f1f3f6;
  --card: #ffffff;
  --text: #1b2027;
  --muted: #56606d;
  --line: #d8dde4;
  --soft: #f3f5f8;
  --accent: #0b57a4;
  --on-accent: #ffffff;
  --focus: #0b57a4;
  --good: #17653c;
  --info: #1d4f91;
  --attention: #8a4b00;
  --bad: #a11a1a;
  --create: #2f74c0;
  --update: #7b61c4;
  --suspend: #c8502d;
  --reactivate: #1f8a63;
  --link: #7c8693;
  --create-text: #1f5b9e;
  --update-text: #5e45a6;
  --suspend-text: #a33b1c;
  --reactivate-text: #14684a;
  --link-text: #55606d;
  --gone: #ffe3df;
  --new: #d9f3e4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101318;
    --card: #1a1e25;
    --text: #e7eaee;
    --muted: #a5aebb;
    --line: #343b46;
    --soft: #232932;
    --accent: #8fc1ff;
    --on-accent: #10151c;
    --focus: #8fc1ff;
    --good-text: #7ed3a4;
    --create: #5b9ce6;
    --update: #a08be6;
    --suspend: #ea7a55;
    --reactivate: #43b98a;
    --link: #8c97a5;
    --create-text: #8fc1ff;
    --update-text: #c0b0f7;
    --suspend-text: #ffab8e;
    --reactivate-text: #7ed3a4;
    --link-text: #b4bdc9;
    --gone: #5a2620;
    --new: #1b4a33;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--page);
  color: var(--text);
  font:
    15px / 1.5 "Segoe UI",
    system-ui,
    -apple-system,
    Roboto,
    "Helvetica Neue",
    Arial,
    sans-serif;
  overflow-wrap: anywhere;
}
h1,
h2,
h3,
p,
ul,
ol,
dl,
dd,
blockquote,
figure {
  margin: 0;
}
code {
  font:
    0.88em / 1.4 Consolas,
    Menlo,
    "DejaVu Sans Mono",
    monospace;
  background: var(--soft);
  border-radius: 4px;
  padding: 0.1em 0.35em;
}
a {
  color: var(--accent);
}
button,
input,
select {
  font: inherit;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--muted);
  border-radius: 6px;
  padding: 0.4rem 0.7rem;
  min-height: 2.5rem;
  max-width: 100%;
}
button {
  cursor: pointer;
}
button:disabled {
  color: var(--muted);
  border-color: var(--line);
  cursor: not-allowed;
}
:focus-visible {
  outline: 3px solid var(--focus);
  outline-offset: 2px;
}
[hidden] {
  display: none !important;
}
table {
  border-collapse: collapse;
  width: 100%;
}
th,
td {
  text-align: start;
  vertical-align: top;
  padding: 0.35rem 0.75rem 0.35rem 0;
  border-bottom: 1px solid var(--line);
}
th {
  font-weight: 600;
}
thead th {
  color: var(--muted);
  font-size: 0.87rem;
}
.number {
  text-align: end;
  font-variant-numeric: tabular-nums;
}
.action {
  font-weight: 600;
}
.action.create {
  color: var(--create-text);
}
.action.update {
  color: var(--update-text);
}
.action.suspend {
  color: var(--suspend-text);
}
.action.reactivate {
  color: var(--reactivate-text);
}
.action.link {
  color: var(--link-text);
}
svg .create {
  fill: var(--create);
}
svg .update {
  fill: var(--update);
}
svg .suspend {
  fill: var(--suspend);
}
svg .reactivate {
  fill: var(--reactivate);
}
svg .link {
  fill: var(--link);
}
svg .problem {
  fill: var(--suspend);
}
svg .quiet {
  fill: var(--line);
}
.card {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
  padding: 1rem 1.25rem 1.15rem;
}
.card > h2 {
  font-size: 1.12rem;
  line-height: 1.4;
  margin-bottom: 0.5rem;
}
details.change {
  border-bottom: 1px solid var(--line);
}
details.change summary {
  display: flex;
  flex-wrap: wrap;
  gap: 0.1rem 0.75rem;
  align-items: baseline;
  padding: 0.45rem 0.25rem;
  cursor: pointer;
}
details.change summary::before {
  content: "▸";
  color: var(--muted);
  width: 0.8em;
}
details.change[open] summary::before {
  content: "▾";
}
details.change summary .action {
  min-width: 6.5rem;
}
details.change .address {
  font-weight: 600;
}
details.change .name,
details.change .reason {
  color: var(--muted);
}
details.change .status {
  color: var(--muted);
  margin-inline-start: auto;
}
.status.failed,
.error {
  color: var(--suspend-text);
  font-weight: 600;
}
details.change .error {
  flex-basis: 100%;
  padding-inline-start: 1.55em;
  font-weight: 400;
}
details.change .body {
  padding: 0.25rem 0.25rem 1rem 1.5rem;
}
.ids {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.5rem;
  color: var(--muted);
  font-size: 0.87rem;
  margin-bottom: 0.5rem;
}
.difference {
  table-layout: fixed;
}
.difference th[scope=row],
.difference thead th:first-child {
  width: 9rem;
}
.difference .gone {
  background: var(--gone);
}
.difference .new {
  background: var(--new);
}
.difference .none {
  color: var(--muted);
  font-style: italic;
}
@media (max-width: 560px) {
  .card {
    padding: 0.9rem 1rem 1rem;
    border-radius: 0;
    border-inline: 0;
  }
  .difference thead {
    display: none;
  }
  .difference tr {
    display: grid;
    grid-template-columns: 1fr;
    padding: 0.4rem 0;
    border-bottom: 1px solid var(--line);
  }
  .difference th,
  .difference td {
    border: 0;
    padding: 0.1rem 0;
  }
  .difference td::before {
    content: attr(data-label) ": ";
    color: var(--muted);
    font-size: 0.87rem;
  }
  details.change .status {
    margin-inline-start: 0;
  }
  details.change .body {
    padding-inline-start: 0.25rem;
  }
}
@media (prefers-reduced-motion: no-preference) {
  html {
    scroll-behavior: smooth;
  }
}
@media print {
  :root {
    --page: #ffffff;
    --soft: #ffffff;
  }
  .card {
    border: 0;
    padding: 0;
    break-inside: auto;
  }
  details.change,
  tr {
    break-inside: avoid;
  }
}
.banner {
  color: #ffffff;
  padding: 1.5rem max(1.25rem, calc((100% - 70rem) / 2));
}
.banner.good {
  background: var(--good);
}
.banner.info {
  background: var(--info);
}
.banner.attention {
  background: var(--attention);
}
.banner.bad {
  background: var(--bad);
}
.banner h1 {
  font-size: clamp(1.4rem, 4vw, 2rem);
  line-height: 1.25;
  margin: 0.25rem 0 0.4rem;
}
.banner p {
  max-width: 48rem;
}
main {
  max-width: 72.5rem;
  margin: 1.25rem auto;
  padding: 0 1.25rem;
  display: grid;
  gap: 1rem;
}
.summary {
  display: grid;
  gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
  align-items: start;
}
.column,
#explorer {
  display: grid;
  gap: 1rem;
}
.column {
  align-content: start;
}
.column:empty {
  display: none;
}
.card ul {
  padding-inline-start: 1.2rem;
}
.card li + li {
  margin-top: 0.25rem;
}
.card table + dl {
  margin-top: 0.75rem;
}
.card p + p,
.card p + ul,
.card blockquote + p {
  margin-top: 0.5rem;
}
.card.attention,
.card.bad,
.card.info {
  border-inline-start: 5px solid var(--info);
}
.card.attention {
  border-inline-start-color: var(--attention);
}
.card.bad {
  border-inline-start-color: var(--bad);
}
.card h3 {
  font-size: 1rem;
  margin: 0.9rem 0 0.2rem;
}
blockquote {
  background: var(--soft);
  border-radius: 6px;
  padding: 0.45rem 0.7rem;
  color: var(--muted);
  font-size: 0.9rem;
}
dl.facts {
  display: grid;
  grid-template-columns: minmax(8rem, 34%) 1fr;
  gap: 0.25rem 1rem;
}
dl.facts dt {
  color: var(--muted);
}
.bars th {
  width: 7.5rem;
}
.bars td.number {
  width: 5rem;
}
.bars td,
.bars th {
  vertical-align: middle;
}
.bars svg {
  display: block;
  width: 100%;
  height: 1rem;
}
.history svg {
  display: block;
  width: 100%;
  height: 5.5rem;
}
.history figcaption {
  color: var(--muted);
  font-size: 0.87rem;
  margin-bottom: 0.4rem;
}
.history .ends {
  display: flex;
  justify-content: space-between;
  color: var(--muted);
  font-size: 0.87rem;
}
.legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0.2rem 1rem;
  font-size: 0.87rem;
  margin-top: 0.4rem;
}
.legend .key::before {
  content: "■ ";
}
.note {
  color: var(--muted);
}
.tools {
  display: grid;
  gap: 0.6rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
  align-items: end;
  margin: 0.75rem 0;
}
.tools label {
  display: grid;
  gap: 0.15rem;
  color: var(--muted);
  font-size: 0.87rem;
}
.tools label.wide {
  grid-column: 1 / -1;
}
.tools select,
.tools input {
  width: 100%;
  color: var(--text);
  font-size: 0.95rem;
}
#list h3 {
  position: sticky;
  top: 0;
  background: var(--card);
  color: var(--muted);
  font-size: 0.92rem;
  margin: 1rem 0 0;
  padding: 0.35rem 0;
  border-bottom: 2px solid var(--line);
}
#pages {
  display: flex;
  align-items: center;
  justify-content: center;
  gap: 1rem;
  margin-top: 1rem;
}
.groups button {
  min-height: 2rem;
  padding: 0.1rem 0.8rem;
  font-variant-numeric: tabular-nums;
}
footer {
  max-width: 72.5rem;
  margin: 0 auto 2rem;
  padding: 0 1.25rem;
  color: var(--muted);
}
@media (max-width: 560px) {
  main {
    padding: 0;
    margin-top: 0.75rem;
    gap: 0.75rem;
  }
  dl.facts {
    grid-template-columns: 1fr;
    gap: 0;
  }
  dl.facts dd {
    margin-bottom: 0.45rem;
  }
  .groups thead {
    display: none;
  }
  .groups tr {
    display: grid;
    grid-template-columns: 1fr auto;
    border-bottom: 1px solid var(--line);
    padding: 0.35rem 0;
  }
  .groups td {
    border: 0;
    padding: 0.05rem 0;
    grid-column: 1;
  }
  .groups td:last-child {
    grid-column: 2;
    grid-row: 1 / span 3;
    align-self: center;
  }
}
@media print {
  .tools,
  #pages,
  .groups {
    display: none;
  }
  .banner {
    color: #000000;
    background: #ffffff !important;
    border-bottom: 2px solid #000000;
  }
  .summary {
    grid-template-columns: 1fr 1fr;
  }
}
`
