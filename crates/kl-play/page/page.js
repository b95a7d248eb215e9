"use strict";
// Asks the program, which is WebAssembly, for numbers, and shows them. Here are computed only shares, averages of what was tossed, and
// places on pictures.

const WHOLE = 10_000; // The program takes chances in parts of this.
const LONGEST = 10_000;
const LARGEST_SEED = 2n ** 63n - 1n;
const SHOWN_TOSSES = 1_000;
const SHOWN_PATHS = 8;

const $ = (id) => document.getElementById(id);
const state = { p: 5_000, q: 4_000, n: 100, seed: 57n };
let ask; // (name, …arguments) → numbers, or none
let last = 0; // The number of the last sequence.
let facts; // What theory says of the two coins.
let tally; // What the sequences of this seed showed.
let shown = []; // The running estimates of the last few.

const digits = (value) => (value === 0 ? "0" : String(Number(value.toPrecision(6)))).replace("-", "−");
const signed = (value) => (value > 0 ? "+" : "") + digits(value);
const whole = (value) => value.toLocaleString("en-US");
const percent = (chance) => {
  const value = 100 * chance;
  if (value > 0 && value < 0.01) return "less than 0.01 %";
  return `${Number(value.toPrecision(value < 1 ? 2 : 3))} %`;
};
const decimal = (parts) => String(parts / WHOLE);
const tosses = (count) => `${whole(count)} ${count === 1 ? "toss" : "tosses"}`;
const counted = (count, thing) => `${whole(count)} ${thing}${count === 1 ? "" : "s"}`;

