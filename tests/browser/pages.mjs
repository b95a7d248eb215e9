// Opens pages in Chromium, light and dark, on a desk, a tablet, a telephone and paper: no errors, no requests but for the page itself,
// nothing wider than the screen, no finding of axe-core, and long tables that are sorted and filtered by keys alone.
//
// node pages.mjs PAGE.html … (CHROMIUM names the browser; SCREENSHOTS a folder for pictures)

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./launch.mjs";
import { tryTables } from "./tables.mjs";

const require = createRequire(join(process.cwd(), "package.json"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const SCREENS = [
  { name: "desk", width: 1280, height: 900 },
  { name: "tablet", width: 768, height: 1024 },
  { name: "phone", width: 390, height: 844 },
];

const pages = process.argv.slice(2);
if (pages.length === 0) throw new Error("no page is named");
const browser = await launch();
const faults = [];
let checks = 0;
let tables = 0;
// One page at a time for each core: axe-core keeps one busy.
const waiting = pages.values();
const lane = async () => {
  for (const path of waiting) await look(path);
};
await Promise.all(Array.from({ length: availableParallelism() }, lane));
await browser.close();
if (tables === 0) faults.push("no page has a table that can be sorted");
for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages, ${checks} looks, ${tables} tables sorted and filtered, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);

/** Looks at a page on all screens, at its tables, on paper, and without scripts. */
async function look(path) {
  const url = pathToFileURL(resolve(path)).href;
  for (const { name, width, height } of SCREENS) {
    for (const colorScheme of ["light", "dark"]) {
      const where = `${path}, ${name}, ${colorScheme}`;
      // The page's own rule against scripts is set aside for axe-core, and tried on its own below.
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      watch(page, url, where);
      await page.goto(url);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${where}: ${overflow} pixels wider than the screen`);
      // Everything that can be reached with the keyboard can be told what it is.
      await page.keyboard.press("Tab");
      const first = await page.evaluate(() => document.activeElement?.textContent?.trim());
      if (!first) faults.push(`${where}: the Tab key reaches nothing`);
      await page.evaluate(() => document.activeElement?.blur());
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of found.violations) {
        faults.push(`${where}: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target).slice(0, 3).join("; ")}`);
      }
      if (process.env.SCREENSHOTS) {
        const folder = basename(dirname(resolve(path)));
        await page.screenshot({ path: join(process.env.SCREENSHOTS, `${folder}-${name}-${colorScheme}.png`), fullPage: true });
      }
      checks += 1;
      await context.close();
    }
  }
  const page = await browser.newPage({ viewport: SCREENS[0] });
  watch(page, url, path);
  await page.goto(url);
  const [tried, wrong] = await tryTables(page);
  tables += tried;
  faults.push(...wrong.map((fault) => `${path}: ${fault}`));
  const bytes = await page.pdf({ format: "A4" });
  if (bytes.length < 1000) faults.push(`${path}: prints nothing`);
  await page.close();
  faults.push(...(await withoutScripts(url)).map((fault) => `${path}, without scripts: ${fault}`));
}

/** Errors of a page and its requests beyond itself are faults. */
function watch(page, url, where) {
  page.on("console", (message) => faults.push(`${where}: console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${where}: error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) faults.push(`${where}: asks for ${request.url()}`);
  });
}

/** Without scripts a page has all rows, and no tools that do nothing. */
async function withoutScripts(url) {
  const wrong = [];
  const context = await browser.newContext({ viewport: SCREENS[2], javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  if ((await page.locator(".tools, .sort").count()) > 0) wrong.push("there are tools");
  const rows = page.locator("tbody tr");
  const count = await rows.count();
  for (let place = 0; place < count; place += Math.max(1, count - 1)) {
    if (!(await rows.nth(place).isVisible())) wrong.push(`row ${place + 1} is not shown`);
  }
  await context.close();
  return wrong;
}
