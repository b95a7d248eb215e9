// Opens the coin to toss in Chromium and uses it as a person would: its numbers and tosses are those of `runner`, the keyboard alone is
// enough, no request leaves the page, its own rules against scripts hold, nothing is wider than the screen, and axe-core finds nothing.
//
// node play.mjs PAGE.html RUNNER (CHROMIUM names the browser; SCREENSHOTS a folder for pictures)

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./launch.mjs";

const require = createRequire(join(process.cwd(), "package.json"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const SCREENS = [
  { name: "phone", width: 390, height: 844 },
  { name: "tablet", width: 768, height: 1024 },
  { name: "desk", width: 1280, height: 900 },
];
// P, Q, N, the seed, and how many sequences are tossed by 1, 10 and 1,000: the last one is looked at.
const TRIALS = [
  { p: "0.5", q: "0.4", n: 10, seed: "57", presses: [1, 1, 1, 1, 1, 1] },
  { p: "0.5", q: "0.4", n: 100, seed: "57", presses: [10, 10] },
  { p: "0.9", q: "0.35", n: 37, seed: "0", presses: [1_000, 1_000, 1_000, 1_000, 1_000, 1] },
  { p: "0.3333", q: "0.6667", n: 2_500, seed: "9223372036854775807", presses: [10, 1] },
  { p: "0.07", q: "0.0701", n: 10_000, seed: "12345", presses: [1] },
  { p: "0.25", q: "0.25", n: 20, seed: "1", presses: [10] },
];

const url = pathToFileURL(resolve(process.argv[2])).href;
const program = resolve(process.argv[3]);
const folder = mkdtempSync(join(tmpdir(), "play-"));
const runner = (...words) => execFileSync(program, words, { cwd: folder, encoding: "utf8" });
const browser = await launch();
const faults = [];
let checks = 0;

function expect(where, found, wanted) {
  checks += 1;
  if (found !== wanted) faults.push(`${where}: ${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
}

function holds(where, truth) {
  expect(where, truth, true);
}

/** A page that reports its errors, and every request but its own. */
async function opened(where, options, hash = "") {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => faults.push(`${where}: console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${where}: error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) faults.push(`${where}: asks for ${request.url()}`);
  });
  await page.goto(url + hash);
  await page.waitForSelector("#page:not([hidden])");
  return page;
}

const text = (page, id) => page.locator(`#${id}`).textContent();
/** A number as the page writes it. */
const digits = (value) => (value === 0 ? "0" : String(Number(value.toPrecision(6)))).replace("-", "−");
const counted = (count, thing) => `${count.toLocaleString("en-US")} ${thing}${count === 1 ? "" : "s"}`;

// The numbers and the tosses are those of the program.
for (const { p, q, n, seed, presses } of TRIALS) {
  const where = `P ${p}, Q ${q}, N ${n}, seed ${seed}`;
  const page = await opened(where, { viewport: { width: 390, height: 844 } }, `#p=${p}&q=${q}&n=${n}&seed=${seed}`);
  for (const count of presses) await page.locator(`#toss-${count}`).click();
  const trial = 1 + presses.reduce((sum, count) => sum + count, 0);
  writeFileSync(join(folder, "play.toml"), await text(page, "spec"));
  const [replay, kl] = (await text(page, "commands")).trim().split("\n").map((command) => command.split(" ").slice(1));
  expect(`${where}: the trial`, replay.at(-1), String(trial));

  const replayed = JSON.parse(runner(...replay, "--json"));
  const tosses = (await text(page, "tosses")).replaceAll(" ", "");
  expect(`${where}: tosses`, tosses, replayed.sequence.join(""));
  await page.waitForFunction(() => document.getElementById("said").textContent !== "");
  const said = await text(page, "said");
  const estimate = Number(replayed.rows[0].split(",").at(-1));
  holds(`${where}: the estimate ${estimate} in “${said}”`, said.includes(` ${(estimate > 0 ? "+" : "") + digits(estimate)} nats a toss`));
  if (n <= 1_000) {
    const heads = replayed.sequence.filter((side) => side === "H").length;
    holds(`${where}: heads in “${said}”`, said.includes(`${counted(heads, "head")}, ${counted(n - heads, "tail")}.`));
  }

  const found = JSON.parse(runner(...kl, "--json"));
  const sides = [["kl", found.p_against_q.divergence], ["reverse", found.q_against_p.divergence]];
  for (const [id, side] of sides) {
    expect(`${where}: ${id}, nats`, await text(page, `${id}-nats`), digits(side.nats));
    expect(`${where}: ${id}, bits`, await text(page, `${id}-bits`), digits(side.bits));
  }
  await page.context().close();
}