async function start() {
  const packed = Uint8Array.from(atob($("program").textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const { instance } = await WebAssembly.instantiate(await new Response(stream).arrayBuffer());
  const program = instance.exports;
  ask = (name, ...given) => {
    const length = program[`kl_play_${name}`](...given);
    return length === 0 ? undefined : [...new Float64Array(program.memory.buffer, program.kl_play_answer(), length)];
  };
  read(location.hash);
  $("page").hidden = false;
  write();
  listen();
  renew();
}

// Inputs

const FIELDS = {
  p: { parse: chance, show: decimal, rule: "a number from 0.0001 to 0.9999 with four decimals at most" },
  q: { parse: chance, show: decimal, rule: "a number from 0.0001 to 0.9999 with four decimals at most" },
  n: { parse: length, show: String, rule: "a whole number from 1 to 10,000" },
  seed: { parse: seed, show: String, rule: "a whole number from 0 to 2⁶³ − 1" },
};

function chance(text) {
  const match = /^0?\.(\d{1,4})$/.exec(text.trim());
  const parts = match ? Number(match[1].padEnd(4, "0")) : 0;
  return parts > 0 ? parts : undefined;
}

function length(text) {
  const value = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= LONGEST ? value : undefined;
}

function seed(text) {
  const value = /^\d{1,19}$/.test(text.trim()) ? BigInt(text.trim()) : undefined;
  return value !== undefined && value <= LARGEST_SEED ? value : undefined;
}

/** Takes what the address of the page says, so that coins can be sent as a link. */
function read(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  for (const [name, field] of Object.entries(FIELDS)) {
    const value = given.has(name) ? field.parse(given.get(name)) : undefined;
    if (value !== undefined) state[name] = value;
  }
}

function write() {
  for (const [name, field] of Object.entries(FIELDS)) {
    $(name).value = field.show(state[name]);
    excuse(name);
  }
  for (const name of ["p", "q"]) $(`${name}-slider`).value = decimal(state[name]);
}

function blame(name) {
  $(name).setAttribute("aria-invalid", "true");
  $(`${name}-fault`).textContent = `${FIELDS[name].rule}, please`;
}

function excuse(name) {
  $(name).removeAttribute("aria-invalid");
  $(`${name}-fault`).textContent = "";
}

function listen() {
  $("coins").addEventListener("submit", (event) => event.preventDefault());
  for (const [name, field] of Object.entries(FIELDS)) {
    $(name).addEventListener("input", () => {
      const value = field.parse($(name).value);
      if (value === undefined) return blame(name);
      excuse(name);
      if (name === "p" || name === "q") $(`${name}-slider`).value = decimal(value);
      change(name, value);
    });
  }
  for (const name of ["p", "q"]) {
    $(`${name}-slider`).addEventListener("input", () => {
      const value = chance(Number($(`${name}-slider`).value).toFixed(2));
      $(name).value = decimal(value);
      excuse(name);
      change(name, value);
    });
  }
  for (const count of [1, 10, 1_000]) $(`toss-${count}`).addEventListener("click", () => toss(count));
  $("again").addEventListener("click", () => {
    renew();
    say(`Started again. ${told()}`);
  });
  addEventListener("hashchange", () => {
    read(location.hash);
    write();
    renew();
  });
  new ResizeObserver(() => draw(false)).observe($("path"));
}

let waiting;

/** Takes a new value, and reckons anew when the next picture is due: a slider moves faster than that. */
function change(name, value) {
  if (state[name] === value) return;
  state[name] = value;
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(renew);
}

// The coins

/** Everything that does not depend on tosses, and the first sequence. */
function renew() {
  const { p, q, n } = state;
  const [nats, bits, reverseNats, reverseBits, head, tail] = ask("divergences", p, q);
  const [wrongP, wrongQ, evenP, evenQ, fifth, hundredth] = ask("decisions", p, q, n);
  facts = { nats, head, tail, law: rows(ask("law", p, q, n), 3), band: rows(ask("band", p, q, n), 3) };
  $("kl-nats").textContent = digits(nats);
  $("kl-bits").textContent = digits(bits);
  $("reverse-nats").textContent = digits(reverseNats);
  $("reverse-bits").textContent = digits(reverseBits);
  $("head").textContent = signed(head);
  $("tail").textContent = signed(tail);
  const enough = (length) => (length === Infinity ? "no number is enough" : Number.isNaN(length) ? `more than ${whole(LONGEST)}` : whole(length));
  $("soon-n").textContent = whole(n);
  $("wrong-p").textContent = percent(wrongP);
  $("wrong-q").textContent = percent(wrongQ);
  $("even-p").textContent = percent(evenP);
  $("even-q").textContent = percent(evenQ);
  $("soon-5").textContent = enough(fifth);
  $("soon-1").textContent = enough(hundredth);
  $("soon").textContent = fifth === Infinity
    ? "The two coins are one. Nothing tells them apart, however often it is tossed: KL is 0."
    : Number.isNaN(fifth)
      ? `The coins are near each other. Not even ${tosses(LONGEST)} tell them apart with errors of 5 %.`
      : `After ${tosses(fifth)} a test can err in 5 % of the sequences or less, whichever coin is tossed.`;
  history.replaceState(null, "", `#p=${decimal(p)}&q=${decimal(q)}&n=${n}&seed=${state.seed}`);
  last = 0;
  shown = [];
  tally = { bins: facts.law.map(() => 0), sequences: 0, favourQ: 0, heads: 0 };
  take(1);
  $("said").textContent = told();
}

const rows = (numbers, width) => Array.from({ length: numbers.length / width }, (_, row) => numbers.slice(row * width, (row + 1) * width));

/** Tosses the next sequences and tells of it. */
function toss(count) {
  take(count);
  say(told());
}

/** Tosses the next sequences. */
function take(count) {
  const { p, q, n, seed } = state;
  const found = ask("toss_many", p, q, n, seed, BigInt(last + 1), count);
  const heads = found.pop();
  tally.favourQ += found.pop();
  tally.heads += heads;
  tally.sequences += count;
  found.forEach((more, bin) => { tally.bins[bin] += more; });
  last += count;
  for (let trial = Math.max(last - count, last - SHOWN_PATHS) + 1; trial <= last; trial += 1) {
    shown.push(ask("path", p, q, n, seed, BigInt(trial)));
  }
  shown = shown.slice(-SHOWN_PATHS);
  const sides = ask("toss", p, q, n, seed, BigInt(last));
  facts.heads = sides.filter((side) => side === 0).length;
  showTosses(sides);
  showCommands();
  draw(true);
}

function estimate() {
  return shown.at(-1).at(-1);
}

/** What happened, in words. */
function told() {
  const { n } = state;
  const value = estimate();
  const favours = Math.abs(value) < 1e-12 ? "neither coin" : value > 0 ? "P" : "Q";
  const one = `Sequence ${whole(last)}: ${counted(facts.heads, "head")}, ${counted(n - facts.heads, "tail")}. Its log ratio is ${signed(value)} nats a toss: it favours ${favours}.`;
  if (tally.sequences === 1) return one;
  const wrong = `${whole(tally.favourQ)} of ${whole(tally.sequences)} sequences favour Q, though P was tossed. Their mean is ${digits(mean())} nats a toss; KL(P‖Q) is ${digits(facts.nats)}.`;
  return `${one} ${wrong}`;
}

/** The mean of all estimates so far, which is that of a sequence with the mean number of heads. */
function mean() {
  const share = tally.heads / (tally.sequences * state.n);
  return share * facts.head + (1 - share) * facts.tail;
}

/** Lets a screen reader say it, also when it is what was said before. */
function say(words) {
  const place = $("said");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = words; });
}

