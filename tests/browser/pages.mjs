// Opens pages in Chromium, light and dark, on a desk, a telephone and paper: no errors, no requests but for the page itself,
// nothing wider than the screen, and no serious finding of axe-core.
//
// node pages.mjs PAGE.html … (CHROMIUM names the browser; SCREENSHOTS a folder for pictures)

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./launch.mjs";

const require = createRequire(join(process.cwd(), "package.json"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const SCREENS = [
  { name: "desk", width: 1100, height: 900 },
  { name: "phone", width: 360, height: 740 },
];
const SERIOUS = ["serious", "critical"];

const pages = process.argv.slice(2);
if (pages.length === 0) throw new Error("no page is named");
const browser = await launch();
const faults = [];
let checks = 0;
for (const path of pages) {
  const url = pathToFileURL(resolve(path)).href;
  for (const { name, width, height } of SCREENS) {
    for (const colorScheme of ["light", "dark"]) {
      const where = `${path}, ${name}, ${colorScheme}`;
      // The page's own rule against scripts is set aside for axe-core, and tried on its own below.
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      page.on("console", (message) => faults.push(`${where}: console: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`${where}: error: ${error.message}`));
      page.on("request", (request) => {
        if (request.url() !== url && !request.url().startsWith("data:")) faults.push(`${where}: asks for ${request.url()}`);
      });
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
      for (const violation of found.violations.filter((violation) => SERIOUS.includes(violation.impact))) {
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
  const page = await browser.newPage();
  page.on("console", (message) => faults.push(`${path}: console: ${message.text()}`));
  await page.goto(url);
  const bytes = await page.pdf({ format: "A4" });
  if (bytes.length < 1000) faults.push(`${path}: prints nothing`);
  await page.close();
}
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages, ${checks} looks, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
