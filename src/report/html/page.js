"use strict";
// Sorts and filters long tables, and keeps their key columns in sight. Without it a page is whole.
const NEXT = { null: "ascending", ascending: "descending", descending: undefined };
const collator = new Intl.Collator("en", { numeric: true });
for (const box of document.querySelectorAll(".scroll")) keepKeysInSight(box);
for (const box of document.querySelectorAll(".long")) addTools(box);

// Key columns stay at the left, the last ones first, as far as they leave room for others.
function keepKeysInSight(box) {
  const table = box.querySelector("table");
  const keys = [...table.querySelectorAll("thead .key")];
  const place = () => {
    const widths = keys.map((key) => key.offsetWidth);
    let room = box.clientWidth * 0.6;
    let first = keys.length;
    while (first > 0 && widths[first - 1] <= room) room -= widths[--first];
    let left = 0;
    widths.forEach((width, i) => {
      table.style.setProperty(`--k${i}`, i < first ? "auto" : `${left}px`);
      if (i >= first) left += width;
    });
  };
  new ResizeObserver(place).observe(box);
  new ResizeObserver(place).observe(table);
}

function addTools(box) {
  const body = box.querySelector("tbody");
  const rows = [...body.rows];
  const heads = [...box.querySelectorAll("thead th")];
  const words = rows.map(searchable);
  const names = heads.map(nameOf);
  const filter = element("input", { type: "search", autocomplete: "off", spellcheck: false });
  const said = element("output");
  const label = element("label", {}, "Filter rows ", filter);
  box.before(element("div", { className: "tools" }, label, " ", said));

  let order = "";
  const say = () => {
    const shown = rows.filter((row) => !row.hidden).length;
    const count = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
    said.textContent = count + order;
  };
  filter.addEventListener("input", () => {
    const wanted = filter.value.toLowerCase().split(/\s+/);
    rows.forEach((row, i) => { row.hidden = !wanted.every((word) => words[i].includes(word)); });
    say();
  });
  heads.forEach((head, column) => {
    if (head.hasAttribute("data-unsorted")) return;
    // A name that several columns have is told apart by the column before it.
    const isShared = names.indexOf(names[column]) !== names.lastIndexOf(names[column]);
    const name = isShared && column > 0 ? `${names[column - 1]}, ${names[column]}` : names[column];
    const button = element("button", { type: "button", className: "sort", ariaLabel: `Sort by ${name}` });
    button.addEventListener("click", () => {
      const next = NEXT[head.getAttribute("aria-sort")];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (next) head.setAttribute("aria-sort", next);
      body.append(...(next ? sorted(rows, column, next === "descending") : rows));
      order = next ? `, sorted by ${name}, ${next}` : "";
      say();
    });
    head.append(" ", button);
  });
  say();
}

// Numbers come before words, and words before empty cells, in either direction. Rows that are equal keep their order.
function sorted(rows, column, isDescending) {
  const keyed = rows.map((row) => ({ row, key: key(row.cells[column]) }));
  const compare = ({ key: one }, { key: other }) => {
    if (one.rank !== other.rank) return one.rank - other.rank;
    const order = one.rank === 0 ? Math.sign(one.value - other.value) || 0 : collator.compare(one.value, other.value);
    return isDescending ? -order : order;
  };
  return keyed.sort(compare).map(({ row }) => row);
}

function key(cell) {
  if (cell?.dataset.value) return { rank: 0, value: number(cell.dataset.value) };
  const value = cell ? visible(cell) : "";
  return { rank: value ? 1 : 2, value };
}

function number(text) {
  return { inf: Infinity, "-inf": -Infinity }[text] ?? Number(text);
}

function nameOf(head) {
  return (head.querySelector(".heading") ?? head).textContent.trim();
}

function visible(cell) {
  return (cell.querySelector("summary") ?? cell).textContent.trim();
}

// The words of a row, and its numbers without commas, too.
function searchable(row) {
  const text = [...row.cells].map((cell) => cell.textContent).join(" ").replace(/\s+/g, " ").toLowerCase();
  return `${text} ${text.replaceAll(",", "")}`;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