function showTosses(sides) {
  const letters = sides.slice(0, SHOWN_TOSSES).map((side) => (side === 0 ? "H" : "T"));
  const groups = [];
  for (let first = 0; first < letters.length; first += 10) {
    const group = document.createElement("span");
    group.textContent = letters.slice(first, first + 10).join("");
    groups.push(group, " ");
  }
  $("tosses").replaceChildren(...groups);
  $("tosses").scrollTop = 0;
  const more = sides.length > SHOWN_TOSSES ? `, the first ${whole(SHOWN_TOSSES)} of ${whole(sides.length)}` : "";
  $("tosses-note").textContent = `The tosses of sequence ${whole(last)}${more}: H is heads, T tails.`;
}

function showCommands() {
  const { p, q, n, seed } = state;
  const coin = (parts) => `{ H = ${decimal(parts)}, T = ${decimal(WHOLE - parts)} }`;
  $("spec").textContent = `seed = ${seed}\ntrials = ${Math.max(1_000, last)}\nN = ${n}\nP.categorical = ${coin(p)}\nQ.categorical = ${coin(q)}\n`;
  const kl = `runner kl --p ${decimal(p)},${decimal(WHOLE - p)} --q ${decimal(q)},${decimal(WHOLE - q)}`;
  $("commands").textContent = `runner replay play.toml --trial ${last}\n${kl}\nrunner play.toml\n`;
}

// Pictures

const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A picture as wide as its place, so that its letters have the same size on each screen. */
function canvas(place, label) {
  const width = Math.max(300, Math.floor(place.clientWidth));
  const height = width < 560 ? 300 : 340;
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": label });
  const frame = { svg, left: 58, right: width - 16, top: 44, bottom: height - 44, width, height };
  frame.add = (name, attributes, text) => svg.appendChild(element(name, attributes, text));
  place.replaceChildren(svg);
  return frame;
}

/** Round steps for an axis. */
function ticks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + 1e-9 * step; value += step) found.push([value, value.toFixed(places).replace("-", "−").replace(/^−(0(\.0*)?)$/, "$1")]);
  return found;
}

/** The key of a picture: its signs with their words, in as many lines as it takes. */
function key(frame, entries) {
  let [x, y] = [10, 20];
  for (const [sign, words] of entries) {
    const length = 30 + 7 * words.length;
    if (x > 10 && x + length > frame.width) [x, y] = [10, y + 20];
    frame.svg.append(...sign(x, y - 4));
    frame.add("text", { x: x + 26, y }, words);
    x += length + 10;
  }
  frame.top = y + 22;
}

const line = (kind) => (x, y) => [element("line", { x1: x, x2: x + 20, y1: y, y2: y, class: kind })];
const box = (kind) => (x, y) => [element("rect", { x, y: y - 6, width: 20, height: 12, class: kind })];
const dot = (x, y) => [element("circle", { cx: x + 10, cy: y, r: 4, class: "dot" })];

function grid(frame, marks, place) {
  for (const [value, text] of marks) {
    const y = place(value);
    frame.add("line", { x1: frame.left, x2: frame.right, y1: y, y2: y, class: "grid" });
    frame.add("text", { x: frame.left - 6, y: y + 4, "text-anchor": "end", class: "muted" }, text);
  }
}

function draw(isNew) {
  if (!facts) return;
  drawPath(isNew);
  drawLaw();
}

