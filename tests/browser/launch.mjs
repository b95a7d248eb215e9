// Starts Chromium. Where the machine has no display and no bus, a start crashes now and then; the pages are not to blame.

import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const require = createRequire(join(process.cwd(), "package.json"));
const { chromium } = require("playwright-core");

const STARTS = 5;

/** A browser, at the latest from the fifth start. CHROMIUM names the program. */
export async function launch() {
  const options = { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] };
  for (let start = 1; ; start += 1) {
    try {
      return await chromium.launch(options);
    } catch (error) {
      if (start === STARTS) throw error;
      console.error(`Chromium did not start (${start} of ${STARTS}): ${String(error).split("\n")[0]}`);
      await setTimeout(2_000 * start);
    }
  }
}