// All sequences of an experiment, as many as it has: their mean, and how many favour Q.
{
  const page = await opened("an experiment", { viewport: { width: 1280, height: 900 } }, "#p=0.5&q=0.4&n=100&seed=57");
  for (let press = 0; press < 99; press += 1) await page.locator("#toss-10").click();
  for (let press = 0; press < 9; press += 1) await page.locator("#toss-1").click();
  writeFileSync(join(folder, "play.toml"), await text(page, "spec"));
  const [row] = JSON.parse(runner("play.toml", "--record", "--json")).rows;
  const trials = readFileSync(join(folder, "results/play/trials.csv"), "utf8").trim().split("\n").slice(1);
  const favourQ = trials.filter((line) => Number(line.split(",").at(-1)) < 0).length;
  await page.waitForFunction(() => document.getElementById("said").textContent !== "");
  expect("tosses for errors of 5 %", await text(page, "soon-5"), "268");
  const said = await text(page, "said");
  holds(`the mean ${row.mean} in “${said}”`, said.includes(`Their mean is ${digits(row.mean)} nats a toss`));
  holds(`${favourQ} in “${said}”`, said.includes(` ${favourQ} of 1,000 sequences favour Q`));
  await page.context().close();
}

// The keyboard is enough.
{
  const page = await opened("keyboard", { viewport: { width: 390, height: 844 } }, "#p=0.5&q=0.4&n=100&seed=57");
  const focused = () => page.evaluate(() => document.activeElement?.id);
  const order = [];
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  expect("the Tab key", order.slice(1).join(" "), "p-slider p q-slider q n seed toss-1 toss-10 toss-1000 again tosses");
  await page.locator("#p-slider").focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => location.hash.startsWith("#p=0.51&"));
  expect("an arrow key moves P", await page.inputValue("#p"), "0.51");
  await page.locator("#q").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("0.2");
  await page.waitForFunction(() => location.hash.includes("&q=0.2&"));
  expect("the slider follows", await page.inputValue("#q-slider"), "0.2");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("1.5");
  expect("a mistake is told", await text(page, "q-fault"), "a number from 0.0001 to 0.9999 with four decimals at most, please");
  expect("and marked", await page.getAttribute("#q", "aria-invalid"), "true");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("0.3");
  expect("and excused", await page.getAttribute("#q", "aria-invalid"), null);
  await page.locator("#toss-10").focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("said").textContent.startsWith("Sequence 11:"));
  await page.locator("#again").focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.getElementById("said").textContent.startsWith("Started again. Sequence 1:"));
  expect("the live region", await page.getAttribute("#said", "role"), "status");
  await page.context().close();
}

// On each screen, light and dark.
for (const { name, width, height } of SCREENS) {
  for (const colorScheme of ["light", "dark"]) {
    const where = `${name}, ${colorScheme}`;
    // The page's own rule against scripts is set aside for axe-core; above it holds.
    const options = { viewport: { width, height }, colorScheme, bypassCSP: true, reducedMotion: "reduce" };
    const page = await opened(where, options, "#p=0.5&q=0.4&n=100&seed=57");
    await page.locator("#toss-1000").click();
    for (const summary of await page.locator("summary").all()) await summary.click();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    holds(`${where}: ${overflow} pixels wider than the screen`, overflow <= 0);
    const cut = await page.evaluate(() => [...document.querySelectorAll("svg text")].filter((text) => {
      const [inner, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
      return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
    }).map((text) => text.textContent));
    expect(`${where}: words that leave a picture`, cut.join(", "), "");
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    for (const violation of found.violations) {
      faults.push(`${where}: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target).slice(0, 3).join("; ")}`);
    }
    if (process.env.SCREENSHOTS) {
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `play-${name}-${colorScheme}.png`), fullPage: true });
    }
    checks += 1;
    await page.context().close();
  }
}

await browser.close();
for (const fault of faults) console.error(fault);
console.log(`the coin to toss: ${checks} checks, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