function drawPath(isNew) {
  const { n } = state;
  const value = estimate();
  const [, low, high] = facts.band.at(-1);
  const inside = value >= low - 1e-12 && value <= high + 1e-12;
  const summary = `After ${tosses(n)} sequence ${whole(last)} is at ${signed(value)} nats a toss, ${inside ? "inside" : "outside"} the band from ${signed(low)} to ${signed(high)}, in which at least 95 % of all sequences lie.`;
  $("path-caption").textContent = `(1/n) ln(P/Q) after n tosses. ${summary}`;
  const frame = canvas($("path"), `Line chart of the running log ratio against the number of tosses. ${summary}`);
  const entries = [[line("path"), `sequence ${whole(last)}`], [box("core"), "exact 95 % band"], [line("mean"), "KL(P‖Q)"], [line("zero"), "0: below, Q is favoured"]];
  key(frame, entries);
  // The first tosses swing widely: they would leave no room for the others.
  const settled = facts.band.filter(([length]) => length >= Math.min(4, n));
  let [least, most] = [Math.min(0, ...settled.map((row) => row[1])), Math.max(0, ...settled.map((row) => row[2]))];
  const spare = 0.06 * (most - least) || 0.1;
  [least, most] = [least - spare, most + spare];
  const across = (length) => frame.left + (n === 1 ? 0.5 : Math.log(length) / Math.log(n)) * (frame.right - frame.left);
  const up = (value) => frame.bottom - ((value - least) / (most - least)) * (frame.bottom - frame.top);
  const clip = frame.add("clipPath", { id: "inside" });
  clip.append(element("rect", { x: frame.left, y: frame.top, width: frame.right - frame.left, height: frame.bottom - frame.top }));
  const ends = [...facts.band.map(([length, low]) => [length, low]), ...facts.band.map(([length, , high]) => [length, high]).reverse()];
  const points = (pairs) => pairs.map(([length, value]) => `${across(length).toFixed(1)},${up(value).toFixed(1)}`).join(" ");
  frame.add("polygon", { points: points(ends), class: "core", "clip-path": "url(#inside)" });
  grid(frame, ticks(least, most, 5), up);
  for (const [kind, value] of [["zero", 0], ["mean", facts.nats]]) {
    frame.add("line", { x1: frame.left, x2: frame.right, y1: up(value), y2: up(value), class: kind });
  }
  const lengths = facts.band.map(([length]) => length);
  shown.forEach((path, place) => {
    const isLast = place === shown.length - 1;
    const kind = isLast ? `path${isNew && n > 1 ? " drawn" : ""}` : "path before";
    const drawn = frame.add("polyline", { points: points(path.map((value, index) => [lengths[index], value])), class: kind, "clip-path": "url(#inside)" });
    if (isLast && isNew) drawn.setAttribute("pathLength", "1");
  });
  frame.add("circle", { cx: across(n), cy: up(Math.min(most, Math.max(least, value))), r: 4, fill: "var(--a)" });
  frame.add("line", { x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom, class: "axis" });
  for (let power = 1; power <= n; power *= 10) {
    if (n >= 10 || power === 1) frame.add("text", { x: across(power), y: frame.bottom + 18, "text-anchor": "middle", class: "muted" }, whole(power));
  }
  if (Math.log10(n) % 1 > 0.25 || n < 10) frame.add("text", { x: frame.right, y: frame.bottom + 18, "text-anchor": "end", class: "muted" }, n === 1 ? "" : whole(n));
  frame.add("text", { x: (frame.left + frame.right) / 2, y: frame.height - 8, "text-anchor": "middle" }, "tosses seen so far, n (log scale)");
  const wanted = lengths.map((length, index) => [length, index]).filter(([length]) => n <= 20 || length === n || /^[125]0*$/.test(String(length)) );
  table($("path-table"), "The running log ratio, nats a toss", ["n", `sequence ${whole(last)}`, "band from", "to"],
    wanted.map(([length, index]) => [whole(length), signed(shown.at(-1)[index]), signed(facts.band[index][1]), signed(facts.band[index][2])]));
}

