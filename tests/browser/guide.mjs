// Opens the guide in Chromium as files: each page on a desk and a telephone, no request beyond the folder, no wide page, no broken
// picture; then searches, and expects to find something. play.mjs looks at the coin to toss.
//
// node guide.mjs FOLDER (CHROMIUM names the browser; SCREENSHOTS a folder for pictures)

import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./launch.mjs";

const SCREENS = [
  { name: "desk", width: 1280, height: 900 },
  { name: "phone", width: 390, height: 800 },
];

const folder = resolve(process.argv[2]);
const root = pathToFileURL(folder).href;
const pages = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".html") && !path.endsWith("404.html") && !path.startsWith("play/"));
const browser = await launch();
const faults = [];
for (const path of pages) {
  for (const { name, width, height } of SCREENS) {
    const where = `${path}, ${name}`;
    const page = await browser.newPage({ viewport: { width, height } });
    page.on("pageerror", (error) => faults.push(`${where}: error: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(root) && !/^(data|blob):/.test(request.url())) faults.push(`${where}: asks for ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(folder, path)).href);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) faults.push(`${where}: ${overflow} pixels wider than the screen`);
    const broken = await page.evaluate(() =>
      [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) => image.src));
    for (const source of broken) faults.push(`${where}: no picture ${relative(root, source)}`);
    // A formula that could not be read keeps its dollar signs.
    const text = await page.evaluate(() => {
      const article = document.querySelector("article").cloneNode(true);
      article.querySelectorAll("code, pre").forEach((code) => code.remove());
      return article.textContent;
    });
    if (text.includes("$")) faults.push(`${where}: a dollar sign: ${text.slice(text.indexOf("$"), text.indexOf("$") + 40)}`);
    if (process.env.SCREENSHOTS) {
      const file = `${path.replaceAll("/", "-")}-${name}.png`;
      await page.screenshot({ path: join(process.env.SCREENSHOTS, file), fullPage: true });
    }
    await page.close();
  }
}

const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(`${root}/index.html`);
await page.click(".md-search__input");
await page.keyboard.type("saddlepoint", { delay: 20 });
const results = await page.waitForSelector(".md-search-result__item", { timeout: 10000 }).catch(() => undefined);
if (!results) faults.push("the search finds nothing");
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages of the guide, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