function drawLaw() {
  const { n } = state;
  const { sequences, bins, favourQ } = tally;
  const rows = facts.law.map(([low, high, mass], bin) => ({ low, high, mass, middle: Math.max(-1e300, Math.min(1e300, (low + high) / 2)), share: bins[bin] / sequences, count: bins[bin] }));
  const visible = rows.filter((row) => row.mass > 1e-4 || row.count > 0).filter((row) => Number.isFinite(row.middle));
  const summary = `${whole(favourQ)} of ${counted(sequences, "sequence")} ${sequences === 1 ? "lies" : "lie"} left of 0 and ${favourQ === 1 ? "favours" : "favour"} Q, where ${$("wrong-p").textContent} are expected. The mean is ${digits(mean())} nats a toss.`;
  $("law-caption").textContent = `(1/N) ln(P/Q) of whole sequences of ${tosses(n)}. ${summary}`;
  const frame = canvas($("law"), `Histogram of the log ratios of all sequences so far with dots for their exact law. ${summary}`);
  key(frame, [[box("bar"), `share of ${counted(sequences, "sequence")}`], [dot, "exact law"], [line("mean"), "KL(P‖Q)"], [line("zero"), "0: to the left, Q is favoured"]]);
  const gaps = visible.slice(1).map((row, place) => row.middle - visible[place].middle).filter((gap) => gap > 0).sort((a, b) => a - b);
  const gap = gaps[Math.floor(gaps.length / 2)] ?? 0.1;
  const [first, final] = [visible[0].middle - gap, visible.at(-1).middle + gap];
  const tallest = 1.08 * Math.max(...visible.map((row) => Math.max(row.mass, row.share)));
  const across = (value) => frame.left + ((value - first) / (final - first)) * (frame.right - frame.left);
  const up = (share) => frame.bottom - (share / tallest) * (frame.bottom - frame.top);
  grid(frame, ticks(0, tallest, 4), up);
  const width = Math.max(1, Math.min(34, (across(gap) - across(0)) * 0.8));
  for (const row of visible.filter((row) => row.count > 0)) {
    frame.add("rect", { x: (across(row.middle) - width / 2).toFixed(1), y: up(row.share).toFixed(1), width: width.toFixed(1), height: (frame.bottom - up(row.share)).toFixed(1), class: "bar" });
  }
  for (const row of visible.filter((row) => row.mass > 1e-4)) {
    frame.add("circle", { cx: across(row.middle).toFixed(1), cy: up(row.mass).toFixed(1), r: width < 4 ? 1.8 : 3.4, class: "dot" });
  }
  for (const [kind, value] of [["zero", 0], ["mean", facts.nats]]) {
    if (value >= first && value <= final) frame.add("line", { x1: across(value), x2: across(value), y1: frame.top - 6, y2: frame.bottom, class: kind });
  }
  frame.add("line", { x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom, class: "axis" });
  for (const [value, text] of ticks(first, final, frame.width < 560 ? 4 : 8)) {
    frame.add("text", { x: across(value), y: frame.bottom + 18, "text-anchor": "middle", class: "muted" }, text);
  }
  frame.add("text", { x: (frame.left + frame.right) / 2, y: frame.height - 8, "text-anchor": "middle" }, "log ratio of a sequence, nats a toss");
  const range = (row) => (row.low === row.high ? signed(row.low) : `${signed(row.low)} to ${signed(row.high)}`);
  table($("law-table"), "How many sequences have which log ratio", ["nats a toss", "sequences", "share", "exact"],
    visible.map((row) => [range(row), whole(row.count), percent(row.share), percent(row.mass)]));
}

function table(place, caption, headings, lines) {
  const make = (name, text, attributes = {}) => Object.assign(document.createElement(name), { textContent: text, ...attributes });
  const row = (cells) => {
    const made = document.createElement("tr");
    made.append(...cells);
    return made;
  };
  const head = document.createElement("thead");
  head.append(row(headings.map((heading, column) => make("th", heading, { scope: "col", className: column > 0 ? "number" : "" }))));
  const body = document.createElement("tbody");
  body.append(...lines.map(([first, ...rest]) => row([make("th", first, { scope: "row" }), ...rest.map((cell) => make("td", cell, { className: "number" }))])));
  place.replaceChildren(make("caption", caption, { className: "skip" }), head, body);
}

start().catch((error) => {
  const words = document.createElement("p");
  words.className = "bad";
  words.textContent = `The page needs WebAssembly, which did not start: ${error.message}`;
  document.querySelector("header").append(words);
});
